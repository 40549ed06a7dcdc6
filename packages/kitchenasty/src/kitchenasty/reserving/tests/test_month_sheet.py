"""The sheet of days from which guests choose: weeks as rows, in the words of their language."""

from __future__ import annotations

import re
from datetime import date, timedelta

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from basis.kit.testing import HandClock
from kitchenasty import locations
from kitchenasty.availability import CalendarDay, DayState, days_of
from kitchenasty.availability.tests.builders import EVENING, FRIDAY, WAITER, add_tables, wish
from kitchenasty.kit.books import Books
from kitchenasty.kit.http.i18n import current_locale
from kitchenasty.locations.tests.builders import add_house
from kitchenasty.reservations.tests.builders import book
from kitchenasty.reserving.month_sheet import MonthSheet, draw_month

OWN = {"origin": "http://house.example"}
CLOSED_MONDAYS = tuple(one for one in EVENING if one.weekday != 1)
COUNTRIES = st.sampled_from(["DE", "US", "GB", "EG", "NL", "XX"])


def drawn(month: date, country: str = "DE", today: date | None = None) -> MonthSheet:
    return draw_month(
        [CalendarDay(day, DayState.FREE) for day in days_of(month)],
        today=today or month,
        last_day=month + timedelta(days=60),
        chosen=None,
        country=country,
        address=lambda one: one.day.isoformat(),
    )


@given(st.dates(date(2001, 1, 1), date(2999, 11, 30)), COUNTRIES)
def test_every_day_stands_once_in_order_below_the_name_of_its_weekday(
    day: date, country: str
) -> None:
    sheet = drawn(day.replace(day=1), country)
    shown = [cell.day for week in sheet.weeks for cell in week if cell]
    assert shown == days_of(day)
    assert {len(week) for week in sheet.weeks} == {7}
    assert all(any(week) for week in sheet.weeks), "no row is empty"
    for week in sheet.weeks:
        for (_, name), cell in zip(sheet.weekdays, week, strict=True):
            assert cell is None or cell.told.startswith(name)


def test_a_week_begins_as_in_the_country_and_is_named_in_the_language_of_the_guest() -> None:
    for country, first in (
        ("DE", "Monday"),
        ("US", "Sunday"),
        ("EG", "Saturday"),
        ("XX", "Monday"),
    ):
        assert drawn(FRIDAY.replace(day=1), country).weekdays[0][1] == first
    before = current_locale.set("de")
    try:
        sheet = drawn(FRIDAY.replace(day=1))
    finally:
        current_locale.reset(before)
    assert sheet.title == "Mai 2030"
    assert sheet.weekdays[0] == ("Mo.", "Montag")
    [cell] = [cell for week in sheet.weeks for cell in week if cell and cell.day == FRIDAY]
    assert cell.told == "Freitag, 17. Mai 2030, frei"


@pytest.fixture
async def house(books: Books, clock: HandClock) -> locations.House:
    clock.now = clock.now.replace(day=16, hour=10)
    async with books.writing() as uow:
        made = await add_house(uow, hours=CLOSED_MONDAYS, phone="030 55", slug="rye")
        await add_tables(uow, made, (2, 2))
    return made


def told_of(page: str, day: date) -> str:
    """What is said of a day, with what stands around it."""
    [found] = re.findall(rf'<td class="[^"]*"[^>]*><[^>]*data-day="{day}".*?</td>', page)
    return str(found)


TIMES = ("17:00", "18:30", "20:00", "21:30", "23:00", "00:30")


async def test_a_day_says_in_words_whether_it_is_free_full_or_closed_and_leads_on(
    books: Books, house: locations.House, client: httpx.AsyncClient
) -> None:
    for shown in TIMES * 2:
        await book(books, wish(house, shown), actor=WAITER)
    page = (await client.get("/at/rye/reserve?party=2")).text
    assert "May 2030" in page
    full = told_of(page, FRIDAY)
    assert "Friday, 17 May 2030, full" in full
    assert f'href="/at/rye/wait?party=2&amp;day={FRIDAY}"' in full
    free = told_of(page, FRIDAY + timedelta(days=1))
    assert ", free" in free
    assert f"/at/rye/reserve?party=2&amp;date={FRIDAY + timedelta(days=1)}#times" in free
    closed, over = told_of(page, date(2030, 5, 20)), told_of(page, date(2030, 5, 1))
    assert ", closed" in closed
    assert ", over" in over
    assert "href" not in closed + over
    assert ", today" in told_of(page, date(2030, 5, 16))
    assert 'data-page="earlier"' not in page
    later = (await client.get("/at/rye/reserve?party=2&month=2030-07")).text
    assert 'data-page="earlier"' in later
    assert 'data-page="later"' not in later, "sixty days ahead, and no month more"
    assert "cannot be booked yet" in told_of(later, date(2030, 7, 31))


async def test_a_guest_moves_a_reservation_from_the_same_sheet_and_keeps_the_notes(
    books: Books, house: locations.House, client: httpx.AsyncClient
) -> None:
    for shown in TIMES:
        await book(books, wish(house, shown), actor=WAITER)
    typed = {
        "key": "k", "party": "2", "date": str(FRIDAY), "time": "20:00",
        "name": "Ben", "phone": "030 2", "note": "By the stove", "allergies": "Nuts",
    }  # fmt: skip
    made = await client.post("/at/rye/reserve", data=typed, headers=OWN)
    mine = made.headers["location"]
    for shown in TIMES:
        if shown != "20:00":
            await book(books, wish(house, shown), actor=WAITER)
    page = (await client.get(f"{mine}/change")).text
    kept = told_of(page, FRIDAY)
    assert ", free" in kept, "what is theirs is free for them"
    assert "data-chosen" in kept
    assert re.findall(r'name="time" value="([^"]*)" required( checked)?', page) == [
        ("20:00", " checked")
    ]
    other = FRIDAY + timedelta(days=1)
    page = (await client.get(f"{mine}/change?party=2&date={other}")).text
    assert 'value="18:30"' in page
    moved = {"party": "2", "date": str(other), "time": "18:30"}
    done = await client.post(f"{mine}/change", data=moved, headers=OWN)
    assert done.headers.get("location") == mine, done.text
    page = (await client.get(mine)).text
    assert "18:30" in page
    assert "By the stove" in page
    assert "Nuts" in page
    gone = moved | {"date": str(FRIDAY), "time": "17:00"}
    refused = await client.post(f"{mine}/change", data=gone, headers=OWN)
    assert refused.status_code == 409
    assert 'role="alert"' in refused.text
    assert "data-month" in refused.text, "the sheet again, with what is left"


@pytest.mark.parametrize(
    "query",
    ["party=0", "party=500&date=2030-02-31", "date=2030-05-01", "month=x", "date=2030-05-20"],
)
async def test_whatever_a_link_says_the_sheet_to_change_is_shown(
    house: locations.House, client: httpx.AsyncClient, query: str
) -> None:
    typed = {
        "key": "k",
        "party": "2",
        "date": str(FRIDAY),
        "time": "20:00",
        "name": "B",
        "phone": "1",
    }
    mine = (await client.post("/at/rye/reserve", data=typed, headers=OWN)).headers["location"]
    answer = await client.get(f"{mine}/change?{query}")
    assert answer.status_code == 200
    assert "data-month" in answer.text
    assert (await client.get("/r/x/change")).status_code == 404
    assert house.slug in answer.text
