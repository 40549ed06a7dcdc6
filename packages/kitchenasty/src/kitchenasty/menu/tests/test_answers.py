"""The whole menu in one answer: complete, cached, never staler than said."""

from __future__ import annotations

from typing import Any, NoReturn

import httpx
import pytest

from basis.kit.data.database import DatabaseAway
from kitchenasty import menu
from kitchenasty.kit.books import Books, open_books
from kitchenasty.menu.answers import MenuAnswers, MenuNotFound
from kitchenasty.menu.tests.builders import SIZE, TOPPINGS, add_dish


class DatabaseOutOfReach:
    """A server that does not answer."""

    def reading(self, *, snapshot: bool) -> NoReturn:
        raise DatabaseAway(f"connection refused (snapshot={snapshot})")


async def test_the_whole_menu_is_one_answer_and_304_afterwards(
    client: httpx.AsyncClient, books: Books, house: Any
) -> None:
    async with books.writing() as uow:
        dish_id = await add_dish(uow, options=(SIZE, TOPPINGS), allergens=None, stock=3)
    first = await client.get("/api/menu", params={"locationId": house.id})
    assert first.status_code == 200, first.text
    [category] = first.json()["data"]["categories"]
    [dish] = category["items"]
    assert (dish["id"], dish["price"], dish["stock"]) == (dish_id, 12.5, 3)
    assert dish["allergens"] is None, "unknown is not the same as none"
    assert [value["priceModifier"] for value in dish["options"][0]["values"]] == [0, 2.5, -1]
    assert b'"price":12.50' in first.content, "money is an exact number"
    again = await client.get(
        "/api/menu",
        params={"locationId": house.id},
        headers={"if-none-match": first.headers["etag"]},
    )
    assert (again.status_code, again.content) == (304, b"")


async def test_an_answer_is_kept_until_something_changes(books: Books, house: Any) -> None:
    answers = MenuAnswers(fresh_seconds=0)
    async with books.writing() as uow:
        dish_id = await add_dish(uow, stock=2)
    first = await answers.find(books, house.id)
    assert await answers.find(books, house.id) is first
    async with books.writing() as uow:
        await menu.take_stock(uow, {dish_id: 2}, {dish_id: "Soup"})
    sold_out = await answers.find(books, house.id)
    assert sold_out.etag != first.etag
    assert b'"isSoldOut":true' in sold_out.content
    async with books.writing() as uow:
        await add_dish(uow, name="Stew")
    assert b"Stew" in (await answers.find(books, house.id)).content


async def test_no_house_no_menu(books: Books, client: httpx.AsyncClient) -> None:
    with pytest.raises(MenuNotFound):
        await MenuAnswers().find(books, "nowhere")
    answer = await client.get("/api/menu", params={"locationId": "nowhere"})
    assert answer.status_code == 404


async def test_the_menu_is_shown_while_the_books_are_away(books: Books, house: Any) -> None:
    answers = MenuAnswers(fresh_seconds=0)
    async with books.writing() as uow:
        await add_dish(uow)
    first = await answers.find(books, house.id)
    away = open_books(DatabaseOutOfReach(), books.clock, books.secret)  # type: ignore[arg-type]  # all that is asked
    later = await answers.find(away, house.id)
    assert (later.content, later.is_old) == (first.content, True)
    assert not (await answers.find(books, house.id)).is_old
    with pytest.raises(DatabaseAway):
        await MenuAnswers().find(away, house.id)
