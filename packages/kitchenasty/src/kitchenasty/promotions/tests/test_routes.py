"""Coupons over HTTP, as the clients of the contract use them."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from kitchenasty import audit, locations
from kitchenasty.kit.books import Books
from kitchenasty.kit.limits import COUPON_GUESS_PER_ADDRESS
from kitchenasty.kit.principals import Role
from kitchenasty.promotions.tests.builders import add_coupon
from kitchenasty.staff.tests.builders import sign_in

pytestmark = pytest.mark.usefixtures("house")
Client = httpx.AsyncClient
NEW = {"code": "summer", "type": "PERCENTAGE", "value": 10, "minOrder": 20, "maxDiscount": 5}


@pytest.fixture
async def manager(books: Books) -> dict[str, str]:
    return await sign_in(books, Role.MANAGER)


async def add(client: Client, manager: dict[str, str], **fields: Any) -> dict[str, Any]:
    answer = await client.post("/api/coupons", json={**NEW, **fields}, headers=manager)
    assert answer.status_code == 201, answer.text
    data: dict[str, Any] = answer.json()["data"]
    return data


async def test_a_coupon_is_made_read_changed_and_removed(
    client: Client, books: Books, manager: dict[str, str]
) -> None:
    made = await add(client, manager, startsAt="2030-06-01", expiresAt="2030-06-30")
    told = (made["code"], made["value"], made["usageCount"], made["perCustomer"])
    assert told == ("SUMMER", 10, 0, 1)
    # Whole days in Berlin, the last one included.
    assert (made["startsAt"], made["expiresAt"]) == (
        "2030-05-31T22:00:00.000Z",
        "2030-06-30T22:00:00.000Z",
    )
    path = f"/api/coupons/{made['id']}"
    assert (await client.get(path, headers=manager)).json()["data"] == made
    changed = await client.patch(path, json={"value": 12.5, "isActive": False}, headers=manager)
    assert changed.json()["data"]["value"] == 12.5
    assert changed.json()["data"]["minOrder"] == 20
    listed = (await client.get("/api/coupons", headers=manager)).json()
    assert (listed["pagination"]["total"], listed["data"][0]["isActive"]) == (1, False)
    assert (await client.delete(path, headers=manager)).status_code == 200
    assert (await client.get(path, headers=manager)).status_code == 404
    async with books.reading() as look:
        trail = await audit.list_entries(look, entity="Coupon", entity_id=made["id"])
    assert [entry.action for entry in trail] == ["delete", "update", "create"]
    assert trail[1].before == {"rate_millionths": 100_000, "is_active": True}


@pytest.mark.parametrize(
    "fields",
    [
        {"value": 100.1},
        {"value": 0},
        {"type": "FIXED", "value": 0},
        {"type": "FIXED", "value": 1.234},
        {"startsAt": "2030-06-02", "expiresAt": "2030-06-01"},
        {"expiresAt": "soon"},
        {"usageLimit": 0},
        {"type": "GIFT"},
    ],
)
async def test_a_coupon_that_makes_no_sense_is_refused(
    client: Client, manager: dict[str, str], fields: dict[str, Any]
) -> None:
    answer = await client.post("/api/coupons", json={**NEW, **fields}, headers=manager)
    assert answer.status_code == 400
    assert answer.json()["error"]


async def test_a_code_is_taken_once_whatever_its_capitals(
    client: Client, manager: dict[str, str]
) -> None:
    await add(client, manager)
    other = await add(client, manager, code="")
    assert len(other["code"]) == 10
    again = await client.post("/api/coupons", json={**NEW, "code": "Summer"}, headers=manager)
    renamed = await client.patch(
        f"/api/coupons/{other['id']}", json={"code": "SUMMER"}, headers=manager
    )
    assert [one.json()["code"] for one in (again, renamed)] == ["CodeTaken", "CodeTaken"]


async def test_a_manager_of_one_house_changes_its_own_coupons_only(
    client: Client, books: Books, house: locations.House, other_house: locations.House
) -> None:
    headers = await sign_in(books, Role.MANAGER, house.id)
    own = await client.post("/api/coupons", json={**NEW, "locationId": house.id}, headers=headers)
    assert own.status_code == 201
    async with books.writing() as uow:
        shared = await add_coupon(uow, code="ALL")
    for house_id in (None, other_house.id):
        body = {**NEW, "code": "X", "locationId": house_id}
        assert (await client.post("/api/coupons", json=body, headers=headers)).status_code == 403
    changed = await client.patch(f"/api/coupons/{shared.id}", json={"value": 50}, headers=headers)
    assert changed.status_code == 403
    assert (await client.delete(f"/api/coupons/{shared.id}", headers=headers)).status_code == 403


async def test_a_code_is_validated_as_the_contract_says(client: Client, books: Books) -> None:
    async with books.writing() as uow:
        coupon = await add_coupon(uow, min_order_minor=2_000, cap_minor=500)
    answer = await client.post("/api/coupons/validate", json={"code": "summer", "subtotal": 25})
    assert answer.json()["data"] == {
        "valid": True,
        "code": "SUMMER",
        "type": "PERCENTAGE",
        "value": 10,
        "discount": 2.5,
        "freeDelivery": False,
        "currency": "EUR",
    }
    small = await client.post("/api/coupons/validate", json={"code": "summer", "subtotal": 5})
    assert (small.status_code, small.json()["code"]) == (409, "CouponBelowMinimum")
    assert small.json()["error"] == "Minimum order amount is 20.00 EUR."
    unknown = await client.post("/api/coupons/validate", json={"code": "winter"})
    assert (unknown.status_code, unknown.json()["error"]) == (404, "Invalid coupon code")
    named = (await client.get("/api/coupons/validate/SUMMER")).json()["data"]
    assert named == {"id": coupon.id, "type": "PERCENTAGE", "value": 10}


async def test_whoever_guesses_codes_waits_and_whoever_has_one_does_not(
    client: Client, books: Books
) -> None:
    async with books.writing() as uow:
        await add_coupon(uow)
    burst = COUPON_GUESS_PER_ADDRESS.burst
    for _ in range(2 * burst):
        right = await client.post("/api/coupons/validate", json={"code": "summer"})
        assert right.status_code == 200
    doors = ("/api/coupons/validate", "/api/orders/quote")
    item = {"menuItemId": "none", "quantity": 1}
    answers = []
    for number in range(2 * burst):
        code = f"guess{number}"
        form = {"code": code, "couponCode": code, "orderType": "PICKUP", "items": [item]}
        answers.append((await client.post(doors[number % 2], json=form)).status_code)
    found = answers.count(404) + answers.count(200)
    print(f"A5: {len(answers)} guesses of a coupon's code: {found} looked up")
    assert found <= burst + 1
    assert answers[-2:] == [429, 429]
    # Now not even the right one is told, or waiting would tell them apart.
    assert (await client.get("/api/coupons/validate/SUMMER")).status_code == 429
