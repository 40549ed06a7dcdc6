"""A statement counts once, also when many send it at the same moment."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from basis.kit.testing import HandClock
from swarmhaul.identity import Replayed, Signed, SigningKey, forget_expired, sign_statement, spend
from swarmhaul.kit.books import Books

ADA, BEN = SigningKey.of_seed(b"a" * 32), SigningKey.of_seed(b"b" * 32)


def statement(clock: HandClock, key: SigningKey = ADA) -> Signed:
    return sign_statement(key, {}, market="here", purpose="bid", now=clock())


async def test_a_statement_counts_once(books: Books, clock: HandClock) -> None:
    signed = statement(clock)
    async with books.writing() as uow:
        await spend(uow, signed)
    with pytest.raises(Replayed):
        async with books.writing() as uow:
            await spend(uow, signed)


async def test_of_twenty_at_once_one_counts(books: Books, clock: HandClock) -> None:
    signed = statement(clock)

    async def send() -> bool:
        try:
            async with books.writing() as uow:
                await spend(uow, signed)
        except Replayed:
            return False
        return True

    assert sum(await asyncio.gather(*(send() for _ in range(20)))) == 1


async def test_what_was_refused_was_not_spent(books: Books, clock: HandClock) -> None:
    signed = statement(clock)

    async def fail() -> None:
        async with books.writing() as uow:
            await spend(uow, signed)
            raise KeyError

    with pytest.raises(KeyError):
        await fail()
    async with books.writing() as uow:
        await spend(uow, signed)


async def test_a_nonce_belongs_to_its_signer(books: Books, clock: HandClock) -> None:
    async with books.writing() as uow:
        await spend(uow, statement(clock))
        await spend(uow, statement(clock, BEN))


async def test_a_nonce_is_forgotten_when_time_refuses_the_statement(
    books: Books, clock: HandClock
) -> None:
    """D-23: what was spent outlives the process, for as long as it matters and no longer."""
    signed = statement(clock)
    async with books.writing() as uow:
        await spend(uow, signed)
    clock.now += timedelta(seconds=120)
    async with books.writing() as uow:
        await forget_expired(uow, {})
    with pytest.raises(Replayed):
        async with books.writing() as uow:
            await spend(uow, signed)
    clock.now += timedelta(seconds=600)
    async with books.writing() as uow:
        await forget_expired(uow, {})
        await spend(uow, signed)
