"""The rail for fiat and credits: the rules in Python over balances in double entry."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from basis.clock import Clock, system_clock
from basis.escrow import Deposit, Envelope, JobKey, Key, Withdraw, encode_envelope
from basis.escrow.messages import LEDGER
from swarmhaul.settlement.engine import SUPPLY_MAX, check_signature
from swarmhaul.settlement.journaled import JournaledRail, open_rail
from swarmhaul.settlement.outcome import Outcome
from swarmhaul.settlement.refusals import AmountInvalid, InsufficientFunds
from swarmhaul.settlement.rules import apply
from swarmhaul.settlement.states import Counters, Job, Move

RULES_VERSION = 1
UNIT_BYTES_MAX = 16
LEDGER_UNIT = "lamports"
"""What a market's ledger counts, unless it says otherwise."""


@dataclass(slots=True)
class LedgerEngine:
    """`unit` names what is counted, such as EUR cents; a wallet keeps at least `wallet_min`."""

    treasury: Key
    unit: str
    wallet_min: int = 0
    issued: int = 0
    jobs: dict[JobKey, Job] = field(default_factory=dict)
    balances: dict[Key, int] = field(default_factory=dict)
    counters: dict[Key, Counters] = field(default_factory=dict)

    @property
    def identity(self) -> bytes:
        unit = self.unit.encode()
        assert len(unit) <= UNIT_BYTES_MAX
        told = LEDGER + bytes([RULES_VERSION, len(unit)]) + unit
        return told + self.wallet_min.to_bytes(8, "little") + self.treasury

    def message(self, envelope: Envelope) -> bytes:
        """With the rail in it: what was signed for one ledger is nothing on another."""
        return self.identity + encode_envelope(envelope)

    def prove(self, envelope: Envelope, signature: bytes) -> bytes:
        check_signature(envelope.signer, self.message(envelope), signature)
        return signature

    def signature_in(self, proof: bytes) -> bytes:
        return proof

    def rehearse(self, envelope: Envelope, proof: bytes, at: int) -> tuple[Move, ...]:
        return self.decide(envelope, at)[0]

    def carry_out(self, envelope: Envelope, proof: bytes, at: int) -> tuple[Move, ...]:
        moves, outcome = self.decide(envelope, at)
        for move in moves:
            self.balances[move.wallet] = self.read_balance(move.wallet) + move.amount
        if outcome is None:
            self.issued += sum(move.amount for move in moves)
            return moves
        self.jobs.pop(outcome.key, None)
        if outcome.job is not None:
            self.jobs[outcome.key] = outcome.job
        for count in outcome.counts:
            before = self.read_counters(count.courier)
            raised = {count.deed.value: getattr(before, count.deed.value) + 1}
            self.counters[count.courier] = replace(before, **raised)
        return moves

    def decide(self, envelope: Envelope, at: int) -> tuple[tuple[Move, ...], Outcome | None]:
        """What moves, and what comes of the job. Raises a Refused."""
        command = envelope.command
        if isinstance(command, Deposit):
            if command.amount > SUPPLY_MAX - self.issued:
                raise AmountInvalid
            return self.covered(Move(command.wallet, command.amount)), None
        if isinstance(command, Withdraw):
            return self.covered(Move(envelope.signer, -command.amount)), None
        outcome = apply(self.jobs.get(command.job), command, signer=envelope.signer, now=at)
        if outcome.holds is not None and self.read_balance(outcome.holds) < self.wallet_min:
            raise InsufficientFunds
        return self.covered(*outcome.moves), outcome

    def covered(self, *moves: Move) -> tuple[Move, ...]:
        """The moves in order, if no wallet holds too little after them."""
        for move in moves:
            if self.read_balance(move.wallet) + move.amount < self.wallet_min:
                raise InsufficientFunds
        return tuple(sorted(moves, key=lambda move: move.wallet))

    def read_job(self, job: JobKey) -> Job | None:
        return self.jobs.get(job)

    def list_jobs(self) -> Sequence[Job]:
        return [self.jobs[key] for key in sorted(self.jobs)]

    def read_balance(self, wallet: Key) -> int:
        return self.balances.get(wallet, 0)

    def read_counters(self, courier: Key) -> Counters:
        return self.counters.get(courier, Counters())


def open_ledger(
    path: Path, *, treasury: Key, unit: str, wallet_min: int = 0, clock: Clock = system_clock
) -> JournaledRail:
    """The ledger kept in this file. Raises JournalDamaged, JournalInUse."""
    return open_rail(LedgerEngine(treasury, unit, wallet_min), path, clock)


def ledger_message(envelope: Envelope, *, treasury: Key, unit: str, wallet_min: int = 0) -> bytes:
    """What is signed for this ledger, for whoever has none of it. Raises MalformedCommand."""
    return LedgerEngine(treasury, unit, wallet_min).message(envelope)
