"""Reading the menu. The book is kept in memory and known to be current by the menu's version."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import String, bindparam, column, func, not_, or_, select, table

from basis.kit.data.columns import IdType
from basis.kit.data.statements import Row, Statement, one_of
from kitchenasty.kit.books import Look
from kitchenasty.menu.models import (
    AllergenRow,
    CategoryMealtimeRow,
    CategoryRow,
    DishAllergenRow,
    DishMealtimeRow,
    DishOptionRow,
    DishRow,
    MealtimeRow,
    MenuVersionRow,
    OptionGroupRow,
    OptionValueRow,
)
from kitchenasty.menu.selection import Choice, Display, OptionGroup
from kitchenasty.menu.views import Availability, Category, Component, Dish, Mealtime, MenuBook

VERSION = Statement(select(MenuVersionRow.version).where(MenuVersionRow.id == 1))
CATEGORIES = Statement(
    select(
        CategoryRow.id,
        CategoryRow.slug,
        CategoryRow.name,
        CategoryRow.description,
        CategoryRow.image,
        CategoryRow.parent_id,
        CategoryRow.house_id,
    )
    .where(CategoryRow.is_active)
    .order_by(CategoryRow.sort_order, CategoryRow.name)
)
DISH_COLUMNS = (
    DishRow.id,
    DishRow.slug,
    DishRow.name,
    DishRow.description,
    DishRow.price_minor,
    DishRow.image,
    DishRow.category_id,
    DishRow.order_type,
    DishRow.house_id,
    DishRow.closed_to,
    DishRow.marks,
    DishRow.allergens_declared,
    DishRow.work_minutes,
    DishRow.tax_category,
    DishRow.deposit_minor,
    DishRow.components,
)
DISHES = Statement(
    select(*DISH_COLUMNS).where(DishRow.is_active).order_by(DishRow.sort_order, DishRow.name)
)
DISH = Statement(select(*DISH_COLUMNS).where(DishRow.id == bindparam("dish_id", required=True)))
GROUPS = Statement(
    select(
        OptionGroupRow.id,
        DishOptionRow.dish_id,
        OptionGroupRow.name,
        OptionGroupRow.display,
        OptionGroupRow.is_required,
        OptionGroupRow.min_select,
        OptionGroupRow.max_select,
    )
    .join(DishOptionRow, DishOptionRow.group_id == OptionGroupRow.id)
    .where(not_(OptionGroupRow.is_retired))
    .order_by(DishOptionRow.sort_order, OptionGroupRow.id)
)
VALUES = Statement(
    select(
        OptionValueRow.group_id,
        OptionValueRow.id,
        OptionValueRow.name,
        OptionValueRow.modifier_minor,
        OptionValueRow.is_default,
        OptionValueRow.allergens,
    )
    .where(not_(OptionValueRow.is_retired))
    .order_by(OptionValueRow.sort_order, OptionValueRow.id)
)
ALLERGENS = Statement(
    select(DishAllergenRow.dish_id, AllergenRow.code).join(
        AllergenRow, AllergenRow.id == DishAllergenRow.allergen_id
    )
)
MEALTIMES = Statement(
    select(
        DishMealtimeRow.dish_id,
        MealtimeRow.id,
        MealtimeRow.name,
        MealtimeRow.starts,
        MealtimeRow.ends,
        MealtimeRow.days,
    )
    .join(MealtimeRow, MealtimeRow.id == DishMealtimeRow.mealtime_id)
    .where(MealtimeRow.is_active)
    .order_by(MealtimeRow.starts)
)
CATEGORY_MEALTIMES = Statement(
    select(
        CategoryMealtimeRow.category_id,
        MealtimeRow.id,
        MealtimeRow.name,
        MealtimeRow.starts,
        MealtimeRow.ends,
        MealtimeRow.days,
    )
    .join(MealtimeRow, MealtimeRow.id == CategoryMealtimeRow.mealtime_id)
    .where(MealtimeRow.is_active)
    .order_by(MealtimeRow.starts)
)
AVAILABILITY = Statement(
    select(DishRow.id, DishRow.is_86, DishRow.tracks_stock, DishRow.stock).where(
        or_(DishRow.is_86, DishRow.tracks_stock)
    )
)
AVAILABILITY_OF = Statement(
    select(DishRow.id, DishRow.is_86, DishRow.tracks_stock, DishRow.stock).where(
        one_of(DishRow.id, "ids")
    )
)
# Houses are our siblings and not ours to import; the prices only need to know their currency.
CURRENCY_OF = Statement(
    select(column("currency", String))
    .select_from(table("locations", column("id", IdType), column("currency", String)))
    .where(column("id", IdType) == bindparam("house_id", required=True, type_=IdType))
)
ANY_CURRENCY = Statement(
    select(func.min(column("currency", String))).select_from(
        table("locations", column("currency", String))
    )
)
DEFAULT_CURRENCY = "EUR"

_books: dict[tuple[str, int], MenuBook] = {}
BOOKS_MAX = 100


async def currency_of(look: Look, house_id: str) -> str | None:
    """The currency of a house's prices; None if there is no such house."""
    found: str | None = await look.value(CURRENCY_OF, house_id=house_id)
    return found


async def usual_currency(look: Look) -> str:
    """The currency of dishes that every house sells: a group has one."""
    return str(await look.value(ANY_CURRENCY) or DEFAULT_CURRENCY)


async def menu_version(look: Look) -> int:
    """Moves on with every change of the menu; stock and 86 are not part of it."""
    return int(await look.value(VERSION) or 0)


async def load_menu(look: Look, house_id: str) -> MenuBook:
    """The menu of a house as it is at this moment."""
    version = await menu_version(look)
    known = _books.get((house_id, version))
    if known is None:
        known = (await read_range(look, version)).offered_at(house_id)
        if len(_books) >= BOOKS_MAX:
            _books.clear()
        _books[house_id, version] = known
    return known


async def list_availability(look: Look) -> Mapping[str, Availability]:
    """Every dish that is 86'd or counted; all others are available without limit."""
    return {row[0]: availability_of(row) for row in await look.rows(AVAILABILITY)}


async def load_availability(look: Look, dish_ids: Collection[str]) -> dict[str, Availability]:
    """The dishes that exist, with what is left of them."""
    return {row[0]: availability_of(row) for row in await look.rows(AVAILABILITY_OF, ids=dish_ids)}


def availability_of(row: Row) -> Availability:
    _, is_86, tracks_stock, stock = row
    return Availability(is_86, stock if tracks_stock else None)


@dataclass(frozen=True, slots=True)
class Range:
    """Everything that is sold at any house, in the order in which it is shown."""

    version: int
    dishes: tuple[Dish, ...]
    categories: tuple[Row, ...]

    def offered_at(self, house_id: str) -> MenuBook:
        offered = [dish for dish in self.dishes if dish.is_offered_at(house_id)]
        rows = [row for row in self.categories if row[6] in (None, house_id)]
        tree = assemble_tree(rows, offered)
        shown = {dish.id: dish for category in walk(tree) for dish in category.dishes}
        return MenuBook(self.version, tree, shown)


async def read_range(look: Look, version: int) -> Range:
    """What is sold, from the tables, in seven statements whatever its length."""
    categories = tuple(await look.rows(CATEGORIES))
    served = served_at(categories, mealtimes_in(await look.rows(CATEGORY_MEALTIMES)))
    dishes = await read_dishes(look, DISHES)
    return Range(version, tuple(in_time(dish, served) for dish in dishes), categories)


def served_at(
    categories: Iterable[Row], own: Mapping[str, list[Mealtime]]
) -> dict[str, tuple[Mealtime, ...]]:
    """When the dishes of each category are served that have no mealtime of their own: as the
    category says, or the nearest above it that says something.
    """
    above = {row[0]: row[5] for row in categories}
    found: dict[str, tuple[Mealtime, ...]] = {}
    for category_id in above:
        asked: str | None = category_id
        while asked in above and asked not in own:
            asked = above[asked]
        found[category_id] = tuple(own.get(asked or "", ()))
    return found


def in_time(dish: Dish, served: Mapping[str, tuple[Mealtime, ...]]) -> Dish:
    usual = served.get(dish.category_id, ())
    return dish if dish.mealtimes or not usual else replace(dish, mealtimes=usual)


def mealtimes_in(rows: Iterable[Row]) -> dict[str, list[Mealtime]]:
    """By the id of what is served then."""
    found: dict[str, list[Mealtime]] = defaultdict(list)
    for of, mealtime_id, name, starts, ends, days in rows:
        found[of].append(Mealtime(mealtime_id, name, starts, ends, frozenset(days)))
    return found


async def read_dish(look: Look, dish_id: str) -> Dish | None:
    """One dish as guests would see it, on the menu or not. It reads as much as the whole menu."""
    found = await read_dishes(look, DISH, dish_id=dish_id)
    categories = await look.rows(CATEGORIES)
    served = served_at(categories, mealtimes_in(await look.rows(CATEGORY_MEALTIMES)))
    return in_time(found[0], served) if found else None


async def read_dishes(look: Look, wanted: Statement, **parameters: Any) -> tuple[Dish, ...]:
    options = assemble_options(await look.rows(GROUPS), await look.rows(VALUES))
    allergens: dict[str, set[str]] = defaultdict(set)
    for dish_id, code in await look.rows(ALLERGENS):
        allergens[dish_id].add(code)
    mealtimes = mealtimes_in(await look.rows(MEALTIMES))
    rows = await look.rows(wanted, **parameters)
    return tuple(assemble_dish(row, options, allergens, mealtimes) for row in rows)


def assemble_options(groups: Iterable[Row], values: Iterable[Row]) -> dict[str, list[OptionGroup]]:
    choices: dict[str, list[Choice]] = defaultdict(list)
    for group_id, choice_id, name, modifier_minor, is_default, codes in values:
        choices[group_id].append(
            Choice(choice_id, name, modifier_minor, is_default, frozenset(codes))
        )
    options: dict[str, list[OptionGroup]] = defaultdict(list)
    for group_id, dish_id, name, display, is_required, low, high in groups:
        options[dish_id].append(
            OptionGroup(
                group_id, name, Display(display), is_required, low, high, tuple(choices[group_id])
            )
        )
    return options


def assemble_dish(
    row: Row,
    options: Mapping[str, list[OptionGroup]],
    allergens: Mapping[str, set[str]],
    mealtimes: Mapping[str, list[Mealtime]],
) -> Dish:
    values: dict[str, Any] = dict(zip(DISH_FIELDS, row, strict=True))
    declared = values.pop("allergens_declared")
    values["closed_to"] = frozenset(values["closed_to"])
    values["marks"] = tuple(values["marks"])
    values["components"] = tuple(Component(**one) for one in values["components"])
    dish_id = values["id"]
    return Dish(
        **values,
        allergens=frozenset(allergens.get(dish_id, ())) if declared else None,
        mealtimes=tuple(mealtimes.get(dish_id, ())),
        options=tuple(options.get(dish_id, ())),
    )


DISH_FIELDS = (
    "id",
    "slug",
    "name",
    "description",
    "price_minor",
    "image",
    "category_id",
    "order_type",
    "house_id",
    "closed_to",
    "marks",
    "allergens_declared",
    "work_minutes",
    "tax_category",
    "deposit_minor",
    "components",
)


def assemble_tree(rows: list[Row], dishes: Iterable[Dish]) -> tuple[Category, ...]:
    """Categories under their parents; one whose parent is hidden is hidden with it."""
    by_category: dict[str, list[Dish]] = defaultdict(list)
    for dish in dishes:
        by_category[dish.category_id].append(dish)
    by_parent: dict[str | None, list[Row]] = defaultdict(list)
    for row in rows:
        by_parent[row[5]].append(row)

    return tuple(grow(row, by_parent, by_category) for row in by_parent[None])


def grow(
    row: Row, by_parent: Mapping[str | None, list[Row]], by_category: Mapping[str, list[Dish]]
) -> Category:
    category_id, slug, name, description, image, parent_id, _ = row
    children = tuple(grow(r, by_parent, by_category) for r in by_parent.get(category_id, ()))
    dishes = tuple(by_category.get(category_id, ()))
    return Category(category_id, slug, name, description, image, parent_id, children, dishes)


def walk(categories: Iterable[Category]) -> Iterable[Category]:
    """All categories of a tree, parents before their children."""
    for category in categories:
        yield category
        yield from walk(category.children)
