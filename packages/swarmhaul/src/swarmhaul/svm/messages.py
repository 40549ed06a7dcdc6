"""Commands as messages of the chain: the bytes that are signed here are those that go there."""

from __future__ import annotations

import struct
from collections.abc import Callable
from typing import Any

from solders.hash import Hash
from solders.instruction import AccountMeta, Instruction
from solders.message import Message
from solders.pubkey import Pubkey
from solders.system_program import ID as SYSTEM
from solders.system_program import TransferParams, transfer

from swarmhaul.settlement import (
    NOBODY,
    Accept,
    Close,
    Confirm,
    Deposit,
    Envelope,
    Expire,
    Key,
    Open,
    Release,
    Resolve,
    Withdraw,
    encode_command,
    encode_envelope,
)
from swarmhaul.svm.addresses import PROGRAM, job_address, reputation_address

EXPIRY = struct.Struct("<q")
AMOUNT_MAX = (1 << 64) - 1
Accounts = list[AccountMeta]


def message_of(envelope: Envelope, treasury: Key) -> Message:
    """The treasury pays the fee and what new accounts cost, so that money on the rail is spent on
    nothing but jobs. Expiry and nonce stand where the chain has a recent block's hash: on a rail
    of our own no block is needed to tell when a command was signed. Raises MalformedCommand.
    """
    encode_envelope(envelope)  # refuses what does not fit
    once = Hash(EXPIRY.pack(envelope.expires_at) + envelope.nonce)
    payer = Pubkey(treasury)
    return Message.new_with_blockhash([instruction_of(envelope, payer)], payer, once)


def instruction_of(envelope: Envelope, payer: Pubkey) -> Instruction:
    command, signer = envelope.command, Pubkey(envelope.signer)
    if isinstance(command, Deposit):
        return move(payer, Pubkey(command.wallet), command.amount)
    if isinstance(command, Withdraw):
        return move(signer, payer, command.amount)
    address, bump = job_address(command.job)
    told = encode_command(command)
    if isinstance(command, Open):
        told += command.job.id + bytes([bump])
    if isinstance(command, Accept):
        told += bytes([reputation_address(envelope.signer)[1]])
    signs = AccountMeta(signer, is_signer=True, is_writable=isinstance(command, Open))
    others = OTHERS.get(type(command), no_others)(command, envelope.signer, payer)
    return Instruction(PROGRAM, told, [signs, writable(address), *others])


def move(giver: Pubkey, taker: Pubkey, amount: int) -> Instruction:
    return transfer(TransferParams(from_pubkey=giver, to_pubkey=taker, lamports=amount))


def no_others(_command: Any, _signer: Key, _payer: Pubkey) -> Accounts:
    return []


def for_open(_command: Open, _signer: Key, payer: Pubkey) -> Accounts:
    return [paying(payer), readable(SYSTEM)]


def for_accept(_command: Accept, signer: Key, payer: Pubkey) -> Accounts:
    return [standing(signer), paying(payer), readable(SYSTEM)]


def for_pay(command: Confirm | Release, _signer: Key, _payer: Pubkey) -> Accounts:
    return [writable(Pubkey(command.courier)), standing(command.courier)]


def for_resolve(command: Resolve, _signer: Key, payer: Pubkey) -> Accounts:
    paid = [writable(Pubkey(command.courier)), standing(command.courier)]
    return [*paid, writable(Pubkey(command.job.shipper)), writable(payer)]


def for_close(command: Close, _signer: Key, payer: Pubkey) -> Accounts:
    return [writable(Pubkey(command.job.shipper)), writable(payer)]


def for_expire(command: Expire, _signer: Key, payer: Pubkey) -> Accounts:
    back = [writable(Pubkey(command.job.shipper)), writable(payer)]
    return back if command.courier == NOBODY else [*back, standing(command.courier)]


OTHERS: dict[type, Callable[[Any, Key, Pubkey], Accounts]] = {
    Open: for_open,
    Accept: for_accept,
    Confirm: for_pay,
    Release: for_pay,
    Resolve: for_resolve,
    Expire: for_expire,
    Close: for_close,
}
"""What a command needs beside its signer and its job, in the order that the program expects."""


def readable(key: Pubkey) -> AccountMeta:
    return AccountMeta(key, is_signer=False, is_writable=False)


def writable(key: Pubkey) -> AccountMeta:
    return AccountMeta(key, is_signer=False, is_writable=True)


def paying(key: Pubkey) -> AccountMeta:
    return AccountMeta(key, is_signer=True, is_writable=True)


def standing(courier: Key) -> AccountMeta:
    return writable(reputation_address(courier)[0])
