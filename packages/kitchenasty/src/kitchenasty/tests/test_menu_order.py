"""Lists are put in order as a whole, once, and back again."""

from __future__ import annotations

import asyncio
from collections import Counter

import pytest

from basis.errors import Forbidden
from kitchenasty import audit, menu
from kitchenasty.kit.books import Books
from kitchenasty.kit.principals import Kind, Principal, Role
from kitchenasty.locations import House
from kitchenasty.locations.tests.builders import add_house
from kitchenasty.menu.tests.builders import add_category, add_dish


async def shelf_of(books: Books, *names: str, **fields: str) -> tuple[menu.Shelf, list[str]]:
    async with books.writing() as uow:
        category_id = await add_category(uow)
        ids = [await add_dish(uow, name=one, category_id=category_id, **fields) for one in names]
    return menu.Shelf(menu.Kind.DISHES, category_id), ids


async def names_on(books: Books, shelf: menu.Shelf) -> list[str]:
    async with books.reading() as look:
        return [one.name for one in await menu.list_shelf(look, shelf)]


async def test_guests_see_the_order_and_it_is_taken_back(books: Books, house: House) -> None:
    shelf, (ale, bread, cake) = await shelf_of(books, "Ale", "Bread", "Cake")
    wanted = [cake, ale, bread]
    async with books.writing() as uow:
        order_id = await menu.put_in_order(uow, shelf, seen=[ale, bread, cake], wanted=wanted)
    assert order_id is not None
    assert await names_on(books, shelf) == ["Cake", "Ale", "Bread"]
    async with books.reading() as look:
        book = await menu.load_menu(look, house.id)
        assert [dish.name for dish in book.categories[0].dishes] == ["Cake", "Ale", "Bread"]
        [entry] = await audit.list_entries(look, entity="MenuOrder", entity_id=order_id)
    assert (entry.before["ids"], entry.after["ids"]) == ([ale, bread, cake], wanted)
    async with books.writing() as uow:
        assert await menu.take_back_order(uow, order_id) == shelf
    assert await names_on(books, shelf) == ["Ale", "Bread", "Cake"]


async def test_an_answer_that_was_lost_is_no_quarrel(books: Books) -> None:
    shelf, (ale, bread) = await shelf_of(books, "Ale", "Bread")
    for expected in (True, False):
        async with books.writing() as uow:
            made = await menu.put_in_order(uow, shelf, seen=[ale, bread], wanted=[bread, ale])
        assert (made is not None) is expected


async def test_of_ten_tabs_that_order_at_once_one_gets_through(books: Books) -> None:
    shelf, ids = await shelf_of(books, *"ABCDEFGHIJK")

    async def move(at: int) -> str:
        wanted = [ids[at], *ids[:at], *ids[at + 1 :]]
        try:
            async with books.writing() as uow:
                await menu.put_in_order(uow, shelf, seen=ids, wanted=wanted)
        except menu.OrderChanged:
            return "changed"
        return "moved"

    answers = Counter(await asyncio.gather(*(move(at) for at in range(1, 11))))
    print(f"U1: 10 tabs order one list at once: {dict(answers)}")
    assert answers == {"moved": 1, "changed": 9}


async def test_a_list_that_is_another_one_is_left_alone(books: Books) -> None:
    shelf, (ale, bread) = await shelf_of(books, "Ale", "Bread")
    async with books.writing() as uow:
        order_id = await menu.put_in_order(uow, shelf, seen=[ale, bread], wanted=[bread, ale])
        await add_dish(uow, name="Cake", category_id=shelf.of)
    with pytest.raises(menu.OrderChanged):
        async with books.writing() as uow:
            await menu.take_back_order(uow, str(order_id))
    for wanted in ([ale], [ale, ale, bread], [ale, bread, "other"]):
        async with books.reading() as look:
            now = [one.id for one in await menu.list_shelf(look, shelf)]
        with pytest.raises(menu.OrderRefused):
            async with books.writing() as uow:
                await menu.put_in_order(uow, shelf, seen=now, wanted=wanted)


async def test_one_house_moves_its_own_between_those_that_all_share(books: Books) -> None:
    async with books.writing() as uow:
        quay, mill = await add_house(uow), await add_house(uow)
        category_id = await add_category(uow)
        own = await add_dish(uow, name="Own", category_id=category_id, house_id=quay.id)
        other = await add_dish(uow, name="Other", category_id=category_id, house_id=mill.id)
        shared = [await add_dish(uow, name=one, category_id=category_id) for one in "AB"]
        shelf = menu.Shelf(menu.Kind.DISHES, category_id)
        now = [one.id for one in await menu.list_shelf(uow, shelf)]
        await menu.put_in_order(uow, shelf, seen=now, wanted=[*shared, own, other])
    cook = Principal(
        kind=Kind.STAFF, id=own, name="Rosa", role=Role.MANAGER, house_ids=frozenset({quay.id})
    )
    a, b = shared
    async with books.writing(cook) as uow:
        seen = [one.id for one in await menu.list_shelf(uow, shelf)]
        assert other not in seen
        await menu.put_in_order(uow, shelf, seen=seen, wanted=[a, own, b])
    assert await names_on(books, shelf) == ["A", "Own", "B", "Other"]
    with pytest.raises(Forbidden):
        async with books.writing(cook) as uow:
            await menu.put_in_order(uow, shelf, seen=[a, own, b], wanted=[b, own, a])


async def test_dishes_are_served_when_their_category_is(books: Books, house: House) -> None:
    """Unless they say otherwise; and a category without hours has those of the one above it."""
    async with books.writing() as uow:
        lunch, dinner = [
            await menu.add_mealtime(
                uow, menu.MealtimeDraft(name=name, starts=starts, ends=starts + 60, days=(1,))
            )
            for name, starts in (("Lunch", 660), ("Dinner", 1_080))
        ]
        above = await add_category(uow, mealtime_ids=(lunch,))
        inside = await add_category(uow, parent_id=above)
        usual = await add_dish(uow, category_id=inside)
        late = await add_dish(uow, category_id=inside, mealtime_ids=(dinner,))
        always = await add_dish(uow)
    async with books.reading() as look:
        dishes = (await menu.load_menu(look, house.id)).dishes
        shown = await menu.read_dish(look, usual)
    told = {one: [time.name for time in dishes[one].mealtimes] for one in (usual, late, always)}
    assert told == {usual: ["Lunch"], late: ["Dinner"], always: []}
    assert shown is not None
    assert [time.name for time in shown.mealtimes] == ["Lunch"]
