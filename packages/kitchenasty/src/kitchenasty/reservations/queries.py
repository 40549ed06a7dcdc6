"""Reading reservations, and which tables are kept when."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import msgspec
from sqlalchemy import bindparam, func, select, union_all

from basis.errors import NotFound
from basis.ids import hash_capability, is_id
from basis.kit.data.statements import Row, Statement, one_of
from kitchenasty import locations
from kitchenasty.kit.books import Look
from kitchenasty.reservations.agreed import read_agreed
from kitchenasty.reservations.models import (
    ArrivalsRow,
    BlockRow,
    CombinationRow,
    CombinedTableRow,
    ReservationHistoryRow,
    ReservationRow,
    ReservationTermsRow,
    StayRow,
)
from kitchenasty.reservations.seating import Seat
from kitchenasty.reservations.settings import load_common_terms
from kitchenasty.reservations.terms import Terms
from kitchenasty.reservations.views import (
    Floor,
    HistoryEntry,
    NamedStay,
    Period,
    Reservation,
    Stay,
)

CAPABILITY_LENGTH_MAX = 64
FIELDS = tuple(name for name in Reservation.__dataclass_fields__ if name != "table_ids")
SELECTED = tuple(getattr(ReservationRow, name) for name in FIELDS)
TERMS = Statement(
    select(ReservationTermsRow.terms).where(
        ReservationTermsRow.house_id == bindparam("of_house", required=True)
    )
)
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
    select(*KEPT.c, func.coalesce(ReservationRow.guest_name, BlockRow.reason, ""))
    .outerjoin(ReservationRow, ReservationRow.id == KEPT.c.reservation_id)
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
ONE = Statement(
    select(*SELECTED).where(ReservationRow.id == bindparam("reservation_id", required=True))
)
BY_CAPABILITY = Statement(
    select(*SELECTED).where(ReservationRow.capability_hash == bindparam("hashed", required=True))
)
OF_DAY = Statement(
    select(*SELECTED)
    .where(
        ReservationRow.house_id == bindparam("of_house", required=True),
        ReservationRow.day == bindparam("of_day", required=True),
    )
    .order_by(ReservationRow.starts_at, ReservationRow.id)
)
TABLES_OF = Statement(
    select(StayRow.reservation_id, StayRow.table_id)
    .where(one_of(StayRow.reservation_id, "reservation_ids"))
    .order_by(StayRow.table_id)
)
HISTORY_FIELDS = tuple(HistoryEntry.__dataclass_fields__)
HISTORY = Statement(
    select(*(getattr(ReservationHistoryRow, name) for name in HISTORY_FIELDS))
    .where(ReservationHistoryRow.reservation_id == bindparam("of_reservation", required=True))
    .order_by(ReservationHistoryRow.happened_at, ReservationHistoryRow.id)
)


class ReservationNotFound(NotFound):
    def __init__(self) -> None:
        super().__init__("There is no such reservation.")


async def open_house(look: Look, slug: str) -> locations.House:
    """A house that is open to guests, by the name in its address. Raises HouseNotFound."""
    house = await locations.find_house_by_slug(look, slug)
    if house is None or not house.is_active:
        raise locations.HouseNotFound("We have no such house.")
    return house


async def load_terms(look: Look, house_id: str) -> Terms:
    """The house's own terms, else those that were set for all houses."""
    own = await look.value(TERMS, of_house=house_id)
    return await load_common_terms(look) if own is None else msgspec.convert(own, Terms)


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


def checked_id(reservation_id: str) -> str:
    """The id, if the text is one. Raises ReservationNotFound: PostgreSQL would call it an error."""
    if not is_id(reservation_id):
        raise ReservationNotFound
    return reservation_id


async def load_reservation(look: Look, reservation_id: str) -> Reservation:
    """For whoever may see it: its customer, or somebody of its house. Raises ReservationNotFound,
    also for everybody else.
    """
    row = await look.row(ONE, reservation_id=reservation_id)
    if row is None:
        raise ReservationNotFound
    found = await with_tables(look, [row])
    if not may_see(look, found[0]):
        raise ReservationNotFound
    return found[0]


def may_see(look: Look, reservation: Reservation) -> bool:
    actor = look.actor
    if actor.is_customer:
        return reservation.customer_id == actor.id
    return actor.may_see_house(reservation.house_id)


async def open_reservation(look: Look, capability: str) -> Reservation:
    """By the link that its guest has. Raises ReservationNotFound."""
    found = await find_opened(look, capability)
    if found is None:
        raise ReservationNotFound
    return found


async def find_opened(look: Look, capability: str) -> Reservation | None:
    """What a link opens; None for a link that opens nothing."""
    if len(capability) > CAPABILITY_LENGTH_MAX:
        return None
    row = await look.row(BY_CAPABILITY, hashed=hash_capability(capability))
    return None if row is None else (await with_tables(look, [row]))[0]


async def list_day(look: Look, house_id: str, day: date) -> list[Reservation]:
    """All that the house opened for on a date, whatever became of them."""
    return await with_tables(look, await look.rows(OF_DAY, of_house=house_id, of_day=day))


async def list_history(look: Look, reservation_id: str) -> list[HistoryEntry]:
    rows = await look.rows(HISTORY, of_reservation=reservation_id)
    return [HistoryEntry(**dict(zip(HISTORY_FIELDS, row, strict=True))) for row in rows]


async def with_tables(look: Look, rows: Sequence[Row]) -> list[Reservation]:
    """Rows of SELECTED as reservations with their tables, in one question for all."""
    if not rows:
        return []
    tables: dict[str, list[str]] = defaultdict(list)
    ids = [row[0] for row in rows]
    for reservation_id, table_id in await look.rows(TABLES_OF, reservation_ids=ids):
        tables[reservation_id].append(table_id)
    return [replace(reservation_of(row), table_ids=tuple(tables[row[0]])) for row in rows]


def reservation_of(row: Row) -> Reservation:
    """Of SELECTED, without its tables."""
    found = dict(zip(FIELDS, row, strict=True))
    return Reservation(**found | {"agreed": read_agreed(found["agreed"])})
