"""What a rail asks to be signed, held to the command that one means: nobody signs unseen bytes.

A rail makes its message from the command and from what only it knows (its treasury, addresses on
the chain). Whoever signs for a living cannot make it without the chain's libraries, but can see
that it says this one command and nothing else.
"""

from __future__ import annotations

import hashlib
import struct
from dataclasses import dataclass

from basis.errors import Forbidden
from basis.escrow.commands import KEY_BYTES, Accept, Deposit, Envelope, JobKey, Open, Withdraw
from basis.escrow.encoding import encode_command, encode_envelope

LEDGER = b"swarmhaul/ledger/1\0"
LEDGER_FIGURES = 8 + KEY_BYTES
"""After the unit: what a wallet keeps at least, and the treasury."""

PROGRAM = hashlib.sha256(b"swarmhaul settlement program, version 1").digest()
"""Where the program lies on a rail of our own. A signature for another program could mean
anything."""
PROGRAM_ADDRESS = b"ProgramDerivedAddress"
EXPIRY = struct.Struct("<q")
HASH_BYTES = 32


class MessageUnfit(Forbidden):
    """What the rail asks to be signed is not, or not only, the command that was meant."""

    def __init__(self) -> None:
        super().__init__("The rail asks for a signature under something else than the command.")


@dataclass(frozen=True, slots=True)
class Call:
    """A message of the chain that holds one call of one program."""

    signers: tuple[bytes, ...]
    once: bytes
    program: bytes
    accounts: tuple[bytes, ...]
    data: bytes


def check_message(message: bytes, envelope: Envelope) -> None:
    """Raises MessageUnfit unless the message says this command, of this signer, and no more."""
    if message.startswith(LEDGER):
        check_ledger(message, envelope)
    else:
        check_call(read_call(message), envelope)


def check_ledger(message: bytes, envelope: Envelope) -> None:
    """The ledger's name, version, unit and figures, then the envelope."""
    rest = message[len(LEDGER) :]
    head = 2 + (rest[1] if len(rest) > 1 else 0) + LEDGER_FIGURES
    if rest[head:] != encode_envelope(envelope):
        raise MessageUnfit


def check_call(call: Call, envelope: Envelope) -> None:
    command = envelope.command
    if isinstance(command, Deposit | Withdraw):
        raise MessageUnfit  # these move money of a wallet by the chain's own program
    told, bumps = encode_command(command), 0
    if isinstance(command, Open):
        told, bumps = told + command.job.id, 1
    if isinstance(command, Accept):
        bumps = 1
    is_ours = (
        len(call.signers) == 2
        and call.signers[1] == envelope.signer
        and call.once == EXPIRY.pack(envelope.expires_at) + envelope.nonce
        and call.program == PROGRAM
        and call.data[: len(told)] == told
        and len(call.data) == len(told) + bumps
        and call.accounts[:1] == (envelope.signer,)
        and len(call.accounts) > 1
        and is_job_address(call.accounts[1], command.job)
    )
    if not is_ours:
        raise MessageUnfit


def is_job_address(address: bytes, job: JobKey) -> bool:
    """Whether the program keeps this job there. It looks for the first number that is off the
    curve; to recognise an address, all of them can be tried.
    """
    seeds = b"job" + job.shipper + job.id
    return any(
        hashlib.sha256(seeds + bytes([bump]) + PROGRAM + PROGRAM_ADDRESS).digest() == address
        for bump in range(255, -1, -1)
    )


def read_call(message: bytes) -> Call:
    """Raises MessageUnfit for whatever is no message of the old form with one call in it."""
    try:
        return Reader(message).call()
    except IndexError as short:
        raise MessageUnfit from short


class Reader:
    """Reads a message of the chain from its beginning. Raises IndexError where it ends too soon."""

    def __init__(self, message: bytes) -> None:
        self.left = message

    def call(self) -> Call:
        signer_count, _, _ = self.take(3)
        keys = [self.take(KEY_BYTES) for _ in range(self.count())]
        once = self.take(HASH_BYTES)
        if self.count() != 1 or len(set(keys)) != len(keys):
            raise MessageUnfit
        program = keys[self.take(1)[0]]
        accounts = tuple(keys[place] for place in self.take(self.count()))
        data = self.take(self.count())
        if self.left:
            raise MessageUnfit
        return Call(tuple(keys[:signer_count]), once, program, accounts, data)

    def take(self, length: int) -> bytes:
        if len(self.left) < length:
            raise IndexError
        taken, self.left = self.left[:length], self.left[length:]
        return taken

    def count(self) -> int:
        """A number in one or two bytes, seven bits each; ours need no third."""
        low = self.take(1)[0]
        if low < 128:
            return low
        return (low & 127) | (self.take(1)[0] << 7)
