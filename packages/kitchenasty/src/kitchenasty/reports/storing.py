"""Sums that grow by what is added to them: figures of days and months, and days of guests."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from sqlalchemy import Insert, bindparam, delete, func, select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler

from basis.kit.data.statements import Statement, one_of
from kitchenasty.kit.books import Look, UnitOfWork
from kitchenasty.kit.tables import Model
from kitchenasty.reports.entries import Figure, Figures
from kitchenasty.reports.models import FigureRow, GuestDayRow, MonthFigureRow
from kitchenasty.reports.visits import Visit

MONTH_LENGTH = len("2026-11")
Sums = dict[tuple[str, str], Figures]
"""By house and currency."""


class InsertOrAdd(Insert):
    """An INSERT of sums that becomes an addition where there are some under the same key."""

    inherit_cache = False


@compiles(InsertOrAdd)
def write_insert_or_add(element: InsertOrAdd, compiler: SQLCompiler, **kw: Any) -> str:
    inserting: str = compiler.visit_insert(element, **kw)  # type: ignore[no-untyped-call]
    name, keys = element.table.name, [column.name for column in element.table.primary_key]
    summed = [column.name for column in element.table.columns if column.name not in keys]
    sums = ", ".join(f"{one} = {name}.{one} + excluded.{one}" for one in summed)
    return f"{inserting} ON CONFLICT ({', '.join(keys)}) DO UPDATE SET {sums}"


def adding_to(model: type[Model]) -> Statement:
    values: dict[str, Any] = {
        column.key: bindparam(column.key) for column in model.__table__.columns
    }
    return Statement(InsertOrAdd(model).values(values))


def sweeping(model: type[FigureRow | MonthFigureRow], when: str) -> Statement:
    """Sums that came to nothing tell nothing."""
    return Statement(
        delete(model).where(
            one_of(model.house_id, "houses"),
            one_of(model.kind, "kinds"),
            one_of(getattr(model, when), when),
            *(getattr(model, name) == 0 for name in Figure._fields),
        )
    )


ADD_TO_DAYS, SWEEP_DAYS = adding_to(FigureRow), sweeping(FigureRow, "day")
ADD_TO_MONTHS, SWEEP_MONTHS = adding_to(MonthFigureRow), sweeping(MonthFigureRow, "month")
OF_GUEST = (
    GuestDayRow.house_id == bindparam("house_id", required=True),
    GuestDayRow.guest == bindparam("guest", required=True),
)
DAY = bindparam("day", required=True, type_=GuestDayRow.day.type)
AROUND = Statement(
    select(
        select(GuestDayRow.sales).where(*OF_GUEST, GuestDayRow.day == DAY).scalar_subquery(),
        select(func.max(GuestDayRow.day)).where(*OF_GUEST, GuestDayRow.day < DAY).scalar_subquery(),
        select(func.min(GuestDayRow.day)).where(*OF_GUEST, GuestDayRow.day > DAY).scalar_subquery(),
    )
)
ADD_VISITS = adding_to(GuestDayRow)
SWEEP_VISITS = Statement(
    delete(GuestDayRow).where(
        one_of(GuestDayRow.house_id, "houses"),
        one_of(GuestDayRow.guest, "guests"),
        GuestDayRow.sales <= 0,
    )
)
FORGET_ALL = tuple(Statement(delete(model)) for model in (FigureRow, MonthFigureRow, GuestDayRow))


async def add_sums(uow: UnitOfWork, sums: Sums) -> None:
    """To the figures of the days and of their months, always in the same order."""
    days = list(rows_of(sums, "day"))
    months = list(rows_of(months_of(sums), "month"))
    await uow.many(ADD_TO_DAYS, days)
    await uow.many(ADD_TO_MONTHS, months)
    await sweep(uow, SWEEP_DAYS, "day", days)
    await sweep(uow, SWEEP_MONTHS, "month", months)


def rows_of(sums: Sums, when: str) -> Iterable[dict[str, Any]]:
    for (house_id, currency), figures in sorted(sums.items()):
        for place, figure in sorted(figures.items()):
            if figure != Figure():
                yield {
                    "house_id": house_id,
                    "kind": place.kind.value,
                    when: place.day,
                    "key": place.key,
                    "currency": currency,
                    **figure._asdict(),
                }


def months_of(sums: Sums) -> Sums:
    """The same, each day put into its month."""
    found: Sums = {}
    for owner, figures in sums.items():
        of_months = found.setdefault(owner, {})
        for place, figure in figures.items():
            month = place._replace(day=place.day[:MONTH_LENGTH])
            of_months[month] = of_months.get(month, Figure()).plus(figure)
    return found


async def sweep(
    uow: UnitOfWork, sweeping: Statement, when: str, rows: Collection[dict[str, Any]]
) -> None:
    """Only what lost something can have come to nothing."""
    lessened = [row for row in rows if any(row[name] < 0 for name in Figure._fields)]
    if lessened:
        await uow.run(
            sweeping,
            houses=sorted({row["house_id"] for row in lessened}),
            kinds=sorted({row["kind"] for row in lessened}),
            **{when: sorted({row[when] for row in lessened})},
        )


async def look_around(look: Look, changes: Mapping[Visit, int]) -> tuple[set[Visit], set[Visit]]:
    """The visits that change with those before and after them, as they are and as they will be.
    That is enough to tell what becomes of new and returning guests, and it costs the same however
    often somebody came.
    """
    known: set[Visit] = set()
    ending: set[Visit] = set()
    for visit, by in changes.items():
        sales, before, after = await look.row(AROUND, **visit._asdict()) or (None, None, None)
        known |= {visit._replace(day=day) for day in (before, after) if day is not None}
        if sales:
            known.add(visit)
        if (sales or 0) + by <= 0:
            ending.add(visit)
    return known, (known | changes.keys()) - ending


async def add_visits(uow: UnitOfWork, changes: Mapping[Visit, int]) -> None:
    rows = [{**visit._asdict(), "sales": by} for visit, by in sorted(changes.items())]
    await uow.many(ADD_VISITS, rows)
    lessened = [visit for visit, by in changes.items() if by < 0]
    if lessened:
        await uow.run(
            SWEEP_VISITS,
            houses=sorted({visit.house_id for visit in lessened}),
            guests=sorted({visit.guest for visit in lessened}),
        )


async def forget_sums(uow: UnitOfWork) -> None:
    for statement in FORGET_ALL:
        await uow.run(statement)
