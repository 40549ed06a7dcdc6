"""Writing the menu: categories, dishes with their options, mealtimes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field

from sqlalchemy import bindparam, select, update

from basis.errors import Conflict, Invalid
from basis.ids import new_id
from basis.kit.data.statements import Statement, insert_into, insert_unless_there
from basis.sentences import Sentence
from kitchenasty import audit, media
from kitchenasty.kit.books import UnitOfWork
from kitchenasty.menu.allergens import NAMES
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
from kitchenasty.menu.reach import check_reach
from kitchenasty.menu.selection import Display, at_least, at_most
from kitchenasty.menu.views import Component

SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
DAY_MINUTES = 1_440
TAX_CATEGORY_LENGTH_MAX = 40


class MenuRefused(Invalid):
    """A field does not fit; the sentence says which."""


class SlugTaken(Conflict):
    """Another dish or category has this slug."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CategoryDraft:
    name: str
    slug: str
    description: str | None = None
    image: str | None = None
    sort_order: int = 0
    is_active: bool = True
    parent_id: str | None = None
    house_id: str | None = None
    mealtime_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ValueDraft:
    """`id` names a value that is there already and stays."""

    name: str
    modifier_minor: int = 0
    is_default: bool = False
    allergens: tuple[str, ...] = ()
    id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupDraft:
    """`id` names a group that is there already and stays."""

    name: str
    values: tuple[ValueDraft, ...]
    display: Display = Display.SELECT
    is_required: bool = False
    min_select: int = 0
    max_select: int = 1
    id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DishDraft:
    """A new dish. `stock` None is not counted, `allergens` None not declared."""

    name: str
    slug: str
    price_minor: int
    category_id: str
    description: str | None = None
    image: str | None = None
    is_active: bool = True
    is_86: bool = False
    sort_order: int = 0
    stock: int | None = None
    order_type: str | None = None
    house_id: str | None = None
    closed_to: tuple[str, ...] = ()
    allergens: tuple[str, ...] | None = ()
    marks: tuple[str, ...] = ()
    work_minutes: int = 0
    tax_category: str = "standard"
    deposit_minor: int = 0
    components: tuple[Component, ...] = ()
    options: tuple[GroupDraft, ...] = ()
    mealtime_ids: tuple[str, ...] = field(default=())


@dataclass(frozen=True, slots=True, kw_only=True)
class MealtimeDraft:
    """Minutes after midnight; `ends` not after `starts` means the next day. Day 0 is Sunday."""

    name: str
    starts: int
    ends: int
    days: tuple[int, ...]
    house_id: str | None = None
    is_active: bool = True


INSERT_CATEGORY = insert_into(CategoryRow)
INSERT_DISH = insert_into(DishRow)
INSERT_GROUP = insert_into(OptionGroupRow)
INSERT_DISH_OPTION = insert_into(DishOptionRow)
INSERT_VALUE = insert_into(OptionValueRow)
INSERT_MEALTIME = insert_into(MealtimeRow)
INSERT_ALLERGEN = insert_unless_there(AllergenRow)
INSERT_DISH_ALLERGEN = insert_into(DishAllergenRow)
INSERT_DISH_MEALTIME = insert_into(DishMealtimeRow)
INSERT_CATEGORY_MEALTIME = insert_into(CategoryMealtimeRow)
FIRST_VERSION = insert_unless_there(MenuVersionRow)
NEXT_VERSION = Statement(
    update(MenuVersionRow).where(MenuVersionRow.id == 1).values(version=MenuVersionRow.version + 1)
)
FIND_DISH_SLUG = Statement(select(DishRow.id).where(DishRow.slug == bindparam("s", required=True)))
FIND_CATEGORY_SLUG = Statement(
    select(CategoryRow.id).where(CategoryRow.slug == bindparam("s", required=True))
)
FIND_CATEGORY = Statement(
    select(CategoryRow.id).where(CategoryRow.id == bindparam("c", required=True))
)
ALLERGEN_IDS = Statement(select(AllergenRow.code, AllergenRow.id))


async def add_allergens(uow: UnitOfWork) -> None:
    """Make sure that the fourteen groups of the regulation and their members are there."""
    await uow.many(
        INSERT_ALLERGEN,
        [{"id": new_id(), "code": code, "name": name} for code, name in NAMES.items()],
    )


async def add_category(uow: UnitOfWork, draft: CategoryDraft) -> str:
    """Answers the id. Raises SlugTaken, MenuRefused, NotYourMenu."""
    check_reach(uow, draft.house_id)
    check_name_and_slug(draft.name, draft.slug)
    if await uow.value(FIND_CATEGORY_SLUG, s=draft.slug) is not None:
        raise SlugTaken(
            Sentence.of("Another category is called {slug} in links already.", slug=draft.slug)
        )
    if draft.parent_id is not None and await uow.value(FIND_CATEGORY, c=draft.parent_id) is None:
        raise MenuRefused("Parent category not found")
    await media.hold(uow, draft.image)
    category_id = new_id()
    await uow.run(
        INSERT_CATEGORY,
        id=category_id,
        created_at=uow.now,
        updated_at=uow.now,
        **{n: getattr(draft, n) for n in draft.__dataclass_fields__ if n != "mealtime_ids"},
    )
    await serve_category_at(uow, category_id, draft.mealtime_ids)
    await move_version(uow)
    await audit.record(
        uow, action="create", entity="Category", entity_id=category_id, after={"name": draft.name}
    )
    return category_id


async def serve_category_at(uow: UnitOfWork, category_id: str, mealtime_ids: Sequence[str]) -> None:
    """Give a category, which has none, these mealtimes."""
    await uow.many(
        INSERT_CATEGORY_MEALTIME,
        [{"category_id": category_id, "mealtime_id": one} for one in dict.fromkeys(mealtime_ids)],
    )


async def add_mealtime(uow: UnitOfWork, draft: MealtimeDraft) -> str:
    """Answers the id. Raises MenuRefused, NotYourMenu."""
    check_reach(uow, draft.house_id)
    check_mealtime(draft)
    mealtime_id = new_id()
    await uow.run(
        INSERT_MEALTIME,
        id=mealtime_id,
        name=draft.name,
        starts=draft.starts,
        ends=draft.ends if draft.ends > draft.starts else draft.ends + DAY_MINUTES,
        days=sorted(set(draft.days)),
        is_active=draft.is_active,
        house_id=draft.house_id,
        created_at=uow.now,
        updated_at=uow.now,
    )
    await audit.record(
        uow,
        action="create",
        entity="Mealtime",
        entity_id=mealtime_id,
        after={"name": draft.name, "starts": draft.starts, "ends": draft.ends},
    )
    await move_version(uow)
    return mealtime_id


def check_mealtime(draft: MealtimeDraft) -> None:
    """Raises MenuRefused."""
    if not draft.name.strip():
        raise MenuRefused("name: please fill this in.")
    if not (0 <= draft.starts < DAY_MINUTES and 0 <= draft.ends <= DAY_MINUTES and draft.days):
        raise MenuRefused("A mealtime has a start, an end and at least one day of the week.")


async def add_dish(uow: UnitOfWork, draft: DishDraft) -> str:
    """Put a dish on the menu; answers its id. Raises SlugTaken, MenuRefused, NotYourMenu."""
    check_reach(uow, draft.house_id)
    check_name_and_slug(draft.name, draft.slug)
    check_dish(draft)
    if await uow.value(FIND_DISH_SLUG, s=draft.slug) is not None:
        raise SlugTaken(
            Sentence.of("Another dish is called {slug} in links already.", slug=draft.slug)
        )
    if await uow.value(FIND_CATEGORY, c=draft.category_id) is None:
        raise MenuRefused("Category not found")
    await media.hold(uow, draft.image)
    dish_id = new_id()
    left_out = {"options", "mealtime_ids", "allergens", "stock", "components"}
    values = {n: getattr(draft, n) for n in draft.__dataclass_fields__ if n not in left_out}
    await uow.run(
        INSERT_DISH,
        id=dish_id,
        tracks_stock=draft.stock is not None,
        stock=draft.stock or 0,
        allergens_declared=draft.allergens is not None,
        components=[asdict(one) for one in draft.components],
        created_at=uow.now,
        updated_at=uow.now,
        **values,
    )
    await add_options(uow, dish_id, draft.options)
    await declare_allergens(uow, dish_id, draft.allergens or ())
    await uow.many(
        INSERT_DISH_MEALTIME,
        [{"dish_id": dish_id, "mealtime_id": mealtime_id} for mealtime_id in draft.mealtime_ids],
    )
    await move_version(uow)
    await audit.record(
        uow, action="create", entity="MenuItem", entity_id=dish_id, after={"name": draft.name}
    )
    return dish_id


async def add_options(uow: UnitOfWork, dish_id: str, groups: Sequence[GroupDraft]) -> None:
    """New groups of a new dish."""
    await link_groups(uow, dish_id, [await add_group(uow, group) for group in groups])


async def link_groups(uow: UnitOfWork, dish_id: str, group_ids: Sequence[str]) -> None:
    """Give a dish, which has none, these groups in this order."""
    rows = [
        {"dish_id": dish_id, "group_id": group_id, "sort_order": place}
        for place, group_id in enumerate(group_ids)
    ]
    await uow.many(INSERT_DISH_OPTION, rows)


async def add_group(uow: UnitOfWork, group: GroupDraft) -> str:
    """A group that no dish has yet; answers its id. Raises MenuRefused."""
    check_group(group)
    group_id = new_id()
    await uow.run(
        INSERT_GROUP,
        id=group_id,
        name=group.name,
        display=group.display,
        is_required=group.is_required,
        min_select=group.min_select,
        max_select=group.max_select,
        is_retired=False,
    )
    await add_values(uow, group_id, group.values)
    return group_id


async def add_values(
    uow: UnitOfWork, group_id: str, values: Sequence[ValueDraft], *, first_place: int = 0
) -> None:
    await uow.many(
        INSERT_VALUE,
        [
            {
                "id": new_id(),
                "group_id": group_id,
                "name": value.name,
                "modifier_minor": value.modifier_minor,
                "is_default": value.is_default,
                "sort_order": place,
                "is_retired": False,
                "allergens": sorted(value.allergens),
            }
            for place, value in enumerate(values, first_place)
        ],
    )


async def declare_allergens(uow: UnitOfWork, dish_id: str, codes: Sequence[str]) -> None:
    if not codes:
        return
    ids: dict[str, str] = {row[0]: row[1] for row in await uow.rows(ALLERGEN_IDS)}
    unknown = set(codes) - ids.keys()
    if unknown:
        raise MenuRefused(
            Sentence.of("Unknown allergen: {names}.", names=", ".join(sorted(unknown)))
        )
    await uow.many(
        INSERT_DISH_ALLERGEN,
        [{"dish_id": dish_id, "allergen_id": ids[code]} for code in sorted(set(codes))],
    )


async def move_version(uow: UnitOfWork) -> None:
    """Let everybody who keeps the menu in memory know that it is another one now."""
    await uow.run(FIRST_VERSION, id=1, version=0)
    await uow.run(NEXT_VERSION)


def check_name_and_slug(name: str, slug: str) -> None:
    if not name.strip():
        raise MenuRefused("name: please fill this in.")
    if not SLUG.fullmatch(slug):
        raise MenuRefused("slug: small letters, digits and single hyphens, like onion-soup.")


def check_dish(draft: DishDraft) -> None:
    if draft.price_minor < 0:
        raise MenuRefused("price: not below zero.")
    if draft.stock is not None and draft.stock < 0:
        raise MenuRefused("stockQty: not below zero.")
    if draft.order_type not in (None, "DELIVERY", "PICKUP"):
        raise MenuRefused("orderType: DELIVERY, PICKUP or nothing for both.")
    for category in (draft.tax_category, *(part.tax_category for part in draft.components)):
        if not SLUG.fullmatch(category) or len(category) > TAX_CATEGORY_LENGTH_MAX:
            raise MenuRefused("taxCategory: small letters, digits and single hyphens, like drinks.")
    check_components(draft.components)


def check_components(components: Sequence[Component]) -> None:
    """Something must weigh, or the price could not be shared out among them."""
    if components and not any(one.price_minor > 0 for one in components):
        raise MenuRefused("components: at least one needs the price that it has alone.")


def check_group(group: GroupDraft) -> None:
    if not group.values:
        raise MenuRefused(
            Sentence.of("{group}: an option group needs at least one value.", group=group.name)
        )
    if not 0 <= group.min_select <= group.max_select:
        raise MenuRefused(
            Sentence.of(
                "{group}: the least is above the most that may be chosen.", group=group.name
            )
        )
    if least_of(group) > most_of(group):
        # Nobody could ever order the dish.
        raise MenuRefused(
            Sentence.of("{group}: so many cannot be chosen at once.", group=group.name)
        )
    unknown = {code for value in group.values for code in value.allergens} - NAMES.keys()
    if unknown:
        raise MenuRefused(
            Sentence.of("Unknown allergen: {names}.", names=", ".join(sorted(unknown)))
        )


def least_of(group: GroupDraft) -> int:
    return at_least(group.min_select, is_required=group.is_required)


def most_of(group: GroupDraft) -> int:
    """How many can be chosen; only a QUANTITY takes one value more than once."""
    most = at_most(group.display, group.max_select)
    return most if group.display is Display.QUANTITY else min(most, len(group.values))
