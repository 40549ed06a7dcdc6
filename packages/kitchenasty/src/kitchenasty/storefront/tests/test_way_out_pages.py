"""The page behind "no more advertising": it asks, it does, it says so, and it takes it back."""

from __future__ import annotations

import httpx
import pytest

from kitchenasty import notices
from kitchenasty.kit.books import Books

ADA = "ada@guest.example"
ORIGIN = {"origin": "http://house.example"}
pytestmark = pytest.mark.usefixtures("house")


@pytest.fixture
def path(books: Books) -> str:
    return notices.way_out_for(books.secret, ADA, "")


async def is_free(books: Books) -> bool:
    async with books.reading() as look:
        return await notices.may_advertise_to(look, ADA)


async def test_looking_changes_nothing(client: httpx.AsyncClient, books: Books, path: str) -> None:
    page = await client.get(path)
    assert "No more advertising?" in page.text
    assert page.headers["cache-control"] == "no-store"
    assert await is_free(books)


async def test_a_mail_program_stops_it_with_one_post(
    client: httpx.AsyncClient, books: Books, path: str
) -> None:
    """Without a cookie, an origin or a question, as RFC 8058 says."""
    answer = await client.post(path, data={"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    assert not await is_free(books)


async def test_a_person_stops_it_reads_so_and_takes_it_back(
    client: httpx.AsyncClient, books: Books, path: str
) -> None:
    page = await client.post(path, headers=ORIGIN)
    assert "You get no more advertising from us." in page.text
    assert "You get no more advertising from us." in (await client.get(path)).text
    assert not await is_free(books)
    back = await client.post(f"{path}/undo", headers=ORIGIN)
    assert back.status_code == 303
    assert "No more advertising?" in (await client.get(back.headers["location"])).text
    assert await is_free(books)


async def test_an_invented_link_is_not_found_and_changes_nothing(
    client: httpx.AsyncClient, books: Books, path: str
) -> None:
    wrong = f"{path[:-4]}xxxx"
    assert (await client.get(wrong)).status_code == 404
    assert (await client.post(wrong)).status_code == 404
    assert await is_free(books)
