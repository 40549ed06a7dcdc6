"""Where the menu shows pictures of the library."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select

from basis.kit.data.statements import Statement, one_of
from basis.sentences import word
from kitchenasty import media
from kitchenasty.kit.books import Look
from kitchenasty.menu.models import CategoryRow, DishRow

OF_DISHES = Statement(select(DishRow.image, DishRow.name).where(one_of(DishRow.image, "paths")))
OF_CATEGORIES = Statement(
    select(CategoryRow.image, CategoryRow.name).where(one_of(CategoryRow.image, "paths"))
)


async def picture_uses(look: Look, paths: Collection[str]) -> list[media.Use]:
    """Dishes and categories, those that are switched off too."""
    asked = list(paths)
    dishes = await look.rows(OF_DISHES, paths=asked)
    categories = await look.rows(OF_CATEGORIES, paths=asked)
    return [
        *(media.Use(path, word("Dish"), name) for path, name in dishes),
        *(media.Use(path, word("Category"), name) for path, name in categories),
    ]
