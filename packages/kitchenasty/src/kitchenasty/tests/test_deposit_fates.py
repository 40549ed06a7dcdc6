"""What becomes of deposits: cancelled in time and too late, asked for and waived by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import httpx
import pytest

from basis.kit.testing import HandClock
from basis.money import Money
from kitchenasty import availability, deposits, floor, payments, reservation_terms, reservations
from kitchenasty.availability.tests.builders import wish
from kitchenasty.deposits import list_open_attempts
from kitchenasty.kit.principals import ANONYMOUS
from kitchenasty.reservations import Booked, Status
from kitchenasty.reservations.tests.builders import book
from kitchenasty.tests.parlour import (
    DAY,
    OWNER,
    TERMS,
    Parlour,
    captured,
    look_now,
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
        await reservation_terms.set_terms(uow, parlour.house.id, harder)
    clock.now = booked.reservation.starts_at - timedelta(hours=25)
    await parlour.cancel(booked)
    assert await parlour.account(booked) == (8_000, 8_000, 0, 0)


async def test_nobody_books_for_few_and_comes_with_many(parlour: Parlour) -> None:
    booked = await parlour.reserve(party=2)
    async with parlour.books.reading() as look:
        larger = await availability.plan(
            look, wish(parlour.house, "19:00", 8, day=DAY), ignored=booked.reservation.id
        )
    async with parlour.books.writing(ANONYMOUS) as uow:
        with pytest.raises(availability.WishRefused, match="larger deposit"):
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


async def test_fewer_guests_in_time_have_their_part_back(parlour: Parlour) -> None:
    booked = await parlour.reserve()
    await parlour.paid(booked)
    await come_with(parlour, booked, 6)
    assert await parlour.account(booked) == (8_000, 2_000, 0, 6_000)
    assert await parlour.at_the_twin(booked) == (8_000, 2_000)
    [back] = (await parlour.deposit(booked)).returns
    assert back.reason is deposits.ReturnReason.FEWER
    await parlour.cancel(booked)
    assert await parlour.account(booked) == (8_000, 8_000, 0, 0)


async def test_fewer_guests_too_late_change_nothing_of_what_was_agreed(
    parlour: Parlour, clock: HandClock
) -> None:
    booked = await parlour.reserve()
    await parlour.paid(booked)
    clock.now = booked.reservation.starts_at - timedelta(hours=3)
    await come_with(parlour, booked, 6)
    assert await parlour.account(booked) == (8_000, 0, 0, 8_000)


async def test_fewer_guests_who_have_not_paid_yet_owe_less(parlour: Parlour) -> None:
    """Also where they had opened the page with the larger sum: they pay the smaller one."""
    booked = await parlour.reserve()
    first = await parlour.begin(booked)
    await come_with(parlour, booked, 6)
    second = await parlour.begin(booked)
    assert second.ref != first.ref
    await parlour.work()
    await parlour.pay(first)
    assert await parlour.pay(second) == 303
    await look_now(parlour, (await parlour.attempt(booked)).id)
    assert await parlour.account(booked) == (6_000, 0, 0, 6_000)
    assert await parlour.at_the_twin(booked) == (6_000, 0)


async def test_who_pays_the_larger_sum_after_all_has_the_rest_back(parlour: Parlour) -> None:
    booked = await parlour.reserve()
    begun = await parlour.begin(booked)
    attempt = await parlour.attempt(booked)
    await parlour.pay(begun)
    await come_with(parlour, booked, 6)
    await look_now(parlour, attempt.id)
    assert await parlour.account(booked) == (8_000, 2_000, 0, 6_000)
    assert (await parlour.load(booked)).status is Status.CONFIRMED


async def come_with(parlour: Parlour, booked: Booked, party: int) -> None:
    async with parlour.books.writing(OWNER) as uow:
        await floor.resize(uow, await parlour.load(booked), party)
    await parlour.work()


async def test_what_money_was_agreed_for_stays_in_the_books(parlour: Parlour) -> None:
    booked = await parlour.reserve()
    await parlour.paid(booked)
    await parlour.cancel(booked)
    async with parlour.books.writing(OWNER) as uow:
        with pytest.raises(reservations.MoneyAgreed):
            await reservations.remove(uow, await parlour.load(booked))
    assert await parlour.account(booked) == (8_000, 8_000, 0, 0)


async def take_another_sum(parlour: Parlour, minor: int, currency: str = "EUR") -> Booked:
    """A reservation for which a provider took something else than was asked."""
    booked = await parlour.reserve()
    begun = await parlour.begin(booked)
    assert await parlour.pay(begun) == 303
    async with httpx.AsyncClient() as client:
        charges = (await client.get(f"{parlour.stripe_url}/_books")).json()["charges"]
    [intent] = [one["intent"] for one in charges if one["order"] == booked.reservation.id]
    attempt = await parlour.attempt(booked)
    await parlour.tell(attempt.id, captured(intent, Money(minor, currency)))
    return booked


async def decide(parlour: Parlour, booked: Booked, verdict: deposits.Verdict) -> None:
    [odd] = (await parlour.deposit(booked)).to_review
    async with parlour.books.writing(OWNER) as uow:
        await deposits.settle_review(uow, booked.reservation.id, odd.id, verdict)
    async with parlour.books.writing(OWNER) as uow:
        with pytest.raises(deposits.NothingToDecide):
            await deposits.settle_review(uow, booked.reservation.id, odd.id, verdict)
    await parlour.work()
    assert (await parlour.deposit(booked)).to_review == ()


async def test_another_sum_waits_for_somebody_who_says_that_it_is_the_deposit(
    parlour: Parlour,
) -> None:
    booked = await take_another_sum(parlour, 7_000)
    async with parlour.books.reading() as look:
        assert await deposits.list_to_review(look, parlour.house.id) == [booked.reservation.id]
    await decide(parlour, booked, deposits.Verdict.COUNT)
    assert await parlour.account(booked) == (7_000, 0, 0, 7_000)
    assert (await parlour.load(booked)).status is Status.CONFIRMED
    async with parlour.books.reading() as look:
        assert not await deposits.list_to_review(look, parlour.house.id)


async def test_another_sum_may_go_back_whole(parlour: Parlour) -> None:
    booked = await take_another_sum(parlour, 7_000)
    await decide(parlour, booked, deposits.Verdict.RETURN)
    assert await parlour.account(booked) == (7_000, 7_000, 0, 0)
    assert await parlour.at_the_twin(booked) == (8_000, 7_000)
    assert (await parlour.load(booked)).awaits_deposit


async def test_money_of_another_currency_is_settled_at_the_provider(parlour: Parlour) -> None:
    booked = await take_another_sum(parlour, 8_000, "USD")
    [odd] = (await parlour.deposit(booked)).to_review
    assert odd.told is None
    async with parlour.books.writing(OWNER) as uow:
        with pytest.raises(deposits.NothingToDecide, match="at the provider"):
            await deposits.settle_review(uow, booked.reservation.id, odd.id, deposits.Verdict.COUNT)
    await decide(parlour, booked, deposits.Verdict.SEEN)
    assert await parlour.account(booked) == (0, 0, 0, 0)
