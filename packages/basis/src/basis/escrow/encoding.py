"""Commands as bytes: one spelling each, the same on every rail, little endian as on the chain."""

from __future__ import annotations

import struct
from collections.abc import Callable
from typing import Any

from basis.escrow.commands import (
    COMMANDS,
    JOB_ID_BYTES,
    KEY_BYTES,
    LEG_COUNT_MAX,
    NOBODY,
    NONCE_BYTES,
    Command,
    Deposit,
    Envelope,
    JobKey,
    Offer,
    Withdraw,
)
from basis.escrow.refusals import MalformedCommand

DOMAIN = b"swarmhaul/settlement/1\0"
"""What a signature over an envelope is for; no other text of ours begins like it."""

NO_JOB = JobKey(NOBODY, bytes(JOB_ID_BYTES))
OFFER = struct.Struct("<32sQq")
HEAD = struct.Struct(f"<{KEY_BYTES}sq{NONCE_BYTES}s{KEY_BYTES}s{JOB_ID_BYTES}s")
NUMBERS = {"u8": "<B", "u16": "<H", "u64": "<Q", "i64": "<q", "flag": "<?"}

FIELDS: dict[int, tuple[tuple[str, str], ...]] = {
    0: (("budget", "u64"), ("award_by", "i64"), ("coordinator", "key"), ("arbiter", "key")),
    1: (("accept_by", "i64"), ("legs", "legs")),
    2: (("leg", "u8"),),
    3: (("leg", "u8"), ("courier", "key"), ("pay", "u64")),
    4: (("leg", "u8"),),
    5: (("leg", "u8"), ("courier", "key")),
    6: (("leg", "u8"), ("courier", "key")),
    7: (("leg", "u8"), ("reason", "key")),
    8: (("leg", "u8"), ("courier", "key"), ("share", "u16"), ("breach", "flag")),
    9: (("courier", "key"),),
    10: (),
    11: (("wallet", "key"), ("amount", "u64")),
    12: (("amount", "u64"),),
}


def encode_command(command: Command) -> bytes:
    """The command without its job, which goes beside it. Raises MalformedCommand."""
    told = bytes([command.tag])
    for name, kind in FIELDS[command.tag]:
        told += encode_field(kind, getattr(command, name))
    return told


def encode_field(kind: str, value: Any) -> bytes:
    if kind == "key":
        return checked(value, KEY_BYTES)
    if kind == "legs":
        if len(value) > LEG_COUNT_MAX:
            raise MalformedCommand
        return bytes([len(value)]) + b"".join(encode_offer(offer) for offer in value)
    return pack(NUMBERS[kind], value)


def encode_offer(offer: Offer) -> bytes:
    return pack(OFFER.format, checked(offer.courier, KEY_BYTES), offer.pay, offer.duration)


def encode_envelope(envelope: Envelope) -> bytes:
    """All that is signed. Raises MalformedCommand."""
    command = envelope.command
    job = NO_JOB if isinstance(command, Deposit | Withdraw) else command.job
    return (
        DOMAIN
        + pack(
            HEAD.format,
            checked(envelope.signer, KEY_BYTES),
            envelope.expires_at,
            checked(envelope.nonce, NONCE_BYTES),
            checked(job.shipper, KEY_BYTES),
            checked(job.id, JOB_ID_BYTES),
        )
        + encode_command(command)
    )


def decode_envelope(told: bytes) -> Envelope:
    """Raises MalformedCommand for whatever `encode_envelope` would not have written."""
    try:
        if not told.startswith(DOMAIN):
            raise MalformedCommand
        signer, expires_at, nonce, shipper, job_id = HEAD.unpack_from(told, len(DOMAIN))
        command = decode_command(told[len(DOMAIN) + HEAD.size :], JobKey(shipper, job_id))
    except (struct.error, KeyError, IndexError) as broken:
        raise MalformedCommand from broken
    envelope = Envelope(command=command, signer=signer, expires_at=expires_at, nonce=nonce)
    if encode_envelope(envelope) != told:
        raise MalformedCommand
    return envelope


def decode_command(told: bytes, job: JobKey) -> Command:
    kind: Callable[..., Command] = COMMANDS[told[0]]
    place, found = 1, dict[str, Any]()
    for name, form in FIELDS[told[0]]:
        found[name], place = decode_field(form, told, place)
    if told[0] not in (Deposit.tag, Withdraw.tag):
        found["job"] = job
    return kind(**found)


def decode_field(kind: str, told: bytes, place: int) -> tuple[Any, int]:
    """The value that begins at `place`, and where the next one does."""
    if kind == "key":
        return told[place : place + KEY_BYTES], place + KEY_BYTES
    if kind == "legs":
        count, place = told[place], place + 1
        offers = [Offer(*OFFER.unpack_from(told, place + OFFER.size * i)) for i in range(count)]
        return tuple(offers), place + OFFER.size * count
    (value,) = struct.unpack_from(NUMBERS[kind], told, place)
    return value, place + struct.calcsize(NUMBERS[kind])


def pack(form: str, *values: Any) -> bytes:
    try:
        return struct.pack(form, *values)
    except struct.error as unfit:
        raise MalformedCommand from unfit


def checked(value: bytes, length: int) -> bytes:
    """Packing would fill up what is too short, and cut what is too long."""
    if len(value) != length:
        raise MalformedCommand
    return value
