"""Keys of programs: 256 random bits behind a mark, by which people and scanners know them."""

from __future__ import annotations

import secrets

MARK = "kak_"
SHOWN_LENGTH = 10
"""So much of a key is kept to tell it from others; the rest is 220 bits."""
KEY_LENGTH = len(MARK) + 43


def make_key() -> str:
    return MARK + secrets.token_urlsafe(32)


def is_key(token: str) -> bool:
    """Whether it claims to be one."""
    return token.startswith(MARK)


def shown_part(key: str) -> str:
    return key[:SHOWN_LENGTH]
