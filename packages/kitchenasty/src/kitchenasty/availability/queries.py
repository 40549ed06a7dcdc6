"""Which tables a house has, which of them are kept when, and how many people arrive."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import String, bindparam, column, func, select, table, union_all

from basis.kit.data.columns import IdType
from basis.kit.data.statements import Row, Statement, one_of
from kitchenasty import locations
from kitchenasty.availability.models import (
    ArrivalsRow,
    BlockRow,
    CombinationRow,
    CombinedTableRow,
    StayRow,
)
from kitchenasty.availability.seating import Seat
from kitchenasty.availability.views import Floor, NamedStay, Period, Stay
from kitchenasty.kit.books import Look

PARTIES = table(
    "reservations", column("id", IdType), column("guest_name", String), column("status", String)
)
"""For whom a table is kept: their slice lies above, so only its table is named here."""
COMBINATIONS = Statement(
    select(
        CombinationRow.id,
        CombinationRow.name,
        CombinationRow.seats_min,
        CombinationRow.seats,
        CombinedTableRow.table_id,
    )
    .join(CombinedTableRow, CombinedTableRow.combination_id == CombinationRow.id)
    .where(CombinationRow.house_id == bindparam("of_house", required=True))
    .order_by(CombinationRow.name, CombinedTableRow.table_id)
)
STAY_FIELDS = tuple(Stay.__dataclass_fields__)
STAY_COLUMNS = tuple(getattr(StayRow, name) for name in STAY_FIELDS)
PARTY_STAY_MAX = timedelta(days=1)
"""No party keeps a table for longer (terms.STAY_MINUTES_MAX is half of it); blocks may, for months.
So who asks for an evening reads what ends within a day of it, and the few blocks that end later.
"""
OF_HOUSE = StayRow.house_id == bindparam("of_house", required=True)
BEGUN = StayRow.starts_at < bindparam("until", required=True)
NOT_OVER = StayRow.ends_at > bindparam("since", required=True)
IS_BLOCK = StayRow.block_id.is_not(None)
KEPT = union_all(
    select(*STAY_COLUMNS).where(
        OF_HOUSE, NOT_OVER, StayRow.ends_at < bindparam("reach", required=True), BEGUN
    ),
    select(*STAY_COLUMNS).where(
        OF_HOUSE, StayRow.ends_at >= bindparam("reach", required=True), BEGUN, IS_BLOCK
    ),
).subquery()
# Nobody who asks for a month wants names, nor an order.
STAYS = Statement(select(*KEPT.c))
NAMED_STAYS = Statement(
    select(*KEPT.c, func.coalesce(PARTIES.c.guest_name, BlockRow.reason, ""))
    .outerjoin(PARTIES, PARTIES.c.id == KEPT.c.reservation_id)
    .outerjoin(BlockRow, BlockRow.id == KEPT.c.block_id)
    .order_by(KEPT.c.starts_at, KEPT.c.table_id)
)
ARRIVALS = Statement(
    select(ArrivalsRow.quarter, ArrivalsRow.covers).where(
        ArrivalsRow.house_id == bindparam("of_house", required=True),
        ArrivalsRow.quarter >= bindparam("since", required=True),
        ArrivalsRow.quarter < bindparam("until", required=True),
    )
)
TABLES_OF = Statement(
    select(StayRow.reservation_id, StayRow.table_id)
    .where(one_of(StayRow.reservation_id, "reservation_ids"))
    .order_by(StayRow.table_id)
)


async def load_floor(look: Look, house_id: str) -> Floor:
    """The tables in use and what can be pushed together of them. Raises HouseNotFound."""
    tables = {table.id: table for table in await locations.list_tables(look, house_id)}
    used = {table_id for table_id, table in tables.items() if table.is_active}
    members: dict[tuple[Any, ...], list[str]] = defaultdict(list)
    for row in await look.rows(COMBINATIONS, of_house=house_id):
        members[row[:4]].append(row[4])
    whole = {key: ids for key, ids in members.items() if used.issuperset(ids) and len(ids) > 1}
    combinable = {table_id for ids in whole.values() for table_id in ids}
    single = [
        Seat(
            table_ids=(table.id,),
            name=table.name,
            least=table.seats_min,
            most=table.seats,
            areas=frozenset({table.area}),
            position=table.position,
            is_combinable=table.id in combinable,
        )
        for table in tables.values()
        if table.is_active
    ]
    pushed = [
        Seat(
            table_ids=tuple(sorted(ids)),
            name=name,
            least=least,
            most=most,
            areas=frozenset(tables[table_id].area for table_id in ids),
            position=min(tables[table_id].position for table_id in ids),
            is_combinable=True,
        )
        for (_, name, least, most), ids in whole.items()
    ]
    return Floor(house_id=house_id, seats=(*single, *pushed))


async def list_stays(look: Look, house_id: str, period: Period) -> list[Stay]:
    """What is kept at some moment of the period, in no order."""
    since, until = period
    reach = until + PARTY_STAY_MAX
    rows = await look.rows(STAYS, of_house=house_id, since=since, until=until, reach=reach)
    return [Stay(**dict(zip(STAY_FIELDS, row, strict=True))) for row in rows]


async def list_named_stays(look: Look, house_id: str, period: Period) -> list[NamedStay]:
    """The same in order, and for whom."""
    since, until = period
    reach = until + PARTY_STAY_MAX
    rows = await look.rows(NAMED_STAYS, of_house=house_id, since=since, until=until, reach=reach)
    return [named_stay_of(row) for row in rows]


def named_stay_of(row: Row) -> NamedStay:
    return NamedStay(**dict(zip(STAY_FIELDS, row[:-1], strict=True)), words=row[-1])


async def list_arrivals(look: Look, house_id: str, period: Period) -> dict[datetime, int]:
    """How many people arrive in each quarter; quarters without anybody are left out."""
    since, until = period
    found = await look.rows(ARRIVALS, of_house=house_id, since=since, until=until)
    return {quarter: covers for quarter, covers in found if covers}


async def list_tables_of(look: Look, reservation_ids: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """The tables that are kept for each of these parties, in one question for all; those that keep
    none are left out.
    """
    tables: dict[str, list[str]] = defaultdict(list)
    for reservation_id, table_id in await look.rows(
        TABLES_OF, reservation_ids=list(reservation_ids)
    ):
        tables[reservation_id].append(table_id)
    return {reservation_id: tuple(ids) for reservation_id, ids in tables.items()}
