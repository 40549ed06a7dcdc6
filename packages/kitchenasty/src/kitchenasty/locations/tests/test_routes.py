"""The API's doors to houses, on real databases."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import httpx
import pytest

from kitchenasty import staff
from kitchenasty.kit.books import Books
from kitchenasty.kit.identity.sessions import SessionKind, open_session
from kitchenasty.kit.principals import Kind, Role
from kitchenasty.locations import (
    House,
    HouseDraft,
    IntervalDraft,
    add_house,
    change_house,
    load_house,
)
from kitchenasty.locations.queries import counting


async def test_guests_read_houses_in_the_contracts_shape(
    client: httpx.AsyncClient, books: Books
) -> None:
    async with books.writing() as uow:
        house = await add_house(
            uow,
            HouseDraft(
                name="Quay", slug="quay", address="1 Quay", city="Howth", postal_code="D13",
                min_delivery_minor=1_250,
            ),
            [IntervalDraft(5, "11:00", "14:00"), IntervalDraft(5, "18:00", "01:00")],
        )  # fmt: skip
    answer = (await client.get("/api/locations")).json()
    [shown] = [one for one in answer["data"] if one["id"] == house.id]
    assert answer["pagination"]["total"] == len(answer["data"])
    assert (shown["zip"], shown["acceptsDelivery"]) == ("D13", True)
    assert shown["minOrderDelivery"] == 12.5
    assert "orders" not in shown["_count"], "how much a house sells is its own business"
    friday = [h for h in shown["operatingHours"] if h["dayOfWeek"] == 5]
    assert [(h["openTime"], h["closeTime"]) for h in friday] == [
        ("11:00", "14:00"),
        ("18:00", "01:00"),
    ]
    assert all(h["isClosed"] for h in shown["operatingHours"] if h["dayOfWeek"] != 5)
    one = (await client.get(f"/api/locations/{house.id}")).json()
    assert one["data"] == shown


async def test_an_unknown_house_is_not_found(client: httpx.AsyncClient) -> None:
    answer = await client.get("/api/locations/nowhere")
    assert answer.status_code == 404
    assert answer.json()["code"] == "HouseNotFound"


async def test_strangers_change_nothing(client: httpx.AsyncClient, house: Any) -> None:
    assert (await client.patch(f"/api/locations/{house.id}", json={})).status_code == 401
    assert (await client.delete(f"/api/locations/{house.id}")).status_code == 401
    assert (await client.post("/api/locations", json={})).status_code == 401


async def test_the_owner_opens_changes_and_closes_a_house(
    client: httpx.AsyncClient, books: Books
) -> None:
    owner = await sign_in(books)
    body = {
        "name": "Quay", "slug": "quay", "address": "1 Quay", "city": "Howth", "email": "",
        "postalCode": "D13", "minOrderDelivery": 12.5, "timeZone": "Europe/Dublin",
        "operatingHours": [{"dayOfWeek": 1, "openTime": "18:00", "closeTime": "02:00"}],
    }  # fmt: skip
    made = await client.post("/api/locations", json=body, headers=owner)
    assert made.status_code == 201, made.text
    path = f"/api/locations/{made.json()['data']['id']}"
    assert made.json()["data"]["minOrderDelivery"] == 12.5
    again = await client.post("/api/locations", json=body, headers=owner)
    assert again.status_code == 409
    busy = await client.patch(path, json={"isBusy": True, "deliveryFee": 3.2}, headers=owner)
    shown = busy.json()["data"]
    assert (shown["isBusy"], shown["busyMode"], shown["deliveryFee"]) == (True, "PAUSED", 3.2)
    feast = {"hours": [], "until": "2030-12-26", "note": "Christmas"}
    closed = await client.put(f"{path}/exceptions/2030-12-25", json=feast, headers=owner)
    assert closed.json()["data"]["openingExceptions"] == [
        {"date": f"2030-12-{day}", "hours": [], "note": "Christmas"} for day in (25, 26)
    ]
    again = await client.delete(f"{path}/exceptions/2030-12-25", headers=owner)
    assert [one["date"] for one in again.json()["data"]["openingExceptions"]] == ["2030-12-26"]
    for wrong in ({"deliveryFee": -1}, {"deliveryFee": "NaN"}, {"timeZone": "Mars/Base"}):
        assert (await client.patch(path, json=wrong, headers=owner)).status_code == 400, wrong
    assert (await client.delete(path, headers=owner)).status_code == 200
    assert (await client.get(path)).status_code == 404


async def test_staff_see_how_many_orders_their_house_has(
    client: httpx.AsyncClient, books: Books, house: House
) -> None:
    owner = await sign_in(books)
    shown = (await client.get(f"/api/locations/{house.id}", headers=owner)).json()["data"]
    assert shown["_count"]["orders"] == 0


async def test_what_refers_to_a_house_is_counted_no_further_than_it_is_shown(books: Books) -> None:
    hours = [IntervalDraft(day, "11:00", "14:00") for day in range(5)]
    async with books.writing() as uow:
        draft = HouseDraft(name="Quay", slug="quay", address="1", city="Howth", postal_code="D13")
        busy = await add_house(uow, draft, hours)
        idle = await add_house(uow, replace(draft, slug="idle"), [])
    counted: dict[int, dict[str, int]] = {}
    async with books.reading() as look:
        for most in (3, 100):
            statement = counting("opening_intervals", most=most)
            counted[most] = dict(await look.rows(statement, ids=[busy.id, idle.id]))
    assert counted == {3: {busy.id: 3, idle.id: 0}, 100: {busy.id: 5, idle.id: 0}}


async def test_a_change_that_was_undone_is_remembered_by_nobody(books: Books, house: House) -> None:
    """The next change gets the version that the undone one had."""

    async def change_and_fail() -> None:
        async with books.writing() as uow:
            changed = await change_house(uow, house.id, {"delivery_fee_minor": 99_900})
            assert changed.delivery_fee_minor == 99_900
            raise KeyError

    with pytest.raises(KeyError):
        await change_and_fail()
    async with books.writing() as uow:
        await change_house(uow, house.id, {"delivery_fee_minor": 250})
    async with books.reading() as look:
        assert (await load_house(look, house.id)).delivery_fee_minor == 250


async def sign_in(books: Books) -> dict[str, str]:
    """The headers of an owner."""
    async with books.writing() as uow:
        newcomer = staff.NewMember(email="o@house.example", name="Orla", role=Role.SUPER_ADMIN)
        member = await staff.add_member(uow, newcomer, password_hash="none")
        token = await open_session(
            uow, kind=SessionKind.API, subject_kind=Kind.STAFF, subject_id=member.id
        )
    return {"authorization": f"Bearer {token}"}
