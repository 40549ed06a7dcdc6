"""Changing the menu. What orders refer to keeps its id; what is taken off is retired."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from basis.errors import Conflict
from basis.ids import new_id
from basis.sentences import word
from kitchenasty import audit, media
from kitchenasty.kit.books import Look, UnitOfWork
from kitchenasty.menu import catalog
from kitchenasty.menu.allergens import NAMES
from kitchenasty.menu.models import (
    AllergenRow,
    CategoryRow,
    DishAllergenRow,
    DishMealtimeRow,
    DishRow,
    MealtimeRow,
)
from kitchenasty.menu.options import linked_ids, replace_options, retire, shared_ids
from kitchenasty.menu.reach import check_reach
from kitchenasty.menu.service import (
    DAY_MINUTES,
    INSERT_DISH_MEALTIME,
    GroupDraft,
    MenuRefused,
    check_components,
    declare_allergens,
    move_version,
)
from kitchenasty.menu.stock import DishNotFound


class StillInUse(Conflict):
    """Something refers to it, so it cannot be deleted."""


class AllergenTaken(Conflict):
    """There is an allergen of this name."""


async def change_category(uow: UnitOfWork, category_id: str, changes: Mapping[str, Any]) -> None:
    """Raises CategoryNotFound, MenuRefused, NotYourMenu."""
    # The version's row is locked until the commit: two changes at once, each sound alone, could
    # put two categories under each other.
    await move_version(uow)
    row = await catalog.load_category(uow, category_id)
    parent_id = changes.get("parent_id")
    if parent_id is not None:
        await check_parent(uow, category_id, parent_id)
    await write(uow, row, changes, entity="Category")


async def check_parent(uow: UnitOfWork, category_id: str, parent_id: str) -> None:
    """A category is not under itself, nor under one that is under it."""
    parents = {row.id: row.parent_id for row in await catalog.list_categories(uow)}
    if parent_id not in parents:
        raise MenuRefused("Parent category not found")
    above: str | None = parent_id
    while above is not None:
        if above == category_id:
            raise MenuRefused("Category cannot be its own parent")
        above = parents[above]


async def change_dish(
    uow: UnitOfWork,
    dish_id: str,
    changes: Mapping[str, Any],
    *,
    options: Sequence[GroupDraft] | None = None,
    allergens: Sequence[str] | None = None,
    mealtime_ids: Sequence[str] | None = None,
) -> None:
    """Change named fields; options, allergens and mealtimes as a whole where they are given.

    Allergens that are given are declared, unless the changes say that they are not.
    Raises DishNotFound, CategoryNotFound, MenuRefused, NotYourMenu.
    """
    row = await uow.session.get(DishRow, dish_id, with_for_update=True)
    if row is None:
        raise DishNotFound("Menu item not found")
    if "category_id" in changes:
        await catalog.load_category(uow, changes["category_id"])
    more: dict[str, Any] = {}
    if allergens is not None:
        more["allergens_declared"] = changes.get("allergens_declared", True)
    if "components" in changes:
        check_components(changes["components"])
        more["components"] = [asdict(one) for one in changes["components"]]
    await write(uow, row, {**changes, **more}, entity="MenuItem")
    if options is not None:
        await replace_options(uow, dish_id, options)
    if allergens is not None:
        await replace_allergens(uow, dish_id, allergens)
    if mealtime_ids is not None:
        await uow.session.execute(delete(DishMealtimeRow).where(DishMealtimeRow.dish_id == dish_id))
        rows = [{"dish_id": dish_id, "mealtime_id": one} for one in dict.fromkeys(mealtime_ids)]
        await uow.many(INSERT_DISH_MEALTIME, rows)
    await move_version(uow)


async def replace_allergens(uow: UnitOfWork, dish_id: str, codes: Sequence[str]) -> None:
    before = await uow.session.scalars(
        select(AllergenRow.code)
        .join(DishAllergenRow, DishAllergenRow.allergen_id == AllergenRow.id)
        .where(DishAllergenRow.dish_id == dish_id)
        .order_by(AllergenRow.code)
    )
    was = {"allergens": list(before)}
    await uow.session.execute(delete(DishAllergenRow).where(DishAllergenRow.dish_id == dish_id))
    await declare_allergens(uow, dish_id, codes)
    told = {"allergens": sorted(set(codes))}
    await audit.record(
        uow, action="update", entity="MenuItem", entity_id=dish_id, before=was, after=told
    )


async def write(uow: UnitOfWork, row: Any, changes: Mapping[str, Any], *, entity: str) -> None:
    """Set the fields, move the menu's version on, and write down who did it.

    Raises NotYourMenu.
    """
    check_reach(uow, row.house_id)
    check_reach(uow, changes.get("house_id", row.house_id))
    before = {name: getattr(row, name) for name in changes}
    if changes.get("image") not in (None, before.get("image")):
        await media.hold(uow, changes["image"])
    for name, value in changes.items():
        setattr(row, name, value)
    row.updated_at = uow.now
    await uow.session.flush()  # the statements that follow are the driver's and must see it
    await move_version(uow)
    await audit.record(
        uow, action="update", entity=entity, entity_id=row.id, before=before, after=dict(changes)
    )


async def check_own_dish(look: Look, dish_id: str) -> None:
    """Whether whoever asks may change this dish, before anything is done for it.

    Raises DishNotFound, NotYourMenu.
    """
    row = await look.session.get(DishRow, dish_id)
    if row is None:
        raise DishNotFound("Menu item not found")
    check_reach(look, row.house_id)


async def set_image(uow: UnitOfWork, dish_id: str, image: str | None) -> None:
    """Raises DishNotFound, NotYourMenu, PictureGone."""
    await change_dish(uow, dish_id, {"image": image})


async def delete_category(uow: UnitOfWork, category_id: str) -> None:
    """Raises CategoryNotFound, StillInUse, NotYourMenu."""
    row = await catalog.load_category(uow, category_id)
    check_reach(uow, row.house_id)
    if any(one.parent_id == category_id for one in await catalog.list_categories(uow)):
        raise StillInUse("This category has subcategories. Move or delete them first.")
    sentence = word("This category has items. Move or delete them first.")
    await remove(uow, CategoryRow, row.id, sentence=sentence, entity="Category")


async def delete_dish(uow: UnitOfWork, dish_id: str) -> None:
    """Raises DishNotFound, StillInUse, NotYourMenu."""
    row = await uow.session.get(DishRow, dish_id)
    if row is None:
        raise DishNotFound("Menu item not found")
    check_reach(uow, row.house_id)
    ids = await linked_ids(uow, dish_id)
    await retire(uow, set(ids) - await shared_ids(uow, ids))
    sentence = word("This item has been ordered, so it stays in the books. Switch it off instead.")
    await remove(uow, DishRow, dish_id, sentence=sentence, entity="MenuItem")


async def delete_allergen(uow: UnitOfWork, allergen_id: str) -> None:
    """Raises AllergenNotFound."""
    if await uow.session.get(AllergenRow, allergen_id) is None:
        raise catalog.AllergenNotFound("Allergen not found")
    sentence = word("This allergen is in use.")
    await remove(uow, AllergenRow, allergen_id, sentence=sentence, entity="Allergen")


async def delete_own_allergen(uow: UnitOfWork, allergen_id: str) -> None:
    """One that the house has added and no dish declares. Raises AllergenNotFound, StillInUse."""
    row = await uow.session.get(AllergenRow, allergen_id, with_for_update=True)
    if row is None or row.code in NAMES:
        raise catalog.AllergenNotFound("Allergen not found")
    declared = select(DishAllergenRow.dish_id).where(DishAllergenRow.allergen_id == allergen_id)
    if await uow.session.scalar(declared.limit(1)) is not None:
        raise StillInUse("This allergen is in use.")
    await delete_allergen(uow, allergen_id)


async def delete_mealtime(uow: UnitOfWork, mealtime_id: str) -> None:
    """Raises MealtimeNotFound, StillInUse, NotYourMenu."""
    row = await uow.session.get(MealtimeRow, mealtime_id)
    if row is None:
        raise catalog.MealtimeNotFound("Mealtime not found")
    check_reach(uow, row.house_id)
    sentence = word("This mealtime is in use.")
    await remove(uow, MealtimeRow, mealtime_id, sentence=sentence, entity="Mealtime")


async def remove(uow: UnitOfWork, table: Any, row_id: str, *, sentence: str, entity: str) -> None:
    """The foreign keys decide, not a look before: somebody may be ordering it right now."""
    try:
        await uow.session.execute(delete(table).where(table.id == row_id))
    except IntegrityError as error:
        raise StillInUse(sentence) from error
    await move_version(uow)
    await audit.record(uow, action="delete", entity=entity, entity_id=row_id)


async def add_allergen(uow: UnitOfWork, name: str) -> AllergenRow:
    """One beside the regulation's fourteen. Raises AllergenTaken, MenuRefused."""
    if not name.strip():
        raise MenuRefused("name: please fill this in.")
    same = await uow.session.scalar(select(AllergenRow.id).where(AllergenRow.name == name))
    if same is not None:
        raise AllergenTaken("Allergen already exists")
    row_id = new_id()
    row = AllergenRow(id=row_id, code=f"own:{row_id}", name=name)
    uow.session.add(row)
    await uow.session.flush()  # the audit's statement is the driver's
    await audit.record(
        uow, action="create", entity="Allergen", entity_id=row_id, after={"name": name}
    )
    return row


async def change_mealtime(uow: UnitOfWork, mealtime_id: str, changes: Mapping[str, Any]) -> None:
    """Raises MealtimeNotFound, MenuRefused."""
    row = await uow.session.get(MealtimeRow, mealtime_id)
    if row is None:
        raise catalog.MealtimeNotFound("Mealtime not found")
    starts = changes.get("starts", row.starts)
    ends = changes.get("ends", row.ends) % DAY_MINUTES
    if not 0 <= starts < DAY_MINUTES:
        raise MenuRefused("A mealtime starts between 00:00 and 23:59.")
    ends = ends if ends > starts else ends + DAY_MINUTES
    await write(uow, row, {**changes, "starts": starts, "ends": ends}, entity="Mealtime")
