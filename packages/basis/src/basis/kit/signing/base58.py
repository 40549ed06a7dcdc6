"""Base58 with Bitcoin's alphabet: how this field writes keys and signatures."""

from __future__ import annotations

ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
VALUES = {letter: value for value, letter in enumerate(ALPHABET)}
LETTERS_MAX = 128
"""More than a signature has; the time to read a number grows with the square of its length."""


class NotBase58(ValueError):
    """A text that no bytes are written as."""


def encode(raw: bytes) -> str:
    number, letters = int.from_bytes(raw), []
    while number:
        number, rest = divmod(number, 58)
        letters.append(ALPHABET[rest])
    zeros = len(raw) - len(raw.lstrip(b"\0"))
    return ALPHABET[0] * zeros + "".join(reversed(letters))


def decode(text: str) -> bytes:
    """Raises NotBase58. Each text is read as bytes of its own, so none has two spellings."""
    if len(text) > LETTERS_MAX:
        raise NotBase58("it is too long")
    number = 0
    for letter in text:
        if letter not in VALUES:
            raise NotBase58("it has letters that base58 has not")
        number = number * 58 + VALUES[letter]
    zeros = len(text) - len(text.lstrip(ALPHABET[0]))
    return bytes(zeros) + number.to_bytes((number.bit_length() + 7) // 8)
