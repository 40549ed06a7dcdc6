"""The tables of a house: put up, changed, taken away."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, fields, replace
from typing import Any

from sqlalchemy import bindparam, delete, select, update
from sqlalchemy.exc import IntegrityError

from basis.errors import Conflict, NotFound
from basis.ids import new_id
from basis.kit.data.statements import Statement, insert_into
from basis.sentences import Sentence
from kitchenasty import audit
from kitchenasty.kit.books import Look, UnitOfWork
from kitchenasty.locations.expected import TableExpected, list_expected
from kitchenasty.locations.models import TableRow
from kitchenasty.locations.queries import load_house
from kitchenasty.locations.tables import (
    POSITION_MAX,
    TABLES_MAX,
    Table,
    TableDraft,
    TableRefused,
    check_table,
)


class TableNotFound(NotFound):
    """The house has no such table."""


class TableTaken(Conflict):
    """Another table of the house has this name."""


class TableInUse(Conflict):
    """Something refers to the table, so it stays."""


NAMES = tuple(one.name for one in fields(Table))
TABLES = Statement(
    select(*(getattr(TableRow, name) for name in NAMES))
    .where(TableRow.house_id == bindparam("of_house", required=True))
    .order_by(TableRow.position, TableRow.name, TableRow.id)
)
INSERT = insert_into(TableRow)
WRITTEN = ("name", "area", "seats", "seats_min", "position", "is_active", "updated_at")
CHANGE = Statement(
    update(TableRow)
    .where(TableRow.id == bindparam("table_id", required=True))
    .values({name: bindparam(name, required=True) for name in WRITTEN})
)


async def list_tables(look: Look, house_id: str) -> list[Table]:
    """In the order in which the house counts them. Raises HouseNotFound."""
    house = await load_house(look, house_id)
    return [
        Table(**dict(zip(NAMES, row, strict=True)))
        for row in await look.rows(TABLES, of_house=house.id)
    ]


async def load_table(look: Look, house_id: str, table_id: str) -> Table:
    """Raises HouseNotFound, TableNotFound."""
    for table in await list_tables(look, house_id):
        if table.id == table_id:
            return table
    raise TableNotFound("This house has no such table.")


async def add_tables(uow: UnitOfWork, house_id: str, drafts: Sequence[TableDraft]) -> list[Table]:
    """All of them or none. Raises HouseNotFound, TableRefused, TableTaken."""
    for draft in drafts:
        check_table(draft)
    there = await list_tables(uow, house_id)
    if len(there) + len(drafts) > TABLES_MAX:
        raise TableRefused(Sentence.of("A house has up to {most} tables.", most=TABLES_MAX))
    taken = {table.name for table in there}
    last = max((table.position for table in there), default=0)
    made = []
    for offset, draft in enumerate(drafts, 1):
        name = draft.name.strip()
        check_name(name, taken)
        taken.add(name)
        position = draft.position or min(last + offset, POSITION_MAX)
        values = asdict(draft) | {"name": name, "area": draft.area.strip(), "position": position}
        table = Table(id=new_id(), house_id=house_id, **values)
        await uow.run(INSERT, **asdict(table), created_at=uow.now, updated_at=uow.now)
        await tell(uow, "create", table.id, after=told(table))
        made.append(table)
    return made


async def change_table(
    uow: UnitOfWork,
    house_id: str,
    table_id: str,
    changes: Mapping[str, Any],
    *,
    they_keep_it: bool = False,
) -> Table:
    """Change named fields. Who is expected at a table that is switched off, or has fewer seats than
    they are, is named first; with `they_keep_it` they have it all the same. Raises HouseNotFound,
    TableNotFound, TableRefused, TableTaken, TableExpected.
    """
    before = await load_table(uow, house_id, table_id)
    after = replace(before, **changes)
    after = replace(after, name=after.name.strip(), area=after.area.strip())
    check_table(draft_of(after))
    others = {one.name for one in await list_tables(uow, house_id) if one.id != table_id}
    check_name(after.name, others)
    if not they_keep_it:
        await check_passes_over_nobody(uow, before, after)
    written = {name: getattr(after, name) for name in WRITTEN if name != "updated_at"}
    await uow.run(CHANGE, table_id=table_id, **written, updated_at=uow.now)
    await tell(uow, "update", table_id, before=told(before), after=told(after))
    return after


async def check_passes_over_nobody(look: Look, before: Table, after: Table) -> None:
    """Raises TableExpected."""
    is_off = before.is_active and not after.is_active
    if not is_off and after.seats >= before.seats:
        return
    parties = [
        one
        for one in await list_expected(look, [before.id])
        # At tables that are pushed together nobody is counted by the seats of one.
        if is_off or (one.tables == 1 and one.party > after.seats)
    ]
    if parties:
        house = await load_house(look, before.house_id)
        raise TableExpected(parties, house.zone)


async def remove_table(uow: UnitOfWork, house_id: str, table_id: str) -> None:
    """Raises HouseNotFound, TableNotFound, TableInUse."""
    table = await load_table(uow, house_id, table_id)
    try:
        await uow.session.execute(delete(TableRow).where(TableRow.id == table_id))
    except IntegrityError as error:
        raise TableInUse(
            Sentence.of(
                "Table {name} was reserved before, so the books need it. Switch it off instead.",
                name=table.name,
            )
        ) from error
    await tell(uow, "delete", table_id, before=told(table))


def check_name(name: str, taken: set[str]) -> None:
    """Raises TableTaken."""
    if name in taken:
        raise TableTaken(Sentence.of("There is a table {name} here already.", name=name))


def draft_of(table: Table) -> TableDraft:
    return TableDraft(**{one.name: getattr(table, one.name) for one in fields(TableDraft)})


def told(table: Table) -> dict[str, Any]:
    """A table as the trail keeps it."""
    return {name: value for name, value in asdict(table).items() if name != "id"}


async def tell(
    uow: UnitOfWork,
    action: str,
    table_id: str,
    *,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> None:
    await audit.record(
        uow, action=action, entity="Table", entity_id=table_id, before=before, after=after
    )
