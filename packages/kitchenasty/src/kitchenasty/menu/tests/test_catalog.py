"""The contract's lists of categories, items, allergens and mealtimes."""

from __future__ import annotations

from typing import Any

import httpx

from kitchenasty import menu
from kitchenasty.kit.books import Books
from kitchenasty.kit.principals import Role
from kitchenasty.menu.tests.builders import SIZE, TOPPINGS, add_category, add_dish
from kitchenasty.staff.tests.builders import sign_in


async def test_items_are_read_in_the_contracts_shape(
    client: httpx.AsyncClient, books: Books, house: Any
) -> None:
    async with books.writing() as uow:
        lunch = await menu.add_mealtime(
            uow, menu.MealtimeDraft(name="Lunch", starts=660, ends=900, days=(1, 2))
        )
        dish_id = await add_dish(
            uow, name="Lentil soup", options=(SIZE, TOPPINGS), allergens=("celery",),
            mealtime_ids=(lunch,), house_id=house.id,
        )  # fmt: skip
        await add_dish(uow, name="Bread", is_active=False)
    everything = (await client.get("/api/menu/items")).json()
    assert everything["pagination"]["total"] == 1
    found = (await client.get("/api/menu/items", params={"search": "LENTIL"})).json()["data"]
    assert [(item["id"], item["_count"]) for item in found] == [
        (dish_id, {"options": 2, "allergens": 1, "mealtimes": 1})
    ]
    item = (await client.get(f"/api/menu/items/{dish_id}")).json()["data"]
    assert [v["priceModifier"] for v in item["options"][0]["values"]] == [0, 2.5, -1]
    assert item["allergens"][0]["allergen"]["code"] == "celery"
    assert item["mealtimes"][0]["mealtime"]["startTime"] == "11:00"
    assert (await client.get("/api/menu/items/none")).status_code == 404


async def test_categories_carry_their_children_and_counts(
    client: httpx.AsyncClient, books: Books
) -> None:
    async with books.writing() as uow:
        drinks = await add_category(uow, name="Drinks")
        hot = await add_category(uow, name="Hot drinks", parent_id=drinks)
        await add_dish(uow, category_id=hot)
    shown = {c["id"]: c for c in (await client.get("/api/menu/categories")).json()["data"]}
    assert [child["id"] for child in shown[drinks]["children"]] == [hot]
    assert shown[hot]["_count"] == {"menuItems": 1}
    one = (await client.get(f"/api/menu/categories/{hot}")).json()["data"]
    assert one["parent"]["name"] == "Drinks"
    assert len(one["menuItems"]) == 1


async def test_allergens_are_the_regulations(client: httpx.AsyncClient, books: Books) -> None:
    async with books.writing() as uow:
        await menu.add_allergens(uow)
    shown = (await client.get("/api/menu/allergens")).json()["data"]
    assert {one["code"] for one in shown} == menu.ALLERGEN_NAMES.keys()
    assert (await client.get("/api/menu/mealtimes")).json()["data"] == []


async def test_what_is_switched_off_is_known_to_the_house_alone(
    client: httpx.AsyncClient, books: Books
) -> None:
    async with books.writing() as uow:
        secret = await add_category(uow, name="Next week", is_active=False)
        off = await add_dish(uow, name="Bread", is_active=False)
        below = await add_dish(uow, name="Cake", category_id=secret)
        shown = await add_dish(uow, name="Soup")
    listed = (await client.get("/api/menu/items")).json()
    assert [item["id"] for item in listed["data"]] == [shown]
    assert listed["pagination"]["total"] == 1
    for hidden in (off, below):
        assert (await client.get(f"/api/menu/items/{hidden}")).status_code == 404
    categories = (await client.get("/api/menu/categories")).json()["data"]
    assert secret not in {category["id"] for category in categories}
    assert (await client.get(f"/api/menu/categories/{secret}")).status_code == 404
    staff = await sign_in(books, Role.STAFF)
    everything = (await client.get("/api/menu/items", headers=staff)).json()
    assert everything["pagination"]["total"] == 3


async def test_a_dish_is_found_by_any_letter_in_any_case(
    client: httpx.AsyncClient, books: Books
) -> None:
    async with books.writing() as uow:
        await add_dish(uow, name="Äpfel 100%")
        await add_dish(uow, name="Soup")
    for search, count in (("äpfel", 1), ("ÄPFEL", 1), ("%", 1), ("_", 0), ("\\", 0)):
        answer = await client.get("/api/menu/items", params={"search": search})
        assert answer.json()["pagination"]["total"] == count, search


async def test_a_page_far_beyond_the_end_is_empty(client: httpx.AsyncClient, books: Books) -> None:
    async with books.writing() as uow:
        await add_dish(uow)
    for page in ("9999999999999999999999", "-1", "0"):
        answer = await client.get("/api/menu/items", params={"page": page})
        assert answer.status_code in (200, 400), answer.text
