"""What is told of deposits twice, in any order and at once counts once (W1)."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from itertools import permutations

import pytest

from basis.ids import new_id
from basis.kit.testing import HandClock
from kitchenasty import deposits, paying, payments, reservation_terms
from kitchenasty.availability.tests.builders import wish
from kitchenasty.kit.books import UnitOfWork
from kitchenasty.payments import Found, IntentState, Told
from kitchenasty.reservations import Status
from kitchenasty.reservations.tests.builders import book
from kitchenasty.tests.parlour import (
    DAY,
    STRIPE,
    TERMS,
    Parlour,
    at_the_same_time,
    captured,
)

pytestmark = pytest.mark.enable_socket


def told(kind: str, attempt: deposits.Attempt, found: Found | None) -> Told:
    return Told(
        message_id=f"{kind}-{attempt.id}",
        kind=kind,
        ref=attempt.provider_ref,
        attempt_key=attempt.id,
        order_id=attempt.reservation_id,
        found=found,
    )


async def test_messages_may_come_in_any_order_and_twice(parlour: Parlour) -> None:
    """W1: whatever comes first, it is paid once, and one letter says so."""
    messages = [
        ("begun", Found(IntentState.REQUIRES_ACTION)),
        ("paid", captured()),
        ("expired", Found(IntentState.EXPIRED)),
        ("failed", Found(IntentState.FAILED)),
    ]
    for number, order in enumerate(permutations(messages)):
        party = 6 + number % 3
        async with parlour.books.writing() as uow:
            await reservation_terms.set_terms(
                uow, parlour.house.id, replace(TERMS, ask_minor=8_000 // party, ask_party=1)
            )
        day = DAY + timedelta(days=number % 20)
        booked = await book(parlour.books, wish(parlour.house, "19:00", party, day=day))
        owed = booked.reservation.agreed.amount  # type: ignore[union-attr]
        await parlour.begin(booked)
        attempt = await parlour.attempt(booked)
        for kind, found in (*order, *order):
            one = replace(found, amount=owed) if found.amount else found
            async with parlour.books.writing() as uow:
                message = told(kind, attempt, one)
                await payments.take_message(uow, STRIPE, message, paying.apply_message)
        assert (await parlour.load(booked)).status is Status.CONFIRMED
        assert await parlour.account(booked) == (owed.minor, 0, 0, owed.minor)


async def at_once(*acts: Callable[[], Awaitable[object]]) -> list[object]:
    return await asyncio.gather(*(act() for act in acts), return_exceptions=True)


async def test_of_twelve_messages_at_once_one_counts(parlour: Parlour) -> None:
    booked = await parlour.reserve()
    await parlour.begin(booked)
    attempt = await parlour.attempt(booked)

    async def hear() -> object:
        async with parlour.books.writing() as uow:
            one = replace(told("paid", attempt, captured()), message_id=new_id())
            return await payments.take_message(uow, STRIPE, one, paying.apply_message)

    outcomes = await at_once(*[hear] * 12)
    assert outcomes == [payments.MessageOutcome.APPLIED] * 12
    await parlour.work()
    assert await parlour.account(booked) == (8_000, 0, 0, 8_000)
    assert (await parlour.letters()).count("deposits.paid") == 1


@pytest.mark.parametrize("number", range(6))
async def test_money_and_the_end_of_its_time_at_once_lose_nothing(
    parlour: Parlour, clock: HandClock, number: int
) -> None:
    """The table is theirs with the money: if it lapsed a moment before, it is booked again. Without
    the lock of the reservation one of the two fails on what the other changed.
    """
    booked = await parlour.reserve()
    await parlour.begin(booked)
    attempt = await parlour.attempt(booked)
    clock.advance(minutes=16)

    async def lapse() -> object:
        await asyncio.sleep(0)
        async with parlour.books.writing() as uow:
            return await deposits.lapse(uow, booked.reservation.id)

    async def pay() -> None:
        await parlour.tell(attempt.id, captured())

    acts = [pay, lapse] if number % 2 else [lapse, pay]
    outcomes = await at_once(*acts)
    assert not [one for one in outcomes if isinstance(one, Exception)], outcomes
    after = await parlour.load(booked)
    assert after.status is Status.CONFIRMED
    assert len(after.table_ids) in (1, 2)
    assert await parlour.account(booked) == (8_000, 0, 0, 8_000)


async def test_of_six_who_give_it_back_at_once_one_does(parlour: Parlour) -> None:
    """On PostgreSQL it is red without the lock of the reservation; SQLite has one writer anyway."""
    booked = await parlour.reserve()
    await parlour.begin(booked)
    await parlour.tell((await parlour.attempt(booked)).id, captured())

    async def give_back(uow: UnitOfWork) -> None:
        await deposits.return_deposit(uow, booked.reservation.id, 8_000)

    outcomes = await at_the_same_time(parlour.books, booked.reservation.id, give_back, count=6)
    refused = [one for one in outcomes if isinstance(one, deposits.NotSoMuchLeft)]
    assert len(refused) == 5, outcomes
    assert await parlour.account(booked) == (8_000, 8_000, 0, 0)
