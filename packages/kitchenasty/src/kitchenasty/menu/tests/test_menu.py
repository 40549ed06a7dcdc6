"""The menu as it is written and read, on real databases."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from kitchenasty import menu
from kitchenasty.kit.books import Books
from kitchenasty.menu.tests.builders import SIZE, TOPPINGS, add_category, add_dish


async def test_a_dish_comes_back_with_everything_that_was_written(books: Books, house: Any) -> None:
    async with books.writing() as uow:
        lunch = await menu.add_mealtime(
            uow, menu.MealtimeDraft(name="Lunch", starts=660, ends=900, days=(1, 2, 3, 4, 5))
        )
        dish_id = await add_dish(
            uow,
            name="Lentil soup",
            options=(SIZE, TOPPINGS),
            allergens=("celery", "nuts:hazelnut"),
            marks=("vegan",),
            mealtime_ids=(lunch,),
        )
    async with books.reading() as look:
        dish = (await menu.load_menu(look, house.id)).dishes[dish_id]
    assert [group.name for group in dish.options] == ["Size", "Toppings"]
    assert [c.modifier_minor for c in dish.options[0].choices] == [0, 250, -100]
    assert dish.allergens == frozenset({"celery", "nuts:hazelnut"})
    assert dish.marks == ("vegan",)
    friday_noon = datetime(2030, 5, 17, 10, 0, tzinfo=UTC)
    assert dish.is_served(friday_noon, "Europe/Berlin")
    assert not dish.is_served(friday_noon.replace(hour=16), "Europe/Berlin")


async def test_undeclared_allergens_are_unknown_and_not_none(books: Books, house: Any) -> None:
    async with books.writing() as uow:
        unknown = await add_dish(uow, allergens=None)
        free = await add_dish(uow, allergens=())
    async with books.reading() as look:
        dishes = (await menu.load_menu(look, house.id)).dishes
    assert dishes[unknown].allergens is None
    assert dishes[free].allergens == frozenset()


async def test_the_book_is_read_again_after_a_change_and_only_then(
    books: Books, house: Any
) -> None:
    async with books.writing() as uow:
        await add_dish(uow)
    async with books.reading() as look:
        first = await menu.load_menu(look, house.id)
        assert await menu.load_menu(look, house.id) is first
    async with books.writing() as uow:
        await add_dish(uow)
    async with books.reading() as look:
        assert len((await menu.load_menu(look, house.id)).dishes) == 2


async def test_dishes_of_subcategories_are_found_under_their_parents(
    books: Books, house: Any
) -> None:
    async with books.writing() as uow:
        drinks = await add_category(uow, name="Drinks")
        hot = await add_category(uow, name="Hot drinks", parent_id=drinks)
        coffee = await add_dish(uow, name="Coffee", category_id=hot)
    async with books.reading() as look:
        [root] = (await menu.load_menu(look, house.id)).categories
    assert root.name == "Drinks"
    assert [dish.id for dish in root.children[0].dishes] == [coffee]


async def test_a_dish_may_be_kept_from_a_house(books: Books, house: Any, other_house: Any) -> None:
    async with books.writing() as uow:
        dish_id = await add_dish(uow, closed_to=(other_house.id,))
    async with books.reading() as look:
        assert dish_id in (await menu.load_menu(look, house.id)).dishes
        assert dish_id not in (await menu.load_menu(look, other_house.id)).dishes


async def test_stock_is_taken_and_given_back_exactly(books: Books) -> None:
    async with books.writing() as uow:
        dish_id = await add_dish(uow, stock=3)
        names = {dish_id: "Soup"}
        await menu.take_stock(uow, {dish_id: 2}, names)
        with pytest.raises(menu.SoldOut, match="Only 1 of Soup left"):
            await menu.take_stock(uow, {dish_id: 2}, names)
        await menu.give_back_stock(uow, {dish_id: 2})
    async with books.reading() as look:
        assert (await menu.load_availability(look, [dish_id]))[dish_id].stock == 3


async def test_an_86d_dish_cannot_be_taken(books: Books) -> None:
    async with books.writing() as uow:
        dish_id = await add_dish(uow, stock=3)
        await menu.set_86(uow, dish_id, is_86=True)
        with pytest.raises(menu.SoldOut, match="Soup is sold out"):
            await menu.take_stock(uow, {dish_id: 1}, {dish_id: "Soup"})
