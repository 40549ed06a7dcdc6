"""P3: each class of data goes on its day, and not before."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Date, Enum, Integer, String, Table, insert, select

from basis.ids import new_id
from basis.kit.data.columns import Flag, IdType, Json, UtcDateTime
from basis.kit.data.jobs import Every, Job
from basis.kit.data.statements import Statement
from basis.kit.testing import HandClock
from kitchenasty import guests, locations, privacy
from kitchenasty.kit.books import Books, UnitOfWork
from kitchenasty.privacy.person import table_of

SETTLED = {"state": "SENT", "outcome": "APPLIED"}
"""In these states a row is forgotten; what still waits is not."""


def made_up(column: Any, now: datetime, known: dict[str, str]) -> Any:
    """Something that fits the column."""
    kind = column.type
    if column.nullable and column.foreign_keys and column.name not in known:
        return None
    if isinstance(kind, Enum):
        wished = SETTLED.get(column.name)
        return wished if wished in kind.enums else kind.enums[0]
    values: list[tuple[type[Any], Any]] = [
        (UtcDateTime, now),
        (Date, now.date()),
        (IdType, new_id()),
        (Json, {}),
        (Flag, True),
        (Integer, 1),
        (String, new_id()[: getattr(kind, "length", None)]),
    ]
    fitting = next(value for fits, value in values if isinstance(kind, fits))
    return known.get(column.name, fitting)


async def keep_made_up(
    uow: UnitOfWork, table: Table, now: datetime, known: dict[str, str]
) -> dict[str, Any]:
    """A row, and before it the rows that it cannot be without."""
    here = dict(known)
    for key in table.foreign_keys:
        if not key.parent.nullable and key.parent.name not in here:
            parent = await keep_made_up(uow, key.column.table, now, known)
            here[key.parent.name] = parent[key.column.name]
    row = {column.name: made_up(column, now, here) for column in table.columns}
    await uow.run(Statement(insert(table).values(**row)))
    return row


async def run(books: Books, regular: list[Every]) -> None:
    for every in regular:
        if isinstance(every.job, Job):
            async with books.writing() as uow:
                await every.job.run(uow, {})


@pytest.mark.parametrize("kept", privacy.RETENTION, ids=lambda kept: kept.name)
async def test_each_class_of_data_goes_on_its_day_and_not_before(
    books: Books,
    clock: HandClock,
    house: locations.House,
    regular: list[Every],
    kept: privacy.Kept,
) -> None:
    async with books.writing() as uow:
        newcomer = guests.NewGuest(email="anna@guest.example", name="Anna")
        guest = await guests.register_guest(uow, newcomer, password_hash="none")
    table = table_of(kept.table)
    known = {"house_id": house.id, "customer_id": guest.id, "address": "203.0.113.7"}
    async with books.writing() as uow:
        row = await keep_made_up(uow, table, clock.now, known)
    column = table.c[kept.column or kept.since]
    key = next(iter(table.primary_key.columns))
    asked = Statement(select(column).where(key == row[key.name]))
    at = clock.now
    clock.now = at + timedelta(days=kept.days) - timedelta(minutes=1)
    await run(books, regular)
    early = not await is_there(books, asked)
    clock.now = at + timedelta(days=kept.days + 1)
    await run(books, regular)
    late = await is_there(books, asked)
    print(f"P3: {kept.name}, {kept.days} days: {early:d} too early, {late:d} too late")
    assert (early, late) == (False, False)


async def is_there(books: Books, asked: Statement) -> bool:
    async with books.reading() as look:
        return await look.value(asked) is not None


def test_every_job_of_the_table_is_one_of_the_house(regular: list[Every]) -> None:
    assert {kept.job for kept in privacy.RETENTION} <= {every.job.name for every in regular}
