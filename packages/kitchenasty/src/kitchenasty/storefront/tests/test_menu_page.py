"""The menu as a guest sees it."""

from __future__ import annotations

import re

from httpx import AsyncClient as Client

from kitchenasty import menu
from kitchenasty.kit.books import Books
from kitchenasty.locations.tests.builders import add_house
from kitchenasty.menu.tests.builders import add_category, add_dish


async def test_what_can_be_had_now_comes_first_in_the_menus_own_order(
    guest: Client, books: Books
) -> None:
    async with books.writing() as uow:
        await add_house(uow, slug="mill-lane")
        never = menu.MealtimeDraft(name="Never", starts=0, ends=1, days=(0,))
        later = (await menu.add_mealtime(uow, never),)
        mains = await add_category(uow)
        await add_dish(uow, name="Porridge", sort_order=0, category_id=mains, mealtime_ids=later)
        await add_dish(uow, name="Dumplings", sort_order=1, category_id=mains)
        await add_dish(uow, name="Roast", sort_order=2, category_id=mains, stock=0)
        await add_dish(uow, name="Broth", sort_order=3, category_id=mains)
    page = (await guest.get("/at/mill-lane")).text
    shown = re.findall(r"<h3><a[^>]*>([^<]*)</a>", page)
    assert shown == ["Dumplings", "Broth", "Porridge", "Roast"]


async def test_a_part_of_the_menu_shows_its_picture_if_it_has_one(
    guest: Client, books: Books
) -> None:
    async with books.writing() as uow:
        await add_house(uow, slug="mill-lane")
        soups = await add_category(uow, name="Soups", image="https://pictures.example/soups.webp")
        await add_dish(uow, name="Broth", category_id=soups)
        await add_dish(uow, name="Roast", category_id=await add_category(uow, name="Mains"))
    page = (await guest.get("/at/mill-lane")).text
    heads = re.findall(r'<section class="category".*?<header>(.*?)</header>', page, re.DOTALL)
    shown = {re.sub("<[^>]*>", "", head): "soups.webp" in head for head in heads}
    assert shown == {"Soups": True, "Mains": False}
