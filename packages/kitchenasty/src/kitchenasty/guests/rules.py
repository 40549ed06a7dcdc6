"""How guests are found: by the beginning of their name, either way round, and by digits."""

from __future__ import annotations

NAME_KEY_MAX = 200
PHONE_KEY_MAX = 40


def keys_of(name: str, phone: str | None) -> dict[str, str]:
    """What a guest's columns for searching hold."""
    return {
        "name_key": name_key(name),
        "surname_key": surname_key(name),
        "phone_key": phone_key(phone),
    }


def name_key(name: str) -> str:
    """In small letters, without double blanks."""
    return " ".join(name.casefold().split())[:NAME_KEY_MAX]


def surname_key(name: str) -> str:
    """`grace nolan` as `nolan grace`."""
    *before, last = name.casefold().split() or [""]
    return " ".join((last, *before))[:NAME_KEY_MAX]


def phone_key(phone: str | None) -> str:
    """Digits only."""
    return "".join(character for character in phone or "" if character.isdigit())[:PHONE_KEY_MAX]
