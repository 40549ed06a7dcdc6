"""A rail with a memory: an engine that knows the rules, and a journal of what it carried out."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from basis.clock import Clock
from basis.escrow import Envelope, JobKey, Key, Refused, decode_envelope, encode_envelope
from swarmhaul.settlement.engine import Engine, check_signature, check_signer, counterpart
from swarmhaul.settlement.journal import Journal, JournalDamaged, Posting, Row, open_journal
from swarmhaul.settlement.rail import Entry, Head
from swarmhaul.settlement.refusals import CommandExpired
from swarmhaul.settlement.states import Counters, Job, Move


@dataclass(slots=True)
class JournaledRail:
    """One writer: rehearse, write down, carry out. What was acknowledged is on the disk, what was
    refused left nothing. A SettlementRail.
    """

    engine: Engine
    journal: Journal
    clock: Clock
    lock: threading.RLock = field(default_factory=threading.RLock)

    @property
    def treasury(self) -> Key:
        return self.engine.treasury

    @property
    def wallet_min(self) -> int:
        return self.engine.wallet_min

    def message(self, envelope: Envelope) -> bytes:
        return self.engine.message(envelope)

    def submit(self, envelope: Envelope, signature: bytes) -> Entry:
        body, message = encode_envelope(envelope), self.engine.message(envelope)
        check_signature(envelope.signer, message, signature)
        digest = hashlib.sha256(message).digest()
        with self.lock:
            known = self.journal.find(digest)
            if known:
                return self.entry_of(known)
            at = max(int(self.clock().timestamp()), self.journal.at)
            if at > envelope.expires_at:
                raise CommandExpired(expired_at=envelope.expires_at)
            check_signer(self.engine, envelope)
            proof = self.engine.prove(envelope, signature)
            moves = self.engine.rehearse(envelope, proof, at)
            row = Row(
                seq=self.journal.head.seq + 1,
                at=at,
                body=body,
                proof=proof,
                digest=digest,
                postings=self.postings_of(envelope, moves),
            )
            written = self.journal.append(row)
            done = self.engine.carry_out(envelope, proof, at)
            assert done == moves
            return self.entry_of(written)

    def replay(self) -> None:
        """Does again all that the journal tells. Raises JournalDamaged where it tells a lie."""
        for row in self.journal.read_all():
            try:
                envelope = decode_envelope(row.body)
                message = self.engine.message(envelope)
                signature = self.engine.signature_in(row.proof)
                check_signature(envelope.signer, message, signature)
                check_signer(self.engine, envelope)
                moves = self.engine.carry_out(envelope, row.proof, row.at)
            except Refused as refused:
                raise JournalDamaged(f"it is refused as {refused.code}", seq=row.seq) from refused
            if row.at > envelope.expires_at:
                raise JournalDamaged("it had expired", seq=row.seq)
            is_same = row.postings == self.postings_of(envelope, moves)
            if not is_same or row.digest != hashlib.sha256(message).digest():
                raise JournalDamaged("something else comes of it", seq=row.seq)

    def postings_of(self, envelope: Envelope, moves: Sequence[Move]) -> tuple[Posting, ...]:
        """What wallets gained, and who gave it; they sum to nothing."""
        postings = [(move.wallet, move.amount) for move in moves]
        given = -sum(move.amount for move in moves)
        if given:
            postings.append((counterpart(envelope.command, self.engine.treasury), given))
        return tuple(sorted(postings))

    def entry_of(self, row: Row) -> Entry:
        envelope = decode_envelope(row.body)
        other_side = counterpart(envelope.command, self.engine.treasury)
        return Entry(
            seq=row.seq,
            at=row.at,
            envelope=envelope,
            signature=self.engine.signature_in(row.proof),
            moves=tuple(Move(*each) for each in row.postings if each[0] != other_side),
            proof=row.proof,
            hash=row.hash,
        )

    def read_job(self, job: JobKey) -> Job | None:
        with self.lock:
            return self.engine.read_job(job)

    def list_jobs(self) -> Sequence[Job]:
        with self.lock:
            return self.engine.list_jobs()

    def read_balance(self, wallet: Key) -> int:
        with self.lock:
            return self.engine.read_balance(wallet)

    def read_counters(self, courier: Key) -> Counters:
        with self.lock:
            return self.engine.read_counters(courier)

    def list_entries(self, *, since: int = 0, limit: int = 500) -> Sequence[Entry]:
        with self.lock:
            rows = self.journal.list_rows(since=since, limit=limit)
        return [self.entry_of(row) for row in rows]

    def head(self) -> Head:
        with self.lock:
            return self.journal.head

    def close(self) -> None:
        with self.lock:
            self.journal.close()


def open_rail(engine: Engine, path: Path, clock: Clock) -> JournaledRail:
    """The rail as its journal left it. Raises JournalDamaged, JournalInUse."""
    journal = open_journal(path, engine.identity)
    rail = JournaledRail(engine=engine, journal=journal, clock=clock)
    try:
        rail.replay()
    except JournalDamaged:
        journal.close()
        raise
    return rail
