"""The default rail: our own program on chain, carried out here by LiteSVM."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from solders.account import Account
from solders.keypair import Keypair
from solders.litesvm import LiteSVM
from solders.pubkey import Pubkey
from solders.signature import Signature
from solders.system_program import ID as SYSTEM
from solders.transaction import Transaction
from solders.transaction_metadata import FailedTransactionMetadata
from solders.transaction_status import (
    InstructionErrorCustom,
    TransactionErrorInstructionError,
    TransactionErrorType,
)

from basis.clock import Clock, system_clock
from swarmhaul.program import load_program
from swarmhaul.settlement import (
    REFUSALS,
    SUPPLY_MAX,
    AmountInvalid,
    Counters,
    Deposit,
    Envelope,
    InsufficientFunds,
    Job,
    JobKey,
    JournaledRail,
    Key,
    MalformedCommand,
    Move,
    Refused,
    Withdraw,
    check_signature,
    open_rail,
)
from swarmhaul.svm.addresses import (
    PROGRAM,
    job_address,
    read_counters,
    read_job,
    reputation_address,
)
from swarmhaul.svm.messages import message_of

DOMAIN = b"swarmhaul/svm/1\0"
FEES = 10**18
"""What the treasury has beside all it may ever bring: fees, and what accounts cost."""


class ChainBroken(Exception):  # as all our errors
    """The machine said no in a way that no rule of ours knows: a mistake of the rail."""


@dataclass(slots=True)
class SvmEngine:
    """The chain in memory; the journal makes it durable."""

    secret: Keypair
    machine: LiteSVM = field(init=False)
    jobs: set[JobKey] = field(default_factory=set)
    issued: int = 0
    treasury: Key = field(init=False)
    wallet_min: int = field(init=False)

    def __post_init__(self) -> None:
        # The hash of a recent block holds expiry and nonce, which the rail checks itself.
        self.machine = LiteSVM().with_blockhash_check(False).with_transaction_history(0)
        self.machine.add_program(PROGRAM, load_program())
        self.treasury = bytes(self.secret.pubkey())
        endowment = Account(SUPPLY_MAX + FEES, b"", SYSTEM)
        self.machine.set_account(self.secret.pubkey(), endowment)
        self.wallet_min = self.machine.minimum_balance_for_rent_exemption(0)

    @property
    def identity(self) -> bytes:
        return identity_of(self.treasury)

    def message(self, envelope: Envelope) -> bytes:
        return bytes(message_of(envelope, self.treasury))

    def prove(self, envelope: Envelope, signature: bytes) -> bytes:
        """The transaction as it goes to the chain: what somebody signed, and the treasury too."""
        message = message_of(envelope, self.treasury)
        check_signature(envelope.signer, bytes(message), signature)
        signatures = [self.secret.sign_message(bytes(message))]
        if envelope.signer != self.treasury:
            signatures.append(Signature(signature))
        return bytes(Transaction.populate(message, signatures))

    def signature_in(self, proof: bytes) -> bytes:
        try:
            return bytes(Transaction.from_bytes(proof).signatures[-1])
        except (ValueError, IndexError) as broken:
            raise MalformedCommand from broken

    def rehearse(self, envelope: Envelope, proof: bytes, at: int) -> tuple[Move, ...]:
        self.check_amount(envelope)
        self.set_time(at)
        before = self.balances_of(envelope)
        done = self.machine.simulate_transaction(Transaction.from_bytes(proof))
        if isinstance(done, FailedTransactionMetadata):
            raise refusal_of(done)
        after = {bytes(key): account.lamports for key, account in done.post_accounts()}
        return moves_between(before, {key: after.get(key, before[key]) for key in before})

    def carry_out(self, envelope: Envelope, proof: bytes, at: int) -> tuple[Move, ...]:
        self.check_amount(envelope)
        transaction = Transaction.from_bytes(proof)
        if bytes(transaction.message) != self.message(envelope):
            raise MalformedCommand
        self.set_time(at)
        before = self.balances_of(envelope)
        done = self.machine.send_transaction(transaction)
        if isinstance(done, FailedTransactionMetadata):
            raise refusal_of(done)
        moves = moves_between(before, self.balances_of(envelope))
        self.keep_up(envelope, moves)
        return moves

    def keep_up(self, envelope: Envelope, moves: Iterable[Move]) -> None:
        command = envelope.command
        if isinstance(command, Deposit | Withdraw):
            self.issued += sum(move.amount for move in moves)
        elif self.read_job(command.job):
            self.jobs.add(command.job)
        else:
            self.jobs.discard(command.job)

    def check_amount(self, envelope: Envelope) -> None:
        """What the chain's own transfer would refuse in words that say nothing."""
        command = envelope.command
        if isinstance(command, Deposit):
            if command.amount > SUPPLY_MAX - self.issued:
                raise AmountInvalid
            if self.read_balance(command.wallet) + command.amount < self.wallet_min:
                raise InsufficientFunds
        if isinstance(command, Withdraw):
            kept = self.read_balance(envelope.signer) - command.amount
            if kept < self.wallet_min:
                raise InsufficientFunds

    def set_time(self, at: int) -> None:
        clock = self.machine.get_clock()
        clock.unix_timestamp = at
        self.machine.set_clock(clock)

    def balances_of(self, envelope: Envelope) -> dict[Key, int]:
        """Of all wallets that the command can touch, but for the treasury's."""
        command = envelope.command
        touched = {envelope.signer}
        if isinstance(command, Deposit):
            touched.add(command.wallet)
        elif not isinstance(command, Withdraw):
            touched.add(command.job.shipper)
            courier = getattr(command, "courier", None)
            touched |= {courier} if courier else set()
        return {key: self.read_balance(key) for key in sorted(touched - {self.treasury})}

    def read_job(self, job: JobKey) -> Job | None:
        account = self.machine.get_account(job_address(job)[0])
        if account is None or account.owner != PROGRAM:
            return None
        return read_job(account.data)

    def list_jobs(self) -> Sequence[Job]:
        found = [self.read_job(key) for key in sorted(self.jobs)]
        return [job for job in found if job is not None]

    def read_balance(self, wallet: Key) -> int:
        return self.machine.get_balance(Pubkey(wallet)) or 0

    def read_counters(self, courier: Key) -> Counters:
        account = self.machine.get_account(reputation_address(courier)[0])
        if account is None or account.owner != PROGRAM:
            return Counters()
        return read_counters(account.data)


def identity_of(treasury: Key) -> bytes:
    """What makes this rail another than all others: our program, and whose money it is."""
    return DOMAIN + hashlib.sha256(load_program()).digest() + treasury


def signature_in(proof: bytes, message: bytes) -> bytes | None:
    """The signature of whoever gave the command, if the proof is the transaction with exactly this
    message and everybody who has to signed it.
    """
    try:
        transaction = Transaction.from_bytes(proof)
    except ValueError:
        return None
    signatures = [bytes(each) for each in transaction.signatures]
    told = transaction.message
    if bytes(told) != message or len(signatures) != told.header.num_required_signatures:
        return None
    try:
        for key, signature in zip(told.account_keys, signatures, strict=False):
            check_signature(bytes(key), message, signature)
    except Refused:
        return None
    return signatures[-1]


def last_signature(proof: bytes) -> bytes:
    """Of the transaction, right or wrong; nothing if it is none."""
    try:
        return bytes(Transaction.from_bytes(proof).signatures[-1])
    except (ValueError, IndexError):
        return b""


def smallest_balance() -> int:
    """What the chain lets a wallet hold at least."""
    return LiteSVM().minimum_balance_for_rent_exemption(0)


def moves_between(before: dict[Key, int], after: dict[Key, int]) -> tuple[Move, ...]:
    return tuple(
        Move(wallet, after[wallet] - before[wallet])
        for wallet in before
        if after[wallet] != before[wallet]
    )


def refusal_of(failed: FailedTransactionMetadata) -> Exception:
    """The refusal with the number that the program gave."""
    number = number_of(failed.err())
    kind: type[Refused] | None = REFUSALS.get(number) if number is not None else None
    return kind() if kind else ChainBroken(f"{failed.err()} {failed.meta().logs()}")


def number_of(error: TransactionErrorType) -> int | None:
    if not isinstance(error, TransactionErrorInstructionError):
        return None
    return error.err.code if isinstance(error.err, InstructionErrorCustom) else None


def open_svm(path: Path, *, treasury: bytes, clock: Clock = system_clock) -> JournaledRail:
    """The chain kept in this file; `treasury` is the 32 bytes of its secret key.

    Raises JournalDamaged, JournalInUse.
    """
    return open_rail(SvmEngine(Keypair.from_seed(treasury)), path, clock)
