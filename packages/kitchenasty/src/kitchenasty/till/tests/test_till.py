"""The drawer: what should be in it, who closes the day, and that it is closed once."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime, timedelta

import pytest

from basis.kit.testing import HandClock
from kitchenasty import audit, checkout, locations, orders, paying, payments, refunds, till
from kitchenasty.checkout.tests.builders import draft_of
from kitchenasty.kit.books import Books
from kitchenasty.kit.principals import Kind, Principal, Role
from kitchenasty.locations.tests.builders import add_house
from kitchenasty.menu.tests.builders import add_dish

DAY = date(2030, 5, 17)
BOSS = Principal(kind=Kind.STAFF, id="boss", role=Role.MANAGER, name="Rosa Vidal")
COOK = Principal(kind=Kind.STAFF, id="cook", role=Role.STAFF, name="Karl")
CASH, CARD = payments.PaymentMethod.CASH, payments.PaymentMethod.CARD


async def sell(
    books: Books, house: locations.House, method: payments.PaymentMethod = CASH
) -> orders.Order:
    """A soup for 12.50 that was paid at the counter."""
    async with books.writing() as uow:
        line = checkout.CartLine(dish_id=await add_dish(uow), quantity=1)
        placed = await checkout.place_order(uow, draft_of(house.id, line))
        await paying.collect(uow, placed.order, method)
    return placed.order


async def look(books: Books, house: locations.House, day: date = DAY) -> till.CashDay:
    async with books.reading(BOSS) as view:
        return await till.look_at_day(view, house, day)


async def close(
    books: Books,
    house: locations.House,
    pieces: dict[int, int],
    *,
    reason: str = "",
    seen: int = 0,
    float_minor: int = 0,
    actor: Principal = BOSS,
    day: date = DAY,
) -> till.CashCount:
    drawer = till.Drawer(pieces=pieces, float_minor=float_minor)
    async with books.writing(actor) as uow:
        return await till.close_day(uow, house, day, drawer, reason=reason, seen_number=seen)


async def test_what_should_be_there_is_float_and_cash_less_what_went_back(
    books: Books, house: locations.House
) -> None:
    order = await sell(books, house)
    await sell(books, house)
    await sell(books, house, CARD)
    async with books.writing(BOSS) as uow:
        await refunds.refund(uow, order, refunds.Wish(units={}, amount_minor=250), reason="Cold")
    flow = (await look(books, house)).flow
    assert (flow.payments, flow.taken_minor, flow.returns, flow.returned_minor) == (
        2,
        2_500,
        1,
        250,
    )
    made = await close(books, house, {5_000: 1, 1_000: 7, 50: 5}, float_minor=10_000)
    assert (made.expected_minor, made.counted_minor, made.difference_minor) == (12_250, 12_250, 0)


async def test_a_difference_wants_a_word(books: Books, house: locations.House) -> None:
    with pytest.raises(till.ReasonNeeded):
        await close(books, house, {200: 1})
    made = await close(books, house, {200: 1}, reason="Found under the counter")
    assert (made.difference_minor, made.reason) == (200, "Found under the counter")


async def test_a_day_is_closed_once_and_then_corrected_with_a_word(
    books: Books, house: locations.House
) -> None:
    await close(books, house, {})
    with pytest.raises(till.CountedMeanwhile):
        await close(books, house, {}, reason="sent twice")
    with pytest.raises(till.ReasonNeeded):
        await close(books, house, {}, seen=1)
    await close(books, house, {100: 3}, reason="Three coins fell down", seen=1)
    found = await look(books, house)
    assert [one.kind for one in found.counts] == [
        till.CountKind.CLOSE,
        till.CountKind.CORRECTION,
    ]
    assert found.closed is not None
    assert found.closed.counted_minor == 300


async def test_cooks_count_and_managers_close(books: Books, house: locations.House) -> None:
    with pytest.raises(till.NotYoursToClose):
        await close(books, house, {}, actor=COOK)
    async with books.writing(COOK) as uow:
        drawer = till.Drawer(pieces={200: 2})
        await till.count_drawer(uow, house, DAY, drawer, seen_number=0)
    assert (await look(books, house)).closed is None
    await close(books, house, {200: 2}, reason="As Karl counted", seen=1)
    async with books.writing(COOK) as uow:
        with pytest.raises(till.DayClosed):
            await till.count_drawer(uow, house, DAY, till.Drawer(pieces={}), seen_number=2)


async def test_the_trail_has_what_was_before_and_after(
    books: Books, house: locations.House
) -> None:
    await close(books, house, {100: 1}, reason="first")
    await close(books, house, {200: 1}, reason="second", seen=1)
    async with books.reading() as view:
        entries = await audit.list_entries(view, entity="CashDay", entity_id=house.id)
    correction = next(one for one in entries if one.action == "correction")
    assert correction.before is not None
    assert correction.after is not None
    assert (correction.before["counted_minor"], correction.after["counted_minor"]) == (100, 200)
    assert (correction.actor_name, correction.after["reason"]) == ("Rosa Vidal", "second")


@pytest.mark.parametrize(
    "drawer",
    [
        till.Drawer(pieces={3: 1}),
        till.Drawer(pieces={200: -1}),
        till.Drawer(pieces={200: 100_000}),
        till.Drawer(pieces={}, float_minor=-1),
        till.Drawer(pieces={}, paid_out_minor=-1),
    ],
)
async def test_what_nobody_can_count_is_refused(
    books: Books, house: locations.House, drawer: till.Drawer
) -> None:
    async with books.writing(BOSS) as uow:
        with pytest.raises(till.CountRefused):
            await till.close_day(uow, house, DAY, drawer, reason="why", seen_number=0)


async def test_a_day_to_come_is_not_closed(books: Books, house: locations.House) -> None:
    with pytest.raises(till.DayNotBegun):
        await close(books, house, {}, day=DAY + timedelta(days=1))


async def test_cash_belongs_to_the_houses_own_day_of_25_hours(
    books: Books, clock: HandClock
) -> None:
    async with books.writing() as uow:
        house = await add_house(uow)
    # Berlin's 31 October 2027 lies between 22:00 UTC of the day before and 23:00 UTC.
    for instant in ("30T21:59", "30T22:00", "31T00:30", "31T22:59", "31T23:00"):
        clock.now = datetime.fromisoformat(f"2027-10-{instant}").replace(tzinfo=UTC)
        await sell(books, house)
    assert (await look(books, house, date(2027, 10, 31))).flow.payments == 3


async def test_money_of_another_house_is_not_in_this_drawer(
    books: Books, house: locations.House
) -> None:
    async with books.writing() as uow:
        other = await add_house(uow)
    await sell(books, other)
    assert (await look(books, house)).flow.taken_minor == 0


async def test_a_refund_later_leaves_the_cash_of_its_day_where_it_was(
    books: Books, house: locations.House, clock: HandClock
) -> None:
    order = await sell(books, house)
    clock.advance(hours=24)
    async with books.writing(BOSS) as uow:
        await refunds.refund(uow, order, refunds.Wish(units={}, everything=True), reason="Cold")
    first = (await look(books, house, DAY)).flow
    second = (await look(books, house, DAY + timedelta(days=1))).flow
    assert (first.taken_minor, first.returned_minor) == (1_250, 0)
    assert (second.taken_minor, second.returned_minor) == (0, 1_250)


async def test_the_float_of_the_last_day_is_offered_for_the_next(
    books: Books, house: locations.House, clock: HandClock
) -> None:
    await close(books, house, {10_000: 1}, float_minor=10_000)
    clock.advance(hours=24)
    assert (await look(books, house, DAY + timedelta(days=1))).usual_float_minor == 10_000


async def test_cash_that_comes_after_the_close_is_seen(
    books: Books, house: locations.House
) -> None:
    await close(books, house, {})
    await sell(books, house)
    assert (await look(books, house)).moved_since_minor == 1_250


async def test_of_ten_who_close_at_once_one_does(books: Books, house: locations.House) -> None:
    ends = await asyncio.gather(
        *(close(books, house, {}) for _ in range(10)), return_exceptions=True
    )
    refused = [one for one in ends if isinstance(one, till.CountedMeanwhile)]
    assert len(refused) == 9
    assert len((await look(books, house)).counts) == 1


@pytest.mark.parametrize(
    ("currency", "first", "last", "count"),
    [
        ("EUR", 20_000, 1, 14),
        ("JPY", 10_000, 1, 10),
        ("KWD", 20_000, 5, 11),
        ("XTS", 500_000, 1, 18),
    ],
)
def test_every_currency_has_its_coins_and_notes(
    currency: str, first: int, last: int, count: int
) -> None:
    pieces = till.pieces_of(currency)
    assert (pieces[0], pieces[-1], len(pieces)) == (first, last, count)
    assert list(pieces) == sorted(pieces, reverse=True)
