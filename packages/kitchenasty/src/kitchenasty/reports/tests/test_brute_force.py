"""Reports equal a plain recomputation over all rows: two zones, two changes of the clocks."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from random import Random

import pytest
from sqlalchemy import func, select, update

from basis.kit.background.dispatcher import Dispatcher
from basis.kit.data.statements import Statement, one_of
from kitchenasty import locations, orders, payments, reports
from kitchenasty.kit.books import Books
from kitchenasty.kit.tables import every_table
from kitchenasty.reports.counting import count_some, figures_in
from kitchenasty.reports.subscriptions import CHANGES
from kitchenasty.reports.tests.builders import catch_up
from kitchenasty.reports.tests.invented import Invented, furnish, write_news, write_trade
from kitchenasty.reports.tests.plain import Ledger, read_ledger

SPANS = {
    "all the weeks": (date(2027, 10, 19), date(2027, 11, 14)),
    "Berlin's day of 25 hours": (date(2027, 10, 31), date(2027, 10, 31)),
    "New York's day of 25 hours": (date(2027, 11, 7), date(2027, 11, 7)),
    "a week between": (date(2027, 11, 1), date(2027, 11, 7)),
    "a day": (date(2027, 11, 10), date(2027, 11, 10)),
    "nothing yet": (date(2027, 9, 1), date(2027, 9, 30)),
    "a whole month": (date(2027, 10, 1), date(2027, 10, 31)),
    "days around a whole month": (date(2027, 10, 25), date(2027, 12, 3)),
    "the year": (date(2027, 1, 1), date(2027, 12, 31)),
}
SHORT, LONG = 1_500, 100_000
TIMES, AT_A_TIME, CHANGED_AT_A_TIME = 12, 20, 4
TRADE, BILLS, FIGURES, COUNTED = (
    every_table()[name] for name in ("orders", "payments", "figures", "counted_orders")
)
CANCEL = Statement(
    update(TRADE).where(one_of(TRADE.c.id, "ids")).values(status=orders.OrderStatus.CANCELLED)
)
PAY = Statement(
    update(BILLS)
    .where(one_of(BILLS.c.order_id, "ids"), BILLS.c.state == payments.IntentState.CREATED)
    .values(state=payments.IntentState.CAPTURED)
)
EACH = Statement(select(COUNTED.c.figures))
SUMS = Statement(
    select(FIGURES.c.kind, func.sum(FIGURES.c.minor + FIGURES.c.tax_minor)).group_by(FIGURES.c.kind)
)


async def test_reports_equal_a_plain_sum_over_all_orders(books: Books) -> None:
    await compare(books, SHORT)


@pytest.mark.long
async def test_reports_equal_a_plain_sum_over_a_hundred_thousand_orders(books: Books) -> None:
    await compare(books, LONG)


async def compare(books: Books, count: int) -> None:
    invented = await furnish(books)
    await write_trade(books, invented, count)
    began = time.perf_counter()
    counted = await reports.count_anew(books, at_once=500)
    counting = time.perf_counter() - began
    assert counted == count
    ledger = await read_ledger(books)
    compared, slowest = 0, 0.0
    for first, last in SPANS.values():
        for houses in (invented.houses, [invented.berlin], [invented.new_york]):
            began = time.perf_counter()
            made = await make(books, houses, first, last)
            slowest = max(slowest, time.perf_counter() - began)
            compared += check(made, ledger, houses)
    print(
        f"A4: {count} orders in two zones, {compared} figures equal the plain sum; "
        f"counted in {counting:.1f} s, slowest report {slowest * 1000:.0f} ms"
    )


async def test_figures_equal_a_plain_sum_while_orders_come_in(books: Books) -> None:
    """Orders are written, cancelled and paid late while what was told of them is being counted."""
    invented = await furnish(books)
    street = Street(books, invented)
    counting = [asyncio.create_task(street.count()) for _ in range(2)]
    telling = asyncio.create_task(street.tell())
    await asyncio.gather(street.bring(seed=1), street.bring(seed=2), street.look())
    street.is_over = True
    await asyncio.gather(telling, *counting)
    await catch_up(books)
    ledger = await read_ledger(books)
    compared = 0
    for first, last in SPANS.values():
        made = await make(books, invented.houses, first, last)
        compared += check(made, ledger, invented.houses)
    print(
        f"A4: {street.brought} orders came and {street.changed} changed while they were counted, "
        f"{street.looked} looks meanwhile saw sums that add up, {compared} figures equal at the end"
    )


@dataclass
class Street:
    """Guests who come, and a house that counts, at once."""

    books: Books
    invented: Invented
    brought: int = 0
    changed: int = 0
    looked: int = 0
    is_over: bool = False

    async def bring(self, *, seed: int) -> None:
        """Some orders at a time; after each time, some of them are cancelled or paid."""
        chance = Random(seed)
        for n in range(TIMES):
            begin = (seed * TIMES + n) * AT_A_TIME
            numbers = range(begin, begin + AT_A_TIME)
            ids = await write_news(self.books, self.invented, chance, numbers)
            self.brought += len(ids)
            for change in (CANCEL, PAY):
                self.changed += await self.change(change, chance.sample(ids, CHANGED_AT_A_TIME))

    async def change(self, change: Statement, ids: list[str]) -> int:
        async with self.books.writing() as uow:
            changed = await uow.run(change, ids=ids)
            for order_id in ids:
                uow.emit(orders.OrderPaid(order_id=order_id, house_id=""))
        return changed

    async def tell(self) -> None:
        dispatcher = Dispatcher(self.books, [CHANGES])
        is_quiet = False
        while not (is_quiet and self.is_over):
            is_quiet = not await dispatcher.run_once()
            await asyncio.sleep(0)  # the others' turn

    async def count(self) -> None:
        while not self.is_over:
            async with self.books.writing() as uow:
                await count_some(uow, most=7)

    async def look(self) -> None:
        """At any moment, the sums are those of the orders that have been counted by then."""
        for _ in range(TIMES):
            async with self.books.reading(snapshot=True) as look:
                counted = [figures_in(row[0]) for row in await look.rows(EACH)]
                sums = await look.rows(SUMS)
            each: Counter[str] = Counter()
            for figures in counted:
                for place, figure in figures.items():
                    each[place.kind] += figure.minor + figure.tax_minor
            assert {kind: int(minor) for kind, minor in sums if minor} == +each
            self.looked += 1


async def make(
    books: Books, houses: list[locations.House], first: date, last: date
) -> reports.Reports:
    period = reports.period_of("from-to", first.isoformat(), last.isoformat())
    async with books.reading(snapshot=True) as look:
        return await reports.make_reports(look, houses, period)


def check(made: reports.Reports, ledger: Ledger, houses: list[locations.House]) -> int:
    """Every number of the report; answers how many there were."""
    own = {house.id for house in houses}
    assert (made.guests.all, made.guests.returning) == ledger.guests(own, made.first, made.last)
    assert made.uncounted == 0
    compared = 2
    by_currency = {report.currency: report for report in made.currencies}
    for house in houses:
        report = by_currency.pop(house.currency, None)
        if report is None:
            assert not any(
                fact.house_id == house.id and made.first <= fact.day <= made.last
                for fact in ledger.facts
            )
            continue
        compared += check_report(report, ledger, house.id, made.first, made.last)
    assert not by_currency, "a currency that no house has"
    return compared


def check_report(
    report: reports.Report, ledger: Ledger, house_id: str, first: date, last: date
) -> int:
    span = ({house_id}, first, last)
    compared = 0
    for rows, what in (
        (report.hours, "HOUR"),
        (report.types, "TYPE"),
        (report.tenders, "TENDER"),
        (report.dishes, "DISH"),
        (report.categories, "CATEGORY"),
        (report.discounts, "DISCOUNT"),
    ):
        assert table_of(rows) == ledger.sums(*span, what), what
        compared += 4 * len(rows)
    assert table_of(report.taxes) == ledger.sums(*span, "TAX")
    back = {row.name: row.refunded_minor for row in report.taxes if row.refunded_minor}
    assert back == {key: sums[3] for key, sums in ledger.sums(*span, "REFUND_TAX").items()}
    sold, given_back = ledger.days(*span, "HOUR"), ledger.days(*span, "REFUND")
    for step in report.steps:
        assert step.minor == within(sold, step)
        assert step.refunded_minor == within(given_back, step)
    by_weekday: dict[str, int] = {}
    for day, minor in sold.items():
        by_weekday[str(day.weekday())] = by_weekday.get(str(day.weekday()), 0) + minor
    assert {row.name: row.minor for row in report.weekdays if row.minor} == by_weekday
    assert totals_in(report.totals) == totals_by_hand(ledger, span)
    return compared + 2 * len(report.steps) + len(by_weekday) + len(report.taxes) + 16


def within(days: dict[date, int], step: reports.StepRow) -> int:
    return sum(minor for day, minor in days.items() if step.first <= day <= step.last)


def table_of(rows: Iterable[reports.Row]) -> dict[str, tuple[int, int, int, int]]:
    found = {row.name: (row.orders, row.portions, row.minor, row.tax_minor) for row in rows}
    return {name: amounts for name, amounts in found.items() if any(amounts)}


def totals_in(totals: reports.Totals) -> dict[str, tuple[int, ...]]:
    return {
        "HOUR": (totals.orders, totals.portions, totals.revenue_minor, totals.tax_minor),
        "REFUND": (totals.refunds, totals.refunded_minor, totals.refunded_tax_minor),
        "DUE": (totals.due, totals.due_minor),
        "CANCELLED": (totals.cancelled, totals.cancelled_minor),
        "money": (
            totals.tip_minor,
            totals.delivery_minor,
            totals.service_minor,
            totals.discount_minor,
            totals.refunded_tip_minor,
        ),
    }


def totals_by_hand(ledger: Ledger, span: tuple[set[str], date, date]) -> dict[str, tuple[int, ...]]:
    def total(what: str) -> tuple[int, ...]:
        rows = ledger.sums(*span, what).values()
        return tuple(sum(column) for column in zip(*rows, strict=True)) if rows else (0, 0, 0, 0)

    sale, refund = total("HOUR"), total("REFUND")
    return {
        "HOUR": sale,
        "REFUND": (refund[0], refund[2], refund[3]),
        "DUE": (total("DUE")[0], total("DUE")[2]),
        "CANCELLED": (total("CANCELLED")[0], total("CANCELLED")[2]),
        "money": tuple(
            total(what)[2] for what in ("TIP", "DELIVERY", "SERVICE", "DISCOUNT", "REFUND_TIP")
        ),
    }
