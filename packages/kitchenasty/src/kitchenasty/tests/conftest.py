from __future__ import annotations

from collections.abc import Iterator

import pytest

from kitchenasty.kit.books import Books
from kitchenasty.locations import House
from kitchenasty.payments.tests.builders import running_twin
from kitchenasty.tests.parlour import Parlour, open_parlour
from kitchenasty.tests.scene import Scene, open_scene
from kitchenasty.tests.till import Till


@pytest.fixture
async def scene(books: Books) -> Scene:
    return await open_scene(books)


@pytest.fixture(scope="session")
def stripe_url() -> Iterator[str]:
    with running_twin("stripe_twin") as url:
        yield url


@pytest.fixture(scope="session")
def paypal_url() -> Iterator[str]:
    with running_twin("paypal_twin") as url:
        yield url


@pytest.fixture
async def till(books: Books, house: House, stripe_url: str, paypal_url: str) -> Till:
    opened = Till(books, house, stripe_url, paypal_url)
    await opened.open()
    return opened


@pytest.fixture
async def parlour(books: Books, stripe_url: str, paypal_url: str) -> Parlour:
    return await open_parlour(books, stripe_url, paypal_url)
