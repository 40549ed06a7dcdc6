"""Wishes, plans and what is kept, as others see them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from kitchenasty.availability.seating import Choice, Seat
from kitchenasty.availability.slots import Slot
from kitchenasty.reservation_terms import Terms

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
