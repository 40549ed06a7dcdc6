"""Links by which the calendars of those who work in a house read its reservations."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import bindparam, delete, select

from basis.errors import Conflict
from basis.ids import hash_capability, new_id
from basis.kit.data.statements import Statement, insert_into
from basis.kit.secret import Secret
from basis.signing import derive
from kitchenasty import audit, locations, reservations
from kitchenasty.kit.books import Look, UnitOfWork
from kitchenasty.reservation_calendars.models import CalendarLinkRow
from kitchenasty.reservations import Reservation, ReservationNotFound

CAPABILITY_LENGTH_MAX = 64
LINKS_MAX = 10
ENTRIES_MAX = 3_000
PAST, FUTURE = timedelta(days=30), timedelta(days=365)

INSERT = insert_into(CalendarLinkRow)
OF_HOUSE = Statement(
    select(CalendarLinkRow.id, CalendarLinkRow.shows_details, CalendarLinkRow.created_at)
    .where(CalendarLinkRow.house_id == bindparam("of_house", required=True))
    .order_by(CalendarLinkRow.created_at, CalendarLinkRow.id)
)
BY_CAPABILITY = Statement(
    select(CalendarLinkRow.house_id, CalendarLinkRow.shows_details).where(
        CalendarLinkRow.capability_hash == bindparam("hashed", required=True)
    )
)
END = Statement(
    delete(CalendarLinkRow).where(
        CalendarLinkRow.id == bindparam("link_id", required=True),
        CalendarLinkRow.house_id == bindparam("of_house", required=True),
    )
)


class TooManyLinks(Conflict):
    def __init__(self) -> None:
        super().__init__("A house has at most ten such links. Please end one first.")


@dataclass(frozen=True, slots=True)
class CalendarLink:
    """`capability` is what stands in the address."""

    id: str
    shows_details: bool
    created_at: datetime
    capability: str


def capability_of(secret: Secret, link_id: str) -> str:
    """It can always be made again, so only its hash is stored (docs/adr/0005)."""
    return derive(secret, purpose="calendar of a house", subject=link_id)


async def list_links(look: Look, house_id: str) -> list[CalendarLink]:
    return [
        CalendarLink(link_id, shows_details, created_at, capability_of(look.secret, link_id))
        for link_id, shows_details, created_at in await look.rows(OF_HOUSE, of_house=house_id)
    ]


async def make_link(uow: UnitOfWork, house_id: str, *, shows_details: bool) -> CalendarLink:
    """Raises HouseNotFound, NotYourHouse, TooManyLinks."""
    house = await locations.load_own_house(uow, house_id)
    if len(await list_links(uow, house.id)) >= LINKS_MAX:
        raise TooManyLinks
    link_id = new_id()
    capability = capability_of(uow.secret, link_id)
    await uow.run(
        INSERT,
        id=link_id,
        house_id=house.id,
        capability_hash=hash_capability(capability),
        shows_details=shows_details,
        created_at=uow.now,
    )
    await audit.record(
        uow,
        action="create",
        entity="CalendarLink",
        entity_id=link_id,
        after={"house": house.id, "shows_details": shows_details},
    )
    return CalendarLink(link_id, shows_details, uow.now, capability)


async def end_link(uow: UnitOfWork, house_id: str, link_id: str) -> None:
    """From now on it opens nothing. Raises HouseNotFound, NotYourHouse."""
    house = await locations.load_own_house(uow, house_id)
    if await uow.run(END, link_id=link_id, of_house=house.id):
        await audit.record(uow, action="delete", entity="CalendarLink", entity_id=link_id)


async def open_link(look: Look, capability: str) -> tuple[str, bool]:
    """The id of its house, and whether it shows details. Raises ReservationNotFound."""
    if len(capability) > CAPABILITY_LENGTH_MAX:
        raise ReservationNotFound
    row = await look.row(BY_CAPABILITY, hashed=hash_capability(capability))
    if row is None:
        raise ReservationNotFound
    return row[0], bool(row[1])


async def list_window(look: Look, house_id: str) -> list[Reservation]:
    """What was booked for the last 30 days and the next 365, at most ENTRIES_MAX of it."""
    return await reservations.list_booked(
        look,
        house_id,
        (look.now - PAST).date(),
        (look.now + FUTURE).date(),
        most=ENTRIES_MAX,
    )
