"""Reports equal a plain recomputation over all rows: two zones, two changes of the clocks."""

from __future__ import annotations

import time
from collections.abc import Iterable
from datetime import date

import pytest

from kitchenasty import locations, reports
from kitchenasty.kit.data.books import Books
from kitchenasty.reports.tests.invented import furnish, write_trade
from kitchenasty.reports.tests.plain import Ledger, read_ledger

SPANS = {
    "all the weeks": (date(2027, 10, 19), date(2027, 11, 14)),
    "Berlin's day of 25 hours": (date(2027, 10, 31), date(2027, 10, 31)),
    "New York's day of 25 hours": (date(2027, 11, 7), date(2027, 11, 7)),
    "a week between": (date(2027, 11, 1), date(2027, 11, 7)),
    "a day": (date(2027, 11, 10), date(2027, 11, 10)),
    "nothing yet": (date(2027, 9, 1), date(2027, 9, 30)),
}
SHORT, LONG = 1_500, 100_000


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


async def make(
    books: Books, houses: list[locations.House], first: date, last: date
) -> reports.Reports:
    period = reports.period_of("from-to", first.isoformat(), last.isoformat())
    async with books.reading() as look:
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
    sold = {step.first: step.minor for step in report.steps if step.minor}
    assert sold == ledger.days(*span, "HOUR")
    given_back = {step.first: step.refunded_minor for step in report.steps if step.refunded_minor}
    assert given_back == ledger.days(*span, "REFUND")
    by_weekday: dict[str, int] = {}
    for day, minor in ledger.days(*span, "HOUR").items():
        by_weekday[str(day.weekday())] = by_weekday.get(str(day.weekday()), 0) + minor
    assert {row.name: row.minor for row in report.weekdays if row.minor} == by_weekday
    assert totals_in(report.totals) == totals_by_hand(ledger, span)
    return compared + len(sold) + len(given_back) + len(by_weekday) + len(report.taxes) + 16


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
