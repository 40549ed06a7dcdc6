"""What a rail has to be able to do beside keeping a journal: the rules, and where things stand."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from basis.escrow import Command, Deposit, Envelope, JobKey, Key, Open, Withdraw
from swarmhaul.settlement.refusals import AmountInvalid, NotSigned, NotTreasury, TreasuryApart
from swarmhaul.settlement.states import Counters, Job, Move

SUPPLY_MAX = 10**18
"""What a treasury can bring onto its rail in all: every sum fits 64 bits."""


class Engine(Protocol):
    """`rehearse` says what would come of it and changes nothing; `carry_out` does it."""

    treasury: Key
    wallet_min: int

    @property
    def identity(self) -> bytes:
        """What makes this rail another than all others: rules, program, treasury."""
        ...

    def message(self, envelope: Envelope) -> bytes: ...

    def prove(self, envelope: Envelope, signature: bytes) -> bytes:
        """What the journal keeps to show who wanted this."""
        ...

    def signature_in(self, proof: bytes) -> bytes: ...

    def rehearse(self, envelope: Envelope, proof: bytes, at: int) -> tuple[Move, ...]:
        """Raises a Refused."""
        ...

    def carry_out(self, envelope: Envelope, proof: bytes, at: int) -> tuple[Move, ...]:
        """Raises a Refused, and then nothing has changed."""
        ...

    def read_job(self, job: JobKey) -> Job | None: ...

    def list_jobs(self) -> Sequence[Job]: ...

    def read_balance(self, wallet: Key) -> int: ...

    def read_counters(self, courier: Key) -> Counters: ...


def check_signature(signer: Key, message: bytes, signature: bytes) -> None:
    """Raises NotSigned."""
    try:
        Ed25519PublicKey.from_public_bytes(signer).verify(signature, message)
    except (InvalidSignature, ValueError) as wrong:
        raise NotSigned from wrong


def check_signer(engine: Engine, envelope: Envelope) -> None:
    """The treasury brings money and does nothing else; nobody else brings any. A job is opened by
    its shipper, or its address would be another.
    """
    command = envelope.command
    if isinstance(command, Open) and envelope.signer != command.job.shipper:
        raise NotSigned
    if isinstance(command, Deposit) and envelope.signer != engine.treasury:
        raise NotTreasury
    if isinstance(command, Deposit | Withdraw) and not 1 <= command.amount <= SUPPLY_MAX:
        raise AmountInvalid
    pays_itself = isinstance(command, Deposit) and command.wallet == engine.treasury
    takes_part = not isinstance(command, Deposit) and envelope.signer == engine.treasury
    if pays_itself or takes_part:
        raise TreasuryApart


def counterpart(command: Command, treasury: Key) -> bytes:
    """The account that gives what wallets gain: the escrow of the job, or the treasury."""
    if isinstance(command, Deposit | Withdraw):
        return treasury
    return command.job.shipper + command.job.id
