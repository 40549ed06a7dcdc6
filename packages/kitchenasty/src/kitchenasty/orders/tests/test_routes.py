"""The doors to orders that exist: who may list, see, move and cancel them, and what it settles."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from basis.ids import new_code
from kitchenasty import locations, menu, orders, payments, staff
from kitchenasty.kit.books import Books
from kitchenasty.kit.identity.sessions import SessionKind, open_session
from kitchenasty.kit.principals import Kind, Principal
from kitchenasty.menu.tests.builders import add_dish
from kitchenasty.orders.tests.builders import record

Client = httpx.AsyncClient


async def sign_in(books: Books, house: locations.House) -> dict[str, str]:
    """The headers of a cook who works in this house alone."""
    async with books.writing() as uow:
        newcomer = staff.NewMember(
            email=f"{new_code(8).lower()}@house.example", name="Rosa", house_ids=(house.id,)
        )
        cook = await staff.add_member(uow, newcomer, password_hash="none")
        token = await open_session(
            uow, kind=SessionKind.API, subject_kind=Kind.STAFF, subject_id=cook.id
        )
    return {"authorization": f"Bearer {token}"}


@pytest.fixture
async def cook(books: Books, house: locations.House) -> dict[str, str]:
    return await sign_in(books, house)


@pytest.fixture
async def placed(books: Books, house: locations.House) -> orders.PlacedOrder:
    async with books.writing() as uow:
        return await record(uow, house, await add_dish(uow, stock=9), quantity=2)


async def move(client: Client, cook: dict[str, str], order_id: str, **body: Any) -> httpx.Response:
    return await client.patch(f"/api/orders/{order_id}/status", json=body, headers=cook)


async def payment_of(books: Books, order_id: str) -> str:
    async with books.reading() as look:
        [payment] = await payments.list_payments(look, order_id)
    return payment.status.value


async def test_the_list_counts_items_without_showing_them(
    client: Client, cook: dict[str, str], placed: orders.PlacedOrder
) -> None:
    answer = await client.get("/api/orders", headers=cook)
    [order] = answer.json()["data"]
    assert (order["id"], order["items"], order["_count"]) == (placed.id, [], {"items": 1})
    assert answer.json()["pagination"]["total"] == 1
    whole = await client.get("/api/orders?includeItems=true&status=PENDING,READY", headers=cook)
    assert len(whole.json()["data"][0]["items"]) == 1
    assert (await client.get("/api/orders?status=READY", headers=cook)).json()["data"] == []
    odd = await client.get("/api/orders?status=EATEN", headers=cook)
    assert (odd.status_code, odd.json()["code"]) == (400, "StatusRefused")


@pytest.mark.parametrize(
    "words", ["anna", "Anna B", "001", "00", "01", "1", "#1", "4930555", "+49 30 555"]
)
async def test_orders_are_found_by_number_name_and_phone(
    client: Client, cook: dict[str, str], placed: orders.PlacedOrder, words: str
) -> None:
    answer = await client.get("/api/orders", params={"search": words}, headers=cook)
    assert [order["id"] for order in answer.json()["data"]] == [placed.id]
    nobody = await client.get("/api/orders", params={"search": words + "zz9"}, headers=cook)
    assert nobody.json()["data"] == []


@pytest.mark.parametrize("words", ["7", "07", "007"])
async def test_order_seven_is_found_as_it_is_spoken(
    client: Client, books: Books, house: locations.House, cook: dict[str, str], words: str
) -> None:
    """And whatever begins with what was typed: 7 is also the beginning of 700."""
    async with books.writing() as uow:
        dish_id = await add_dish(uow)
        numbers = [(await record(uow, house, dish_id)).number for _ in range(8)]
    assert numbers[6] == "007"
    answer = await client.get("/api/orders", params={"search": words}, headers=cook)
    assert [order["orderNumber"] for order in answer.json()["data"]] == ["007"]
    assert answer.json()["pagination"]["total"] == 1


async def test_staff_see_how_many_orders_their_house_has(
    client: Client, house: locations.House, cook: dict[str, str], placed: orders.PlacedOrder
) -> None:
    shown = (await client.get(f"/api/locations/{house.id}", headers=cook)).json()["data"]
    assert (shown["_count"]["orders"], placed.order.house_id) == (1, house.id)


async def test_guests_are_told_the_house_and_not_who_in_it_cooked(
    client: Client, house: locations.House, cook: dict[str, str], placed: orders.PlacedOrder
) -> None:
    moved = (await move(client, cook, placed.id, status="CONFIRMED")).json()["data"]
    assert [entry["actor"] for entry in moved["history"]] == ["KitchenAsty", "Rosa"]
    own = {"x-order-capability": placed.capability}
    answer = await client.get(f"/api/orders/{placed.id}", headers=own)
    assert [entry["actor"] for entry in answer.json()["data"]["history"]][1] == house.name
    cancelled = await client.post(f"/api/orders/{placed.id}/cancel", json={}, headers=own)
    assert "Rosa" not in answer.text + cancelled.text


async def test_staff_of_another_house_see_and_move_nothing(
    client: Client, books: Books, other_house: locations.House, placed: orders.PlacedOrder
) -> None:
    stranger = await sign_in(books, other_house)
    assert (await client.get("/api/orders", headers=stranger)).json()["data"] == []
    path = f"/api/orders/{placed.id}"
    assert (await client.get(path, headers=stranger)).status_code == 403
    assert (await move(client, stranger, placed.id, status="CONFIRMED")).status_code == 404
    assert (await client.post(f"{path}/cancel", json={}, headers=stranger)).status_code == 403
    assert (await move(client, {}, placed.id, status="CONFIRMED")).status_code == 401


async def test_food_handed_over_is_paid(
    client: Client, books: Books, cook: dict[str, str], placed: orders.PlacedOrder
) -> None:
    for status in ("CONFIRMED", "PREPARING", "READY", "PICKED_UP"):
        assert await payment_of(books, placed.id) == "PENDING"
        assert (await move(client, cook, placed.id, status=status)).status_code == 200
    assert await payment_of(books, placed.id) == "COMPLETED"
    back = await move(client, cook, placed.id, status="PENDING")
    assert (back.status_code, back.json()["code"]) == (409, "OrderMoveRefused")


async def test_whichever_door_cancels_nothing_stays_owed(
    client: Client, books: Books, cook: dict[str, str], placed: orders.PlacedOrder
) -> None:
    answer = await move(client, cook, placed.id, status="CANCELLED", reason="no gas")
    assert answer.json()["data"]["cancelReason"] == "no gas"
    assert await payment_of(books, placed.id) == "FAILED"
    async with books.reading() as look:
        left = await menu.load_availability(look, [answer.json()["data"]["items"][0]["menuItemId"]])
    assert [one.stock for one in left.values()] == [11]  # nine, and the two that came back


async def test_a_version_that_is_old_is_a_conflict_with_the_new_one(
    client: Client, cook: dict[str, str], placed: orders.PlacedOrder
) -> None:
    first = await move(client, cook, placed.id, status="CONFIRMED", version=1)
    assert first.json()["data"]["version"] == 2
    late = await move(client, cook, placed.id, status="PREPARING", version=1)
    assert (late.status_code, late.json()["code"]) == (409, "OrderChanged")
    assert late.json()["details"] == {"status": "CONFIRMED", "version": 2}


async def test_a_guest_cannot_cancel_what_is_being_cooked(
    client: Client, cook: dict[str, str], placed: orders.PlacedOrder
) -> None:
    for status in ("CONFIRMED", "PREPARING"):
        await move(client, cook, placed.id, status=status)
    answer = await client.post(
        f"/api/orders/{placed.id}/cancel",
        json={},
        headers={"x-order-capability": placed.capability},
    )
    assert (answer.status_code, answer.json()["code"]) == (409, "OrderMoveRefused")


async def test_a_customer_sees_their_own_orders_only(
    client: Client, books: Books, placed: orders.PlacedOrder
) -> None:
    nobody = Principal(kind=Kind.CUSTOMER, id=placed.id)
    async with books.reading(nobody) as look:
        assert await orders.count_orders(look, orders.OrderFilter(customer_id=nobody.id)) == 0
    assert (await client.get("/api/orders/my-orders")).status_code == 401
