"""Ordering over HTTP, as the clients of the contract do it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import httpx
import pytest

from kitchenasty import guests, locations, menu, orders
from kitchenasty.kit.books import Books
from kitchenasty.kit.config import Config
from kitchenasty.kit.identity.sessions import (
    SessionKind,
    end_session,
    find_session,
    open_session,
)
from kitchenasty.kit.principals import Kind
from kitchenasty.kit.tables import every_table
from kitchenasty.locations.tests.builders import add_house
from kitchenasty.menu.tests.builders import SIZE, add_dish

Client = httpx.AsyncClient

TRIES_MAX = 20


@pytest.fixture
def config(config: Config) -> Config:
    """Without limits: here one address sends hundreds of orders."""
    return replace(config, rate_limits=False)


@pytest.fixture
async def dish_id(books: Books) -> str:
    async with books.writing() as uow:
        return await add_dish(uow, name="Lentil soup", options=(SIZE,))


@pytest.fixture
async def large(books: Books, house: locations.House, dish_id: str) -> str:
    async with books.reading() as look:
        dish = (await menu.load_menu(look, house.id)).dishes[dish_id]
        return dish.options[0].choices[1].id


def form(house: locations.House, dish_id: str, choice_id: str, **fields: Any) -> dict[str, Any]:
    return {
        "orderType": "PICKUP",
        "locationId": house.id,
        "items": [
            {
                "menuItemId": dish_id,
                "quantity": 2,
                "options": [
                    {
                        "menuOptionValueId": choice_id,
                        "name": "Size",
                        "value": "Large",
                        "priceModifier": 2.5,
                    }
                ],
            }
        ],
        "guestName": "Anna Berg",
        "guestEmail": "Anna@Guest.example",
        "paymentMethod": "CASH",
    } | fields


async def place(client: Client, body: Mapping[str, Any], key: str | None = None) -> httpx.Response:
    """Like every client: who is told to come again does so."""
    headers = {} if key is None else {"idempotency-key": key}
    for _ in range(TRIES_MAX):
        answer = await client.post("/api/orders", json=body, headers=headers)
        if answer.status_code != 503:
            return answer
    raise AssertionError(answer.text)


async def test_an_order_is_answered_in_the_contracts_words(
    client: Client, house: locations.House, dish_id: str, large: str
) -> None:
    answer = await place(client, form(house, dish_id, large))
    assert answer.status_code == 201, answer.text
    order = json.loads(answer.text, parse_float=Decimal)["data"]
    assert order["total"] == Decimal("30.00")
    assert (order["status"], order["orderType"], order["orderNumber"]) == (
        "PENDING",
        "PICKUP",
        "001",
    )
    assert order["createdAt"] == "2030-05-17T16:00:00.000Z"
    assert order["guestEmail"] == "anna@guest.example"
    [item] = order["items"]
    assert (item["unitPrice"], item["options"][0]["value"]) == (Decimal("15.00"), "Large")
    assert order["_count"] == {"items": 1}
    assert '"total":30.00' in answer.text


async def test_what_is_answered_is_what_can_be_read(
    client: Client, house: locations.House, dish_id: str, large: str
) -> None:
    placed = (await place(client, form(house, dish_id, large))).json()["data"]
    capability = placed.pop("capability")
    assert placed.pop("trackingUrl") == f"/t/{capability}"
    read = await client.get(
        f"/api/orders/{placed['id']}", headers={"x-order-capability": capability}
    )
    assert read.json()["data"] == placed


async def test_no_table_holds_what_opens_an_order(
    client: Client, books: Books, house: locations.House, dish_id: str, large: str
) -> None:
    placed = (await place(client, form(house, dish_id, large), "one-intent")).json()["data"]
    async with books.reading() as look:
        kept = {
            name: repr((await look.session.execute(table.select())).all())
            for name, table in every_table().items()
        }
    assert placed["id"] in kept["idempotency_keys"]
    assert [name for name, rows in kept.items() if placed["capability"] in rows] == []


async def test_prices_from_the_client_change_nothing(
    client: Client, house: locations.House, dish_id: str, large: str
) -> None:
    for tampered in (-9, 1e308, "free", None, [1], 0.1 + 0.2):
        body = form(house, dish_id, large)
        body["items"][0]["options"][0]["priceModifier"] = tampered
        body["items"][0]["unitPrice"] = tampered
        body["total"] = tampered
        answer = await place(client, body)
        assert answer.status_code == 201, answer.text
        assert '"total":30.00' in answer.text


async def test_a_total_that_is_not_due_is_refused_with_the_new_one(
    client: Client, house: locations.House, dish_id: str, large: str
) -> None:
    answer = await place(client, form(house, dish_id, large, shownTotal=29.99))
    assert answer.status_code == 409
    problem = answer.json()
    assert (problem["code"], problem["details"]["totalMinor"]) == ("PriceChanged", 3_000)
    assert (await place(client, form(house, dish_id, large, shownTotal=30))).status_code == 201


async def test_200_duplicates_of_one_key_are_one_order(
    client: Client, books: Books, house: locations.House, dish_id: str, large: str
) -> None:
    body = form(house, dish_id, large)
    answers = await asyncio.gather(*(place(client, body, "one-intent") for _ in range(200)))
    async with books.reading() as look:
        count = await orders.count_orders(look, orders.OrderFilter())
    bodies = {answer.content for answer in answers}
    print(f"R4: {len(answers)} duplicates at once, {count} order, {len(bodies)} different answers")
    assert {answer.status_code for answer in answers} == {201}
    assert (count, len(bodies)) == (1, 1)

    other = await place(client, form(house, dish_id, large, comment="quickly"), "one-intent")
    assert (other.status_code, other.json()["code"]) == (422, "IdempotencyKeyReused")


async def test_a_token_that_ends_between_two_tries_orders_nothing_twice(
    client: Client, books: Books, house: locations.House, dish_id: str, large: str
) -> None:
    body, token = form(house, dish_id, large), await sign_up(books)
    client.headers["authorization"] = f"Bearer {token}"
    placed = await place(client, body, "one-intent")
    async with books.writing() as uow:
        session = await find_session(uow, token, kind=SessionKind.API)
        assert session is not None
        await end_session(uow, session)
    again = await place(client, body, "one-intent")
    assert (again.status_code, again.json()["code"]) == (409, "AnsweredToAnother")
    assert placed.json()["data"]["id"] not in again.text
    async with books.reading() as look:
        assert await orders.count_orders(look, orders.OrderFilter()) == 1


async def test_who_signs_in_between_two_tries_gets_the_same_order(
    client: Client, books: Books, house: locations.House, dish_id: str, large: str
) -> None:
    body = form(house, dish_id, large)
    placed = await place(client, body, "one-intent")
    client.headers["authorization"] = f"Bearer {await sign_up(books)}"
    again = await place(client, body, "one-intent")
    assert (again.status_code, again.content) == (201, placed.content)


async def sign_up(books: Books) -> str:
    """The token of a new customer."""
    async with books.writing() as uow:
        newcomer = guests.NewGuest(email="anna@guest.example", name="Anna Berg")
        guest = await guests.register_guest(uow, newcomer, password_hash="none")
        return await open_session(
            uow, kind=SessionKind.API, subject_kind=Kind.CUSTOMER, subject_id=guest.id
        )


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"items": []}, 400),
        ({"orderType": "TELEPORT"}, 400),
        ({"locationId": "00000000-0000-7000-8000-000000000000"}, 404),
        ({"locationId": "nowhere"}, 404),
        ({"guestName": "  "}, 400),
        ({"guestEmail": "not-an-address", "guestPhone": None}, 400),
        ({"scheduledAt": "31 February"}, 400),
        ({"scheduledAt": "2030-05-17T16:10:00Z"}, 400),
        ({"paymentMethod": "STRIPE"}, 400),
        ({"comment": "x" * 501}, 400),
        ({"orderType": "DELIVERY"}, 400),
        ({"shownTotal": 30.001}, 400),
    ],
)
async def test_bad_input_is_refused_with_a_code_and_nothing_is_written(
    client: Client,
    books: Books,
    house: locations.House,
    dish_id: str,
    large: str,
    change: dict[str, Any],
    status: int,
) -> None:
    answer = await place(client, form(house, dish_id, large, **change))
    assert answer.status_code == status, answer.text
    problem = answer.json()
    assert problem["success"] is False
    assert isinstance(problem["error"], str)
    assert problem["code"]
    async with books.reading() as look:
        assert await orders.count_orders(look, orders.OrderFilter()) == 0


async def test_odd_bodies_are_refused_and_never_a_500(client: Client) -> None:
    bodies = [b"", b"{", b"[]", b"null", b'"x"', b'{"items":' + b"[" * 10_000, b"\xff\xfe", b"NaN"]
    for body in bodies:
        answer = await client.post(
            "/api/orders", content=body, headers={"content-type": "application/json"}
        )
        assert answer.status_code == 400, (body[:20], answer.status_code, answer.text[:200])


class TestWhoSeesAnOrder:
    async def test_its_link_opens_it_and_no_other(
        self, client: Client, house: locations.House, dish_id: str, large: str
    ) -> None:
        mine = (await place(client, form(house, dish_id, large))).json()["data"]
        other = (await place(client, form(house, dish_id, large))).json()["data"]
        with_link = {"x-order-capability": mine["capability"]}
        assert (await client.get(f"/api/orders/{mine['id']}", headers=with_link)).status_code == 200
        assert (
            await client.get(f"/api/orders/{other['id']}", headers=with_link)
        ).status_code == 401
        assert (await client.get(f"/api/orders/{mine['id']}")).status_code == 401

    async def test_the_guest_cancels_while_the_house_allows_it(
        self, client: Client, house: locations.House, dish_id: str, large: str
    ) -> None:
        order = (await place(client, form(house, dish_id, large))).json()["data"]
        headers = {"x-order-capability": order["capability"]}
        path = f"/api/orders/{order['id']}/cancel"
        assert (await client.post(path, json={})).status_code == 401
        done = await client.post(path, json={"reason": "changed my mind"}, headers=headers)
        assert done.json()["data"]["status"] == "CANCELLED"
        assert done.json()["data"]["payments"][0]["status"] == "FAILED"
        again = await client.post(path, json={}, headers=headers)
        assert (again.status_code, again.json()["code"]) == (409, "OrderMoveRefused")

    async def test_an_id_that_is_none_is_not_found(self, client: Client) -> None:
        for odd in ("1", "x", "%00", "../etc", "0" * 36):
            assert (await client.get(f"/api/orders/{odd}")).status_code == 404


@pytest.mark.parametrize("zone", ["Z", "+00:07", "-11:31"])
async def test_an_odd_offset_opens_no_second_kitchen(
    client: Client, books: Books, zone: str
) -> None:
    """The same instant, however it is written, is cooked in the same quarter of an hour."""
    wished = datetime(2030, 5, 17, 19, 0, tzinfo=UTC)
    async with books.writing() as uow:
        small = await add_house(uow, kitchen_minutes_per_quarter=10)
        dish_id = await add_dish(uow, work_minutes=10)
    body = form(small, dish_id, "", items=[{"menuItemId": dish_id, "quantity": 1}])
    sign = -1 if zone.startswith("-") else 1
    hours, minutes = (0, 0) if zone == "Z" else map(int, zone[1:].split(":"))
    local = wished.astimezone(timezone(sign * timedelta(hours=hours, minutes=minutes)))
    first = await place(client, body | {"scheduledAt": "2030-05-17T19:00:00Z"})
    second = await place(client, body | {"scheduledAt": local.isoformat()})
    assert first.status_code == 201, first.text
    assert (second.status_code, second.json()["code"]) == (409, "SlotFull")


async def test_a_time_at_the_edge_of_the_calendar_is_refused(
    client: Client, house: locations.House, dish_id: str, large: str
) -> None:
    for odd in ("0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59"):
        answer = await place(client, form(house, dish_id, large, scheduledAt=odd))
        assert (answer.status_code, answer.json()["code"]) == (400, "ScheduleRefused")
