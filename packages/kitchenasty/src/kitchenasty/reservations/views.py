"""Reservations as doors and other slices see them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from kitchenasty.availability import Period
from kitchenasty.reservation_terms import Agreed, Terms
from kitchenasty.reservations.states import HOLDING, Source, Status


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
