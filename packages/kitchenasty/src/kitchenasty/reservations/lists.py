"""Lists of reservations for those who may see them, and how many wait for an answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, bindparam, func, select

from basis.kit.data.paging import Page
from basis.kit.data.statements import Statement, one_of
from kitchenasty.kit.books import Look
from kitchenasty.reservations.models import ReservationRow
from kitchenasty.reservations.queries import SELECTED, reservation_of, with_tables
from kitchenasty.reservations.states import Source, Status
from kitchenasty.reservations.views import Outline, Reservation

COUNTED_MAX = 10_000
SHAPES_KEPT = 64
A_DAY = timedelta(days=1)
CONDITIONS: dict[str, ColumnElement[bool]] = {
    "house_ids": one_of(ReservationRow.house_id, "house_ids"),
    "statuses": one_of(ReservationRow.status, "statuses"),
    "customer_id": ReservationRow.customer_id == bindparam("customer_id", required=True),
    "day": ReservationRow.day == bindparam("day", required=True),
    "since": ReservationRow.day >= bindparam("since", required=True),
}
BOOKED = Statement(
    select(*SELECTED)
    .where(
        ReservationRow.house_id == bindparam("of_house", required=True),
        ReservationRow.day >= bindparam("first", required=True),
        ReservationRow.day <= bindparam("last", required=True),
        ReservationRow.source != Source.WALK_IN,
    )
    .order_by(ReservationRow.day, ReservationRow.starts_at, ReservationRow.id)
    .limit(bindparam("most", required=True))
)
SOON = Statement(
    select(ReservationRow.id, ReservationRow.starts_at)
    .where(
        ReservationRow.house_id == bindparam("of_house", required=True),
        # The index is by day; a day begins and ends elsewhere at another instant.
        ReservationRow.day >= bindparam("first_day", required=True),
        ReservationRow.day <= bindparam("last_day", required=True),
        ReservationRow.starts_at > bindparam("since", required=True),
        ReservationRow.starts_at <= bindparam("until", required=True),
        ReservationRow.status == Status.CONFIRMED,
    )
    .order_by(ReservationRow.starts_at, ReservationRow.id)
)
STARTS = Statement(
    select(
        ReservationRow.id,
        ReservationRow.starts_at,
        ReservationRow.house_id,
        ReservationRow.created_at,
    )
    .where(
        one_of(ReservationRow.house_id, "house_ids"),
        ReservationRow.day >= bindparam("first_day", required=True),
        ReservationRow.day <= bindparam("last_day", required=True),
        ReservationRow.starts_at > bindparam("since", required=True),
        ReservationRow.starts_at <= bindparam("until", required=True),
        ReservationRow.status.not_in([Status.CANCELLED, Status.NO_SHOW]),
    )
    .order_by(ReservationRow.starts_at, ReservationRow.id)
)
BY_IDS = Statement(select(*SELECTED).where(one_of(ReservationRow.id, "ids")))
OUTLINES = Statement(
    select(
        ReservationRow.house_id,
        ReservationRow.day,
        ReservationRow.starts_at,
        ReservationRow.party,
        ReservationRow.status,
        ReservationRow.source,
        ReservationRow.created_at,
    ).where(
        one_of(ReservationRow.house_id, "house_ids"),
        ReservationRow.day >= bindparam("first", required=True),
        ReservationRow.day <= bindparam("last", required=True),
    )
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReservationFilter:
    """Which reservations of a list; what is None or empty lets all through."""

    house_ids: frozenset[str] | None = None
    statuses: tuple[Status, ...] = ()
    customer_id: str | None = None
    day: date | None = None
    since: date | None = None

    def values(self) -> dict[str, Any]:
        given: dict[str, Any] = {
            "house_ids": None if self.house_ids is None else sorted(self.house_ids),
            "statuses": list(self.statuses) or None,
            "customer_id": self.customer_id,
            "day": self.day,
            "since": self.since,
        }
        return {name: value for name, value in given.items() if value is not None}


async def list_reservations(
    look: Look, wanted: ReservationFilter, page: Page, *, newest_first: bool = False
) -> list[Reservation]:
    """In the order in which they come, or the last first."""
    values = wanted.values()
    statement = listing(frozenset(values), newest_first=newest_first)
    rows = await look.rows(statement, **values, taken=page.limit, skipped=page.offset)
    return await with_tables(look, rows)


async def count_reservations(look: Look, wanted: ReservationFilter) -> int:
    """How many there are, counted up to 10,000: beyond that nobody turns the pages."""
    values = wanted.values()
    return int(await look.value(counting(frozenset(values)), **values))


async def count_waiting(look: Look, house_ids: Sequence[str] | None) -> int:
    """Those that are still to come and that somebody of the house has to confirm."""
    wanted = ReservationFilter(
        house_ids=None if house_ids is None else frozenset(house_ids),
        statuses=(Status.PENDING,),
        # What is past needs no answer; a house anywhere on earth is at most a day behind.
        since=look.now.date() - A_DAY,
    )
    return await count_reservations(look, wanted)


async def list_booked(
    look: Look, house_id: str, first: date, last: date, *, most: int
) -> list[Reservation]:
    """What was booked for the days from `first` to `last`, in order; not who just walked in."""
    rows = await look.rows(BOOKED, of_house=house_id, first=first, last=last, most=most)
    return await with_tables(look, rows)


async def list_confirmed(look: Look, house_id: str, until: datetime) -> list[tuple[str, datetime]]:
    """Who is expected from now on until then: the ids of the reservations, and when they come."""
    found = await look.rows(
        SOON,
        of_house=house_id,
        first_day=(look.now - A_DAY * 2).date(),
        last_day=(until + A_DAY).date(),
        since=look.now,
        until=until,
    )
    return [(reservation_id, starts_at) for reservation_id, starts_at in found]


async def list_starts(
    look: Look, house_ids: Sequence[str], since: datetime, until: datetime
) -> list[tuple[str, datetime, str, datetime]]:
    """When parties come, or came, that have not cancelled: which, when, to which house, and when
    they booked.
    """
    rows = await look.rows(
        STARTS,
        house_ids=list(house_ids),
        since=since,
        until=until,
        first_day=(since - A_DAY).date(),
        last_day=(until + A_DAY).date(),
    )
    return [(row[0], row[1], row[2], row[3]) for row in rows]


async def list_by_ids(look: Look, reservation_ids: Sequence[str]) -> list[Reservation]:
    """These, whoever asks, without their tables; in no order."""
    rows = await look.rows(BY_IDS, ids=list(reservation_ids))
    return [reservation_of(row) for row in rows]


async def list_outlines(
    look: Look, house_ids: Sequence[str], first: date, last: date
) -> list[Outline]:
    """All of a period, both days included, whatever became of them; in no order."""
    return [
        Outline(
            house_id=house_id,
            day=day,
            starts_at=starts_at,
            party=party,
            status=Status(status),
            source=Source(source),
            created_at=created_at,
        )
        for house_id, day, starts_at, party, status, source, created_at in await look.rows(
            OUTLINES, house_ids=list(house_ids), first=first, last=last
        )
    ]


@lru_cache(SHAPES_KEPT)
def listing(given: frozenset[str], *, newest_first: bool) -> Statement:
    order = (ReservationRow.starts_at, ReservationRow.id)
    return Statement(
        select(*SELECTED)
        .where(*(CONDITIONS[name] for name in sorted(given)))
        .order_by(*(column.desc() if newest_first else column for column in order))
        .limit(bindparam("taken", required=True))
        .offset(bindparam("skipped", required=True))
    )


@lru_cache(SHAPES_KEPT)
def counting(given: frozenset[str]) -> Statement:
    some = (
        select(ReservationRow.id)
        .where(*(CONDITIONS[name] for name in sorted(given)))
        .limit(COUNTED_MAX)
        .subquery()
    )
    return Statement(select(func.count()).select_from(some))
