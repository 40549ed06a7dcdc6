"""How guests are found: by the beginning of their name, either way round, and by digits."""

from __future__ import annotations

from basis.kit.texts import NAME_KEY_MAX, name_key, phone_key


def keys_of(name: str, phone: str | None) -> dict[str, str]:
    """What a guest's columns for searching hold."""
    return {
        "name_key": name_key(name),
        "surname_key": surname_key(name),
        "phone_key": phone_key(phone),
    }


def surname_key(name: str) -> str:
    """`grace nolan` as `nolan grace`."""
    *before, last = name.casefold().split() or [""]
    return " ".join((last, *before))[:NAME_KEY_MAX]
