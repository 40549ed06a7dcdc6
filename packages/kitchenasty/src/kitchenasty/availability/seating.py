"""Which table a party gets. Pure, and explained.

The fewest seats stay empty; of equals, the table that no combination needs; of equals, the fewest
tables; then as the house counts them. So the large and the combinable tables stay free for those
who need them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True, kw_only=True)
class Seat:
    """A table, or several that are pushed together, for `least` to `most` people.

    `table_ids` are sorted. `position` is where the house counts it; `areas` are the rooms of its
    tables. `is_combinable`: a combination needs one of these tables.
    """

    table_ids: tuple[str, ...]
    name: str
    least: int
    most: int
    areas: frozenset[str] = frozenset()
    position: int = 0
    is_combinable: bool = False


class Why(StrEnum):
    """Why a seat is not for a party."""

    TOO_SMALL = "TOO_SMALL"
    TOO_LARGE = "TOO_LARGE"
    OTHER_AREA = "OTHER_AREA"
    TAKEN = "TAKEN"


@dataclass(frozen=True, slots=True)
class Choice:
    """A seat that would do, and how many of its seats stay empty."""

    seat: Seat
    empty: int


def choose(
    seats: Iterable[Seat], party: int, *, taken: Collection[str] = (), area: str | None = None
) -> list[Choice]:
    """The seats that would do, the best first. `taken` are ids of tables."""
    fitting = [seat for seat in seats if why_not(seat, party, taken=taken, area=area) is None]
    return [
        Choice(seat, seat.most - party) for seat in sorted(fitting, key=lambda s: rank(s, party))
    ]


def rank(seat: Seat, party: int) -> tuple[int, bool, int, int, tuple[str, ...]]:
    return (
        seat.most - party,
        seat.is_combinable,
        len(seat.table_ids),
        seat.position,
        seat.table_ids,
    )


def why_not(
    seat: Seat, party: int, *, taken: Collection[str] = (), area: str | None = None
) -> Why | None:
    """The first reason against it; None if there is none."""
    if party > seat.most:
        return Why.TOO_SMALL
    if party < seat.least:
        return Why.TOO_LARGE
    if area is not None and seat.areas != {area}:
        return Why.OTHER_AREA
    if any(table_id in taken for table_id in seat.table_ids):
        return Why.TAKEN
    return None


def seats_for(seats: Sequence[Seat], table_ids: Collection[str]) -> Seat | None:
    """The seat that consists of exactly these tables."""
    wanted = tuple(sorted(table_ids))
    return next((seat for seat in seats if seat.table_ids == wanted), None)
