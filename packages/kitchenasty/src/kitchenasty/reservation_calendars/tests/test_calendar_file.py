"""The file for calendars: right in every hour of the year, the same for the same reservation."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from icalendar import Calendar

from kitchenasty.kit.books import Books
from kitchenasty.locations.tests.builders import add_house
from kitchenasty.reservation_calendars import calendar_file
from kitchenasty.reservations import Reservation, Source, Status

LINK = "https://bistro.example/r/secret"
BERLIN = "Europe/Berlin"


def reservation_at(starts_at: datetime, **more: Any) -> Reservation:
    known: dict[str, Any] = {
        "id": "01976000-0000-7000-8000-000000000001", "house_id": "h", "customer_id": None,
        "guest_name": "Anna", "guest_email": None, "guest_phone": None, "party": 2,
        "day": starts_at.date(), "starts_at": starts_at, "ends_at": starts_at + timedelta(hours=2),
        "quarter": starts_at, "status": Status.CONFIRMED, "source": Source.GUEST, "area": None,
        "note": None, "allergies": None, "house_note": None, "locale": None, "version": 3,
        "created_at": starts_at, "updated_at": starts_at,
    }  # fmt: skip
    return Reservation(**(known | more))


@pytest.mark.parametrize(
    ("starts_at", "told"),
    [
        ("2030-03-31T00:30", "20300331T013000"),
        ("2030-03-31T01:30", "20300331T033000"),
        ("2030-10-27T00:30", "20301027T023000"),
        ("2030-10-27T01:30", "20301027T013000Z"),
        ("2030-10-27T02:30", "20301027T033000"),
    ],
    ids=["before spring", "after the skipped hour", "first time", "second time", "winter"],
)
async def test_the_nights_of_the_clock_change_are_told_as_they_are(
    books: Books, starts_at: str, told: str
) -> None:
    async with books.writing() as uow:
        house = await add_house(uow, zone=BERLIN)
    instant = datetime.fromisoformat(starts_at).replace(tzinfo=UTC)
    text = calendar_file.guest_file(house, reservation_at(instant), LINK)
    zone = "" if told.endswith("Z") else f";TZID={BERLIN}"
    assert f"DTSTART{zone}:{told}\r\n".encode() in text
    calendar: Any = Calendar.from_ical(text)
    [event] = calendar.events
    assert event.start.astimezone(UTC) == instant


async def test_a_text_with_line_ends_stays_one_field(books: Books) -> None:
    async with books.writing() as uow:
        house = await add_house(
            uow, name="Rye\r\nATTACH:https://evil.example; a, b", email="us@b.example"
        )
    text = calendar_file.guest_file(house, reservation_at(books.clock()), LINK)
    calendar = Calendar.from_ical(text)
    [event] = calendar.events
    assert "ATTACH" not in event
    assert b"\r\nATTACH" not in text
    assert "a, b" in str(event["SUMMARY"])
    assert text == calendar_file.guest_file(house, reservation_at(books.clock()), LINK)
