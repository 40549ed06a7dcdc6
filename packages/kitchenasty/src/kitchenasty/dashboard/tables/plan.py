"""The rooms as drawings: where each table stands, and what it is at this moment. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from kitchenasty.availability import Stay
from kitchenasty.dashboard.tables.book import DayBook, Party
from kitchenasty.dashboard.tables.signs import OF_PARTY, OPEN_TO_ALL, TableState, served_state
from kitchenasty.floor import PLAN_WIDTH, TablePlace
from kitchenasty.locations import Table

STEP = 40
HEIGHT_MIN = 8
SOON = timedelta(minutes=60)


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A table on the plan. `until` is when what it is ends: the next party comes, or this one is
    thought to leave. `words` are the guest's name or the reason of a block.
    """

    table: Table
    place: TablePlace
    state: TableState
    party: Party | None
    words: str
    until: datetime | None

    @property
    def x(self) -> int:
        return self.place.x * STEP

    @property
    def y(self) -> int:
        return self.place.y * STEP

    @property
    def width(self) -> int:
        return self.place.width * STEP

    @property
    def height(self) -> int:
        return self.place.height * STEP

    @property
    def is_open(self) -> bool:
        """Whether people who just came in may sit down here."""
        return self.state in OPEN_TO_ALL

    @property
    def is_movable(self) -> bool:
        """Whether somebody has it who can be put elsewhere."""
        return self.party is not None and self.party.reservation.is_held


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    name: str
    tables: tuple[Standing, ...]
    width: int = PLAN_WIDTH * STEP
    step: int = STEP

    @property
    def height(self) -> int:
        lowest = max((one.place.y + one.place.height for one in self.tables), default=0)
        return max(HEIGHT_MIN, lowest + 1) * STEP


def rooms_of(book: DayBook, places: Mapping[str, TablePlace], now: datetime) -> list[Room]:
    """One plan for each room, in the order in which the house counts its tables."""
    standing = [stand(book, table, places[table.id], now) for table in book.tables]
    areas = dict.fromkeys(one.table.area for one in standing)
    return [
        Room(name=area, tables=tuple(one for one in standing if one.table.area == area))
        for area in areas
    ]


def stand(book: DayBook, table: Table, place: TablePlace, now: datetime) -> Standing:
    """Who sits longer than planned has no stay any more, and the table all the same."""
    stays = [stay for stay in book.stays if stay.table_id == table.id]
    overdue = next((one for one in book.at_table if sits(one, table, now)), None)
    current = next((stay for stay in stays if stay.starts_at <= now < stay.ends_at), None)
    party = overdue
    until: datetime | None
    if overdue is not None:
        state, until = TableState.OVERDUE, overdue.reservation.ends_at
    elif current is not None:
        party = book.find(current.reservation_id or "")
        state = TableState.BLOCKED if party is None else OF_PARTY[party.state]
        until = current.ends_at
    else:
        state, until = free_state(stays, now)
        if not table.is_active:
            state = TableState.BLOCKED
    if party is not None:
        served = served_state(book.rounds.get(party.reservation.id, ()))
        # Who has eaten and paid is told by the clock again: they may stay too long.
        if served not in (None, TableState.PAID) or state is TableState.SEATED:
            state = served or state
    words = "" if current is None else current.words
    return Standing(
        table=table,
        place=place,
        state=state,
        party=party,
        words=words if party is None else party.reservation.guest_name,
        until=until,
    )


def sits(party: Party, table: Table, now: datetime) -> bool:
    reservation = party.reservation
    return table.id in reservation.table_ids and reservation.ends_at <= now


def free_state(stays: Sequence[Stay], now: datetime) -> tuple[TableState, datetime | None]:
    begins = min((stay.starts_at for stay in stays if stay.starts_at > now), default=None)
    if begins is not None and begins - now < SOON:
        return TableState.SOON, begins
    return TableState.FREE, begins
