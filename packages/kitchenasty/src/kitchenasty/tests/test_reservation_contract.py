"""Reservations on the wire, to the last key: what clients of the contract send and are answered."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import httpx
import pytest

from basis.kit.testing import HandClock
from kitchenasty.availability.tests.builders import FRIDAY, add_tables
from kitchenasty.kit.identity.sessions import SessionKind
from kitchenasty.reservations.tests.builders import DOOR, asked
from kitchenasty.tests import contract
from kitchenasty.tests.contract import misfits
from kitchenasty.tests.scene import Scene

Client = httpx.AsyncClient
ONES_OWN = {"email": "anna@guest.example", "name": "Anna"}
PAGES = {"page": 1, "limit": 20, "total": 1, "totalPages": 1}


@pytest.fixture
async def scene_with_tables(scene: Scene, clock: HandClock) -> Scene:
    """Tables for two and four; it is the day before."""
    clock.now = clock.now.replace(year=2030, month=5, day=16, hour=10)
    async with scene.books.writing() as uow:
        await add_tables(uow, scene.house, (2, 4))
    return scene


def token_of(scene: Scene, name: str) -> dict[str, str]:
    return {"authorization": f"Bearer {scene.tokens[name, SessionKind.API]}"}


def check(answer: httpx.Response, shape: object, status: int = 200) -> Any:
    assert answer.status_code == status, answer.text
    body = json.loads(answer.text, parse_float=Decimal)
    assert body["success"] is True
    assert list(misfits(body["data"], shape, "data")) == []
    return body["data"]


async def reserve(client: Client, scene: Scene, **more: Any) -> Any:
    """As customer A, with what the contract's form has and nothing else."""
    form = {
        "locationId": scene.house.id,
        "date": FRIDAY.isoformat(),
        "time": "12:00",
        "partySize": 2,
        "comment": "By the window",
        **more,
    }
    made = await client.post(DOOR, json=form, headers=token_of(scene, "customer_a"))
    return check(made, contract.RESERVATION, 201)


async def test_a_customer_reserves_with_the_forms_own_fields(
    client: Client, scene_with_tables: Scene
) -> None:
    scene = scene_with_tables
    made = await reserve(client, scene)
    assert (made["date"], made["time"]) == ("2030-05-17T00:00:00.000Z", "12:00")
    assert (made["partySize"], made["comment"]) == (2, "By the window")
    assert made["status"] == "CONFIRMED"
    assert (made["customerId"], made["locationId"]) == (scene.customer_a.id, scene.house.id)
    assert made["location"] == {"id": scene.house.id, "name": scene.house.name}
    assert made["customer"].items() >= ONES_OWN.items()
    assert (made["table"]["id"], made["table"]["capacity"]) == (made["tableId"], 2)
    seen = await client.get(f"{DOOR}/{made['id']}", headers=token_of(scene, "customer_a"))
    again = check(seen, contract.RESERVATION)
    assert all(again[name] == made[name] for name in contract.RESERVATION)


async def test_free_times_come_in_both_shapes(client: Client, scene_with_tables: Scene) -> None:
    query = f"locationId={scene_with_tables.house.id}&date={FRIDAY}&partySize=4"
    whole = await client.get(f"{DOOR}/availability?{query}")
    data = check(whole, {"slots": [contract.SLOT], "totalTables": int})
    assert data["totalTables"] == 2
    plain = check(await client.get(f"{DOOR}/slots?{query}"), [contract.SLOT])
    assert plain == data["slots"]
    assert {slot["time"] for slot in plain} >= {"11:00", "21:30"}
    without = await client.get(f"{DOOR}/slots?{query.rpartition('&')[0]}")
    assert check(without, [contract.SLOT]), "a party of two, if nothing else is said"


async def test_customers_list_their_own_under_both_names(
    client: Client, scene_with_tables: Scene
) -> None:
    scene = scene_with_tables
    first = await reserve(client, scene)
    second = await reserve(client, scene, time="20:00")
    for name in ("my-reservations", "mine"):
        answer = await client.get(f"{DOOR}/{name}", headers=token_of(scene, "customer_a"))
        listed = check(answer, [contract.RESERVATION])
        assert [one["id"] for one in listed] == [second["id"], first["id"]], "the last first"
        assert answer.json()["pagination"] == PAGES | {"total": 2}
        part = await client.get(
            f"{DOOR}/{name}?page=2&limit=1", headers=token_of(scene, "customer_a")
        )
        assert [one["id"] for one in part.json()["data"]] == [first["id"]]


async def test_the_house_lists_changes_and_deletes(
    client: Client, scene_with_tables: Scene
) -> None:
    scene = scene_with_tables
    made, cook = await reserve(client, scene), token_of(scene, "cook")
    query = f"?page=1&limit=20&status=CONFIRMED&locationId={scene.house.id}&date={FRIDAY}"
    answer = await client.get(f"{DOOR}{query}", headers=cook)
    listed = check(answer, [contract.RESERVATION])
    assert ([one["id"] for one in listed], answer.json()["pagination"]) == ([made["id"]], PAGES)
    path = f"{DOOR}/{made['id']}"
    changes: list[dict[str, Any]] = [
        {"time": "13:00", "partySize": 1},
        {"date": "2030-05-18"},
        {"comment": None},
        {"status": "CANCELLED"},
    ]
    for change in changes:
        after = check(await client.patch(path, json=change, headers=cook), contract.RESERVATION)
        assert shown(after).items() >= change.items()
    deleted = await client.delete(path, headers=cook)
    assert deleted.json() == {"success": True, "message": "Reservation deleted"}


def shown(view: Mapping[str, Any]) -> dict[str, Any]:
    """A reservation with its date as forms send it."""
    return {**view, "date": view["date"][:10]}


async def test_the_figures_have_the_contracts_shape_and_add_up(
    client: Client, scene_with_tables: Scene
) -> None:
    scene = scene_with_tables
    owner = token_of(scene, "owner")
    await reserve(client, scene)
    await reserve(client, scene, time="20:00", date="2030-05-20")
    stranger = await client.post(DOOR, json=asked(scene.house, time="21:00", partySize=4))
    assert stranger.status_code == 201
    gone = stranger.json()["data"]["id"]
    cancelled = {"status": "CANCELLED"}
    assert (await client.patch(f"{DOOR}/{gone}", json=cancelled, headers=owner)).is_success
    answer = await client.get(f"{DOOR}/analytics?days=7&locationId={scene.house.id}", headers=owner)
    found = check(answer, contract.RESERVATION_ANALYTICS)
    summary = found["summary"]
    assert (summary["totalReservations"], summary["totalGuests"]) == (3, 8)
    assert (summary["avgPartySize"], summary["completionRate"]) == (Decimal("2.67"), 0)
    assert (summary["rangeStart"], summary["rangeEnd"]) == ("2030-05-09", "2030-05-23")
    days = {one["date"]: one["count"] for one in found["dailyBookings"]}
    assert list(days) == [
        (date(2030, 5, 9) + timedelta(days=offset)).isoformat() for offset in range(15)
    ]
    assert (days["2030-05-17"], days["2030-05-20"]) == (2, 1)
    for name in ("dayOfWeekDistribution", "partySizeDistribution", "statusDistribution",
                 "hourlyDistribution", "leadTimeBuckets"):  # fmt: skip
        assert sum(one["count"] for one in found[name]) == 3, name
    leads = {one["bucket"]: one["count"] for one in found["leadTimeBuckets"]}
    assert leads == {"same-day": 0, "1-2d": 2, "3-7d": 1, "8-14d": 0, "15d+": 0}
    statuses = {one["status"]: one["count"] for one in found["statusDistribution"]}
    assert (statuses["CONFIRMED"], statuses["CANCELLED"]) == (2, 1)
    weekdays = {one["day"]: one["count"] for one in found["dayOfWeekDistribution"]}
    assert (weekdays[5], weekdays[1]) == (2, 1), "0 is Sunday"


@pytest.mark.parametrize("days", ["6", "366", "x"])
async def test_the_figures_are_asked_for_a_week_to_a_year(
    client: Client, scene: Scene, days: str
) -> None:
    answer = await client.get(f"{DOOR}/analytics?days={days}", headers=token_of(scene, "owner"))
    assert answer.status_code == 400


async def test_nobody_counts_in_another_house(client: Client, scene_with_tables: Scene) -> None:
    scene = scene_with_tables
    await reserve(client, scene)
    elsewhere = token_of(scene, "cook_elsewhere")
    answer = await client.get(f"{DOOR}/analytics", headers=elsewhere)
    assert check(answer, contract.RESERVATION_ANALYTICS)["summary"]["totalReservations"] == 0
    theirs = await client.get(f"{DOOR}/analytics?locationId={scene.house.id}", headers=elsewhere)
    assert theirs.status_code in (403, 404)
