"""Sums that grow by what is added to them: figures of days and months, and days of guests."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from sqlalchemy import Insert, bindparam, delete, select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler

from kitchenasty.kit.data.columns import Model
from kitchenasty.kit.data.statements import Statement, one_of
from kitchenasty.kit.data.work import Look, UnitOfWork
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
OF_GUESTS = (one_of(GuestDayRow.house_id, "houses"), one_of(GuestDayRow.guest, "guests"))
DAYS_OF_GUESTS = Statement(
    select(GuestDayRow.house_id, GuestDayRow.guest, GuestDayRow.day).where(*OF_GUESTS)
)
ADD_VISITS = adding_to(GuestDayRow)
SWEEP_VISITS = Statement(delete(GuestDayRow).where(*OF_GUESTS, GuestDayRow.sales <= 0))
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


async def list_visits(look: Look, of: Collection[Visit]) -> set[Visit]:
    """Every day on which the guests of these visits came to the same house."""
    guests = {(visit.house_id, visit.guest) for visit in of}
    found = {Visit(*row) for row in await look.rows(DAYS_OF_GUESTS, **named(of))}
    return {visit for visit in found if (visit.house_id, visit.guest) in guests}


async def add_visits(uow: UnitOfWork, changes: dict[Visit, int]) -> None:
    rows = [{**visit._asdict(), "sales": by} for visit, by in sorted(changes.items())]
    await uow.many(ADD_VISITS, rows)
    if any(by < 0 for by in changes.values()):
        await uow.run(SWEEP_VISITS, **named(changes))


def named(visits: Iterable[Visit]) -> dict[str, list[str]]:
    houses, guests = set(), set()
    for visit in visits:
        houses.add(visit.house_id)
        guests.add(visit.guest)
    return {"houses": sorted(houses), "guests": sorted(guests)}


async def forget_sums(uow: UnitOfWork) -> None:
    for statement in FORGET_ALL:
        await uow.run(statement)
