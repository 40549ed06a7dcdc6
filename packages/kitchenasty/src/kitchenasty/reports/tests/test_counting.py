"""Figures follow the orders, once, whatever happens in between."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import httpx
from sqlalchemy import text

from basis.kit.background.dispatcher import Dispatcher
from basis.kit.background.worker import Worker
from basis.kit.data.statements import Statement
from basis.kit.testing import HandClock
from kitchenasty import checkout, locations, orders, paying, payments, privacy, refunds, reports
from kitchenasty.checkout.tests.builders import draft_of
from kitchenasty.kit.books import Books
from kitchenasty.locations.tests.builders import add_house
from kitchenasty.menu.tests.builders import add_dish
from kitchenasty.orders import OrderStatus
from kitchenasty.privacy.tests.builders import leave_traces
from kitchenasty.reports.counting import count_some
from kitchenasty.reports.jobs import JOBS
from kitchenasty.reports.subscriptions import CHANGES, ERASURES
from kitchenasty.reports.tests.builders import catch_up
from kitchenasty.reports.tests.plain import read_all

HOLD_FIGURES = Statement(text("LOCK TABLE figures IN SHARE MODE"))
HELD_UP = Statement(
    text("SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'figures'::regclass")
)
"""Whoever counts has read and wants to write."""
KITCHEN = (OrderStatus.CONFIRMED, OrderStatus.PREPARING, OrderStatus.READY)


async def place(books: Books, house: locations.House) -> str:
    async with books.writing() as uow:
        line = checkout.CartLine(dish_id=await add_dish(uow), quantity=1)
        return (await checkout.place_order(uow, draft_of(house.id, line))).id


async def move(books: Books, order_id: str, *steps: OrderStatus) -> None:
    for step in steps:
        async with books.writing() as uow:
            await orders.move_order(uow, order_id, step)


async def totals(books: Books, house: locations.House) -> reports.Totals:
    await catch_up(books)
    async with books.reading() as look:
        today = reports.period_of("today", "", "")
        made = await reports.make_reports(look, [house], today)
    return made.currencies[0].totals


async def test_revenue_is_what_was_paid_and_not_cancelled(
    books: Books, house: locations.House
) -> None:
    order_id = await place(books, house)
    found = await totals(books, house)
    assert (found.orders, found.revenue_minor, found.due, found.due_minor) == (0, 0, 1, 1_250)
    await move(books, order_id, *KITCHEN, OrderStatus.PICKED_UP)
    found = await totals(books, house)
    assert (found.orders, found.charged_minor, found.due, found.due_minor) == (1, 1_250, 0, 0)


async def test_what_is_collected_at_the_counter_counts_at_once(
    books: Books, house: locations.House
) -> None:
    order_id = await place(books, house)
    async with books.writing() as uow:
        order = await orders.load_order(uow, order_id)
        await paying.collect(uow, order, payments.PaymentMethod.CARD)
    assert (await totals(books, house)).orders == 1


async def test_an_order_that_is_cancelled_takes_its_money_and_its_refund_with_it(
    books: Books, house: locations.House
) -> None:
    order_id = await place(books, house)
    async with books.writing() as uow:
        order = await orders.load_order(uow, order_id)
        await paying.collect(uow, order, payments.PaymentMethod.CARD)
    async with books.writing() as uow:
        await refunds.refund(uow, order, refunds.Wish(units={}, amount_minor=250), reason="Late")
    found = await totals(books, house)
    assert (found.orders, found.refunds) == (1, 1)
    await move(books, order_id, OrderStatus.CANCELLED)
    found = await totals(books, house)
    assert (found.orders, found.revenue_minor, found.refunds, found.cancelled) == (0, 0, 0, 1)
    kinds = {row["kind"] for row in await read_all(books, "figures")}
    assert kinds == {"STATUS", "CANCELLED"}, "nothing is left of what was counted before"


async def test_an_order_is_counted_once_however_often_it_is_told(
    books: Books, house: locations.House
) -> None:
    order_id = await place(books, house)
    await move(books, order_id, *KITCHEN, OrderStatus.PICKED_UP)
    before = await totals(books, house)
    for _ in range(3):
        async with books.writing() as uow:
            uow.emit(orders.OrderPaid(order_id=order_id, house_id=house.id))
        assert await catch_up(books) == 1
    assert await totals(books, house) == before
    await reports.count_anew(books)
    assert await totals(books, house) == before


async def test_a_refund_counts_on_the_day_on_which_it_is_made(
    books: Books, house: locations.House, clock: HandClock
) -> None:
    order_id = await place(books, house)
    await move(books, order_id, *KITCHEN, OrderStatus.PICKED_UP)
    clock.advance(hours=24)
    async with books.writing() as uow:
        order = await orders.load_order(uow, order_id)
        await refunds.refund(uow, order, refunds.Wish(units={}, amount_minor=250), reason="Cold")
    found = await totals(books, house)
    assert (found.orders, found.refunds, found.refunded_minor) == (0, 1, 250)
    async with books.reading() as look:
        yesterday = reports.period_of("yesterday", "", "")
        made = await reports.make_reports(look, [house], yesterday)
    assert (made.currencies[0].totals.orders, made.currencies[0].totals.refunds) == (1, 0)


async def test_the_night_of_two_o_clock_twice_is_one_day_of_25_hours(
    books: Books, clock: HandClock
) -> None:
    async with books.writing() as uow:
        house = await add_house(uow)
    # 31 October 2027 in Berlin: 02:30 comes at 00:30 and at 01:30 UTC; the day ends at 23:00 UTC.
    for hour, minute in ((22, 0), (0, 30), (1, 30), (22, 59), (23, 0)):
        day = 30 if hour == 22 and minute == 0 else 31
        clock.now = datetime(2027, 10, day, hour, minute, tzinfo=UTC)
        await move(books, await place(books, house), *KITCHEN, OrderStatus.PICKED_UP)
    await catch_up(books)
    async with books.reading() as look:
        period = reports.period_of("from-to", "2027-10-31", "2027-10-31")
        made = await reports.make_reports(look, [house], period)
    report = made.currencies[0]
    assert report.totals.orders == 4
    assert {row.name: row.orders for row in report.hours if row.orders} == {
        "00": 1, "02": 2, "23": 1,
    }  # fmt: skip


async def test_the_job_counts_a_little_at_a_time_and_comes_back(
    books: Books, house: locations.House, clock: HandClock
) -> None:
    for _ in range(3):
        await place(books, house)
    await Dispatcher(books, [CHANGES]).run_once()
    async with books.writing() as uow:
        counted = await count_some(uow, most=2)
    assert (counted.orders, counted.left) == (2, 1)
    worker = Worker(books, JOBS)
    assert await worker.run_due() == 0, "the next turn is a moment away"
    clock.advance(seconds=10)
    assert await worker.run_due() == 1
    assert await read_all(books, "uncounted_orders") == []


async def test_what_changes_while_it_is_being_counted_is_counted_again(
    books: Books, house: locations.House
) -> None:
    """It is paid just after it was read. Struck off the list later than that, it would be lost."""
    order_id = await place(books, house)
    await Dispatcher(books, [CHANGES]).run_once()
    async with books.writing() as holding:
        # SQLite has one writer at a time anyhow: there both wait for this one.
        is_postgres = holding.connection.dialect.name == "postgresql"
        if is_postgres:
            await holding.run(HOLD_FIGURES)
        count = asyncio.create_task(count_now(books))
        async with asyncio.timeout(30):
            # The database rings no bell.
            while is_postgres and not await holding.value(HELD_UP):  # noqa: ASYNC110
                await asyncio.sleep(0.01)
        paid = asyncio.create_task(pay_and_tell(books, order_id))
        await asyncio.wait([paid], timeout=0.5)  # it may have to wait for us
    await asyncio.gather(count, paid)
    assert (await totals(books, house)).orders == 1


async def count_now(books: Books) -> None:
    async with books.writing() as uow:
        await count_some(uow)


async def pay_and_tell(books: Books, order_id: str) -> None:
    async with books.writing() as uow:
        order = await orders.load_order(uow, order_id)
        await paying.collect(uow, order, payments.PaymentMethod.CARD)
    await Dispatcher(books, [CHANGES]).run_once()


async def test_placing_an_order_says_nothing_to_the_figures(
    books: Books, house: locations.House
) -> None:
    await place(books, house)
    for table in ("figures", "counted_orders", "uncounted_orders"):
        assert await read_all(books, table) == []


async def test_houses_with_two_currencies_are_never_added_up(
    books: Books, house: locations.House
) -> None:
    async with books.writing() as uow:
        abroad = await add_house(uow, currency="CHF", zone="Europe/Zurich", country="CH")
    for one in (house, abroad):
        await move(books, await place(books, one), *KITCHEN, OrderStatus.PICKED_UP)
    await catch_up(books)
    async with books.reading() as look:
        today = reports.period_of("today", "", "")
        made = await reports.make_reports(look, [house, abroad], today)
    assert [(one.currency, one.totals.charged_minor) for one in made.currencies] == [
        ("CHF", 1_250),
        ("EUR", 1_250),
    ]
    assert (made.guests.all, made.guests.new) == (2, 2), "the same guest is one of each house"


async def test_a_guest_who_had_come_before_is_returning(
    books: Books, house: locations.House, clock: HandClock
) -> None:
    for _ in range(2):
        await move(books, await place(books, house), *KITCHEN, OrderStatus.PICKED_UP)
    await catch_up(books)
    today = reports.period_of("today", "", "")
    async with books.reading() as look:
        first = (await reports.make_reports(look, [house], today)).guests
    assert (first.all, first.new) == (1, 1)
    clock.advance(hours=24)
    await move(books, await place(books, house), *KITCHEN, OrderStatus.PICKED_UP)
    await catch_up(books)
    async with books.reading() as look:
        later = (await reports.make_reports(look, [house], today)).guests
    assert (later.all, later.new, later.returning) == (1, 0, 1)


async def test_a_guest_who_was_forgotten_is_nobody_and_the_money_stays(
    books: Books, client: httpx.AsyncClient, house: locations.House
) -> None:
    anna = await leave_traces(books, client, house, "qzanna7")
    before = await totals(books, house)
    today = reports.period_of("today", "", "")
    async with books.reading() as look:
        found = (await reports.make_reports(look, [house], today)).guests
    assert found.all == 2, "by an account, and by a phone"
    async with books.writing() as uow:
        await privacy.erase_guest(uow, anna.guest.id, typed=anna.guest.email)
    while await Dispatcher(books, [CHANGES, ERASURES]).run_once():
        pass
    assert await read_all(books, "guest_days") == []
    assert {row["guest"] for row in await read_all(books, "counted_orders")} == {None}
    async with books.reading() as look:
        made = await reports.make_reports(look, [house], today)
    assert (made.guests.all, made.currencies[0].totals) == (0, before)
