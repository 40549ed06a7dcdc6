"""The machine itself, for messages that no rail would build."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from solders.hash import Hash
from solders.instruction import AccountMeta, Instruction
from solders.keypair import Keypair
from solders.litesvm import LiteSVM
from solders.message import Message
from solders.pubkey import Pubkey
from solders.transaction import Transaction
from solders.transaction_metadata import FailedTransactionMetadata

from swarmhaul.settlement import REFUSALS, Command, Deposit, Key
from swarmhaul.settlement.tests.cast import (
    ALICE,
    BOB,
    COORDINATOR,
    NAME_OF,
    SECRETS,
    SHIPPER,
    STRANGER,
    TREASURY,
    envelope_of,
)
from swarmhaul.svm.messages import instruction_of
from swarmhaul.svm.rail import SvmEngine, number_of
from tests.settlement.houses import FUNDS

Change = Callable[[list[AccountMeta]], Sequence[AccountMeta]]


def keypair(key: Key) -> Keypair:
    return Keypair.from_seed(SECRETS[NAME_OF[key]].private_bytes_raw())


class Chain:
    """A chain on which some have money; `send` says what came of a command."""

    def __init__(self) -> None:
        self.engine = SvmEngine(keypair(TREASURY))
        self.nonce = 0
        self.set_time(1_800_000_000)
        for key in (SHIPPER, ALICE, BOB, STRANGER, COORDINATOR):
            assert self.send(Deposit(wallet=key, amount=FUNDS), TREASURY) == ""

    @property
    def machine(self) -> LiteSVM:
        return self.engine.machine

    def set_time(self, at: int) -> None:
        self.engine.set_time(at)

    def send(self, command: Command, signer: Key, change: Change = list, data: bytes = b"") -> str:
        """What the chain says: nothing, the name of our refusal, or its own words."""
        envelope = envelope_of(command, signer)  # type: ignore[arg-type]
        plain = instruction_of(envelope, Pubkey(TREASURY))
        return self.send_plain(
            Instruction(plain.program_id, data or plain.data, list(change(plain.accounts))), signer
        )

    def send_plain(self, instruction: Instruction, *signers: Key) -> str:
        self.nonce += 1
        once = Hash(self.nonce.to_bytes(32, "little"))
        message = Message.new_with_blockhash([instruction], Pubkey(TREASURY), once)
        needed = message.account_keys[: message.header.num_required_signatures]
        pairs = [keypair(bytes(key)) for key in needed if bytes(key) in {TREASURY, *signers}]
        done = self.machine.send_transaction(Transaction(pairs, message, once))
        if not isinstance(done, FailedTransactionMetadata):
            return ""
        number = number_of(done.err())
        return REFUSALS[number].__name__ if number in REFUSALS else str(done.err())
