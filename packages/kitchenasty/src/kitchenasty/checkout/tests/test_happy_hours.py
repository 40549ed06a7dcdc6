"""Promotions by the clock: they make dishes cheaper by themselves, beside a coupon or instead."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import httpx
import pytest

from basis.errors import DomainError
from kitchenasty import checkout, locations, orders, promotions
from kitchenasty.checkout.tests.builders import draft_of
from kitchenasty.kit.books import Books
from kitchenasty.kit.principals import Role
from kitchenasty.menu.tests.builders import add_category, add_dish
from kitchenasty.promotions.tests.builders import add_coupon, add_happy_hour
from kitchenasty.staff.tests.builders import sign_in

Line = checkout.CartLine


@pytest.fixture
async def dish_id(books: Books) -> str:
    async with books.writing() as uow:
        return await add_dish(uow)


async def happy_hour(books: Books, **fields: Any) -> promotions.Promotion:
    async with books.writing() as uow:
        return await add_happy_hour(uow, **fields)


async def place(
    books: Books, house: locations.House, *lines: Line, **fields: Any
) -> orders.Order | str:
    try:
        async with books.writing() as uow:
            return (await checkout.place_order(uow, draft_of(house.id, *lines, **fields))).order
    except DomainError as refusal:
        return refusal.code


async def off(books: Books, house: locations.House, *lines: Line, **fields: Any) -> list[Any]:
    """What each reduction of an order came to, by name."""
    placed = await place(books, house, *lines, **fields)
    assert isinstance(placed, orders.Order), placed
    async with books.reading() as look:
        sums = await orders.load_sums(look, placed)
    return [(row.name, row.minor) for row in sums.rows]


@pytest.mark.parametrize(
    ("fields", "minor"),
    [
        ({}, -500),
        ({"rate_millionths": 0, "amount_minor": 300}, -300),
        ({"rate_millionths": 0, "amount_minor": 300, "is_per_portion": True}, -600),
        ({"rate_millionths": 0, "amount_minor": 9_900}, -2_500),
    ],
)
async def test_a_happy_hour_takes_off_what_it_says(
    books: Books, house: locations.House, dish_id: str, fields: dict[str, Any], minor: int
) -> None:
    await happy_hour(books, **fields)
    assert await off(books, house, Line(dish_id, 2)) == [("Happy hour", minor)]


async def test_only_its_categories_and_those_below_become_cheaper(
    books: Books, house: locations.House, dish_id: str
) -> None:
    async with books.writing() as uow:
        drinks = await add_category(uow, name="Drinks")
        wines = await add_category(uow, name="Wines", parent_id=drinks)
        wine = await add_dish(uow, name="Red", category_id=wines, price_minor=1_000)
    await happy_hour(books, category_ids=(drinks,))
    assert await off(books, house, Line(wine, 1), Line(dish_id, 1)) == [("Happy hour", -200)]
    assert await off(books, house, Line(dish_id, 1)) == []


async def test_it_is_the_hour_of_the_meal_that_counts(
    books: Books, house: locations.House, dish_id: str
) -> None:
    async with books.reading() as look:
        now = look.now
    later = now + timedelta(hours=3)
    await happy_hour(books, starts=0, ends=1_440, days=(later.isoweekday() % 7,))
    weekday_after = later + timedelta(days=1)
    assert await off(books, house, Line(dish_id, 2), scheduled_at=later) == [("Happy hour", -500)]
    assert await off(books, house, Line(dish_id, 2), scheduled_at=weekday_after) == []


async def test_a_change_counts_from_the_next_order_on(
    books: Books, house: locations.House, dish_id: str
) -> None:
    assert await off(books, house, Line(dish_id, 2)) == []
    one = await happy_hour(books)
    assert await off(books, house, Line(dish_id, 2)) == [("Happy hour", -500)]
    async with books.writing() as uow:
        await promotions.change_promotion(uow, one.id, {"is_active": False})
    assert await off(books, house, Line(dish_id, 2)) == []
    async with books.writing() as uow:
        await promotions.change_promotion(uow, one.id, {"is_active": True})
        await promotions.remove_promotion(uow, one.id)
    assert await off(books, house, Line(dish_id, 2)) == []


@pytest.mark.parametrize(
    ("combines", "rate", "expected"),
    [
        (True, 100_000, [("Happy hour", -500), ("SUMMER", -200)]),
        (False, 300_000, [("SUMMER", -750)]),
        (False, 100_000, "CouponBeaten"),
    ],
)
async def test_beside_a_coupon_or_the_better_of_the_two(
    books: Books,
    house: locations.House,
    dish_id: str,
    combines: bool,
    rate: int,
    expected: Any,
) -> None:
    await happy_hour(books, combines=combines)
    async with books.writing() as uow:
        await add_coupon(uow, rate_millionths=rate)
    fields: dict[str, Any] = {"coupon_code": "SUMMER"}
    if expected == "CouponBeaten":
        assert await place(books, house, Line(dish_id, 2), **fields) == expected
        async with books.reading() as look:
            priced = await checkout.price_cart(
                look, draft_of(house.id, Line(dish_id, 2), **fields).cart
            )
        assert priced.coupon_refusal is not None
        assert priced.breakdown.total_minor == 2_000
        return
    assert await off(books, house, Line(dish_id, 2), **fields) == expected


async def test_guests_see_it_on_menu_dish_and_cart(
    client: httpx.AsyncClient, books: Books, house: locations.House, dish_id: str
) -> None:
    here = f"/at/{house.slug}"
    own = {"origin": "http://house.example"}
    before = (await client.get(here)).text
    await happy_hour(books)
    menu_page = (await client.get(here)).text
    assert ("Happy hour" in before, "Happy hour −20 %" in menu_page) == (False, True)
    await client.post(f"{here}/cart", data={"dish": dish_id, "quantity": "2"}, headers=own)
    cart = (await client.get(f"{here}/cart")).text
    assert "-€5.00" in cart
    assert "€20.00" in cart
    async with books.writing() as uow:
        await add_coupon(uow, rate_millionths=500_000)
    form = {"coupon": "summer"}
    opened = await client.post(f"{here}/checkout/look", data=form, headers=own)
    assert 'value="summer"' in opened.text
    assert "€12.50" in opened.text


async def test_the_api_makes_changes_and_removes_promotions(
    client: httpx.AsyncClient, books: Books, house: locations.House
) -> None:
    manager = await sign_in(books, Role.MANAGER)
    wish = {"name": "Late", "percent": 12.5, "startTime": "22:00", "endTime": "02:00", "days": [5]}
    made = (await client.post("/api/promotions", json=wish, headers=manager)).json()["data"]
    told = (made["percent"], made["startTime"], made["endTime"], made["days"], made["amount"])
    assert told == (12.5, "22:00", "02:00", [5], None)
    path = f"/api/promotions/{made['id']}"
    changed = await client.patch(path, json={"isActive": False}, headers=manager)
    assert changed.json()["data"]["isActive"] is False
    assert (await client.get("/api/promotions")).json()["data"] == []
    for wrong in ({"percent": 101}, {"percent": None}, {"amount": 5}, {"startTime": "late"}):
        answer = await client.post("/api/promotions", json=wish | wrong, headers=manager)
        assert answer.status_code == 400, wrong
    one_house = await sign_in(books, Role.MANAGER, house.id)
    assert (await client.patch(path, json={"priority": 1}, headers=one_house)).status_code == 403
    assert (await client.delete(path, headers=manager)).status_code == 200
    assert (await client.patch(path, json={"priority": 1}, headers=manager)).status_code == 404
