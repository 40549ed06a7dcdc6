"""Signed quotes: what was told is what is charged, or nothing is ordered."""

from __future__ import annotations

from datetime import timedelta
from random import Random
from typing import Any

import httpx
import pytest

from basis.kit.testing import HandClock
from kitchenasty import locations, orders
from kitchenasty.kit.books import Books
from kitchenasty.locations.tests.builders import add_house
from kitchenasty.menu.tests.builders import add_dish
from kitchenasty.promotions.tests.builders import add_coupon

PERSON = {
    "guestName": "Anna",
    "guestPhone": "030 1234567",
    "address": {"line1": "Torstr. 1", "city": "Berlin", "zip": "10119"},
}
RATES = (
    locations.TaxRate(tax="GST", category="standard", millionths=88_750),
    locations.TaxRate(tax="GST", category="drinks", millionths=190_000),
    locations.TaxRate(tax="Town", category="standard", millionths=12_500),
)
SUMS = ("currency", "subtotal", "deliveryFee", "discount", "tax", "tip", "total", "taxes")
CARTS = 4


async def furnish(books: Books, **house: Any) -> tuple[str, str]:
    async with books.writing() as uow:
        return (await add_house(uow, **house)).id, await add_dish(uow)


def cart_of(house_id: str, *dish_ids: str, quantity: int = 2) -> dict[str, Any]:
    return {
        "orderType": "DELIVERY",
        "locationId": house_id,
        "items": [{"menuItemId": one, "quantity": quantity} for one in dish_ids],
    }


async def ask(client: httpx.AsyncClient, cart: dict[str, Any]) -> dict[str, Any]:
    answer = await client.post("/api/quote", json=cart)
    assert answer.status_code == 200, answer.text
    quote: dict[str, Any] = answer.json()["data"]
    return quote


async def order(client: httpx.AsyncClient, cart: dict[str, Any], quote: str) -> httpx.Response:
    return await client.post("/api/orders", json=cart | PERSON | {"quote": quote})


async def count_orders(books: Books, house_id: str) -> int:
    async with books.reading() as look:
        return await orders.count_orders(look, orders.OrderFilter(house_ids=frozenset({house_id})))


@pytest.mark.parametrize("currency", ["EUR", "USD", "JPY", "KWD"])
@pytest.mark.parametrize("is_inside", [True, False], ids=["inclusive", "exclusive"])
async def test_a_live_quote_is_charged_to_the_last_step(
    books: Books, client: httpx.AsyncClient, currency: str, *, is_inside: bool
) -> None:
    """Random carts, fees and rounding policies at two taxes and three rates."""
    chance = Random(f"{currency} {is_inside}")
    for _ in range(CARTS):
        async with books.writing() as uow:
            house = await add_house(
                uow, currency=currency, delivery_fee_minor=chance.randrange(900)
            )
            await locations.set_taxes(
                uow,
                house.id,
                RATES,
                prices_include_tax=is_inside,
                rounding_policy=chance.choice(sorted(orders.totals.POLICIES)),
            )
            dishes = [
                await add_dish(uow, price_minor=chance.randrange(1, 5_000), tax_category=category)
                for category in ("standard", "drinks", "drinks")
            ]
        cart = cart_of(house.id, *dishes, quantity=chance.randint(1, 9))
        quote = await ask(client, cart)
        answer = await order(client, cart, quote["quote"])
        assert answer.status_code == 201, answer.text
        placed = answer.json()["data"]
        assert {name: placed[name] for name in SUMS} == {name: quote[name] for name in SUMS}
        assert placed["payments"][0]["amount"] == quote["total"]
        assert quote["steps"][-1]["sum"] == quote["total"]
        await check_sums(books, placed["id"])


async def check_sums(books: Books, order_id: str) -> None:
    async with books.reading() as look:
        placed = await orders.load_order(look, order_id)
        kept = await orders.load_explanation(look, order_id)
    assert kept is not None
    assert placed.total_minor == sum(share.gross_minor for share in kept.shares)
    assert placed.tax_minor == sum(one.tax_minor for one in kept.taxes)
    assert placed.tax_minor == sum(share.tax_minor for share in kept.shares)


async def test_a_quote_that_is_too_old_is_answered_with_a_new_one(
    books: Books, client: httpx.AsyncClient, clock: HandClock
) -> None:
    house_id, dish_id = await furnish(books)
    cart = cart_of(house_id, dish_id)
    old = await ask(client, cart)
    clock.advance(minutes=30)
    refused = await order(client, cart, old["quote"])
    assert (refused.status_code, refused.json()["code"]) == (409, "QuoteStale")
    assert await count_orders(books, house_id) == 0
    new = refused.json()["details"]["quote"]
    assert new["total"] == old["total"]
    assert new["quote"] != old["quote"]
    assert (await order(client, cart, new["quote"])).status_code == 201


async def test_a_changed_price_is_answered_with_a_new_quote(
    books: Books, client: httpx.AsyncClient
) -> None:
    """With the same total too: two euros of the fee have become two euros of tax."""
    house_id, dish_id = await furnish(books, delivery_fee_minor=300)
    cart = cart_of(house_id, dish_id)
    old = await ask(client, cart)
    async with books.writing() as uow:
        await locations.change_house(uow, house_id, {"tax_basis_points": 700})
    refused = await order(client, cart, old["quote"])
    assert (refused.status_code, refused.json()["code"]) == (409, "QuoteStale")
    new = refused.json()["details"]["quote"]
    assert (new["total"], new["tax"]) == (old["total"], 1.83)
    assert (await order(client, cart, new["quote"])).status_code == 201
    assert await count_orders(books, house_id) == 1


@pytest.mark.parametrize(
    "change",
    [
        {"items": "more"},
        {"orderType": "PICKUP"},
        {"locationId": "elsewhere"},
    ],
    ids=["another quantity", "another way", "another house"],
)
async def test_a_quote_is_of_one_cart(
    books: Books, client: httpx.AsyncClient, clock: HandClock, change: dict[str, Any]
) -> None:
    house_id, dish_id = await furnish(books)
    elsewhere, _ = await furnish(books)
    cart = cart_of(house_id, dish_id)
    quote = await ask(client, cart)
    other: dict[str, Any] = {
        "items": cart_of(house_id, dish_id, quantity=3)["items"],
        "orderType": "PICKUP",
        "locationId": elsewhere,
    }
    changed = cart | {name: other[name] for name in change}
    refused = await order(client, changed, quote["quote"])
    assert (refused.status_code, refused.json()["code"]) == (409, "QuoteStale"), refused.text
    # What the cook is told is not part of the price, and the time only if it changes it.
    cart["items"][0]["comment"] = "no onions"
    cart["scheduledAt"] = (clock.now + timedelta(hours=6)).isoformat()
    assert (await order(client, cart, quote["quote"])).status_code == 201


async def test_a_tampered_quote_is_refused(books: Books, client: httpx.AsyncClient) -> None:
    house_id, dish_id = await furnish(books)
    cart = cart_of(house_id, dish_id)
    text = (await ask(client, cart))["quote"]
    expiry, digest, signature = text.split(".")
    for forged in (
        f"{int(expiry) + 86_400}.{digest}.{signature}",
        f"{expiry}.{digest[::-1]}.{signature}",
        f"{expiry}.{digest}.{signature[::-1]}",
        f"{expiry}.{digest}.",
        f"{expiry}.{digest}",
        f"{expiry}.{digest}.ü{signature}",
        "..",
        "quote",
    ):
        refused = await order(client, cart, forged)
        assert (refused.status_code, refused.json()["code"]) == (400, "QuoteForged"), forged
    assert await count_orders(books, house_id) == 0
    assert (await order(client, cart, text)).status_code == 201


async def test_a_quote_with_a_coupon_is_charged_with_it_and_only_with_it(
    books: Books, client: httpx.AsyncClient
) -> None:
    house_id, dish_id = await furnish(books)
    async with books.writing() as uow:
        await add_coupon(uow)
    plain = cart_of(house_id, dish_id)
    reduced = plain | {"couponCode": "SUMMER"}
    quote = await ask(client, reduced)
    assert (quote["discount"], quote["total"]) == (2.5, 22.5)
    assert (await order(client, plain, quote["quote"])).json()["code"] == "QuoteStale"
    placed = await order(client, reduced, quote["quote"])
    assert (placed.status_code, placed.json()["data"]["total"]) == (201, 22.5)
    unknown = await ask(client, plain | {"couponCode": "WINTER"})
    assert unknown["quote"] is None
    assert unknown["couponProblem"]["code"] == "CouponUnknown"


async def test_what_cannot_be_ordered_is_not_signed(
    books: Books, client: httpx.AsyncClient
) -> None:
    house_id, dish_id = await furnish(books)
    async with books.writing() as uow:
        gone = await add_dish(uow, is_86=True)
    quote = await ask(client, cart_of(house_id, dish_id, gone))
    assert (quote["quote"], quote["expiresAt"]) == (None, None)
    assert [one["code"] for one in quote["problems"]] == ["SoldOut"]
