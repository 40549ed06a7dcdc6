"""The contract's lists of categories, items, allergens and mealtimes."""

from __future__ import annotations

from typing import Any

import httpx

from kitchenasty import menu
from kitchenasty.kit.books import Books
from kitchenasty.menu.tests.builders import SIZE, TOPPINGS, add_category, add_dish


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
    both = (await client.get("/api/menu/items")).json()
    assert both["pagination"]["total"] == 2
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
