"""What others may react to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from basis.events import Event
from kitchenasty.reservations.states import Source, Status


@dataclass(frozen=True, slots=True, kw_only=True)
class ReservationMade(Event):
    topic: ClassVar[str] = "reservation.created"
    reservation_id: str
    house_id: str
    status: Status
    source: Source
    awaits_deposit: bool = False
    """Its tables are kept only until money comes; the house is told when it did."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReservationChanged(Event):
    """Another day, time, party or other tables. `what` names the fields of it that are others."""

    topic: ClassVar[str] = "reservation.changed"
    reservation_id: str
    house_id: str
    what: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ReservationMoved(Event):
    """From one status to another."""

    topic: ClassVar[str] = "reservation.moved"
    reservation_id: str
    house_id: str
    before: Status
    after: Status
    awaited_deposit: bool = False
    """Whether it waited for money until then, and the house had not been told of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReservationReleased(Event):
    """It waited for money and waits no more: from now on it is like any other."""

    topic: ClassVar[str] = "reservation.released"
    reservation_id: str
    house_id: str
    status: Status
