"""A rail in memory: the real rules, without a disk. It stands where a test is about the market."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from datetime import datetime
from threading import Lock

from swarmhaul.identity import is_signed_by, write_key, write_signature
from swarmhaul.settlement import (
    REFUSALS,
    Counters,
    Deposit,
    Entry,
    Envelope,
    Head,
    Job,
    JobKey,
    Key,
    Move,
    Withdraw,
    apply,
    encode_envelope,
)

NOT_SIGNED, INSUFFICIENT_FUNDS, COMMAND_EXPIRED = 6001, 6008, 6041


class MemoryRail:
    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._lock = Lock()
        self.jobs: dict[JobKey, Job] = {}
        self.balances: dict[Key, int] = {}
        self.entries: list[Entry] = []
        self.treasury: Key = bytes(31) + b"\1"
        self.wallet_min = 0

    def message(self, envelope: Envelope) -> bytes:
        return encode_envelope(envelope)

    def submit(self, envelope: Envelope, signature: bytes) -> Entry:
        with self._lock:
            told = next((one for one in self.entries if one.envelope == envelope), None)
            return told or self._carry_out(envelope, signature)

    def _carry_out(self, envelope: Envelope, signature: bytes) -> Entry:
        command, now = envelope.command, int(self._clock().timestamp())
        signer = write_key(envelope.signer)
        if not is_signed_by(signer, self.message(envelope), write_signature(signature)):
            raise REFUSALS[NOT_SIGNED]
        if now > envelope.expires_at:
            raise REFUSALS[COMMAND_EXPIRED]
        assert not isinstance(command, Deposit | Withdraw)
        outcome = apply(self.jobs.get(command.job), command, signer=envelope.signer, now=now)
        for move in outcome.moves:
            if self.balances.get(move.wallet, 0) + move.amount < 0:
                raise REFUSALS[INSUFFICIENT_FUNDS]
        for move in outcome.moves:
            self.balances[move.wallet] = self.balances.get(move.wallet, 0) + move.amount
        self.jobs.pop(command.job, None)
        if outcome.job is not None:
            self.jobs[command.job] = outcome.job
        return self._write(envelope, signature, outcome.moves, now)

    def _write(
        self, envelope: Envelope, signature: bytes, moves: tuple[Move, ...], now: int
    ) -> Entry:
        entry = Entry(
            seq=len(self.entries) + 1,
            at=now,
            envelope=envelope,
            signature=signature,
            moves=moves,
            hash=hashlib.sha256(self.head().hash + self.message(envelope)).digest(),
        )
        self.entries.append(entry)
        return entry

    def read_job(self, job: JobKey) -> Job | None:
        return self.jobs.get(job)

    def list_jobs(self) -> Sequence[Job]:
        return [self.jobs[key] for key in sorted(self.jobs)]

    def read_balance(self, wallet: Key) -> int:
        return self.balances.get(wallet, 0)

    def read_counters(self, courier: Key) -> Counters:
        return Counters()

    def list_entries(self, *, since: int = 0, limit: int = 500) -> Sequence[Entry]:
        return self.entries[since : since + limit]

    def head(self) -> Head:
        return Head(len(self.entries), self.entries[-1].hash if self.entries else bytes(32))

    def close(self) -> None: ...
