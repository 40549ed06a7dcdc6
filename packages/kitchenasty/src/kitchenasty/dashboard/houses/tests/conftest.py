"""A house and the manager's browser in its office."""

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
async def elsewhere(books: Books) -> locations.House:
    """A house in which nobody of these tests works."""
    async with books.writing() as uow:
        return await add_house(uow, name="Quay")


@pytest.fixture
async def manager(
    client: httpx.AsyncClient, books: Books, house: locations.House
) -> httpx.AsyncClient:
    await add_staff(books, "m@bistro.example", role=Role.MANAGER, houses=(house.id,))
    await sign_in(client, "m@bistro.example")
    return client


@pytest.fixture
async def owner(client: httpx.AsyncClient, books: Books) -> httpx.AsyncClient:
    await add_staff(books, "o@bistro.example", role=Role.SUPER_ADMIN)
    await sign_in(client, "o@bistro.example")
    return client
