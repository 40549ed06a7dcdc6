"""The menu as the office keeps it: everything, switched off or not, in the contract's lists.

Cold paths: entities and a few statements for a page of rows, however long the menu is.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, func, not_, select

from basis.errors import NotFound
from basis.kit.data.paging import Page
from kitchenasty.kit.books import Look
from kitchenasty.kit.principals import Kind
from kitchenasty.menu.models import (
    AllergenRow,
    CategoryRow,
    DishAllergenRow,
    DishMealtimeRow,
    DishOptionRow,
    DishRow,
    MealtimeRow,
    OptionGroupRow,
    OptionValueRow,
)
from kitchenasty.menu.stock import DishNotFound


class CategoryNotFound(NotFound):
    """There is no such category."""


class MealtimeNotFound(NotFound):
    """There is no such mealtime."""


class AllergenNotFound(NotFound):
    """There is no such allergen."""


@dataclass(frozen=True, slots=True)
class DishCounts:
    """How much hangs on a dish."""

    options: int
    allergens: int
    mealtimes: int


@dataclass(frozen=True, slots=True)
class DishWhole:
    """A dish with everything that hangs on it."""

    row: DishRow
    category: CategoryRow
    groups: Sequence[tuple[OptionGroupRow, Sequence[OptionValueRow]]]
    allergens: Sequence[AllergenRow]
    mealtimes: Sequence[MealtimeRow]


async def list_categories(look: Look, house_id: str | None = None) -> list[CategoryRow]:
    """By their order. What is switched off is the house's own business: staff alone see it."""
    wanted = select(CategoryRow).order_by(CategoryRow.sort_order, CategoryRow.name)
    if is_stranger(look):
        wanted = wanted.where(CategoryRow.is_active)
    if house_id is not None:
        wanted = wanted.where((CategoryRow.house_id == house_id) | CategoryRow.house_id.is_(None))
    return list(await look.session.scalars(wanted))


async def load_category(look: Look, category_id: str) -> CategoryRow:
    """Raises CategoryNotFound."""
    row = await look.session.get(CategoryRow, category_id)
    if row is None or (is_stranger(look) and not row.is_active):
        raise CategoryNotFound("Category not found")
    return row


def is_stranger(look: Look) -> bool:
    """Guests see what can be ordered; prices of what comes next week are for the house."""
    return look.actor.is_customer or look.actor.kind is Kind.ANONYMOUS


def shown_dishes() -> ColumnElement[bool]:
    """Dishes that are on the menu, in a category that is."""
    active = select(CategoryRow.id).where(CategoryRow.is_active)
    return and_(DishRow.is_active, DishRow.category_id.in_(active))


async def count_dishes(look: Look) -> Counter[str]:
    """How many dishes each category has."""
    wanted = select(DishRow.category_id, func.count()).group_by(DishRow.category_id)
    if is_stranger(look):
        wanted = wanted.where(DishRow.is_active)
    found = await look.session.execute(wanted)
    return Counter({row[0]: row[1] for row in found})


async def list_dishes(
    look: Look, page: Page, *, category_id: str | None = None, search: str | None = None
) -> tuple[list[DishRow], int]:
    """One page of dishes and how many there are; staff see those that are switched off too."""
    conditions: list[ColumnElement[bool]] = [shown_dishes()] if is_stranger(look) else []
    if category_id is not None:
        conditions.append(DishRow.category_id == category_id)
    if search:
        conditions.append(func.lower(DishRow.name).contains(search.lower(), autoescape=True))
    total = await look.session.scalar(select(func.count()).select_from(DishRow).where(*conditions))
    rows = await look.session.scalars(
        select(DishRow)
        .where(*conditions)
        .order_by(DishRow.sort_order, DishRow.name, DishRow.id)
        .offset(page.offset)
        .limit(page.limit)
    )
    return list(rows), int(total or 0)


async def count_parts(look: Look, dish_ids: Collection[str]) -> dict[str, DishCounts]:
    """What hangs on each of these dishes, in three statements."""
    counters: list[Counter[str]] = []
    parts: list[Any] = [
        DishOptionRow.dish_id,
        DishAllergenRow.dish_id,
        DishMealtimeRow.dish_id,
    ]
    for key in parts:
        wanted = select(key, func.count()).where(key.in_(dish_ids)).group_by(key)
        found = await look.session.execute(wanted)
        counters.append(Counter({row[0]: row[1] for row in found}))
    options, allergens, mealtimes = counters
    return {d: DishCounts(options[d], allergens[d], mealtimes[d]) for d in dish_ids}


async def load_seen_dish(look: Look, dish_id: str, *, to_change: bool = False) -> DishRow:
    """A dish that whoever looks may know of. Raises DishNotFound."""
    row = await look.session.get(DishRow, dish_id, with_for_update=to_change or None)
    own = look.actor.house_ids
    if row is None or (own is not None and row.house_id is not None and row.house_id not in own):
        raise DishNotFound("There is no such dish.")
    return row


async def load_dish(look: Look, dish_id: str) -> DishWhole:
    """Raises DishNotFound."""
    row = await look.session.get(DishRow, dish_id)
    hidden = row is not None and is_stranger(look) and not await is_shown(look, dish_id)
    if row is None or hidden:
        raise DishNotFound("Menu item not found")
    allergens = await look.session.scalars(
        select(AllergenRow)
        .join(DishAllergenRow, DishAllergenRow.allergen_id == AllergenRow.id)
        .where(DishAllergenRow.dish_id == dish_id)
        .order_by(AllergenRow.name)
    )
    mealtimes = await look.session.scalars(
        select(MealtimeRow)
        .join(DishMealtimeRow, DishMealtimeRow.mealtime_id == MealtimeRow.id)
        .where(DishMealtimeRow.dish_id == dish_id)
        .order_by(MealtimeRow.starts)
    )
    return DishWhole(
        row,
        await load_category(look, row.category_id),
        await list_groups(look, dish_id),
        list(allergens),
        list(mealtimes),
    )


async def is_shown(look: Look, dish_id: str) -> bool:
    found = await look.session.scalar(
        select(DishRow.id).where(DishRow.id == dish_id, shown_dishes())
    )
    return found is not None


async def list_groups(
    look: Look, dish_id: str
) -> list[tuple[OptionGroupRow, list[OptionValueRow]]]:
    """The option groups that are offered with a dish, in its order, with their values."""
    groups = list(
        await look.session.scalars(
            select(OptionGroupRow)
            .join(DishOptionRow, DishOptionRow.group_id == OptionGroupRow.id)
            .where(DishOptionRow.dish_id == dish_id, not_(OptionGroupRow.is_retired))
            .order_by(DishOptionRow.sort_order, OptionGroupRow.id)
        )
    )
    values = await values_of(look, [group.id for group in groups])
    return [(group, values[group.id]) for group in groups]


async def values_of(look: Look, group_ids: Collection[str]) -> dict[str, list[OptionValueRow]]:
    """The values that are offered in each group, in their order."""
    values: dict[str, list[OptionValueRow]] = defaultdict(list)
    for value in await look.session.scalars(
        select(OptionValueRow)
        .where(OptionValueRow.group_id.in_(group_ids), not_(OptionValueRow.is_retired))
        .order_by(OptionValueRow.sort_order, OptionValueRow.id)
    ):
        values[value.group_id].append(value)
    return values


async def list_allergens(look: Look) -> list[tuple[AllergenRow, int]]:
    """All allergens by name, with how many dishes declare them."""
    found = await look.session.execute(
        select(AllergenRow, func.count(DishAllergenRow.dish_id))
        .outerjoin(DishAllergenRow, DishAllergenRow.allergen_id == AllergenRow.id)
        .group_by(AllergenRow.id)
        .order_by(AllergenRow.name)
    )
    return [(row[0], row[1]) for row in found]


async def list_mealtimes(look: Look, house_id: str | None = None) -> list[tuple[MealtimeRow, int]]:
    """Mealtimes by their start, with how many dishes are served at them."""
    wanted = (
        select(MealtimeRow, func.count(DishMealtimeRow.dish_id))
        .outerjoin(DishMealtimeRow, DishMealtimeRow.mealtime_id == MealtimeRow.id)
        .group_by(MealtimeRow.id)
        .order_by(MealtimeRow.starts, MealtimeRow.name)
    )
    if house_id is not None:
        wanted = wanted.where((MealtimeRow.house_id == house_id) | MealtimeRow.house_id.is_(None))
    return [(row[0], row[1]) for row in await look.session.execute(wanted)]
