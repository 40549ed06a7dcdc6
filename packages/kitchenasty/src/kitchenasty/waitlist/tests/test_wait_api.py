"""The waiting list by the API, for guests with their link and for the house. 5 s."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import httpx
import pytest

from basis.ids import new_id
from basis.kit.testing import HandClock
from kitchenasty import locations
from kitchenasty.availability.tests.builders import EVENING, FRIDAY
from kitchenasty.kit.books import Books
from kitchenasty.kit.principals import Role
from kitchenasty.locations.tests.builders import add_house
from kitchenasty.staff.tests.builders import sign_in
from kitchenasty.waitlist.tests.builders import cancel, fill, go_on, open_small_house

DOOR = "/api/waiting-list"
Client = httpx.AsyncClient


@pytest.fixture
async def house(books: Books, clock: HandClock) -> locations.House:
    return await open_small_house(books, clock)


def asked(house: locations.House, **more: Any) -> dict[str, Any]:
    usual = {
        "locationId": house.id,
        "date": FRIDAY.isoformat(),
        "partySize": 2,
        "guestName": "Ada",
        "guestPhone": "030 1",
    }
    return usual | more


async def join(client: Client, house: locations.House, **more: Any) -> dict[str, Any]:
    answer = await client.post(DOOR, json=asked(house, **more))
    assert answer.status_code == 201, answer.text
    told: dict[str, Any] = answer.json()["data"]
    return told


def by_link(one: dict[str, Any]) -> dict[str, str]:
    return {"x-waiting-capability": one["capability"]}


async def test_a_guest_waits_sees_and_takes_what_is_offered_by_the_link_alone(
    books: Books, house: locations.House, client: Client
) -> None:
    taken = await fill(books, house)
    mine = await join(client, house, since="19:00", until="21:30")
    assert (mine["status"], mine["since"], mine["until"]) == ("WAITING", "19:00", "21:30")
    path = f"{DOOR}/{mine['id']}"
    early = await client.post(f"{path}/accept", headers=by_link(mine))
    assert (early.status_code, early.json()["code"]) == (409, "OfferOver")
    await cancel(books, taken[2])
    await go_on(books)
    seen = (await client.get(path, headers=by_link(mine))).json()["data"]
    assert seen["status"] == "OFFERED"
    assert (seen["offer"]["time"], seen["offer"]["startsAt"]) == (
        "20:00",
        "2030-05-17T18:00:00.000Z",
    )
    first = await client.post(f"{path}/accept", headers=by_link(mine))
    again = await client.post(f"{path}/accept", headers=by_link(mine))
    assert first.json() == again.json(), "two taps are one reservation"
    made = first.json()["data"]
    kept = await client.get(
        f"/api/reservations/{made['reservationId']}",
        headers={"x-reservation-capability": made["capability"]},
    )
    assert kept.json()["data"]["time"] == "20:00"
    assert (await client.get(made["trackingUrl"])).status_code == 200


async def test_the_same_key_is_the_same_place_in_the_line(
    books: Books, house: locations.House, client: Client
) -> None:
    await fill(books, house)
    key = {"idempotency-key": new_id()}
    first = await client.post(DOOR, json=asked(house), headers=key)
    again = await client.post(DOOR, json=asked(house), headers=key)
    assert first.status_code == again.status_code == 201
    assert first.json() == again.json()
    other = await client.post(DOOR, json=asked(house, partySize=1), headers=key)
    assert other.status_code in {409, 422}
    waiter = await sign_in(books, Role.STAFF, house.id)
    listed = await client.get(DOOR, params=day_of(house), headers=waiter)
    assert [one["guestName"] for one in listed.json()["data"]] == ["Ada"]


def day_of(house: locations.House) -> dict[str, str]:
    return {"locationId": house.id, "date": FRIDAY.isoformat()}


async def test_the_house_lists_offers_to_whom_it_likes_and_removes(
    books: Books, house: locations.House, client: Client
) -> None:
    taken = await fill(books, house)
    ada, ben = [await join(client, house, guestName=name) for name in ("Ada", "Ben")]
    waiter = await sign_in(books, Role.STAFF, house.id)
    full = await client.post(f"{DOOR}/{ben['id']}/offer", headers=waiter)
    assert (full.status_code, full.json()["code"]) == (409, "NothingFree")
    await cancel(books, taken[2])
    for _ in range(2):
        offered = await client.post(f"{DOOR}/{ben['id']}/offer", headers=waiter)
        assert offered.json()["data"]["status"] == "OFFERED", "twice is once"
    await go_on(books)
    listed = (await client.get(DOOR, params=day_of(house), headers=waiter)).json()["data"]
    assert [(one["guestName"], one["status"]) for one in listed] == [
        ("Ada", "WAITING"),
        ("Ben", "OFFERED"),
    ]
    removed = await client.delete(f"{DOOR}/{ben['id']}", headers=waiter)
    assert removed.status_code == 200
    await go_on(books)
    seen = await client.get(f"{DOOR}/{ada['id']}", headers=by_link(ada))
    assert seen.json()["data"]["status"] == "OFFERED", "what was held goes to the next"
    gone = await client.post(f"{DOOR}/{ben['id']}/offer", headers=waiter)
    assert (gone.status_code, gone.json()["code"]) == (409, "OfferOver")


async def test_nobody_sees_or_touches_the_place_of_somebody_else(
    books: Books, house: locations.House, client: Client
) -> None:
    await fill(books, house)
    ada, ben = [await join(client, house, guestName=name) for name in ("Ada", "Ben")]
    async with books.writing() as uow:
        elsewhere = await add_house(uow, hours=EVENING, slug="quay")
    stranger = await sign_in(books, Role.STAFF, elsewhere.id)
    path = f"{DOOR}/{ada['id']}"
    for headers, code in ((by_link(ben), 401), ({}, 401), (stranger, 404)):
        for method, there in (("GET", path), ("DELETE", path), ("POST", f"{path}/accept")):
            answer = await client.request(method, there, headers=headers)
            assert answer.status_code == code, (method, there, answer.text)
            assert "Ada" not in answer.text
    assert (await client.get(DOOR, params=day_of(house), headers=stranger)).status_code == 403
    for wrong in ("x", "0" * 64, new_id()):
        answer = await client.get(f"{DOOR}/{wrong}", headers=by_link(ada))
        assert answer.status_code == 401
    seen = await client.get(path, headers=by_link(ada))
    assert seen.json()["data"]["status"] == "WAITING"


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({}, "there is a table at 17:00"),
        ({"partySize": 0}, "A party is 1 to 100 people."),
        ({"partySize": 500}, "A party is 1 to 100 people."),
        ({"date": "2030-02-31"}, "There is no such day."),
        ({"date": "2030-05-01"}, "We seat nobody at these times"),
        ({"since": "25:99"}, "Please write times like 18:30."),
        ({"since": "03:00", "until": "04:00"}, "We seat nobody at these times"),
        ({"guestEmail": "no address"}, "mail"),
        ({"locationId": "nowhere"}, "no such house"),
    ],
)
async def test_who_cannot_wait_is_told_why(
    house: locations.House, client: Client, sent: dict[str, Any], words: str
) -> None:
    answer = await client.post(DOOR, json=asked(house, **sent))
    assert answer.status_code in {400, 404, 409}
    assert words in answer.json()["error"]


async def test_a_closed_day_has_no_line(
    books: Books, house: locations.House, client: Client
) -> None:
    async with books.writing() as uow:
        await locations.set_exception(uow, house.id, FRIDAY + timedelta(days=1), ())
    closed = asked(house, date=(FRIDAY + timedelta(days=1)).isoformat())
    answer = await client.post(DOOR, json=closed)
    assert answer.status_code == 400
    assert "We seat nobody at these times" in answer.json()["error"]
