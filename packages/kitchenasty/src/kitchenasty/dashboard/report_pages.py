"""What the house took, for the people who run it: any days, any house, as charts, tables, files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any
from urllib.parse import urlencode

from litestar import Controller, Response, get
from litestar.params import PathParameter

from basis.errors import NotFound
from basis.sentences import word
from kitchenasty import locations, reports
from kitchenasty.dashboard.order_pages import list_own_houses
from kitchenasty.dashboard.report_tables import Table, span_words, tables_of
from kitchenasty.dashboard.shell import office_page
from kitchenasty.kit.http.access import Access, access
from kitchenasty.kit.http.csv import begin_csv, csv_rows
from kitchenasty.kit.http.i18n import translate
from kitchenasty.kit.http.visits import entrance_of
from kitchenasty.kit.http.web import Actor, WebRequest
from kitchenasty.kit.principals import Principal

PAGE = "/admin/reports"
PERIODS = (
    (reports.PeriodName.TODAY, word("Today")),
    (reports.PeriodName.YESTERDAY, word("Yesterday")),
    (reports.PeriodName.WEEK, word("This week")),
    (reports.PeriodName.MONTH, word("This month")),
    (reports.PeriodName.YEAR, word("This year")),
)
FileName = Annotated[str, PathParameter(max_length=40)]


class TableUnknown(NotFound):
    """There is no such table."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What stands in the address."""

    period: reports.Period
    first: str
    last: str
    house_id: str

    @classmethod
    def of(cls, query: Mapping[str, str]) -> Asked:
        first, last = query.get("from", "")[:10], query.get("to", "")[:10]
        name = query.get("period", "")
        if not name and (first or last):
            name = reports.PeriodName.FROM_TO
        period = reports.period_of(name, first, last)
        return cls(period=period, first=first, last=last, house_id=query.get("house", "")[:36])

    def address(self, path: str = PAGE, **other: str) -> str:
        asked = {
            "period": self.period.name.value,
            "from": self.first,
            "to": self.last,
            "house": self.house_id,
            **other,
        }
        if asked["period"] != reports.PeriodName.FROM_TO:
            asked |= {"from": "", "to": ""}
        return f"{path}?{urlencode({name: value for name, value in asked.items() if value})}"


@dataclass(frozen=True, slots=True)
class Section:
    """The report of one currency, ready to be shown."""

    report: reports.Report
    tables: list[Table]
    tiles: list[Tile]


@dataclass(frozen=True, slots=True)
class Tile:
    """A figure that is seen first; `before` is what it was in the period before."""

    words: str
    value: int
    before: int
    is_money: bool = True

    @property
    def change_percent(self) -> int | None:
        """None where there was nothing to compare with."""
        if self.before <= 0:
            return None
        return round((self.value - self.before) * 100 / self.before)


class ReportPages(Controller):
    path = PAGE
    include_in_schema = False
    opt = access(Access.MANAGER)

    @get()
    async def show_reports(self, request: WebRequest, principal: Actor) -> Response[Any]:
        asked = Asked.of(request.query_params)
        own, made = await make_reports(request, principal, asked)
        return office_page(
            "dashboard/reports.html",
            request,
            principal,
            asked=asked,
            periods=[
                (asked.address(period=name.value), translate(words), asked.period.name is name)
                for name, words in PERIODS
            ],
            house_choices=[("", translate("All")), *((one.id, one.name) for one in own)],
            span=span_words(made.first, made.last),
            span_before=span_words(made.before_first, made.before_last),
            made=made,
            sections=[Section(one, tables_of(one), tiles_of(one)) for one in made.currencies],
            csv=lambda name: asked.address(f"{PAGE}/{name}.csv"),
        )

    @get("/{file:str}")
    async def send_table(
        self, request: WebRequest, principal: Actor, file: FileName
    ) -> Response[bytes]:
        """One table of all currencies, for a spreadsheet."""
        asked = Asked.of(request.query_params)
        _, made = await make_reports(request, principal, asked)
        tables = [
            table
            for one in made.currencies
            for table in tables_of(one)
            if f"{table.name}.csv" == file
        ]
        if not tables:
            raise TableUnknown("There is no such table.")
        header = [*(translate(column.words) for column in tables[0].columns), translate("Currency")]
        rows = [row for table in tables for row in table.exported()]
        name = f"{file.removesuffix('.csv')}-{made.first}-{made.last}.csv"
        return Response(
            begin_csv(header) + csv_rows(rows),
            media_type="text/csv; charset=utf-8",
            headers={"content-disposition": f'attachment; filename="{name}"'},
        )


async def make_reports(
    request: WebRequest, principal: Principal, asked: Asked
) -> tuple[list[locations.House], reports.Reports]:
    """The houses to choose from, and the reports: all their numbers as they were at one moment."""
    async with entrance_of(request).books.reading(principal, snapshot=True) as look:
        own = await list_own_houses(look, principal)
        return own, await reports.make_reports(look, chosen(own, asked), asked.period)


def chosen(own: Sequence[locations.House], asked: Asked) -> list[locations.House]:
    """The house that was asked for, if it is one of these, else all of them."""
    return [one for one in own if one.id == asked.house_id] or list(own)


def tiles_of(report: reports.Report) -> list[Tile]:
    now, before = report.totals, report.before
    kept = Tile(translate("Deposits and fees kept"), now.deposits_minor, before.deposits_minor)
    return [
        Tile(translate("Revenue"), now.revenue_minor, before.revenue_minor),
        Tile(translate("Orders"), now.orders, before.orders, is_money=False),
        Tile(translate("An order on average"), now.average_minor, before.average_minor),
        Tile(translate("Tax"), now.tax_minor, before.tax_minor),
        Tile(translate("Tips"), now.tip_minor, before.tip_minor),
        Tile(translate("Given back"), now.refunded_minor, before.refunded_minor),
        *([kept] if kept.value or kept.before else []),
    ]
