"""The wire contract of the clients that the field has: what each call answers, to the last key."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import httpx
import pytest

from kitchenasty.kit.identity.sessions import SessionKind
from kitchenasty.menu.tests.builders import SIZE, add_category, add_dish
from kitchenasty.tests import contract
from kitchenasty.tests.contract import misfits
from kitchenasty.tests.scene import EMAILS, PASSWORD, Scene

Client = httpx.AsyncClient
WHOLE_DISH = contract.MENU_ITEM | {
    "options": [contract.OPTION],
    "allergens": [{"menuItemId": str, "allergenId": str, "allergen": contract.ALLERGEN}],
    "mealtimes": [{"menuItemId": str, "mealtimeId": str, "mealtime": contract.MEALTIME}],
}
BROTH = {
    "name": "Broth", "slug": "broth", "price": 9.9, "orderType": None,
    "options": [{
        "name": "Size", "displayType": "RADIO", "isRequired": True, "minSelect": 1,
        "values": [{"name": "Large", "priceModifier": 1.5}, {"name": "Small"}],
    }],
}  # fmt: skip
EVENING = {"name": "Evening", "startTime": "17:00", "endTime": "23:00", "days": [5, 6]}


def told(answer: httpx.Response, status: int = 200) -> Any:
    """The body, with numbers as they were written."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/json"
    body = json.loads(answer.text, parse_float=Decimal)
    assert body["success"] is (status < 400)
    return body


def check(answer: httpx.Response, shape: Any, status: int = 200) -> Any:
    data = told(answer, status)["data"]
    assert list(misfits(data, shape, "data")) == []
    return data


def token_of(scene: Scene, name: str) -> dict[str, str]:
    return {"authorization": f"Bearer {scene.tokens[name, SessionKind.API]}"}


@pytest.mark.usefixtures("scene")
async def test_accounts_sign_in_and_say_who_they_are(client: Client) -> None:
    signed_in = await client.post(
        "/api/auth/staff/login", json={"email": EMAILS["owner"], "password": PASSWORD}
    )
    data = check(signed_in, {"token": str, "user": contract.STAFF})
    mine = {"authorization": f"Bearer {data['token']}"}
    me = {"type": {"staff"}, "user": contract.STAFF, **contract.STAFF}
    check(await client.get("/api/auth/me", headers=mine), me)
    guest = {"email": "new@guest.example", "password": PASSWORD, "name": "Nele", "phone": "030"}
    session = {"token": str, "customer": contract.CUSTOMER, "user": contract.CUSTOMER}
    check(await client.post("/api/auth/customer/register", json=guest), session, 201)
    again = await client.post("/api/auth/customer/register", json=guest)
    # The contract's 409 would tell strangers who has an account; a letter tells its owner.
    check(again, session, 201)
    known = await client.post("/api/auth/customer/login", json=guest)
    theirs = {"authorization": f"Bearer {check(known, session)['token']}"}
    me = {"type": {"customer"}, "customer": contract.CUSTOMER, **contract.CUSTOMER}
    check(await client.get("/api/auth/me", headers=theirs), me)
    push = {"expoPushToken": "ExponentPushToken[x]"}
    kept = told(await client.post("/api/auth/push-token", json=push, headers=theirs))
    assert kept == {"success": True, "message": "Push token saved"}


async def test_a_refusal_is_one_sentence_and_a_code(client: Client, scene: Scene) -> None:
    cook, guest = token_of(scene, "cook"), token_of(scene, "customer_a")
    wrong = {"email": EMAILS["owner"], "password": "not the password"}
    asked = [
        (401, "Invalid credentials", await client.post("/api/auth/staff/login", json=wrong)),
        (401, "Authentication required", await client.get("/api/orders")),
        (403, "Staff access required", await client.get("/api/dashboard", headers=guest)),
        (
            403,
            "Insufficient permissions",
            await client.post("/api/menu/allergens", json={"name": "Kiwi"}, headers=cook),
        ),
        (404, "Not Found", await client.get("/api/no-such-thing")),
        (404, None, await client.get("/api/locations/nowhere")),
        (404, "Menu item not found", await client.get("/api/menu/items/nowhere")),
        (400, None, await client.post("/api/auth/staff/login", content=b"{")),
        (400, None, await client.post("/api/orders", json={"orderType": "EAT_IN", "items": []})),
        (400, None, await client.get("/api/orders?status=EATEN", headers=cook)),
    ]
    for status, sentence, answer in asked:
        body = told(answer, status)
        assert isinstance(body["error"], str)
        assert isinstance(body["code"], str)
        assert sentence in (None, body["error"]), answer.text
        assert body.keys() <= {"success", "error", "code", "details"}


async def test_locations_are_whole_and_counted(client: Client, scene: Scene) -> None:
    async with scene.books.writing() as uow:
        await add_dish(uow, house_id=scene.house.id)
    owner = token_of(scene, "owner")
    listed = await client.get("/api/locations?page=1&limit=1", headers=owner)
    check(listed, [contract.LOCATION])
    assert told(listed)["pagination"] == {"page": 1, "limit": 1, "total": 2, "totalPages": 2}
    one = await client.get(f"/api/locations/{scene.house.id}", headers=owner)
    counts = check(one, contract.LOCATION)["_count"]
    assert (counts["orders"], counts["menuItems"]) == (1, 1)
    opened = {
        "name": "Quay", "slug": "quay", "address": "1 Quay", "city": "Howth", "postalCode": "D13",
        "email": "", "minOrderDelivery": 12.5, "boundaries": None,
        "operatingHours": [{"dayOfWeek": 1, "openTime": "09:00", "closeTime": "22:00"}],
    }  # fmt: skip
    made = await client.post("/api/locations", json=opened, headers=owner)
    assert '"minOrderDelivery":12.50' in made.text
    quay = check(made, contract.LOCATION, 201)
    told(await client.post("/api/locations", json=opened, headers=owner), 409)
    path = f"/api/locations/{quay['id']}"
    check(await client.patch(path, json={"isBusy": True}, headers=owner), contract.LOCATION)
    gone = told(await client.delete(path, headers=owner))
    assert gone == {"success": True, "message": "Location deleted"}
    told(await client.delete(f"/api/locations/{scene.house.id}", headers=owner), 409)


async def test_zones_are_drawn_checked_and_deleted(client: Client, scene: Scene) -> None:
    owner = token_of(scene, "owner")
    path = f"/api/locations/{scene.house.id}/delivery-zones"
    bare = {"name": "Zone 1", "charge": 3.99}
    first = check(await client.post(path, json=bare, headers=owner), contract.ZONE, 201)
    assert (first["minOrder"], first["boundaries"]) == (0, None)
    around = [[-1, -1], [1, -1], [1, 1], [-1, 1]]
    change = {"boundaries": around, "axisOrder": "lng_lat", "minOrder": 15}
    drawn = await client.patch(f"{path}/{first['id']}", json=change, headers=owner)
    check(drawn, contract.ZONE)
    check(await client.get(path), [contract.ZONE])
    check(await client.get(f"{path}/check?lat=0&lng=0"), contract.ZONE)
    outside = told(await client.get(f"{path}/check?lat=5&lng=5"), 404)
    assert outside["error"] == "Address is outside delivery zones"
    gone = told(await client.delete(f"{path}/{first['id']}", headers=owner))
    assert gone == {"success": True, "message": "Delivery zone deleted"}


async def test_categories_allergens_and_mealtimes_are_kept(client: Client, scene: Scene) -> None:
    owner = token_of(scene, "owner")
    count = {"_count": {"menuItems": int}}
    async with scene.books.writing() as uow:
        parent = await add_category(uow)
    child = {"name": "Soups", "slug": "soups", "parentId": parent, "sortOrder": 2}
    made = await client.post("/api/menu/categories", json=child, headers=owner)
    check(made, contract.CATEGORY | {"parent": contract.REFERENCE}, 201)
    told(await client.post("/api/menu/categories", json=child, headers=owner), 409)
    listed = await client.get("/api/menu/categories")
    check(listed, [contract.CATEGORY | {"children": [contract.CATEGORY]} | count])
    assert "pagination" not in told(listed)
    kiwi = await client.post("/api/menu/allergens", json={"name": "Kiwi"}, headers=owner)
    evening = await client.post("/api/menu/mealtimes", json=EVENING, headers=owner)
    for kind, shape, added in (
        ("allergens", contract.ALLERGEN, kiwi),
        ("mealtimes", contract.MEALTIME, evening),
    ):
        one = check(added, shape, 201)
        check(await client.get(f"/api/menu/{kind}"), [shape | count])
        gone = await client.delete(f"/api/menu/{kind}/{one['id']}", headers=owner)
        assert told(gone).keys() == {"success", "message"}


async def test_dishes_are_read_and_changed(client: Client, scene: Scene) -> None:
    owner = token_of(scene, "owner")
    async with scene.books.writing() as uow:
        category_id = await add_category(uow)
    kiwi = await client.post("/api/menu/allergens", json={"name": "Kiwi"}, headers=owner)
    evening = await client.post("/api/menu/mealtimes", json=EVENING, headers=owner)
    dish = BROTH | {
        "categoryId": category_id,
        "allergenIds": [told(kiwi, 201)["data"]["id"]],
        "mealtimeIds": [told(evening, 201)["data"]["id"]],
    }
    added = await client.post("/api/menu/items", json=dish, headers=owner)
    broth = check(added, WHOLE_DISH, 201)
    assert '"price":9.90' in added.text
    assert len(broth["options"][0]["values"]) == 2
    path = f"/api/menu/items/{broth['id']}"
    check(await client.get(path), WHOLE_DISH)
    check(await client.patch(path, json={"price": 10}, headers=owner), WHOLE_DISH)
    items = await client.get("/api/menu/items?search=BRO&limit=50")
    parts = {"_count": {"options": int, "allergens": int, "mealtimes": int}}
    (found,) = check(items, [contract.MENU_ITEM | parts])
    assert found["_count"] == {"options": 1, "allergens": 1, "mealtimes": 1}
    assert told(items)["pagination"] == {"page": 1, "limit": 50, "total": 1, "totalPages": 1}
    one = await client.get(f"/api/menu/categories/{category_id}")
    check(one, contract.CATEGORY | {"menuItems": [contract.MENU_ITEM], "children": list})
    told(await client.delete(f"/api/menu/categories/{category_id}", headers=owner), 409)
    gone = told(await client.delete(path, headers=owner))
    assert gone == {"success": True, "message": "Menu item deleted"}


async def test_orders_are_placed_listed_and_moved(client: Client, scene: Scene) -> None:
    cook, guest = token_of(scene, "cook"), token_of(scene, "customer_a")
    async with scene.books.writing() as uow:
        dish_id = await add_dish(uow, options=(SIZE,))
    option = (await client.get(f"/api/menu/items/{dish_id}")).json()["data"]["options"][0]
    wish = {"menuOptionValueId": option["values"][1]["id"], "name": "x", "value": "y"}
    asked = {
        "orderType": "PICKUP", "paymentMethod": "CASH", "tip": 0, "locationId": scene.house.id,
        "guestPhone": "+49 30 5550101",
        "items": [{
            "menuItemId": dish_id, "quantity": 2, "options": [wish | {"priceModifier": -99}],
        }],
    }  # fmt: skip
    placed = await client.post("/api/orders", json=asked, headers=guest)
    order = check(placed, contract.ORDER, 201)
    assert '"subtotal":30.00' in placed.text  # 12.50 and 2.50 for the large one, twice
    assert order["customerId"] == scene.customer_a.id
    listed = await client.get(
        "/api/orders?limit=50&includeItems=true&status=PENDING,CONFIRMED", headers=cook
    )
    check(listed, [contract.ORDER])
    assert told(listed)["pagination"] == {"page": 1, "limit": 50, "total": 2, "totalPages": 1}
    for own in ("/api/orders?page=1&limit=20", "/api/orders/my-orders"):
        check(await client.get(own, headers=guest), [contract.ORDER])
    waiting = check(await client.get("/api/dashboard", headers=cook), {"pendingOrders": int})
    assert waiting == {"pendingOrders": 2}
    path = f"/api/orders/{order['id']}"
    check(await client.get(path, headers=guest), contract.ORDER | {"customer": dict})
    moved = await client.patch(f"{path}/status", json={"status": "CONFIRMED"}, headers=cook)
    assert check(moved, contract.ORDER)["status"] == "CONFIRMED"
    odd = await client.patch(f"{path}/status", json={"status": "EATEN"}, headers=cook)
    told(odd, 400)
    assert told(await client.get(path), 401)["error"] == "Authentication required"
    stranger = token_of(scene, "customer_b")
    assert told(await client.get(path, headers=stranger), 403)["error"] == "Access denied"
