from __future__ import annotations

import pytest

from kitchenasty.kit.data.books import Books
from kitchenasty.tests.scene import Scene, open_scene


@pytest.fixture
async def scene(books: Books) -> Scene:
    return await open_scene(books)
