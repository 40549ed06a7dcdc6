"""Dishes from outside the menu: what they are called, how many are on it, which run out."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import and_, bindparam, func, or_, select

from basis.kit.data.statements import Statement, one_of
from kitchenasty.kit.books import Look
from kitchenasty.menu.models import CategoryRow, DishRow

SHORT_MAX = 100
"""More than that is no list but a menu."""


@dataclass(frozen=True, slots=True)
class Label:
    """What a dish is called now, and where it stands on the menu now."""

    name: str
    category: str


@dataclass(frozen=True, slots=True)
class ShortDish:
    """A dish that cannot be ordered (much longer). `stock` is None for one that is not counted."""

    id: str
    name: str
    is_86: bool
    stock: int | None


LABELS = Statement(
    select(DishRow.id, DishRow.name, CategoryRow.name)
    .join(CategoryRow, CategoryRow.id == DishRow.category_id)
    .where(one_of(DishRow.id, "ids"))
)
ACTIVE = Statement(select(func.count()).select_from(DishRow).where(DishRow.is_active))
SHORT = Statement(
    select(DishRow.id, DishRow.name, DishRow.is_86, DishRow.tracks_stock, DishRow.stock)
    .where(
        DishRow.is_active,
        or_(
            DishRow.is_86,
            and_(DishRow.tracks_stock, DishRow.stock <= bindparam("few", required=True)),
        ),
        or_(
            DishRow.house_id.is_(None),
            bindparam("everywhere", required=True, type_=DishRow.is_86.type),
            one_of(DishRow.house_id, "houses"),
        ),
    )
    .order_by(DishRow.name, DishRow.id)
    .limit(SHORT_MAX)
)


async def list_labels(look: Look, dish_ids: Collection[str]) -> dict[str, Label]:
    """Also of dishes that are not on the menu any more."""
    found = await look.rows(LABELS, ids=list(dish_ids))
    return {dish_id: Label(name, category) for dish_id, name, category in found}


async def count_dishes(look: Look) -> int:
    """How many are on the menu."""
    return int(await look.value(ACTIVE))


async def list_short(look: Look, house_ids: frozenset[str] | None, *, few: int) -> list[ShortDish]:
    """Dishes that are off (86) or of which at most `few` are left, in these houses or in all."""
    found = await look.rows(
        SHORT, few=few, everywhere=house_ids is None, houses=sorted(house_ids or ())
    )
    return [
        ShortDish(dish_id, name, is_86, stock if tracks else None)
        for dish_id, name, is_86, tracks, stock in found
    ]
