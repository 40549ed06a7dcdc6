"""Houses with tables, and what was ever booked there: a little in one, twenty thousand in another.

What is ahead is the same in both, so whatever the month of the second costs more is the past.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from basis.ids import new_id
from basis.kit.data.statements import insert_into
from benchmarks.house import opened
from benchmarks.load import Call
from benchmarks.workloads import Workload
from kitchenasty import locations
from kitchenasty.availability.models import ArrivalsRow, StayRow
from kitchenasty.kit.books import Books, UnitOfWork
from kitchenasty.kit.tables import Model
from kitchenasty.locations.tests.builders import add_house
from kitchenasty.reservations.models import ReservationRow
from kitchenasty.reservations.states import Source, Status

FEW, MANY = 200, 20_000
DAYS_AHEAD = 60
SEATS = (2,) * 10 + (4,) * 12 + (6,) * 3
SITTINGS = (time(18), time(20))
STAY = timedelta(hours=2)
PARTY = 2
EVENING = tuple(locations.IntervalDraft(weekday, "17:00", "02:00") for weekday in range(7))
LATE = "22:30"
"""When everybody has left, so that there is a table to be had."""
CHUNK_DAYS = 40
TABLES: tuple[type[Model], ...] = (ReservationRow, StayRow, ArrivalsRow)
INSERTS = {table: insert_into(table) for table in TABLES}
Rows = dict[type[Model], list[dict[str, Any]]]


@dataclass(frozen=True, slots=True)
class Booked:
    """A house in which `past` parties had a table. `month` is the next one, as `2026-12`."""

    house_id: str
    past: int
    month: str
    tomorrow: str


def remember_bookings(url: str) -> tuple[Booked, Booked]:
    """Both houses, that with few bookings first."""
    return asyncio.run(book_both(url))


async def book_both(url: str) -> tuple[Booked, Booked]:
    async with opened(url) as books:
        return await book_house(books, FEW), await book_house(books, MANY)


async def book_house(books: Books, past: int) -> Booked:
    async with books.writing() as uow:
        house = await add_house(uow, hours=EVENING)
        drafts = [
            locations.TableDraft(name=str(number), seats=seats)
            for number, seats in enumerate(SEATS, 1)
        ]
        tables = [table.id for table in await locations.add_tables(uow, house.id, drafts)]
        today = uow.now.astimezone(ZoneInfo(house.zone)).date()
    first = -(past // (len(tables) * len(SITTINGS)))
    for start in range(first, DAYS_AHEAD, CHUNK_DAYS):
        async with books.writing() as uow:
            for offset in range(start, min(start + CHUNK_DAYS, DAYS_AHEAD)):
                # Tonight nobody comes: whether a party of today is past depends on the hour.
                if offset:
                    await book_day(uow, house, tables, today + timedelta(days=offset))
    month = (today.replace(day=1) + timedelta(days=31)).strftime("%Y-%m")
    return Booked(house.id, past, month, (today + timedelta(days=1)).isoformat())


async def book_day(uow: UnitOfWork, house: locations.House, tables: list[str], day: date) -> None:
    """Every table twice."""
    rows: Rows = {table: [] for table in TABLES}
    for sitting in SITTINGS:
        starts_at = datetime.combine(day, sitting, tzinfo=ZoneInfo(house.zone)).astimezone(UTC)
        for table_id in tables:
            party = party_row(house.id, day, starts_at, uow.now)
            rows[ReservationRow].append(party)
            rows[StayRow].append(stay_row(party, table_id))
        covers = PARTY * len(tables)
        rows[ArrivalsRow].append({"house_id": house.id, "quarter": starts_at, "covers": covers})
    for table in TABLES:
        await uow.many(INSERTS[table], rows[table])


def party_row(house_id: str, day: date, starts_at: datetime, now: datetime) -> dict[str, Any]:
    party_id = new_id()
    return {
        "id": party_id,
        "house_id": house_id,
        **dict.fromkeys(
            (
                "customer_id",
                "guest_email",
                "area",
                "note",
                "allergies",
                "house_note",
                "locale",
                "agreed",
                "awaits_deposit_until",
            )
        ),
        "guest_name": "Ines Berg",
        "guest_phone": "+49 30 5550101",
        "name_key": "ines berg",
        "phone_key": "49305550101",
        "party": PARTY,
        "day": day,
        "starts_at": starts_at,
        "ends_at": starts_at + STAY,
        "quarter": starts_at,
        "status": Status.COMPLETED if starts_at < now else Status.CONFIRMED,
        "source": Source.GUEST,
        "capability_hash": party_id,
        "version": 1,
        "created_at": now,
        "updated_at": now,
    }


def stay_row(party: dict[str, Any], table_id: str) -> dict[str, Any]:
    return {
        "id": new_id(),
        "table_id": table_id,
        "reservation_id": party["id"],
        "block_id": None,
        **{name: party[name] for name in ("house_id", "starts_at", "ends_at")},
    }


def month_workload(booked: Booked) -> Workload:
    return Workload(f"W5 month of tables, {booked.past:,} booked before", (month_call(booked),))


def month_call(booked: Booked) -> Call:
    asked = f"locationId={booked.house_id}&month={booked.month}&partySize={PARTY}"
    return Call(f"/api/reservations/calendar?{asked}")


def table_calls(booked: Booked) -> list[Call]:
    """What a guest does: the month, a day's times, and a table."""
    form = {
        "locationId": booked.house_id,
        "date": booked.tomorrow,
        "time": LATE,
        "partySize": PARTY,
        "guestName": "Ines Berg",
        "guestPhone": "+49 30 5550101",
    }
    day = f"locationId={booked.house_id}&date={booked.tomorrow}&partySize={PARTY}"
    return [
        month_call(booked),
        Call(f"/api/reservations/slots?{day}"),
        Call("/api/reservations", method="POST", body=msgspec.json.encode(form), status=201),
    ]
