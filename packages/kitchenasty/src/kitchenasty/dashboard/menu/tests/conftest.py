"""A house with a menu, and a manager's browser in its office."""

from __future__ import annotations

import httpx
import pytest

from kitchenasty import locations
from kitchenasty.dashboard.tests.builders import add_staff, sign_in
from kitchenasty.kit.books import Books
from kitchenasty.kit.principals import Role
from kitchenasty.locations.tests.builders import add_house


@pytest.fixture
async def house(books: Books) -> locations.House:
    async with books.writing() as uow:
        return await add_house(uow)


@pytest.fixture
async def manager(
    client: httpx.AsyncClient, books: Books, house: locations.House
) -> httpx.AsyncClient:
    """Of every house, of which there is one."""
    assert house.is_active
    await add_staff(books, "m@bistro.example", role=Role.MANAGER)
    await sign_in(client, "m@bistro.example")
    return client
