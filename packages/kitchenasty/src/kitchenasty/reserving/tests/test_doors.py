"""The doors of the API: guests with and without an account, the house, and those who try things."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import httpx
import pytest

from basis.kit.testing import HandClock
from kitchenasty import locations
from kitchenasty.availability.tests.builders import EVENING, FRIDAY, add_tables, count_overlaps
from kitchenasty.kit.books import Books
from kitchenasty.locations.tests.builders import add_house
from kitchenasty.reservations.tests.builders import DOOR, asked

Client = httpx.AsyncClient


@pytest.fixture
async def restaurant(books: Books, clock: HandClock) -> locations.House:
    """Two tables for two and one for four; it is the day before."""
    clock.now = clock.now.replace(year=2030, month=5, day=16, hour=10)
    async with books.writing() as uow:
        house = await add_house(uow, hours=EVENING, phone="030 55")
        await add_tables(uow, house, (2, 2, 4))
    return house


async def book(client: Client, house: locations.House, **more: Any) -> dict[str, Any]:
    answer = await client.post(DOOR, json=asked(house, **more))
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()["data"]
    return made


def by_link(made: dict[str, Any]) -> dict[str, str]:
    return {"x-reservation-capability": made["capability"]}


async def free_times(client: Client, house: locations.House, party: int = 2) -> list[str]:
    answer = await client.get(f"{DOOR}/slots?locationId={house.id}&date={FRIDAY}&partySize={party}")
    return [slot["time"] for slot in answer.json()["data"] if slot["available"]]


async def test_a_stranger_books_and_sees_it_by_the_link(
    client: Client, restaurant: locations.House
) -> None:
    made = await book(client, restaurant, comment="By the window", allergies="nuts")
    assert made["date"] == "2030-05-17T00:00:00.000Z"
    assert (made["time"], made["startsAt"]) == ("19:00", "2030-05-17T17:00:00.000Z")
    assert (made["status"], made["partySize"], made["customer"]) == ("CONFIRMED", 2, None)
    assert made["table"]["capacity"] == 2
    assert made["trackingUrl"] == f"/r/{made['capability']}"
    seen = await client.get(f"{DOOR}/{made['id']}", headers=by_link(made))
    assert seen.json()["data"]["comment"] == "By the window"
    assert "houseNote" not in seen.json()["data"]
    assert seen.headers["cache-control"] == "no-store"
    assert (await client.get(f"{DOOR}/{made['id']}")).status_code == 401


async def test_what_is_booked_is_no_longer_free(
    client: Client, restaurant: locations.House
) -> None:
    assert "19:00" in await free_times(client, restaurant, 4)
    await book(client, restaurant, partySize=4)
    left = await free_times(client, restaurant, 4)
    assert "19:00" not in left
    assert "17:00" in left
    refused = await client.post(DOOR, json=asked(restaurant, partySize=4))
    assert refused.status_code == 409
    told = refused.json()
    assert told["code"] == "FullyBooked"
    assert told["details"]["free"]
    assert set(told["details"]["free"]) <= set(left)


async def test_a_repeated_request_books_once_even_the_last_table(
    client: Client, restaurant: locations.House
) -> None:
    key = {"idempotency-key": "one-intent"}
    body = asked(restaurant, partySize=4)
    answers = [await client.post(DOOR, json=body, headers=key) for _ in range(3)]
    assert [one.status_code for one in answers] == [201] * 3
    assert len({one.json()["data"]["id"] for one in answers}) == 1
    other = await client.post(DOOR, json=body | {"partySize": 3}, headers=key)
    assert (other.status_code, other.json()["code"]) == (422, "IdempotencyKeyReused")


@pytest.mark.parametrize(
    ("wish", "status", "words"),
    [
        ({"date": "2030-05-01"}, 400, "over"),
        ({"date": "2030-02-31"}, 400, "no such day"),
        ({"date": "0001-01-01"}, 400, "no such day"),
        ({"date": "9999-12-31"}, 400, "no such day"),
        ({"date": "tomorrow"}, 400, "no such day"),
        ({"date": "2031-05-17"}, 400, "days ahead"),
        ({"time": "25:99"}, 400, "25:99"),
        ({"time": "12:00"}, 400, "from 17:00 to"),
        ({"time": "19:07"}, 400, "19:07"),
        ({"time": ""}, 400, "nobody"),
        ({"partySize": 0}, 400, "1 to 100"),
        ({"partySize": 500}, 400, "1 to 100"),
        ({"partySize": 11}, 400, "up to 10"),
        ({"partySize": -1}, 400, "partySize"),
        ({"partySize": 10}, 409, "no table left"),
        ({"area": "Roof"}, 409, "no table left"),
        ({"locationId": "nowhere"}, 404, "no such house"),
        ({"guestName": ""}, 400, "your name"),
        ({"guestEmail": None}, 400, "phone number or an e-mail"),
        ({"guestEmail": "not an address"}, 400, ""),
        ({"comment": "x" * 501}, 400, "comment"),
    ],
)
async def test_what_cannot_be_is_refused_in_words(
    client: Client,
    restaurant: locations.House,
    wish: dict[str, Any],
    status: int,
    words: str,
) -> None:
    answer = await client.post(DOOR, json=asked(restaurant, **wish))
    assert answer.status_code == status, answer.text
    assert words in answer.json()["error"]
    assert answer.json()["code"]


async def test_a_closed_day_and_a_house_that_takes_none_say_so(
    client: Client, books: Books, restaurant: locations.House
) -> None:
    async with books.writing() as uow:
        await locations.set_exception(uow, restaurant.id, FRIDAY, ())
    closed = await client.post(DOOR, json=asked(restaurant))
    assert (closed.status_code, closed.json()["code"]) == (400, "WishRefused")
    assert "closed on that day" in closed.json()["error"]
    month = await client.get(f"{DOOR}/calendar?locationId={restaurant.id}&month=2030-05")
    states = {day["date"]: day["state"] for day in month.json()["data"]}
    assert states["2030-05-17"] == "CLOSED"
    assert states["2030-05-15"] == "OVER"
    assert states["2030-05-18"] == "FREE"
    assert len(states) == 31


async def test_a_day_without_a_table_is_full_in_the_calendar(
    client: Client, restaurant: locations.House
) -> None:
    free = await free_times(client, restaurant, 4)
    for time in free:
        if time in await free_times(client, restaurant, 4):
            await book(client, restaurant, partySize=4, time=time)
    asked_for = f"{DOOR}/calendar?locationId={restaurant.id}&month=2030-05&partySize="
    found = {}
    for party in (2, 4):
        answer = await client.get(f"{asked_for}{party}")
        found[party] = {day["date"]: day["state"] for day in answer.json()["data"]}
    assert (found[2]["2030-05-17"], found[4]["2030-05-17"]) == ("FREE", "FULL")
    july = await client.get(f"{DOOR}/calendar?locationId={restaurant.id}&month=2030-12")
    assert {day["state"] for day in july.json()["data"]} == {"NOT_YET"}


async def test_a_guest_changes_and_cancels_until_the_notice(
    client: Client, books: Books, clock: HandClock, restaurant: locations.House
) -> None:
    made = await book(client, restaurant)
    path, mine = f"{DOOR}/{made['id']}", by_link(made)
    later = await client.patch(path, json={"time": "20:00", "partySize": 4}, headers=mine)
    assert later.status_code == 200, later.text
    assert (later.json()["data"]["time"], later.json()["data"]["table"]["capacity"]) == ("20:00", 4)
    assert "19:00" in await free_times(client, restaurant)
    told = await client.patch(path, json={"comment": "A birthday"}, headers=mine)
    assert told.json()["data"]["comment"] == "A birthday"
    clock.now += timedelta(hours=31)
    late = await client.patch(path, json={"status": "CANCELLED"}, headers=mine)
    assert (late.status_code, late.json()["code"]) == (409, "TooLateToChange")
    assert "030 55" in late.json()["error"]
    clock.now -= timedelta(hours=31)
    gone = await client.patch(path, json={"status": "CANCELLED"}, headers=mine)
    assert gone.json()["data"]["status"] == "CANCELLED"
    assert [step["what"] for step in gone.json()["data"]["history"]] == [
        "book", "change", "note", "cancelled",
    ]  # fmt: skip
    assert "20:00" in await free_times(client, restaurant, 4)
    async with books.reading() as look:
        assert await count_overlaps(look) == 0


@pytest.mark.parametrize(
    "wanted",
    [
        {"status": "SEATED"},
        {"tableId": "x"},
        {"tableIds": []},
        {"houseNote": "VIP"},
        {"tableId": None},
    ],
)
async def test_a_guest_does_not_decide_for_the_house(
    client: Client, restaurant: locations.House, wanted: dict[str, Any]
) -> None:
    made = await book(client, restaurant)
    answer = await client.patch(f"{DOOR}/{made['id']}", json=wanted, headers=by_link(made))
    assert (answer.status_code, answer.json()["code"]) == (403, "NotAllowed")


async def test_a_change_that_cannot_be_had_leaves_the_table(
    client: Client, restaurant: locations.House
) -> None:
    await book(client, restaurant, partySize=4, time="20:00")
    made = await book(client, restaurant)
    path, mine = f"{DOOR}/{made['id']}", by_link(made)
    refused = await client.patch(path, json={"time": "20:00", "partySize": 4}, headers=mine)
    assert (refused.status_code, refused.json()["code"]) == (409, "FullyBooked")
    seen = (await client.get(path, headers=mine)).json()["data"]
    assert (seen["time"], seen["table"], seen["version"]) == ("19:00", made["table"], 1)


@pytest.mark.parametrize("query", ["", "?locationId=x", "?date=2030-05-17", "?locationId=x&date=x"])
async def test_availability_says_what_is_missing(client: Client, query: str) -> None:
    answer = await client.get(f"{DOOR}/availability{query}")
    assert answer.status_code in (400, 404)
    assert answer.json()["success"] is False


async def test_half_past_midnight_belongs_to_the_evening_before(
    client: Client, restaurant: locations.House
) -> None:
    made = await book(client, restaurant, time="00:30")
    assert (made["date"][:10], made["time"]) == ("2030-05-17", "00:30")
    assert made["startsAt"] == "2030-05-17T22:30:00.000Z"
