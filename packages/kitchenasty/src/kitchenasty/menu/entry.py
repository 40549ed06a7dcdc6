"""A dish as the office edits it: read as it stands, written as a whole, made once more.

Somebody who saves a dish sends what they saw and what they want. Only what they changed is
written, and where somebody else has changed the same meanwhile, nothing is.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import fields, replace
from typing import Any

from sqlalchemy import select

from basis.errors import Conflict
from basis.ids import new_code
from basis.kit.data.statements import Statement
from kitchenasty.kit.books import Look, UnitOfWork
from kitchenasty.menu import catalog, change, options, service
from kitchenasty.menu.models import DishMealtimeRow, DishRow
from kitchenasty.menu.service import DishDraft
from kitchenasty.menu.sheet import codes_by_dish
from kitchenasty.menu.views import Component

FIXED = {"slug", "options"}
"""What an entry tells and saving it never changes: links stay, options have pages of their own."""
APART = {"allergens", "stock", "mealtime_ids"}
SLUG_LENGTH = 60
FREE_TRIES = 20


class DishChanged(Conflict):
    """Somebody has changed the same dish meanwhile. `details` has the fields."""


async def load_entry(look: Look, dish_id: str) -> DishDraft:
    """The dish in the shape in which a new one is written down. Raises DishNotFound."""
    return await entry_of(look, await catalog.load_seen_dish(look, dish_id))


async def entry_of(look: Look, row: DishRow) -> DishDraft:
    codes = (await codes_by_dish(look, [row.id]))[row.id]
    mealtimes = await look.session.scalars(
        select(DishMealtimeRow.mealtime_id)
        .where(DishMealtimeRow.dish_id == row.id)
        .order_by(DishMealtimeRow.mealtime_id)
    )
    plain = {field.name for field in fields(DishDraft)} - APART - {"options", "components"}
    values: dict[str, Any] = {name: getattr(row, name) for name in plain}
    return DishDraft(
        **values
        | {
            "closed_to": tuple(sorted(row.closed_to)),
            "marks": tuple(row.marks),
            "components": tuple(Component(**one) for one in row.components),
            "allergens": tuple(codes) if row.allergens_declared else None,
            "stock": row.stock if row.tracks_stock else None,
            "mealtime_ids": tuple(mealtimes),
            "options": tuple(
                options.draft_of(group, values)
                for group, values in await catalog.list_groups(look, row.id)
            ),
        }
    )


async def rewrite_dish(
    uow: UnitOfWork, dish_id: str, *, seen: DishDraft, wanted: DishDraft
) -> None:
    """Write what differs between what was seen and what is wanted.

    Raises DishNotFound, DishChanged, CategoryNotFound, MenuRefused, NotYourMenu.
    """
    now = await entry_of(uow, await catalog.load_seen_dish(uow, dish_id, to_change=True))
    changed = different(seen, wanted)
    lost = [
        name
        for name in changed
        if getattr(now, name) not in (getattr(seen, name), getattr(wanted, name))
    ]
    if lost:
        raise DishChanged("Somebody has changed this dish meanwhile.", fields=lost)
    await write_entry(
        uow, dish_id, wanted, [name for name in changed if name in different(now, wanted)]
    )


def different(one: DishDraft, other: DishDraft) -> list[str]:
    names = [field.name for field in fields(DishDraft) if field.name not in FIXED]
    return [name for name in names if getattr(one, name) != getattr(other, name)]


async def write_entry(uow: UnitOfWork, dish_id: str, wanted: DishDraft, names: list[str]) -> None:
    if not names:
        return
    service.check_name_and_slug(wanted.name, wanted.slug)
    service.check_dish(wanted)
    changes = {name: getattr(wanted, name) for name in names if name not in APART}
    allergens = None
    if "allergens" in names:
        changes["allergens_declared"] = wanted.allergens is not None
        allergens = wanted.allergens or ()
    if "stock" in names:
        changes |= {"tracks_stock": wanted.stock is not None, "stock": wanted.stock or 0}
    for name in {"closed_to", "marks"} & changes.keys():
        changes[name] = list(changes[name])
    times = wanted.mealtime_ids if "mealtime_ids" in names else None
    await change.change_dish(uow, dish_id, changes, allergens=allergens, mealtime_ids=times)


async def duplicate_dish(uow: UnitOfWork, dish_id: str, *, name: str) -> str:
    """The same once more under another name, switched off until somebody has looked at it. Its
    options are those of the first, shared from now on.

    Answers its id. Raises DishNotFound, MenuRefused, NotYourMenu.
    """
    entry = await load_entry(uow, dish_id)
    slug = await free_slug(uow, name)
    draft = replace(entry, name=name, slug=slug, is_active=False, options=())
    copy_id = await service.add_dish(uow, draft)
    await service.link_groups(uow, copy_id, await options.linked_ids(uow, dish_id))
    return copy_id


async def free_slug(
    look: Look, name: str, taken: Statement = service.FIND_DISH_SLUG, otherwise: str = "dish"
) -> str:
    """A word for links that no dish has yet: `onion-soup`, or `onion-soup-k7f2`."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "-", plain)[:SLUG_LENGTH].strip("-") or otherwise
    tried = slug
    for _ in range(FREE_TRIES):
        if await look.value(taken, s=tried) is None:
            break
        tried = f"{slug}-{new_code(4).lower()}"
    return tried


async def free_category_slug(look: Look, name: str) -> str:
    """The same for a category."""
    return await free_slug(look, name, service.FIND_CATEGORY_SLUG, "category")
