"""Reading the waiting list."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import bindparam, func, select

from basis.errors import NotFound
from basis.ids import hash_capability, is_id
from basis.kit.data.statements import Row, Statement
from kitchenasty import availability, reservations
from kitchenasty.kit.books import Look
from kitchenasty.waitlist.models import WaitingPartyRow
from kitchenasty.waitlist.states import HOLDING, OPEN, WaitState

CAPABILITY_LENGTH_MAX = 64
SHOWN_MAX = 200
"""Who waits for one day of a house."""
LINE_MAX = 2_000
"""Who is looked at when something becomes free, for all days of a house."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A party that waits, or waited."""

    id: str
    house_id: str
    customer_id: str | None
    guest_name: str
    guest_email: str | None
    guest_phone: str | None
    party: int
    day: date
    since_at: datetime
    until_at: datetime
    state: WaitState
    locale: str | None
    block_id: str | None
    offer_starts_at: datetime | None
    offer_ends_at: datetime | None
    offered_until_at: datetime | None
    reservation_id: str | None
    joined_at: datetime

    @property
    def is_offered(self) -> bool:
        return self.state is WaitState.OFFERED

    @property
    def is_ready(self) -> bool:
        return self.state is WaitState.READY

    @property
    def is_held(self) -> bool:
        return self.state in HOLDING

    @property
    def held(self) -> availability.Held:
        """The table that is held for them while an offer is open, or until they come to it."""
        assert self.block_id is not None
        assert self.offer_starts_at is not None
        assert self.offer_ends_at is not None
        return availability.Held(
            block_id=self.block_id,
            house_id=self.house_id,
            day=self.day,
            period=(self.offer_starts_at, self.offer_ends_at),
            party=self.party,
        )

    @property
    def guest(self) -> reservations.Guest:
        return reservations.Guest(
            name=self.guest_name,
            email=self.guest_email,
            phone=self.guest_phone,
            locale=self.locale,
            customer_id=self.customer_id,
        )


FIELDS = tuple(Waiting.__dataclass_fields__)
SELECTED = tuple(getattr(WaitingPartyRow, name) for name in FIELDS)
ONE = Statement(select(*SELECTED).where(WaitingPartyRow.id == bindparam("id", required=True)))
BY_CAPABILITY = Statement(
    select(*SELECTED).where(WaitingPartyRow.capability_hash == bindparam("hashed", required=True))
)
OF_DAY = Statement(
    select(*SELECTED)
    .where(
        WaitingPartyRow.house_id == bindparam("of_house", required=True),
        WaitingPartyRow.day == bindparam("of_day", required=True),
        WaitingPartyRow.state.in_(OPEN),
    )
    .order_by(WaitingPartyRow.joined_at, WaitingPartyRow.id)
    .limit(SHOWN_MAX)
)
IN_LINE = Statement(
    select(*SELECTED)
    .where(
        WaitingPartyRow.house_id == bindparam("of_house", required=True),
        WaitingPartyRow.state == WaitState.WAITING,
        WaitingPartyRow.until_at >= bindparam("now", required=True),
    )
    .order_by(WaitingPartyRow.joined_at, WaitingPartyRow.id)
    .limit(LINE_MAX)
)
COUNT_OF_DAY = Statement(
    select(func.count()).where(
        WaitingPartyRow.house_id == bindparam("of_house", required=True),
        WaitingPartyRow.day == bindparam("of_day", required=True),
        WaitingPartyRow.state.in_(OPEN),
    )
)


class NobodyWaits(NotFound):
    def __init__(self) -> None:
        super().__init__("Nobody waits here under this link.")


async def list_waiting(look: Look, house_id: str, day: date) -> list[Waiting]:
    """Who waits for a table on a date, in the order in which they came."""
    return [waiting_of(row) for row in await look.rows(OF_DAY, of_house=house_id, of_day=day)]


async def list_line(look: Look, house_id: str) -> list[Waiting]:
    """Who waits for any day of a house and was offered nothing yet, in the order of joining."""
    return [waiting_of(row) for row in await look.rows(IN_LINE, of_house=house_id, now=look.now)]


async def load_waiting(look: Look, house_id: str, waiting_id: str) -> Waiting:
    """Of this house. Raises NobodyWaits."""
    found = await find_waiting(look, waiting_id) if is_id(waiting_id) else None
    if found is None or found.house_id != house_id:
        raise NobodyWaits
    return found


async def load_known(look: Look, waiting_id: str) -> Waiting:
    """For whoever may see it: the customer who waits, or somebody of the house. Raises NobodyWaits,
    also for everybody else.
    """
    found = await find_waiting(look, waiting_id) if is_id(waiting_id) else None
    if found is None:
        raise NobodyWaits
    actor = look.actor
    is_theirs = actor.is_customer and actor.id is not None and actor.id == found.customer_id
    if not is_theirs and not actor.may_see_house(found.house_id):
        raise NobodyWaits
    return found


async def find_waiting(look: Look, waiting_id: str) -> Waiting | None:
    row = await look.row(ONE, id=waiting_id)
    return None if row is None else waiting_of(row)


async def open_waiting(look: Look, capability: str) -> Waiting:
    """By the link that the guest has. Raises NobodyWaits."""
    found = await find_opened(look, capability)
    if found is None:
        raise NobodyWaits
    return found


async def find_opened(look: Look, capability: str) -> Waiting | None:
    if len(capability) > CAPABILITY_LENGTH_MAX:
        return None
    row = await look.row(BY_CAPABILITY, hashed=hash_capability(capability))
    return None if row is None else waiting_of(row)


def waiting_of(row: Row) -> Waiting:
    return Waiting(**dict(zip(FIELDS, row, strict=True)))
