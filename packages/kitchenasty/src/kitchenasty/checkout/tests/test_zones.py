"""Orders into zones: fee, minimum and time of the address; no way around; what was quoted holds."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from basis.kit.data import work
from kitchenasty import checkout, locations, orders
from kitchenasty.checkout.tests.builders import draft_of
from kitchenasty.kit.books import Books, Look
from kitchenasty.locations.tests.builders import add_house
from kitchenasty.menu.tests.builders import add_dish
from kitchenasty.orders import OrderType

HOLE = {
    "type": "Polygon",
    "coordinates": [[[13.0, 52.0], [14.0, 52.0], [14.0, 53.0], [13.0, 53.0], [13.0, 52.0]]],
}
ZONES = (
    locations.ZoneDraft(
        name="Near", fee_minor=200, min_order_minor=1_500, free_from_minor=4_000, minutes=20,
        codes="10115, 10117",
    ),
    locations.ZoneDraft(name="Far", fee_minor=650, codes="10*", minutes=70),
    locations.ZoneDraft(name="Drawn", fee_minor=300, boundary=HOLE),
)  # fmt: skip
ANNA = {"guestName": "Anna", "guestPhone": "030 1"}


@pytest.fixture
async def house(books: Books) -> locations.House:
    """With zones, a fee of its own that no zone has, and a smallest order of 10.00."""
    async with books.writing() as uow:
        made = await add_house(
            uow, delivery_fee_minor=123, min_delivery_minor=1_000, tax_basis_points=700
        )
        for draft in ZONES:
            await locations.add_zone(uow, made.id, draft)
        return await locations.load_house(uow, made.id)


@pytest.fixture
async def dish_id(books: Books) -> str:
    """For 10.00."""
    async with books.writing() as uow:
        return await add_dish(uow, price_minor=1_000)


def body_of(house: locations.House, dish_id: str, quantity: int, **address: Any) -> dict[str, Any]:
    return {
        "orderType": "DELIVERY",
        "locationId": house.id,
        "items": [{"menuItemId": dish_id, "quantity": quantity}],
        "address": {"line1": "Torstr. 1", "city": "Berlin", **address},
    }


async def order(client: httpx.AsyncClient, body: dict[str, Any]) -> httpx.Response:
    return await client.post("/api/orders", json=body | ANNA)


@pytest.mark.parametrize(
    ("address", "fee"),
    [
        ({"zip": "10115"}, 2),
        ({"postalCode": "10 117 "}, 2),
        ({"zip": "10999"}, 6.5),
        ({"zip": "80331", "lat": 52.5, "lng": 13.4}, 3),
        # Listed codes decide, whatever place is claimed.
        ({"zip": "10999", "lat": 52.5, "lng": 13.4}, 6.5),
        ({"zip": "10115", "lat": 0, "lng": 0}, 2),
    ],
)
async def test_the_address_decides_about_the_fee(
    client: httpx.AsyncClient,
    house: locations.House,
    dish_id: str,
    address: dict[str, Any],
    fee: float,
) -> None:
    placed = await order(client, body_of(house, dish_id, 2, **address))
    assert placed.status_code == 201, placed.text
    told = placed.json()["data"]
    assert (told["deliveryFee"], told["total"]) == (fee, 20 + fee)


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ({"zip": "80331"}, "WhereaboutsNeeded"),
        ({"zip": "80331", "lat": 52.5}, "WhereaboutsNeeded"),
        ({"zip": "80331", "lat": 48.1, "lng": 11.6}, "OutsideZones"),
        ({"zip": "80331", "lat": 13.4, "lng": 52.5}, "OutsideZones"),
        ({"zip": "1"}, "WhereaboutsNeeded"),
        ({}, "AddressNeeded"),
    ],
)
async def test_whoever_lives_in_no_zone_is_told_and_nothing_is_ordered(
    client: httpx.AsyncClient,
    books: Books,
    house: locations.House,
    dish_id: str,
    address: dict[str, Any],
    code: str,
) -> None:
    refused = await order(client, body_of(house, dish_id, 2, **address))
    assert (refused.status_code, refused.json()["code"]) == (400, code), refused.text
    assert len(refused.json()["error"]) > 20
    async with books.reading() as look:
        assert await orders.count_orders(look, orders.OrderFilter()) == 0


async def test_only_codes_listed_leave_nothing_to_be_asked(
    client: httpx.AsyncClient, books: Books, dish_id: str
) -> None:
    async with books.writing() as uow:
        house = await add_house(uow)
        await locations.add_zone(uow, house.id, ZONES[0])
    refused = await order(client, body_of(house, dish_id, 2, zip="80331"))
    assert refused.json()["code"] == "OutsideZones"


async def test_minimum_free_delivery_and_time_are_those_of_the_zone(
    client: httpx.AsyncClient, house: locations.House, dish_id: str
) -> None:
    small = await order(client, body_of(house, dish_id, 1, zip="10115"))
    assert (small.status_code, small.json()["code"]) == (409, "BelowMinimum")
    assert small.json()["details"]["minimumMinor"] == 1_500
    far = await order(client, body_of(house, dish_id, 1, zip="10999"))
    assert far.status_code == 201, "a zone without a minimum has the house's"
    free = (await order(client, body_of(house, dish_id, 4, zip="10115"))).json()["data"]
    assert (free["deliveryFee"], free["total"]) == (0, 40)


async def test_the_promise_reckons_with_the_way(
    books: Books, house: locations.House, dish_id: str
) -> None:
    line = checkout.CartLine(dish_id, 2)
    promises = []
    async with books.writing() as uow:
        for code in ("10115", "10999"):
            address = {"line1": "x", "city": "Berlin", "postalCode": code}
            draft = draft_of(house.id, line, order_type=OrderType.DELIVERY, address=address)
            promises.append((await checkout.place_order(uow, draft)).order.promised_at)
    assert (promises[1] - promises[0]).total_seconds() == 50 * 60


async def test_a_quote_tells_the_zone_and_what_is_missing(
    client: httpx.AsyncClient, house: locations.House, dish_id: str
) -> None:
    async def ask(quantity: int, **address: Any) -> dict[str, Any]:
        body = body_of(house, dish_id, quantity, **address)
        answer = await client.post("/api/quote", json=body)
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()["data"]
        return found

    near = await ask(1, zip="10115")
    assert (near["delivery"]["zone"], near["delivery"]["missing"]) == ("Near", 5)
    assert (near["delivery"]["toFree"], near["deliveryFee"]) == (30, 2)
    [step] = [one for one in near["steps"] if one["kind"] == "DELIVERY"]
    assert (step["name"], step["amount"]) == ("Near", 2)
    assert (await ask(4, zip="10115"))["delivery"]["toFree"] == 0
    far = await ask(1, zip="10999")
    assert (far["delivery"]["missing"], far["delivery"]["toFree"]) == (0, None)
    for address in ({}, {"zip": "80331"}):
        unknown = await ask(2, **address)
        assert (unknown["quote"], unknown["deliveryFee"], unknown["total"]) == (None, 0, 20)
        assert unknown["delivery"]["code"] == "WhereaboutsNeeded"


async def test_a_quote_is_of_one_zone(
    client: httpx.AsyncClient, books: Books, house: locations.House, dish_id: str
) -> None:
    """Also where another zone costs the same."""
    async with books.writing() as uow:
        twin = locations.ZoneDraft(name="Twin", fee_minor=200, free_from_minor=4_000, codes="12043")
        await locations.add_zone(uow, house.id, twin)
    body = body_of(house, dish_id, 2, zip="10115")
    quote = (await client.post("/api/quote", json=body)).json()["data"]["quote"]
    moved = await order(client, body_of(house, dish_id, 2, zip="12043") | {"quote": quote})
    assert (moved.status_code, moved.json()["code"]) == (409, "QuoteStale")
    kept = await order(client, body_of(house, dish_id, 2, zip="10117") | {"quote": quote})
    assert kept.status_code == 201, "the next street of the same zone"


async def test_a_new_tariff_holds_for_new_orders_alone(
    client: httpx.AsyncClient, books: Books, house: locations.House, dish_id: str
) -> None:
    body = body_of(house, dish_id, 2, zip="10115")
    quote = (await client.post("/api/quote", json=body)).json()["data"]["quote"]
    placed = (await order(client, body)).json()["data"]
    async with books.writing() as uow:
        await locations.change_zone(uow, house.id, house.zones[0].id, {"fee_minor": 900})
    stale = await order(client, body | {"quote": quote})
    assert (stale.status_code, stale.json()["code"]) == (409, "QuoteStale")
    assert stale.json()["details"]["quote"]["deliveryFee"] == 9
    async with books.reading() as look:
        assert (await orders.load_order(look, placed["id"])).delivery_fee_minor == 200
        explanation = await orders.load_explanation(look, placed["id"])
    assert explanation is not None
    assert "Near" in [step.name for step in explanation.steps]


async def test_a_pickup_and_a_house_without_zones_ask_no_address(
    client: httpx.AsyncClient, books: Books, house: locations.House, dish_id: str
) -> None:
    pickup = body_of(house, dish_id, 1) | {"orderType": "PICKUP"}
    assert (await order(client, pickup)).status_code == 201
    async with books.writing() as uow:
        plain = await add_house(uow, delivery_fee_minor=123, free_delivery_from_minor=5_000)
    placed = await order(client, body_of(plain, dish_id, 1, zip="anywhere"))
    assert placed.json()["data"]["deliveryFee"] == 1.23
    free = await order(client, body_of(plain, dish_id, 5, zip="anywhere"))
    assert free.json()["data"]["deliveryFee"] == 0


async def test_a_house_of_fifty_zones_costs_an_order_no_statement_more(
    books: Books, dish_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with books.writing() as uow:
        plain, drawn = await add_house(uow), await add_house(uow)
        for number in range(50):
            draft = locations.ZoneDraft(name=str(number), codes=f"{10_100 + number}")
            await locations.add_zone(uow, drawn.id, draft)
    asked: list[str] = []
    for name in ("value", "row", "rows", "run", "many"):
        watch(monkeypatch, name, asked)
    counts = []
    for house in (plain, drawn, plain, drawn):
        asked.clear()
        async with books.writing() as uow:
            line = checkout.CartLine(dish_id, 1)
            await checkout.place_order(uow, draft_of(house.id, line, order_type=OrderType.DELIVERY))
        counts.append(len(asked))
    assert counts[2] == counts[3], counts


def watch(monkeypatch: pytest.MonkeyPatch, name: str, asked: list[str]) -> None:
    """Count the statements that go through this way in."""
    of = work.UnitOfWork if name in vars(work.UnitOfWork) else work.Look
    real = getattr(of, name)

    async def counted(self: Look, *args: Any, **kwargs: Any) -> Any:
        asked.append(name)
        return await real(self, *args, **kwargs)

    monkeypatch.setattr(of, name, counted)
