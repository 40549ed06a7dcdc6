"""The menu answered before the router is the menu that the door answers."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from kitchenasty.kit.books import Books
from kitchenasty.menu.tests.builders import add_category, add_dish

OWN_TO_EACH = ("x-request-id", "date")


@pytest.fixture
async def path(books: Books, house: Any, client: httpx.AsyncClient) -> str:
    """Where the menu is, asked for once so that it is known."""
    async with books.writing() as uow:
        await add_dish(uow, category_id=await add_category(uow), name="Leek tart")
    question = f"/api/menu?locationId={house.id}"
    assert (await client.get(question)).status_code == 200
    return question


def told(answer: httpx.Response) -> tuple[int, dict[str, str], bytes]:
    headers = {k: v for k, v in answer.headers.items() if k not in OWN_TO_EACH}
    return answer.status_code, headers, answer.content


@pytest.mark.parametrize("is_known", [False, True])
async def test_the_shortcut_says_what_the_door_says(
    client: httpx.AsyncClient, path: str, *, is_known: bool
) -> None:
    etag = (await client.get(path)).headers["etag"]
    headers = {"if-none-match": etag} if is_known else {}
    short = await client.get(path, headers=headers)
    # A question that is put in another way is none for the shortcut.
    door = await client.get(f"{path}&door=1", headers=headers)
    assert short.status_code == (304 if is_known else 200)
    assert told(short) == told(door)


async def test_a_house_that_is_not_there_has_no_menu(client: httpx.AsyncClient) -> None:
    answer = await client.get("/api/menu?locationId=00000000-0000-7000-8000-000000000000")
    assert (answer.status_code, answer.json()["code"]) == (404, "MenuNotFound")
