"""Ids that sort by time, codes for people, and capabilities for strangers."""

from __future__ import annotations

import hashlib
import os
import secrets
import threading
import time
from uuid import UUID

CODE_ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Without 0 O 1 I L U: what is read out over the phone must not be misheard."""

CAPABILITY_BYTES = 20

CHANCE_BYTES = 8
CHANCE_KEPT = 256

_lock = threading.Lock()
_last = 0
_chance = b""


def new_id() -> str:
    """A UUIDv7 (RFC 9562, section 5.7) as canonical text; each is greater than the one before.

    48 bits of milliseconds, then a counter of 12 bits that keeps the order within one process,
    then 62 random bits. When the counter runs over, the next millisecond is borrowed.
    """
    global _last  # noqa: PLW0603  # the order of ids is a property of the process
    with _lock:
        _last = max(time.time_ns() // 1_000_000 << 12, _last + 1)
        stamp, chance = _last, take_chance() >> 2
    milliseconds, counter = stamp >> 12, stamp & 0xFFF
    value = milliseconds << 80 | 0x7 << 76 | counter << 64 | 0b10 << 62 | chance
    digits = f"{value:032x}"
    return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"


def take_chance() -> int:
    """64 random bits. The system is asked for many at once: asking costs more than an id."""
    global _chance  # noqa: PLW0603  # what is left of the last time
    if not _chance:
        _chance = os.urandom(CHANCE_BYTES * CHANCE_KEPT)
    taken, _chance = _chance[:CHANCE_BYTES], _chance[CHANCE_BYTES:]
    return int.from_bytes(taken)


def forget_chance() -> None:
    """A process that was split off must not take the same bits."""
    global _chance  # noqa: PLW0603  # see above
    _chance = b""


os.register_at_fork(after_in_child=forget_chance)


def is_id(text: str) -> bool:
    """Whether the text is an id in its one canonical spelling."""
    try:
        return str(UUID(text)) == text
    except ValueError:
        return False


def new_code(length: int) -> str:
    """A short random code of letters and digits that cannot be mistaken for one another."""
    return "".join(secrets.choice(CODE_ALPHABET) for _ in range(length))


def new_capability() -> str:
    """A secret for a link: 160 random bits, url-safe. Only its hash is stored."""
    return secrets.token_urlsafe(CAPABILITY_BYTES)


def hash_capability(capability: str) -> str:
    """What is stored of a capability: SHA-256 in hex. It needs no salt, being random itself."""
    return hashlib.sha256(capability.encode("utf-8", "surrogatepass")).hexdigest()
