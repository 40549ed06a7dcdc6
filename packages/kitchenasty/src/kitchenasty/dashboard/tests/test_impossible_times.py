"""Dates that no calendar has, times that no clock shows, parties of none and of hundreds: refused
in words wherever the house types them, and nothing is kept. 8 s.
"""

from __future__ import annotations

import httpx
import pytest

from kitchenasty import locations, reservations, waitlist
from kitchenasty.availability.tests.builders import FRIDAY, WAITER, open_restaurant, wish
from kitchenasty.dashboard.tests.builders import OWN, add_staff, sign_in
from kitchenasty.kit.books import Books
from kitchenasty.kit.principals import Role
from kitchenasty.reservations import Reservation
from kitchenasty.reservations.tests.builders import book

HERE = "/admin/tables"
WRONG = [
    ({"day": "2030-02-31"}, "Please choose a date of the calendar."),
    ({"day": "soon"}, "Please choose a date of the calendar."),
    ({"day": "1999-12-31"}, "Please choose a date of the calendar."),
    ({"day": "2030-05-16"}, "That time is over."),
    ({"time": "25:99"}, "We seat nobody at 25:99"),
    ({"time": "12:00"}, "We seat nobody at 12:00"),
    ({"party": "0"}, "A party is 1 to 100 people."),
    ({"party": "500"}, "A party is 1 to 100 people."),
    ({"party": "two"}, "whole number"),
]


@pytest.fixture
async def house(books: Books) -> locations.House:
    return await open_restaurant(books)


@pytest.fixture
async def party(books: Books, house: locations.House) -> Reservation:
    return (await book(books, wish(house, "19:30", 4))).reservation


@pytest.fixture
async def manager(
    client: httpx.AsyncClient, books: Books, house: locations.House
) -> httpx.AsyncClient:
    await add_staff(books, "boss@bistro.example", role=Role.MANAGER, houses=(house.id,))
    await sign_in(client, "boss@bistro.example")
    return client


async def list_all(books: Books, house: locations.House) -> list[Reservation]:
    async with books.reading(WAITER) as look:
        return await reservations.list_day(look, house.id, FRIDAY)


def told(answer: httpx.Response) -> str:
    assert answer.status_code in (400, 409), answer.status_code
    return answer.text.partition('role="alert"')[2][:600]


@pytest.mark.parametrize(("wrong", "words"), WRONG)
async def test_a_call_about_no_real_evening_is_not_written_down(
    manager: httpx.AsyncClient,
    books: Books,
    house: locations.House,
    wrong: dict[str, str],
    words: str,
) -> None:
    form = {"day": str(FRIDAY), "party": "2", "time": "20:00", "name": "Lena Frost"}
    answer = await manager.post(f"{HERE}/{house.id}/new", data=form | wrong, headers=OWN)
    assert words in told(answer)
    assert "Lena Frost" in answer.text, "what was typed is still there"
    assert await list_all(books, house) == []


@pytest.mark.parametrize(("wrong", "words"), WRONG)
async def test_a_party_is_not_put_at_no_real_evening(
    manager: httpx.AsyncClient,
    books: Books,
    house: locations.House,
    party: Reservation,
    wrong: dict[str, str],
    words: str,
) -> None:
    form = {"version": "1", "day": str(FRIDAY), "party": "4", "time": "20:00"} | wrong
    act = f"{HERE}/{house.id}/parties/{party.id}/change"
    assert words in told(await manager.post(act, data=form, headers=OWN))
    assert await list_all(books, house) == [party]


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"party": "0"}, "A party is 1 to 100 people."),
        ({"party": "500"}, "A party is 1 to 100 people."),
        ({"party": ""}, "whole number"),
        ({"table": "nowhere"}, "no such table"),
    ],
)
async def test_no_party_of_that_size_walks_in(
    manager: httpx.AsyncClient,
    books: Books,
    house: locations.House,
    wrong: dict[str, str],
    words: str,
) -> None:
    answer = await manager.post(
        f"{HERE}/{house.id}/walk-in", data={"party": "2"} | wrong, headers=OWN
    )
    assert words in told(answer)
    assert await list_all(books, house) == []


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"day": "2030-02-31"}, "Please choose a date of the calendar."),
        ({"day": "2030-05-16"}, "We seat nobody at these times"),
        ({"since": "25:99"}, "Please write times like 18:30."),
        ({"until": "noon"}, "Please write times like 18:30."),
        ({"party": "0"}, "A party is 1 to 100 people."),
        ({"party": "500"}, "A party is 1 to 100 people."),
    ],
)
async def test_nobody_waits_for_no_real_evening(
    manager: httpx.AsyncClient,
    books: Books,
    house: locations.House,
    wrong: dict[str, str],
    words: str,
) -> None:
    form = {"day": str(FRIDAY), "party": "40", "name": "Lena Frost"} | wrong
    assert words in told(await manager.post(f"{HERE}/{house.id}/waiting", data=form, headers=OWN))
    async with books.reading(WAITER) as look:
        assert await waitlist.list_waiting(look, house.id, FRIDAY) == []


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"since": "2030-02-31T18:00"}, "Please choose a date and a time."),
        ({"until": "2030-05-17T25:99"}, "Please choose a date and a time."),
        ({"until": ""}, "Please choose a date and a time."),
        ({"since": "2030-05-17T22:00"}, "an end after the beginning"),
        ({"until": "2031-06-01T00:00"}, "within a year"),
        ({"since": "2030-05-16T18:00", "until": "2030-05-16T19:00"}, "That time is over."),
        ({"tables": ["nowhere"]}, "no such table"),
    ],
)
async def test_no_table_is_blocked_for_no_real_time_and_what_was_typed_stays(
    manager: httpx.AsyncClient,
    books: Books,
    house: locations.House,
    wrong: dict[str, object],
    words: str,
) -> None:
    async with books.reading() as look:
        [first, *_] = await locations.list_tables(look, house.id)
    form: dict[str, object] = {
        "since": "2030-05-17T19:00",
        "until": "2030-05-17T20:00",
        "reason": "Wet paint",
        "tables": [first.id],
    }
    answer = await manager.post(
        f"/admin/houses/{house.id}/reservations/blocks", data=form | wrong, headers=OWN
    )
    assert words in told(answer)
    assert 'value="Wet paint"' in answer.text
    if "tables" not in wrong:
        assert f'name="tables" value="{first.id}" checked' in answer.text
    assert "No table is blocked." in answer.text


async def test_what_was_typed_of_tables_pushed_together_stays_when_it_is_refused(
    manager: httpx.AsyncClient, books: Books, house: locations.House
) -> None:
    async with books.reading() as look:
        [first, *_] = await locations.list_tables(look, house.id)
    form = {"name": "Long table", "seats": "many", "seatsMin": "5", "tables": [first.id]}
    answer = await manager.post(
        f"/admin/houses/{house.id}/reservations/combinations", data=form, headers=OWN
    )
    assert "whole number" in told(answer)
    assert 'value="Long table"' in answer.text
    assert f'name="tables" value="{first.id}" checked' in answer.text


async def test_two_pairs_of_tables_do_not_have_one_name(
    manager: httpx.AsyncClient, books: Books, house: locations.House
) -> None:
    async with books.reading() as look:
        tables = [table.id for table in await locations.list_tables(look, house.id)]
    path = f"/admin/houses/{house.id}/reservations/combinations"
    form = {"name": "Long table", "seats": "4", "seatsMin": "3"}
    made = await manager.post(path, data=form | {"tables": tables[:2]}, headers=OWN)
    assert made.status_code == 303
    again = await manager.post(path, data=form | {"tables": tables[2:4]}, headers=OWN)
    assert "of that name" in told(again)
