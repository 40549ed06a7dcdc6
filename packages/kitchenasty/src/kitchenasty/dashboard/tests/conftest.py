"""A house and a browser in its office."""

from __future__ import annotations

import httpx
import pytest

from kitchenasty import locations
from kitchenasty.dashboard.tests.builders import add_staff, sign_in
from kitchenasty.kit.books import Books
from kitchenasty.locations.tests.builders import add_house


@pytest.fixture
async def house(books: Books) -> locations.House:
    async with books.writing() as uow:
        return await add_house(uow)


@pytest.fixture
async def office(
    client: httpx.AsyncClient, books: Books, house: locations.House
) -> httpx.AsyncClient:
    """A browser in which a cook of this house is signed in."""
    await add_staff(books, "cook@bistro.example", houses=(house.id,))
    await sign_in(client, "cook@bistro.example")
    return client
