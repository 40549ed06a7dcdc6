"""Option groups that several dishes share: changed once for all, or for one dish alone."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

import httpx
import pytest

from kitchenasty import menu
from kitchenasty.kit.books import Books
from kitchenasty.kit.principals import Kind, Principal, Role
from kitchenasty.menu.reach import NotYourMenu
from kitchenasty.menu.tests.builders import SIZE, TOPPINGS, add_dish
from kitchenasty.staff.tests.builders import sign_in


async def share(books: Books, *, houses: tuple[str | None, ...] = (None, None)) -> Any:
    """A dish with sizes and toppings, others that have its sizes too; the ids, and the group's."""
    async with books.writing() as uow:
        first = await add_dish(uow, options=(SIZE, TOPPINGS), house_id=houses[0])
        others = [await add_dish(uow, house_id=one) for one in houses[1:]]
        group_id = (await menu.load_entry(uow, first)).options[0].id
        assert group_id is not None
        for other in others:
            await menu.link_group(uow, other, group_id)
    return first, *others, group_id


async def options_of(books: Books, dish_id: str) -> tuple[menu.GroupDraft, ...]:
    async with books.reading() as look:
        return (await menu.load_entry(look, dish_id)).options


async def test_a_change_of_a_shared_group_is_one_for_all_its_dishes(
    books: Books, house: Any
) -> None:
    first, other, group_id = await share(books)
    async with books.writing() as uow:
        group = await menu.load_shared_group(uow, group_id)
        assert set(group.dishes) == {first, other}
        large = replace(group.draft.values[1], modifier_minor=300)
        wanted = replace(group.draft, name="How much", values=(group.draft.values[0], large))
        await menu.change_shared_group(
            uow, group_id, seen=group.draft, wanted=wanted, dish_ids=group.dishes
        )
    assert (await options_of(books, first))[0] == wanted
    assert await options_of(books, other) == (wanted,)
    async with books.reading() as look:
        book = await menu.load_menu(look, house.id)
    assert book.dishes[first].options[0] == book.dishes[other].options[0]
    assert [one.name for one in book.dishes[other].options[0].choices] == ["Regular", "Large"]


async def test_a_dish_that_is_sent_whole_leaves_its_neighbours_alone(
    client: httpx.AsyncClient, books: Books, house: Any
) -> None:
    assert house.is_active
    first, other, group_id = await share(books)
    owner = await sign_in(books, Role.SUPER_ADMIN)
    before = await options_of(books, other)
    path = f"/api/menu/items/{first}"
    sent = (await client.get(path)).json()["data"]["options"]
    assert [one["menuItemId"] for one in sent] == [first, first]
    same = await client.patch(path, json={"options": sent}, headers=owner)
    assert [one["id"] for one in same.json()["data"]["options"]] == [one["id"] for one in sent]
    sent[0]["values"][1]["priceModifier"] = 9
    sent[1]["values"][0]["priceModifier"] = 9
    changed = await client.patch(path, json={"options": sent}, headers=owner)
    size, toppings = changed.json()["data"]["options"]
    assert (size["id"] != group_id, size["values"][1]["priceModifier"]) == (True, 9)
    # Nobody else has the toppings: they stay the same ones, with the same values.
    assert toppings["id"] == sent[1]["id"]
    assert [one["id"] for one in toppings["values"]] == [one["id"] for one in sent[1]["values"]]
    assert await options_of(books, other) == before
    none = await client.patch(f"/api/menu/items/{other}", json={"options": []}, headers=owner)
    assert none.json()["data"]["options"] == []
    assert len(await options_of(books, first)) == 2


async def test_a_dish_takes_its_own_copy_in_the_same_place(books: Books) -> None:
    first, other, group_id = await share(books)
    async with books.writing() as uow:
        copy_id = await menu.copy_group(uow, first, group_id)
    assert next(group.id for group in await options_of(books, first)) == copy_id
    assert [group.id for group in await options_of(books, other)] == [group_id]
    async with books.writing() as uow:
        await menu.take_off_group(uow, other, group_id)
        await menu.put_away_group(uow, group_id)
        with pytest.raises(menu.GroupInUse):
            await menu.put_away_group(uow, copy_id)
    assert await options_of(books, other) == ()


async def test_each_dish_has_its_own_order_of_groups(books: Books) -> None:
    first, other, size = await share(books)
    toppings = (await options_of(books, first))[1].id
    assert toppings is not None
    async with books.writing() as uow:
        await menu.link_group(uow, other, toppings)
        await menu.order_groups(uow, first, [toppings, size])
        with pytest.raises(menu.GroupChanged):
            await menu.order_groups(uow, first, [toppings])
    assert [group.id for group in await options_of(books, first)] == [toppings, size]
    assert [group.id for group in await options_of(books, other)] == [size, toppings]


async def test_of_ten_who_change_a_group_at_once_one_is_kept(books: Books) -> None:
    first, _, group_id = await share(books)
    group = (await options_of(books, first))[0]

    async def rename(number: int) -> bool:
        try:
            async with books.writing() as uow:
                wanted = replace(group, name=f"Size {number}")
                now = await menu.load_shared_group(uow, group_id)
                await menu.change_shared_group(
                    uow, group_id, seen=group, wanted=wanted, dish_ids=now.dishes
                )
        except menu.GroupChanged:
            return False
        return True

    assert sum(await asyncio.gather(*(rename(number) for number in range(10)))) == 1


async def test_a_manager_of_one_house_changes_no_group_of_another(
    books: Books, house: Any, other_house: Any
) -> None:
    ours, _, group_id = await share(books, houses=(house.id, other_house.id))
    someone = Principal(
        kind=Kind.STAFF, id=ours, role=Role.MANAGER, house_ids=frozenset({house.id}), name="Mo"
    )
    async with books.writing(someone) as uow:
        group = await menu.load_shared_group(uow, group_id)
        assert (set(group.dishes), group.may_change) == ({ours}, False)
        wanted = replace(group.draft, name="Ours")
        with pytest.raises(NotYourMenu):
            await menu.change_shared_group(
                uow, group_id, seen=group.draft, wanted=wanted, dish_ids=[ours]
            )
    async with books.writing(someone) as uow:
        own = await menu.copy_group(uow, ours, group_id)
        group = await menu.load_shared_group(uow, own)
        assert group.may_change
        with pytest.raises(menu.GroupNotFound):
            await menu.load_shared_group(uow, group_id)
        with pytest.raises(NotYourMenu):
            await menu.add_shared_group(uow, SIZE, ())


async def test_the_menu_is_read_in_as_many_statements_as_before(books: Books, house: Any) -> None:
    first, other, _ = await share(books)
    async with books.writing() as uow:
        await menu.move_version(uow)
    async with books.reading() as look:
        asked: list[Any] = []
        rows = look.connection.rows

        async def count(statement: Any, **parameters: Any) -> Any:
            asked.append(statement)
            return await rows(statement, **parameters)

        look.connection.rows = count  # type: ignore[method-assign]
        book = await menu.load_menu(look, house.id)
        look.connection.rows = rows  # type: ignore[method-assign]
    assert {first, other} <= book.dishes.keys()
    assert len(asked) == 8, "the version, and seven for the menu"
