"""Codes that people read from a screen or a paper and type: no vowels, no look-alikes."""

from __future__ import annotations

import secrets

CODE_GROUPS = 4
RECOVERY_GROUPS = 6
"""114 bits: of a code that lies in the books for years no quick hash is to be tried backwards."""
CODE_GROUP_LENGTH = 4
CODE_LETTERS = "BCDFGHJKMNPQRSTVWXZ23456789"


def make_code(groups: int = CODE_GROUPS) -> str:
    """Random letters, 19 bits in each group of four: `BCDF-GHJK-MNPQ-RSTV`."""
    return "-".join(
        "".join(secrets.choice(CODE_LETTERS) for _ in range(CODE_GROUP_LENGTH))
        for _ in range(groups)
    )


def plain_code(code: str) -> str:
    """The code however it was typed."""
    return "".join(character for character in code.upper() if character.isalnum())
