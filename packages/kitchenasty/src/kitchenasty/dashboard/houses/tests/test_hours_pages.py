"""Opening hours in the office: typed as on a door, copied, and other hours on some days."""

from __future__ import annotations

from datetime import date

import httpx
import pytest

from kitchenasty import locations
from kitchenasty.dashboard.tests.builders import OWN
from kitchenasty.kit.books import Books

SPLIT = "11:30-14:30, 17:00-23:00"


async def hours_of(books: Books, house: locations.House) -> locations.WeekHours:
    async with books.reading() as look:
        return (await locations.load_house(look, house.id)).hours


async def test_a_week_is_typed_as_on_the_door(
    manager: httpx.AsyncClient, books: Books, house: locations.House
) -> None:
    path = f"/admin/houses/{house.id}/hours"
    week = {"day_1": SPLIT, "day_5": "18-02", "day_6": "24h", "day_0": "closed"}
    saved = await manager.post(path, data=week, headers=OWN)
    assert saved.status_code == 303, saved.text
    hours = await hours_of(books, house)
    assert {(one.weekday, one.opens, one.closes) for one in hours.week} == {
        (1, 690, 870), (1, 1_020, 1_380), (5, 1_080, 1_560), (6, 0, 1_440),
    }  # fmt: skip
    shown = (await manager.get(saved.headers["location"])).text
    assert f'value="{SPLIT}"' in shown
    assert 'value="18:00-02:00"' in shown
    assert 'value="00:00-24:00"' in shown
    guests = (await manager.get(f"/at/{house.slug}")).text
    assert "11:30–14:30" in guests


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("11:30", "no opening hours"),
        ("25-26", "no opening hours"),
        ("11-15, 14-18", "lie over each other"),
        ("13pm-15pm", "no opening hours"),
        ("1-2, 3-4, 5-6, 7-8, 9-10, 11-12, 13-14", "up to 6"),
    ],
)
async def test_hours_that_cannot_be_are_refused_and_what_was_typed_stays(
    manager: httpx.AsyncClient,
    books: Books,
    house: locations.House,
    typed: str,
    sentence: str,
) -> None:
    before = await hours_of(books, house)
    form = {"day_1": "8-12", "day_2": typed}
    answer = await manager.post(f"/admin/houses/{house.id}/hours", data=form, headers=OWN)
    assert answer.status_code == 400
    assert sentence in answer.text
    assert 'value="8-12"' in answer.text
    assert f'value="{typed}"' in answer.text
    assert await hours_of(books, house) == before


async def test_a_day_is_copied_into_the_form_and_kept_only_when_saved(
    manager: httpx.AsyncClient, books: Books, house: locations.House
) -> None:
    before = await hours_of(books, house)
    form = {"day_1": SPLIT, "day_2": "9-10", "copied": "1", "to_3": "on", "to_4": "on"}
    path = f"/admin/houses/{house.id}/hours"
    copied = await manager.post(path, data={**form, "step": "copy"}, headers=OWN)
    assert copied.status_code == 200
    assert copied.text.count(f'value="{SPLIT}"') == 3
    assert 'value="9-10"' in copied.text
    assert await hours_of(books, house) == before


async def test_days_with_hours_of_their_own_are_kept_shown_to_guests_and_taken_away(
    manager: httpx.AsyncClient, books: Books, house: locations.House
) -> None:
    path = f"/admin/houses/{house.id}"
    today = books.clock().date()
    days = {"first": str(today), "last": str(today.replace(day=today.day + 2)), "note": "Bank day"}
    kept = await manager.post(f"{path}/dates", data=days, headers=OWN)
    assert kept.status_code == 303, kept.text
    dated = locations.list_dated(await hours_of(books, house), today)
    assert [(one.first, one.last.day - one.first.day, one.spans, one.note) for one in dated] == [
        (today, 2, (), "Bank day")
    ]
    guests = (await manager.get(f"/at/{house.slug}")).text
    assert guests.count("Bank day") >= 4, "above the menu, and on each of the three days"
    once = {"first": "2030-12-24", "hours": "10-14", "note": ""}
    await manager.post(f"{path}/dates", data=once, headers=OWN)
    hours = await hours_of(books, house)
    assert locations.day_of(hours, date(2030, 12, 24)).spans == (("10:00", "14:00"),)
    await manager.post(f"{path}/dates/remove", data=days, headers=OWN)
    left = locations.list_dated(await hours_of(books, house), today)
    assert [one.first for one in left] == [date(2030, 12, 24)]


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"first": ""}, "choose a day"),
        ({"first": "24.12.2030"}, "choose a day"),
        ({"first": "2030-12-24", "last": "2030-12-23"}, "after the first"),
        ({"first": "2030-12-24", "last": "2032-12-24"}, "within a year"),
        ({"first": "2030-12-24", "hours": "late"}, "no opening hours"),
    ],
)
async def test_days_that_cannot_be_are_refused(
    manager: httpx.AsyncClient,
    books: Books,
    house: locations.House,
    typed: dict[str, str],
    sentence: str,
) -> None:
    form = {"note": "Closed for a wedding", **typed}
    answer = await manager.post(f"/admin/houses/{house.id}/dates", data=form, headers=OWN)
    assert answer.status_code == 400
    assert sentence in answer.text
    assert "Closed for a wedding" in answer.text
    assert (await hours_of(books, house)).exceptions == {}
