"""The image is one that a public chain takes: through its own loader, with its own verifier."""

from __future__ import annotations

import struct

import pytest
from solders.instruction import AccountMeta, Instruction
from solders.keypair import Keypair
from solders.litesvm import LiteSVM
from solders.message import Message
from solders.pubkey import Pubkey
from solders.system_program import ID as SYSTEM
from solders.system_program import CreateAccountParams, create_account
from solders.sysvar import CLOCK, RENT
from solders.transaction import Transaction
from solders.transaction_metadata import FailedTransactionMetadata

from basis.escrow import MalformedCommand
from swarmhaul.program import load_program
from swarmhaul.program.image import HEADER_BYTES
from swarmhaul.svm.rail import number_of

LOADER = Pubkey.from_string("BPFLoaderUpgradeab1e11111111111111111111111")
INITIALIZE_BUFFER, WRITE, DEPLOY = 0, 1, 2
BUFFER_HEADER_BYTES, PROGRAM_BYTES, PIECE_BYTES = 37, 36, 900


def mainnet() -> LiteSVM:
    """With the features that the main chain has switched on, and no others."""
    machine = LiteSVM.default().with_mainnet_features().with_builtins().with_lamports(10**18)
    machine = machine.with_sysvars().with_default_programs()
    return machine.with_sigverify(True).with_blockhash_check(True)


class Deployer:
    """Brings an image onto a chain as anybody would: a buffer, many writes, one deployment."""

    def __init__(self, machine: LiteSVM) -> None:
        self.machine = machine
        self.payer, self.buffer, self.program = Keypair(), Keypair(), Keypair()
        machine.airdrop(self.payer.pubkey(), 10**11)

    def send(self, instructions: list[Instruction], *others: Keypair) -> int | str | None:
        """None when it went through; our number or the chain's words when it did not."""
        self.machine.expire_blockhash()
        once = self.machine.latest_blockhash()
        message = Message.new_with_blockhash(instructions, self.payer.pubkey(), once)
        done = self.machine.send_transaction(Transaction([self.payer, *others], message, once))
        if not isinstance(done, FailedTransactionMetadata):
            return None
        number = number_of(done.err())
        return number if number is not None else str(done.err())

    def make(self, account: Keypair, space: int) -> Instruction:
        return create_account(
            CreateAccountParams(
                from_pubkey=self.payer.pubkey(),
                to_pubkey=account.pubkey(),
                lamports=self.machine.minimum_balance_for_rent_exemption(space),
                space=space,
                owner=LOADER,
            )
        )

    def write(self, image: bytes) -> None:
        buffer, payer = self.buffer.pubkey(), self.payer.pubkey()
        first = Instruction(
            LOADER,
            struct.pack("<I", INITIALIZE_BUFFER),
            [AccountMeta(buffer, False, True), AccountMeta(payer, False, False)],
        )
        whole = BUFFER_HEADER_BYTES + len(image)
        assert self.send([self.make(self.buffer, whole), first], self.buffer) is None
        for at in range(0, len(image), PIECE_BYTES):
            piece = image[at : at + PIECE_BYTES]
            told = struct.pack("<IIQ", WRITE, at, len(piece)) + piece
            accounts = [AccountMeta(buffer, False, True), AccountMeta(payer, True, False)]
            assert self.send([Instruction(LOADER, told, accounts)]) is None

    def deploy(self, image: bytes) -> int | str | None:
        self.write(image)
        payer, program = self.payer.pubkey(), self.program.pubkey()
        address, _ = Pubkey.find_program_address([bytes(program)], LOADER)
        accounts = [
            AccountMeta(payer, True, True),
            AccountMeta(address, False, True),
            AccountMeta(program, False, True),
            AccountMeta(self.buffer.pubkey(), False, True),
            AccountMeta(RENT, False, False),
            AccountMeta(CLOCK, False, False),
            AccountMeta(SYSTEM, False, False),
            AccountMeta(payer, True, False),
        ]
        told = struct.pack("<IQ", DEPLOY, 2 * len(image))
        deployment = Instruction(LOADER, told, accounts)
        return self.send([self.make(self.program, PROGRAM_BYTES), deployment], self.program)

    def call(self) -> int | str | None:
        """What the program says to a command that it does not know."""
        self.machine.warp_to_slot(self.machine.get_clock().slot + 5)
        payer = AccountMeta(self.payer.pubkey(), True, True)
        return self.send([Instruction(self.program.pubkey(), b"\xff", [payer])])


@pytest.mark.parametrize("chain", [LiteSVM, mainnet], ids=["newest", "mainnet"])
def test_the_chains_own_loader_takes_the_image_and_runs_it(chain: type[LiteSVM]) -> None:
    deployer = Deployer(chain())
    assert deployer.deploy(load_program()) is None
    assert deployer.call() == MalformedCommand.number


def test_the_chains_verifier_would_find_a_broken_image() -> None:
    image = bytearray(load_program())
    image[HEADER_BYTES] = 0xFE  # the first instruction is one that the machine does not have
    told = Deployer(LiteSVM()).deploy(bytes(image))
    assert isinstance(told, str)
