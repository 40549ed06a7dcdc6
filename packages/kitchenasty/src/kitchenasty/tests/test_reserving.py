"""Reservations of those whom we know: customers see their own, the house decides about its own."""

from __future__ import annotations

from datetime import timedelta

import httpx

from basis.kit.testing import HandClock
from kitchenasty.availability.tests.builders import FRIDAY, add_tables
from kitchenasty.kit.identity.sessions import SessionKind
from kitchenasty.reservations.tests.builders import DOOR, asked
from kitchenasty.tests.scene import Scene

Client = httpx.AsyncClient


def bearer(scene: Scene, name: str) -> dict[str, str]:
    return {"authorization": f"Bearer {scene.tokens[name, SessionKind.API]}"}


async def test_customers_see_their_own_and_nobody_elses(
    client: Client, scene: Scene, clock: HandClock
) -> None:
    clock.now = clock.now.replace(year=2030, month=5, day=16, hour=10)
    async with scene.books.writing() as uow:
        await add_tables(uow, scene.house, (4,))
    anna, ben = bearer(scene, "customer_a"), bearer(scene, "customer_b")
    wish = asked(scene.house, time="12:00")
    for unknown in ("guestName", "guestEmail"):
        del wish[unknown]
    made = (await client.post(DOOR, json=wish, headers=anna)).json()["data"]
    assert (made["guestName"], made["customer"]["email"]) == ("Anna", "anna@guest.example")
    path = f"{DOOR}/{made['id']}"
    for name in ("my-reservations", "mine"):
        mine = (await client.get(f"{DOOR}/{name}", headers=anna)).json()
        assert [one["id"] for one in mine["data"]] == [made["id"]]
        assert mine["pagination"]["total"] == 1
        assert (await client.get(f"{DOOR}/{name}", headers=ben)).json()["data"] == []
    for method, body in (("GET", None), ("PATCH", {"status": "CANCELLED"})):
        for who in (ben, bearer(scene, "cook_elsewhere")):
            answer = await client.request(method, path, json=body, headers=who)
            assert (answer.status_code, answer.json()["code"]) == (404, "ReservationNotFound")
    assert (await client.get(DOOR, headers=ben)).status_code == 403
    moved = await client.patch(path, json={"time": "13:00"}, headers=anna)
    assert moved.json()["data"]["time"] == "13:00"


async def test_the_house_lists_seats_moves_and_deletes(
    client: Client, scene: Scene, clock: HandClock
) -> None:
    clock.now = clock.now.replace(year=2030, month=5, day=17, hour=10)
    async with scene.books.writing() as uow:
        tables = await add_tables(uow, scene.house, (2, 2))
    cook = bearer(scene, "cook")
    wish = asked(scene.house, time="14:07", guestEmail=None)
    made = (await client.post(DOOR, json=wish, headers=cook)).json()["data"]
    assert (made["source"], made["time"]) == ("STAFF", "14:07")
    path = f"{DOOR}/{made['id']}"
    listed = await client.get(
        f"{DOOR}?date={FRIDAY}T00:00:00.000Z&status=confirmed,PENDING", headers=cook
    )
    assert [one["id"] for one in listed.json()["data"]] == [made["id"]]
    elsewhere = await client.get(DOOR, headers=bearer(scene, "cook_elsewhere"))
    assert elsewhere.json()["data"] == []
    other = next(table.id for table in tables if table.id != made["tableId"])
    moved = await client.patch(path, json={"tableId": other, "houseNote": "VIP"}, headers=cook)
    assert (moved.json()["data"]["tableId"], moved.json()["data"]["houseNote"]) == (other, "VIP")
    await client.post(DOOR, json=wish, headers=cook)
    taken = await client.patch(path, json={"tableId": made["tableId"]}, headers=cook)
    assert (taken.status_code, taken.json()["code"]) == (409, "TableInTheWay")
    assert "Anna Berg has this table from 14:07" in taken.json()["error"]
    clock.now += timedelta(hours=2, minutes=10)
    for status in ("SEATED", "COMPLETED"):
        sent = await client.patch(path, json={"status": status}, headers=cook)
        assert sent.json()["data"]["status"] == status, sent.text
    wrong = await client.patch(path, json={"status": "PENDING"}, headers=cook)
    assert (wrong.status_code, wrong.json()["code"]) == (409, "MoveRefused")
    stale = await client.patch(path, json={"status": "SEATED", "version": 1}, headers=cook)
    assert (stale.status_code, stale.json()["code"]) == (409, "SomebodyChangedIt")
    assert (await client.delete(path, headers=cook)).status_code == 200
    assert (await client.get(path, headers=cook)).status_code == 404


async def test_who_is_expected_is_cancelled_before_deleted(
    client: Client, scene: Scene, clock: HandClock
) -> None:
    clock.now = clock.now.replace(year=2030, month=5, day=16, hour=10)
    async with scene.books.writing() as uow:
        await add_tables(uow, scene.house, (2,))
    cook = bearer(scene, "cook")
    made = (await client.post(DOOR, json=asked(scene.house), headers=cook)).json()["data"]
    refused = await client.delete(f"{DOOR}/{made['id']}", headers=cook)
    assert (refused.status_code, refused.json()["code"]) == (409, "StillExpected")
