"""A report as tables: the same ones under the charts and in files for spreadsheets."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Literal

from babel.dates import format_date, format_skeleton, get_day_names
from babel.numbers import format_compact_decimal

from basis.kit.http.wire import amount
from basis.money import Rate, exponent_of
from basis.sentences import word
from kitchenasty import payments, reports
from kitchenasty.dashboard.charts import Chart, draw_bars
from kitchenasty.kit.http.csv import Cell
from kitchenasty.kit.http.i18n import current_locale, translate
from kitchenasty.kit.http.pages import show_money, show_percent

TYPE_WORDS = {
    "DELIVERY": word("Delivery"),
    "PICKUP": word("Pickup"),
    "DINE_IN": word("At the table"),
}
DISCOUNT_WORDS = {
    reports.COUPON: word("Coupon"),
    reports.HAPPY_HOUR: word("Happy hour"),
    reports.POINTS: word("Points"),
}


class Unit(StrEnum):
    TEXT = "text"
    COUNT = "count"
    MONEY = "money"


@dataclass(frozen=True, slots=True)
class Column:
    words: str
    unit: Unit


@dataclass(frozen=True, slots=True)
class Table:
    """`name` is its file's. `rows` are values as they are computed; `weights` are the lengths of
    bars beside the rows, in percent of the longest, and `chart` is a drawing of all rows.
    """

    name: str
    title: str
    currency: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[str | int, ...], ...]
    weights: tuple[int, ...] = ()
    chart: Chart | None = None

    def shown(self) -> Iterator[list[str]]:
        """The rows as people read them."""
        for row in self.rows:
            yield [self._show(column, value) for column, value in self._cells(row)]

    def exported(self) -> Iterator[list[Cell]]:
        """The rows for a spreadsheet: plain amounts, and the currency in a column of its own."""
        for row in self.rows:
            cells: list[Cell] = [
                amount(int(value), self.currency) if column.unit is Unit.MONEY else value
                for column, value in self._cells(row)
            ]
            yield [*cells, self.currency]

    def _cells(self, row: tuple[str | int, ...]) -> Iterator[tuple[Column, str | int]]:
        return zip(self.columns, row, strict=True)

    def _show(self, column: Column, value: str | int) -> str:
        if column.unit is Unit.MONEY:
            return show_money(int(value), self.currency)
        return str(value)


TEXT, COUNT, MONEY = Unit.TEXT, Unit.COUNT, Unit.MONEY
ORDERS = Column(word("Orders"), COUNT)
PORTIONS = Column(word("Portions"), COUNT)
REVENUE = Column(word("Revenue"), MONEY)
TAX = Column(word("Tax"), MONEY)


def tables_of(report: reports.Report) -> list[Table]:
    """Every table of one currency, in the order of the page."""
    return [
        days_of(report),
        charted(report, "hours", word("Hours of the day"), word("Hour"), report.hours, hour_words),
        charted(
            report, "weekdays", word("Days of the week"), word("Day"), report.weekdays, weekday
        ),
        ranked(report, "dishes", word("Dishes"), word("Dish"), report.dishes, str),
        ranked(report, "categories", word("Categories"), word("Category"), report.categories, str),
        ranked(report, "ways", word("Ways to the guest"), word("Way"), report.types, type_words),
        plain(
            report,
            "payments",
            word("Ways of paying"),
            (Column(word("Paid by"), TEXT), ORDERS, Column(word("Paid"), MONEY)),
            [(tender_words(row.name), row.orders, row.minor) for row in report.tenders],
        ),
        taxes_of(report),
        plain(
            report,
            "discounts",
            word("Discounts"),
            (Column(word("Discount"), TEXT), ORDERS, Column(word("Taken off"), MONEY)),
            [(discount_words(row.name), row.orders, row.minor) for row in report.discounts],
        ),
        sums_of(report),
    ]


def days_of(report: reports.Report) -> Table:
    """Days, weeks or months, as the period is long."""
    columns = (
        Column(word("Day"), TEXT),
        ORDERS,
        REVENUE,
        TAX,
        Column(word("Given back"), MONEY),
    )
    rows = tuple(
        (step_words(step), step.orders, step.minor, step.tax_minor, step.refunded_minor)
        for step in report.steps
    )
    labels = [short_day(step.first) for step in report.steps]
    chart = chart_of(report.currency, [step.minor for step in report.steps], labels, rows)
    return Table("days", word("Revenue by day"), report.currency, columns, rows, chart=chart)


def charted(  # what the table says of itself
    report: reports.Report,
    name: str,
    title: str,
    first: str,
    rows: Sequence[reports.Row],
    words: Callable[[str], str],
) -> Table:
    columns = (Column(first, TEXT), ORDERS, PORTIONS, REVENUE)
    cells = tuple((words(row.name), row.orders, row.portions, row.minor) for row in rows)
    labels = [short_words(name, row.name) for row in rows]
    values = [row.minor for row in rows]
    shown = tuple((cell[0], cell[1], cell[3]) for cell in cells)
    chart = chart_of(report.currency, values, labels, shown)
    return Table(name, title, report.currency, columns, cells, chart=chart)


def ranked(  # what the table says of itself
    report: reports.Report,
    name: str,
    title: str,
    first: str,
    rows: Sequence[reports.Row],
    words: Callable[[str], str],
) -> Table:
    columns = (Column(first, TEXT), ORDERS, PORTIONS, REVENUE)
    cells = tuple((words(row.name), row.orders, row.portions, row.minor) for row in rows)
    return Table(name, title, report.currency, columns, cells, weights_of(rows))


def plain(
    report: reports.Report,
    name: str,
    title: str,
    columns: tuple[Column, ...],
    rows: Sequence[tuple[str | int, ...]],
) -> Table:
    return Table(name, title, report.currency, columns, tuple(rows))


def taxes_of(report: reports.Report) -> Table:
    columns = (
        Column(word("Tax"), TEXT),
        ORDERS,
        Column(word("On net"), MONEY),
        TAX,
        Column(word("Tax given back"), MONEY),
    )
    rows = [
        (tax_words(row.name), row.orders, row.minor, row.tax_minor, row.refunded_minor)
        for row in report.taxes
    ]
    return plain(report, "taxes", word("Taxes by rate"), columns, rows)


def sums_of(report: reports.Report) -> Table:
    """The totals, beside those of the period before."""
    columns = (
        Column(word("Figure"), TEXT),
        Column(word("This period"), MONEY),
        Column(word("The period before"), MONEY),
    )
    rows = tuple(
        (translate(words), getattr(report.totals, name), getattr(report.before, name))
        for words, name in SUMS
    )
    return Table("totals", word("Everything in sums"), report.currency, columns, rows)


SUMS = (
    (word("Revenue without tax and tips"), "revenue_minor"),
    (word("of it delivery"), "delivery_minor"),
    (word("of it service"), "service_minor"),
    (word("Tax"), "tax_minor"),
    (word("Tips"), "tip_minor"),
    (word("Charged in all"), "charged_minor"),
    (word("Discounts, taken off before"), "discount_minor"),
    (word("Given back, without tax and tips"), "refunded_minor"),
    (word("Tax given back"), "refunded_tax_minor"),
    (word("Tips given back"), "refunded_tip_minor"),
    (word("Deposits and fees kept"), "deposits_minor"),
    (word("Not paid yet"), "due_minor"),
    (word("Cancelled"), "cancelled_minor"),
)


def weights_of(rows: Sequence[reports.Row]) -> tuple[int, ...]:
    most = max((row.minor for row in rows), default=0)
    return tuple(max(0, row.minor) * 100 // most if most > 0 else 0 for row in rows)


def chart_of(
    currency: str,
    values: Sequence[int],
    labels: Sequence[str],
    rows: Sequence[tuple[str | int, ...]],
) -> Chart | None:
    """None where there is nothing to draw."""
    if not any(value > 0 for value in values):
        return None
    unit = 10 ** exponent_of(currency)
    told = [
        translate("{name}: {amount}, {count} orders").format(
            name=row[0], amount=show_money(value, currency), count=row[1]
        )
        for value, row in zip(values, rows, strict=True)
    ]
    return draw_bars(values, labels, told, unit=unit, number=lambda minor: compact(minor // unit))


def compact(major: int) -> str:
    """`800`, `1.5K`, `12K`."""
    return format_compact_decimal(major, locale=current_locale.get(), fraction_digits=1)


def step_words(step: reports.StepRow) -> str:
    if step.first == step.last:
        return format_skeleton("yMMMEd", step.first, locale=current_locale.get())
    return span_words(step.first, step.last)


def span_words(first: date, last: date) -> str:
    """`17 Nov 2026`, or `17 Nov 2026 – 23 Nov 2026`."""
    told = [
        format_date(day, "medium", locale=current_locale.get()) for day in sorted({first, last})
    ]
    return " – ".join(told)


def short_day(day: date) -> str:
    return format_skeleton("Md", day, locale=current_locale.get())


def hour_words(hour: str) -> str:
    return f"{hour}:00 – {(int(hour) + 1) % 24:02d}:00"


def weekday(number: str) -> str:
    return day_name(int(number), "wide")


def day_name(number: int, width: Literal["abbreviated", "wide"]) -> str:
    """From Monday, 0, in the current language."""
    return str(get_day_names(width, locale=current_locale.get())[number])


def short_words(name: str, key: str) -> str:
    if name == "hours":
        return str(int(key))
    return day_name(int(key), "abbreviated")


def type_words(name: str) -> str:
    return translate(TYPE_WORDS.get(name, name))


def tender_words(name: str) -> str:
    return translate(payments.METHOD_WORDS[payments.PaymentMethod(name)])


def tax_words(key: str) -> str:
    """`VAT 19%`; an order older than the price engine names no tax."""
    millionths, _, name = key.partition("|")
    if not millionths:
        return translate("Without a rate")
    return f"{name} {show_percent(Rate(int(millionths)))}"


def discount_words(key: str) -> str:
    kind, _, name = key.partition("|")
    return " ".join(part for part in (translate(DISCOUNT_WORDS[kind]), name) if part)
