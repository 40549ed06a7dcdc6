"""Passwords: what a new one must be, how it is kept, and how it is checked.

Argon2id with OWASP's parameters (19 MiB, two passes, one lane: 21 ms of processor time). Checking
runs in a thread, and at most two at a time, so that a flood of sign-ins can neither stop the
event loop nor fill the memory.
"""

from __future__ import annotations

import asyncio
import unicodedata
from collections.abc import Iterable
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from basis.errors import Invalid
from basis.sentences import Sentence

NEW_PASSWORD_LENGTH_MIN = 8
PASSWORD_LENGTH_MAX = 256
KNOWN_WORD_LENGTH_MIN = 4
CHECKS_AT_ONCE_MAX = 2
MEMORY_KIB = 19 * 1024

PLACEHOLDER_SECRETS = frozenset(
    {
        "",
        "admin",
        "change-me",
        "change-this-to-a-random-secret",
        "change_me",
        "changeit",
        "changeme",
        "changethis",
        "default",
        "dev",
        "dev-secret",
        "dev-secret-change-me",
        "development",
        "example",
        "foobar",
        "insecure",
        "jwt-secret",
        "key",
        "keyboard cat",
        "kitchenasty",
        "my-secret",
        "mysecret",
        "none",
        "null",
        "password",
        "placeholder",
        "replace-me",
        "replaceme",
        "secret",
        "secret-key",
        "secret_key",
        "secretkey",
        "supersecret",
        "super-secret",
        "test",
        "test-secret",
        "todo",
        "undefined",
        "xxx",
        "your-256-bit-secret",
        "your-secret",
        "your-secret-here",
        "your-secret-key",
        "your_jwt_secret",
        "your_secret_key",
    }
)


class PasswordRefused(Invalid):
    """The chosen password would be guessed; the message says what to do instead."""


def check_new_password(password: str, *, known_words: Iterable[str] = ()) -> None:
    """Raise PasswordRefused unless the password is long enough and not among the first guesses.

    `known_words` are what a stranger knows of the person or the house: e-mail, name.
    """
    if len(password) < NEW_PASSWORD_LENGTH_MIN:
        raise PasswordRefused(
            Sentence.of(
                "This password is too short: use at least {least} characters.",
                least=NEW_PASSWORD_LENGTH_MIN,
            )
        )
    if len(password) > PASSWORD_LENGTH_MAX:
        raise PasswordRefused(
            Sentence.of(
                "This password is too long: use at most {most} characters.",
                most=PASSWORD_LENGTH_MAX,
            )
        )
    if is_common(password) or is_placeholder_secret(password):
        raise PasswordRefused(
            "This password is among the first that strangers try: choose a few unusual words."
        )
    if password.casefold() in guessable_from(known_words):
        raise PasswordRefused(
            "This password is your name or e-mail address: choose something nobody can look up."
        )


def is_common(password: str) -> bool:
    return password.casefold() in common_passwords()


def is_placeholder_secret(secret: str) -> bool:
    """A value that examples and templates ship, or one character over and over."""
    plain = secret.strip().strip("<>{}$").casefold()
    return plain in PLACEHOLDER_SECRETS or len(set(plain)) <= 1


def guessable_from(known_words: Iterable[str]) -> frozenset[str]:
    """The words themselves, their parts, and all of it without blanks."""
    words = [word.casefold() for word in known_words]
    parts = [part for word in words for part in word.replace("@", " ").split()]
    joined = ["".join(word.split()) for word in words]
    return frozenset(w for w in (*words, *parts, *joined) if len(w) >= KNOWN_WORD_LENGTH_MIN)


@cache
def common_passwords() -> frozenset[str]:
    """The 30,000 most frequent passwords of public leaks, as zxcvbn ships them."""
    # Half a megabyte of words: read at the first registration, not at every start.
    from zxcvbn.frequency_lists import FREQUENCY_LISTS  # noqa: PLC0415

    return frozenset(FREQUENCY_LISTS["passwords"])


def spell(password: str) -> bytes:
    """One spelling for what keyboards write in several: an umlaut is one character or two."""
    return unicodedata.normalize("NFKC", password).encode("utf-8", "surrogatepass")


class Passwords:
    """Hashes and checks passwords; one for each process, since it holds the semaphore."""

    def __init__(
        self, *, memory_kib: int = MEMORY_KIB, hasher: PasswordHasher | None = None
    ) -> None:
        self._hasher = hasher or PasswordHasher(time_cost=2, memory_cost=memory_kib, parallelism=1)
        self._turn = asyncio.Semaphore(CHECKS_AT_ONCE_MAX)
        self._nobodys_hash = self._hasher.hash("nobody signs in with this")

    async def hash(self, password: str) -> str:
        async with self._turn:
            return await asyncio.to_thread(self._hasher.hash, spell(password))

    async def match(self, password: str, stored_hash: str | None) -> bool:
        """Tell whether the password is the one kept; without a kept one do the same work in vain.

        An account that does not exist thus costs as much time as one that does, so the time of an
        answer tells a stranger nothing.
        """
        async with self._turn:
            matched = await asyncio.to_thread(
                self._verify, stored_hash or self._nobodys_hash, spell(password)
            )
        return matched and stored_hash is not None

    def is_outdated(self, stored_hash: str) -> bool:
        """The hash was made with other parameters than today's."""
        return self._hasher.check_needs_rehash(stored_hash)

    def _verify(self, stored_hash: str, password: bytes) -> bool:
        try:
            return self._hasher.verify(stored_hash, password)
        except (VerificationError, InvalidHashError):
            return False
