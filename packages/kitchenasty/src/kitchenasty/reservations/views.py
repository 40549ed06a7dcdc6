"""Reservations as doors and other slices see them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from kitchenasty.reservations.agreed import Agreed
from kitchenasty.reservations.seating import Choice, Seat
from kitchenasty.reservations.slots import Slot
from kitchenasty.reservations.states import HOLDING, Source, Status
from kitchenasty.reservations.terms import Terms

Period = tuple[datetime, datetime]
"""From one instant (included) to another (excluded)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What somebody would like. `shown` is the time on the wall of the house, like `18:30`.
    `table_ids`: these and no others; `minutes`: how long, where the house does not say itself.
    """

    house_id: str
    day: date
    shown: str
    party: int
    area: str | None = None
    table_ids: tuple[str, ...] = ()
    minutes: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Guest:
    """Who comes, and what the house should know."""

    name: str
    email: str | None = None
    phone: str | None = None
    note: str | None = None
    allergies: str | None = None
    locale: str | None = None
    customer_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A wish that can be met as far as we saw: the tables that would do, the best first. Somebody
    may be quicker: only `book` gives one away.
    """

    wish: Wish
    terms: Terms
    slot: Slot
    period: Period
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Floor:
    """The seats of a house: its tables and what can be pushed together."""

    house_id: str
    seats: tuple[Seat, ...]

    @property
    def table_ids(self) -> list[str]:
        return sorted({table_id for seat in self.seats for table_id in seat.table_ids})


@dataclass(frozen=True, slots=True, kw_only=True)
class Stay:
    """A table that is kept, for a party or by a block."""

    id: str
    table_id: str
    starts_at: datetime
    ends_at: datetime
    reservation_id: str | None
    block_id: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedStay(Stay):
    """`words`: the name of the party, or the reason of the block."""

    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reservation:
    """A party. `day` is the date on which the house opened for it."""

    id: str
    house_id: str
    customer_id: str | None
    guest_name: str
    guest_email: str | None
    guest_phone: str | None
    party: int
    day: date
    starts_at: datetime
    ends_at: datetime
    quarter: datetime
    status: Status
    source: Source
    area: str | None
    note: str | None
    allergies: str | None
    house_note: str | None
    locale: str | None
    version: int
    created_at: datetime
    updated_at: datetime
    agreed: Agreed | None = None
    awaits_deposit_until: datetime | None = None
    table_ids: tuple[str, ...] = ()

    @property
    def is_held(self) -> bool:
        """Whether it keeps its tables."""
        return self.status in HOLDING

    @property
    def awaits_deposit(self) -> bool:
        """Whether its tables are kept only until money comes."""
        return self.status is Status.PENDING and self.awaits_deposit_until is not None

    @property
    def has_lapsed(self) -> bool:
        """Whether it was given up because no money came."""
        return self.status is Status.CANCELLED and self.awaits_deposit_until is not None

    @property
    def period(self) -> Period:
        return self.starts_at, self.ends_at

    def guest_may_change(self, terms: Terms, now: datetime) -> bool:
        notice = timedelta(minutes=terms.change_until_minutes)
        return self.status in (Status.PENDING, Status.CONFIRMED) and now <= self.starts_at - notice


@dataclass(frozen=True, slots=True, kw_only=True)
class Outline:
    """A reservation as far as it is counted."""

    house_id: str
    day: date
    starts_at: datetime
    party: int
    status: Status
    source: Source
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Booked:
    """A reservation with what opens it to its guest."""

    reservation: Reservation
    capability: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryEntry:
    happened_at: datetime
    actor: str
    actor_name: str
    what: str
    details: Mapping[str, Any] | None
