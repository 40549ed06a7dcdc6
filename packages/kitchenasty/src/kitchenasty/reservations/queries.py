"""Reading reservations."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from sqlalchemy import bindparam, select

from basis.errors import NotFound
from basis.ids import hash_capability, is_id
from basis.kit.data.statements import Row, Statement
from kitchenasty import locations
from kitchenasty.availability import list_tables_of
from kitchenasty.kit.books import Look
from kitchenasty.reservation_terms import read_agreed
from kitchenasty.reservations.models import ReservationHistoryRow, ReservationRow
from kitchenasty.reservations.views import HistoryEntry, Reservation

CAPABILITY_LENGTH_MAX = 64
FIELDS = tuple(name for name in Reservation.__dataclass_fields__ if name != "table_ids")
SELECTED = tuple(getattr(ReservationRow, name) for name in FIELDS)
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
    tables = await list_tables_of(look, [row[0] for row in rows])
    return [replace(reservation_of(row), table_ids=tables.get(row[0], ())) for row in rows]


def reservation_of(row: Row) -> Reservation:
    """Of SELECTED, without its tables."""
    found = dict(zip(FIELDS, row, strict=True))
    return Reservation(**found | {"agreed": read_agreed(found["agreed"])})
