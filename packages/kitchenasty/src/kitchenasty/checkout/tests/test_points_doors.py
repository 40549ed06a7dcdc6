"""Points over HTTP, as the clients of the contract use them."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from kitchenasty import locations, loyalty
from kitchenasty.kit.books import Books
from kitchenasty.kit.principals import Principal, Role
from kitchenasty.loyalty.tests.builders import add_guest, bearer, set_up
from kitchenasty.menu.tests.builders import add_dish
from kitchenasty.staff.tests.builders import sign_in

Client = httpx.AsyncClient


@pytest.fixture
async def guest(books: Books) -> Principal:
    async with books.writing() as uow:
        await set_up(uow)
        return await add_guest(uow, 250)


@pytest.fixture
async def mine(books: Books, guest: Principal) -> dict[str, str]:
    async with books.writing() as uow:
        return await bearer(uow, guest)


async def test_a_guest_sees_points_their_worth_and_where_they_came_from(
    client: Client, mine: dict[str, str]
) -> None:
    told = (await client.get("/api/loyalty/balance", headers=mine)).json()["data"]
    [only] = told.pop("transactions")
    assert told == {"points": 250, "dollarValue": 2.5, "currency": "EUR"}
    assert (only["type"], only["points"], only["description"]) == ("ADJUST", 250, "a present")
    me = (await client.get("/api/auth/me", headers=mine)).json()["data"]
    assert (me["loyaltyPoints"], me["customer"]["loyaltyPoints"]) == (250, 250)


async def test_points_are_not_burnt_without_an_order(client: Client, mine: dict[str, str]) -> None:
    answer = await client.post("/api/loyalty/redeem", json={"points": 100}, headers=mine)
    assert (answer.status_code, answer.json()["code"]) == (409, "PointsAtCheckout")
    told = (await client.get("/api/loyalty/balance", headers=mine)).json()["data"]
    assert told["points"] == 250


async def test_an_order_takes_points_and_tells_what_it_took(
    client: Client, books: Books, house: locations.House, mine: dict[str, str]
) -> None:
    async with books.writing() as uow:
        dish_id = await add_dish(uow)
    items = [{"menuItemId": dish_id, "quantity": 1}]
    form: dict[str, Any] = {"orderType": "PICKUP", "items": items, "guestPhone": "030 1"}
    form |= {"locationId": house.id, "loyaltyPointsRedeem": 250}
    told = (await client.post("/api/quote", json=form, headers=mine)).json()["data"]
    assert told["points"] == {"balance": 250, "usable": 250, "used": 250, "earned": 10}
    assert told["total"] == 10
    placed = await client.post("/api/orders", json=form | {"quote": told["quote"]}, headers=mine)
    assert placed.status_code == 201
    assert placed.json()["data"]["discount"] == 2.5
    [spent, _] = (await client.get("/api/loyalty/balance", headers=mine)).json()["data"][
        "transactions"
    ]
    assert (spent["type"], spent["points"]) == ("REDEEM", -250)
    assert spent["order"] == {"orderNumber": placed.json()["data"]["orderNumber"]}
    again = await client.post("/api/orders/quote", json=form, headers=mine)
    assert again.json()["data"]["pointsProblem"]["code"] == "PointsShort"
    assert (await client.post("/api/orders", json=form, headers=mine)).status_code == 409
    stranger = await client.post("/api/orders", json=form | {"guestName": "Tom"})
    assert (stranger.status_code, stranger.json()["code"]) == (403, "PointsNeedAccount")


async def test_a_manager_finds_a_guest_and_adjusts_their_points(
    client: Client, books: Books, guest: Principal
) -> None:
    manager = await sign_in(books, Role.MANAGER)
    query = {"email": f" {(guest.email or '').upper()} "}
    found = (await client.get("/api/dashboard/customers", params=query, headers=manager)).json()
    assert found["data"] == [
        {"id": guest.id, "name": "Anna", "email": guest.email, "loyaltyPoints": 250}
    ]
    path = f"/api/loyalty/customers/{guest.id}/adjust"
    less = await client.post(path, json={"points": -50}, headers=manager)
    told = less.json()["data"]
    assert (told["points"], told["newBalance"], told["transaction"]["points"]) == (200, 200, -50)
    too_much = await client.post(path, json={"points": -201}, headers=manager)
    assert (too_much.status_code, too_much.json()["code"]) == (409, "PointsShort")
    nobody = "/api/loyalty/customers/01890000-0000-7000-8000-000000000001/adjust"
    assert (await client.post(nobody, json={"points": 1}, headers=manager)).status_code == 404


async def test_the_programme_is_set_by_those_who_work_for_all_houses(
    client: Client, books: Books, house: locations.House
) -> None:
    wanted = {
        "isOn": True,
        "currency": "EUR",
        "pointsPerUnit": 2,
        "hundredPointsWorth": 0.5,
        "minimumPoints": 10,
    }
    one_house = await sign_in(books, Role.MANAGER, house.id)
    refused = await client.put("/api/loyalty/programme", json=wanted, headers=one_house)
    assert (refused.status_code, refused.json()["code"]) == (403, "NotYourProgramme")
    manager = await sign_in(books, Role.MANAGER)
    kept = await client.put("/api/loyalty/programme", json=wanted, headers=manager)
    assert kept.json()["data"] == wanted
    assert (await client.get("/api/loyalty/programme")).json()["data"] == wanted
    for wrong in ({"hundredPointsWorth": 0}, {"hundredPointsWorth": 0.001}, {"currency": "euro"}):
        answer = await client.put("/api/loyalty/programme", json=wanted | wrong, headers=manager)
        assert answer.status_code == 400
    async with books.reading() as look:
        programme = await loyalty.load_programme(look)
    # Half a cent a point: 3 points are worth 1 cent, and 1 cent takes 2.
    assert (programme.worth_minor(3), programme.points_for(1)) == (1, 2)
