"""What becomes of deposits: cancelled in time and too late, asked for and waived by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from basis.money import Money
from kitchenasty import deposits, floor, payments, reservations
from kitchenasty.deposits import list_open_attempts
from kitchenasty.kit.principals import ANONYMOUS
from kitchenasty.kit.testing import HandClock
from kitchenasty.reservations import Status
from kitchenasty.reservations.tests.builders import book, wish
from kitchenasty.tests.parlour import (
    DAY,
    OWNER,
    TERMS,
    Parlour,
    captured,
)

pytestmark = pytest.mark.enable_socket


async def test_cancelled_in_time_the_deposit_goes_back(parlour: Parlour) -> None:
    booked = await parlour.reserve()
    await parlour.paid(booked)
    await parlour.cancel(booked)
    assert await parlour.account(booked) == (8_000, 8_000, 0, 0)
    assert await parlour.at_the_twin(booked) == (8_000, 8_000)
    states = [one.state for one in (await parlour.deposit(booked)).returns]
    assert states == [payments.ReturnState.DONE]


async def test_cancelled_late_the_house_keeps_it_and_may_give_it_back(
    parlour: Parlour, clock: HandClock
) -> None:
    booked = await parlour.reserve()
    await parlour.paid(booked)
    clock.now = booked.reservation.starts_at - timedelta(hours=3)
    await parlour.cancel(booked)
    assert await parlour.account(booked) == (8_000, 0, 8_000, 0)
    assert "deposits.kept" in await parlour.letters()
    async with parlour.books.writing(OWNER) as uow:
        await deposits.return_deposit(uow, booked.reservation.id, 3_000)
    await parlour.work()
    assert await parlour.account(booked) == (8_000, 3_000, 5_000, 0)
    assert await parlour.at_the_twin(booked) == (8_000, 3_000)
    async with parlour.books.writing(OWNER) as uow:
        with pytest.raises(deposits.NotSoMuchLeft):
            await deposits.return_deposit(uow, booked.reservation.id, 5_001)


async def test_who_did_not_come_and_comes_after_all_has_it_again(
    parlour: Parlour, clock: HandClock
) -> None:
    booked = await parlour.reserve()
    await parlour.paid(booked)
    clock.now = booked.reservation.starts_at + timedelta(minutes=20)
    async with parlour.books.writing(OWNER) as uow:
        await reservations.note_absence(uow, await parlour.load(booked))
    await parlour.work()
    assert await parlour.account(booked) == (8_000, 0, 8_000, 0)
    async with parlour.books.writing(OWNER) as uow:
        await floor.seat(uow, await parlour.load(booked))
    await parlour.work()
    assert await parlour.account(booked) == (8_000, 0, 0, 8_000)


@pytest.mark.parametrize(
    ("is_off_the_bill", "money"), [(False, (8_000, 8_000, 0, 0)), (True, (8_000, 0, 8_000, 0))]
)
async def test_after_the_visit_it_goes_back_unless_it_was_taken_off_the_bill(
    parlour: Parlour, clock: HandClock, *, is_off_the_bill: bool, money: tuple[int, ...]
) -> None:
    booked = await parlour.reserve()
    await parlour.paid(booked)
    clock.now = booked.reservation.starts_at
    async with parlour.books.writing(OWNER) as uow:
        await floor.seat(uow, await parlour.load(booked))
        if is_off_the_bill:
            await deposits.keep_deposit(uow, booked.reservation.id)
    await parlour.work()
    clock.now += timedelta(hours=1)
    async with parlour.books.writing(OWNER) as uow:
        await reservations.complete(uow, await parlour.load(booked))
    await parlour.work()
    assert await parlour.account(booked) == money


async def test_terms_that_change_later_change_nothing_that_was_agreed(
    parlour: Parlour, clock: HandClock
) -> None:
    booked = await parlour.reserve()
    await parlour.paid(booked)
    async with parlour.books.writing() as uow:
        harder = replace(TERMS, ask_minor=9_900, ask_notice_hours=400)
        await reservations.set_terms(uow, parlour.house.id, harder)
    clock.now = booked.reservation.starts_at - timedelta(hours=25)
    await parlour.cancel(booked)
    assert await parlour.account(booked) == (8_000, 8_000, 0, 0)


async def test_nobody_books_for_few_and_comes_with_many(parlour: Parlour) -> None:
    booked = await parlour.reserve(party=2)
    async with parlour.books.reading() as look:
        larger = await reservations.plan(
            look, wish(parlour.house, "19:00", 8, day=DAY), ignored=booked.reservation.id
        )
    async with parlour.books.writing(ANONYMOUS) as uow:
        with pytest.raises(reservations.WishRefused, match="larger deposit"):
            await reservations.change(uow, booked.reservation, larger)


async def test_the_house_asks_by_hand_and_keeps_the_table_without(parlour: Parlour) -> None:
    booked = await book(parlour.books, wish(parlour.house, "19:00", 4, day=DAY), actor=OWNER)
    async with parlour.books.writing(OWNER) as uow:
        await deposits.ask(uow, booked.reservation.id, Money(500, "EUR"), 24)
    after = await parlour.load(booked)
    assert after.awaits_deposit
    assert after.agreed is not None
    assert after.agreed.amount_minor == 2_000
    await parlour.begin(booked)
    async with parlour.books.writing(OWNER) as uow:
        await deposits.waive(uow, booked.reservation.id)
    await parlour.work()
    assert (await parlour.load(booked)).status is Status.CONFIRMED
    async with parlour.books.reading() as look:
        assert not await list_open_attempts(look, booked.reservation.id)
    async with parlour.books.writing(OWNER) as uow:
        with pytest.raises(deposits.NothingToDecide):
            await deposits.waive(uow, booked.reservation.id)


async def test_what_a_provider_refuses_to_give_back_is_a_persons_matter(
    parlour: Parlour,
) -> None:
    booked = await parlour.reserve()
    await parlour.begin(booked)
    attempt = await parlour.attempt(booked)
    await parlour.tell(attempt.id, captured("pi_nobody_knows"))
    await parlour.cancel(booked)
    [back] = (await parlour.deposit(booked)).returns
    assert back.state is payments.ReturnState.REFUSED
    async with parlour.books.writing(OWNER) as uow:
        await deposits.give_by_hand(uow, booked.reservation.id, back.id)
        with pytest.raises(deposits.NothingToDecide):
            await deposits.ask_again(uow, booked.reservation.id, back.id)
    [back] = (await parlour.deposit(booked)).returns
    assert back.state is payments.ReturnState.DONE
