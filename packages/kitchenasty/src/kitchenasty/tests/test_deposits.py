"""Deposits over all slices: asked for, paid at the twins, late, and not at all."""

from __future__ import annotations

from dataclasses import replace

import httpx
import pytest

from basis.kit.testing import HandClock
from basis.money import Money
from kitchenasty import deposits, payments, reservation_terms, reservations, settings, waitlist
from kitchenasty.availability.tests.builders import wish
from kitchenasty.kit.principals import ANONYMOUS
from kitchenasty.payments import PaymentMethod
from kitchenasty.payments.tests.builders import DECLINED
from kitchenasty.reservations import Status
from kitchenasty.reservations.tests.builders import ANNA, book
from kitchenasty.tests.parlour import (
    DAY,
    OWED,
    OWNER,
    PAYPAL,
    STRIPE,
    TERMS,
    Parlour,
    captured,
    look_now,
)

pytestmark = pytest.mark.enable_socket


async def test_a_small_party_pays_nothing_before(parlour: Parlour) -> None:
    booked = await parlour.reserve(party=5)
    assert booked.reservation.status is Status.CONFIRMED
    assert booked.reservation.agreed is None


async def test_on_other_weekdays_nothing_is_asked(parlour: Parlour) -> None:
    async with parlour.books.writing() as uow:
        sunday = replace(TERMS, ask_weekdays=(0,))
        await reservation_terms.set_terms(uow, parlour.house.id, sunday)
    assert (await parlour.reserve()).reservation.agreed is None
    async with parlour.books.writing() as uow:
        friday = replace(TERMS, ask_weekdays=(5,))
        await reservation_terms.set_terms(uow, parlour.house.id, friday)
    assert (await parlour.reserve("21:30")).reservation.agreed is not None


async def test_where_nothing_can_be_paid_online_nothing_is_asked(parlour: Parlour) -> None:
    async with parlour.books.writing() as uow:
        off: dict[str, settings.Value] = {"stripeEnabled": False, "paypalEnabled": False}
        await settings.change(uow, payments.PAYMENT, off)
    assert (await parlour.reserve()).reservation.status is Status.CONFIRMED


async def test_what_the_house_writes_down_itself_owes_nothing(parlour: Parlour) -> None:
    booked = await book(parlour.books, wish(parlour.house, "19:00", 8, day=DAY), actor=OWNER)
    assert booked.reservation.status is Status.CONFIRMED


async def test_a_table_that_waits_for_its_deposit_is_kept_and_not_told_of(
    parlour: Parlour,
) -> None:
    booked = await parlour.reserve()
    await parlour.work()
    assert booked.reservation.status is Status.PENDING
    assert booked.reservation.awaits_deposit
    assert booked.reservation.agreed is not None
    assert booked.reservation.agreed.amount == OWED
    assert "€10.00" in booked.reservation.agreed.words
    assert "€80.00" in booked.reservation.agreed.words
    assert await parlour.letters() == ["deposits.asked"]


@pytest.mark.parametrize("method", [STRIPE, PAYPAL])
async def test_a_guest_pays_and_the_table_is_theirs(
    parlour: Parlour, method: PaymentMethod
) -> None:
    booked = await parlour.reserve()
    begun = await parlour.begin(booked, method)
    assert (await parlour.begin(booked, method)).ref == begun.ref, "another tab goes on with it"
    assert begun.url is not None
    if method is STRIPE:
        assert await parlour.pay(begun, DECLINED) == 200
        assert await parlour.pay(begun) == 303
    else:
        async with httpx.AsyncClient() as guest:
            await guest.post(begun.url)
    await look_now(parlour, (await parlour.attempt(booked)).id)
    after = await parlour.load(booked)
    assert after.status is Status.CONFIRMED
    assert not after.awaits_deposit
    assert await parlour.account(booked) == (8_000, 0, 0, 8_000)
    assert "reservations.confirmed" in await parlour.letters()
    assert "deposits.paid" in await parlour.letters()


async def test_a_house_that_confirms_by_hand_does_so_after_the_money(parlour: Parlour) -> None:
    async with parlour.books.writing() as uow:
        by_hand = replace(TERMS, confirms_at_once=False)
        await reservation_terms.set_terms(uow, parlour.house.id, by_hand)
    booked = await parlour.reserve()
    await parlour.paid(booked)
    after = await parlour.load(booked)
    assert after.status is Status.PENDING
    assert not after.awaits_deposit
    assert "reservations.requested" in await parlour.letters()


async def test_a_table_without_its_deposit_is_free_again_and_the_line_is_asked(
    parlour: Parlour, clock: HandClock
) -> None:
    [*_] = [await parlour.reserve(party=8) for _ in range(3)]
    assert not await parlour.is_free()
    async with parlour.books.writing(ANONYMOUS) as uow:
        asked = waitlist.Asked(
            house_id=parlour.house.id, day=DAY, party=8, since="19:00", until="19:00"
        )
        waiting_id, _ = await waitlist.join(uow, asked, ANNA)
    await parlour.work()
    clock.advance(minutes=14)
    await parlour.work()
    assert not await parlour.is_free()
    clock.advance(minutes=2)
    await parlour.work()
    await parlour.work()
    async with parlour.books.reading() as look:
        [waiting] = await waitlist.list_waiting(look, parlour.house.id, DAY)
    assert waiting.id == waiting_id
    assert waiting.is_offered
    assert await parlour.is_free(), "one of the three is offered, the others are anybody's"
    letters = await parlour.letters()
    assert letters.count("deposits.lapsed") == 3
    assert "reservations.refused" not in letters
    assert not [one for one in letters if one.startswith("reservations.house")]


async def test_late_money_books_again_what_is_still_free(
    parlour: Parlour, clock: HandClock
) -> None:
    booked = await parlour.reserve()
    await parlour.begin(booked)
    attempt = await parlour.attempt(booked)
    clock.advance(minutes=16)
    await parlour.work()
    assert (await parlour.load(booked)).status is Status.CANCELLED
    await parlour.tell(attempt.id, captured())
    after = await parlour.load(booked)
    assert after.status is Status.CONFIRMED
    assert after.table_ids
    assert await parlour.account(booked) == (8_000, 0, 0, 8_000)


async def test_late_money_for_a_table_that_is_gone_goes_back_whole(
    parlour: Parlour, clock: HandClock
) -> None:
    booked = await parlour.reserve()
    begun = await parlour.begin(booked)
    attempt = await parlour.attempt(booked)
    async with parlour.books.writing() as uow:
        await reservations.hold_reservation(uow, booked.reservation.id)
    clock.advance(minutes=16)
    assert await parlour.pay(begun) == 303
    async with parlour.books.writing() as uow:
        await deposits.lapse(uow, booked.reservation.id)
    while await parlour.is_free():
        await book(parlour.books, wish(parlour.house, "19:00", 8, day=DAY), actor=OWNER)
    await look_now(parlour, attempt.id)
    assert (await parlour.load(booked)).status is Status.CANCELLED
    assert await parlour.account(booked) == (8_000, 8_000, 0, 0)
    assert await parlour.at_the_twin(booked) == (8_000, 8_000)
    assert "deposits.returned" in await parlour.letters()


async def test_who_pays_twice_has_the_second_back(parlour: Parlour) -> None:
    booked = await parlour.reserve()
    await parlour.begin(booked, STRIPE)
    first = await parlour.attempt(booked)
    async with parlour.books.writing() as uow:
        held = await reservations.hold_reservation(uow, booked.reservation.id)
        second = await deposits.open_attempt(uow, held, PAYPAL, OWED)
    await parlour.tell(first.id, captured("pi_one"))
    await parlour.tell(second.id, captured("cap_two"))
    deposit = await parlour.deposit(booked)
    assert deposit.account.paid_minor == 16_000
    assert [(one.payment_id, one.amount) for one in deposit.returns] == [(second.id, OWED)]
    assert (await parlour.load(booked)).status is Status.CONFIRMED


async def test_another_sum_than_was_asked_counts_for_nothing(parlour: Parlour) -> None:
    booked = await parlour.reserve()
    await parlour.begin(booked)
    attempt = await parlour.attempt(booked)
    await parlour.tell(attempt.id, captured(amount=Money(7_999, "EUR")))
    assert (await parlour.load(booked)).awaits_deposit
    assert await parlour.account(booked) == (0, 0, 0, 0)
