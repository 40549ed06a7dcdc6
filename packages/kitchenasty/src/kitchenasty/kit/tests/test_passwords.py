from __future__ import annotations

import asyncio
import threading
from typing import Literal

import pytest
from argon2 import PasswordHasher

from kitchenasty.kit.identity.passwords import (
    PLACEHOLDER_SECRETS,
    PasswordRefused,
    Passwords,
    check_new_password,
    common_passwords,
    is_placeholder_secret,
)


@pytest.fixture
def passwords() -> Passwords:
    return Passwords(memory_kib=64)


def test_accepts_what_strangers_do_not_try_first() -> None:
    check_new_password("seven green kettles")
    check_new_password("kitchen-demo")


def test_refuses_every_one_of_the_ten_thousand_most_common_passwords() -> None:
    accepted = 0
    for password in sorted(common_passwords()):
        try:
            check_new_password(password)
        except PasswordRefused:
            continue
        accepted += 1
    assert len(common_passwords()) >= 10_000
    assert accepted == 0


@pytest.mark.parametrize("password", ["", "short", "x" * 7, "x" * 257, "PassWord1", "aaaaaaaaaaaa"])
def test_refuses_short_long_and_common_ones(password: str) -> None:
    with pytest.raises(PasswordRefused):
        check_new_password(password)


@pytest.mark.parametrize("password", ["rosa@example.com", "rosavidal", "ROSA Vidal", "example.com"])
def test_refuses_what_strangers_can_look_up(password: str) -> None:
    with pytest.raises(PasswordRefused):
        check_new_password(password, known_words=["rosa@example.com", "Rosa Vidal"])


def test_knows_at_least_thirty_placeholder_secrets() -> None:
    assert len(PLACEHOLDER_SECRETS) >= 30
    assert all(is_placeholder_secret(secret) for secret in PLACEHOLDER_SECRETS)
    assert is_placeholder_secret("<Change-Me>")
    assert is_placeholder_secret("0" * 64)
    assert not is_placeholder_secret("9f2b7c1d80e34a65")


async def test_matches_the_password_that_was_kept_and_no_other(
    passwords: Passwords,
) -> None:
    kept = await passwords.hash("seven green kettles")
    assert await passwords.match("seven green kettles", kept)
    assert not await passwords.match("seven green kettle", kept)
    assert "kettles" not in kept


async def test_two_spellings_of_an_umlaut_are_one_password(
    passwords: Passwords,
) -> None:
    kept = await passwords.hash("K\u00fcche-morgens")
    assert await passwords.match("Ku\u0308che-morgens", kept)


@pytest.mark.parametrize("odd", ["\ud800 lone", "nul\x00nul", "\U0001f373" * 50])
async def test_takes_any_characters(passwords: Passwords, odd: str) -> None:
    assert await passwords.match(odd, await passwords.hash(odd))


class WatchedHasher(PasswordHasher):
    """The real one, which remembers what it checked and how many checks ran at once."""

    def __init__(self) -> None:
        super().__init__(time_cost=2, memory_cost=64, parallelism=1)
        self.parameters: list[str] = []
        self.most_at_once = 0
        self._running = 0
        self._lock = threading.Lock()

    def verify(self, hash: str | bytes, password: str | bytes) -> Literal[True]:  # noqa: A002  # argon2's name
        with self._lock:
            self.parameters.append(str(hash).rpartition("$")[0].rpartition("$")[0])
            self._running += 1
            self.most_at_once = max(self.most_at_once, self._running)
        try:
            self.meet()
            return super().verify(hash, password)
        finally:
            with self._lock:
                self._running -= 1

    def meet(self) -> None:
        """What happens while a check runs."""


async def test_works_as_hard_for_nobody_as_for_somebody() -> None:
    """The same verification runs, with the same parameters, when there is no account."""
    hasher = WatchedHasher()
    passwords = Passwords(hasher=hasher)
    kept = await passwords.hash("seven green kettles")
    assert not await passwords.match("wrong wrong", kept)
    assert not await passwords.match("wrong wrong", None)
    assert not await passwords.match("nobody signs in with this", None)
    assert len(hasher.parameters) == 3
    assert len(set(hasher.parameters)) == 1


async def test_a_hash_that_cannot_be_read_matches_nothing(passwords: Passwords) -> None:
    assert not await passwords.match("anything at all", "$2b$12$not-argon")


async def test_says_when_a_hash_was_made_with_other_parameters(
    passwords: Passwords,
) -> None:
    kept = await passwords.hash("seven green kettles")
    assert not passwords.is_outdated(kept)
    assert Passwords(memory_kib=128).is_outdated(kept)


async def test_checks_at_most_two_at_once() -> None:
    both = threading.Barrier(2)

    class TwoAtATime(WatchedHasher):
        """A check ends only when another one has begun: one at a time would never end."""

        def meet(self) -> None:
            both.wait(timeout=30)

    hasher = TwoAtATime()
    passwords = Passwords(hasher=hasher)
    await asyncio.gather(*(passwords.match("guess guess", None) for _ in range(20)))
    assert len(hasher.parameters) == 20
    assert hasher.most_at_once <= 2
