"""A category and a mealtime as the office edits them: read as they stand, written as a whole.

Somebody who saves one sends what they saw and what they want. Only what they changed is written,
and where somebody else has changed the same meanwhile, nothing is.
"""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from sqlalchemy import delete, select

from basis.errors import Conflict
from kitchenasty import audit
from kitchenasty.kit.books import Look, UnitOfWork
from kitchenasty.menu import catalog, change
from kitchenasty.menu.models import CategoryMealtimeRow, CategoryRow, MealtimeRow
from kitchenasty.menu.reach import check_reach
from kitchenasty.menu.service import (
    DAY_MINUTES,
    CategoryDraft,
    MealtimeDraft,
    check_mealtime,
    check_name_and_slug,
    move_version,
    serve_category_at,
)

FIXED = {"slug", "sort_order", "image"}
"""What saving a category never changes: each has a way of its own."""


class EntryChanged(Conflict):
    """Somebody has changed the same thing meanwhile. `details` has the fields."""


async def load_category_entry(look: Look, category_id: str) -> CategoryDraft:
    """In the shape in which a new one is written down. Raises CategoryNotFound."""
    row = await load_seen_category(look, category_id)
    mealtimes = await look.session.scalars(
        select(CategoryMealtimeRow.mealtime_id)
        .where(CategoryMealtimeRow.category_id == category_id)
        .order_by(CategoryMealtimeRow.mealtime_id)
    )
    values: dict[str, Any] = {
        field.name: getattr(row, field.name)
        for field in fields(CategoryDraft)
        if field.name != "mealtime_ids"
    }
    return CategoryDraft(**values, mealtime_ids=tuple(mealtimes))


async def load_seen_category(look: Look, category_id: str) -> CategoryRow:
    """One that whoever looks may know of. Raises CategoryNotFound."""
    row = await catalog.load_category(look, category_id)
    own = look.actor.house_ids
    if own is not None and row.house_id is not None and row.house_id not in own:
        raise catalog.CategoryNotFound("Category not found")
    return row


async def check_own_category(look: Look, category_id: str) -> None:
    """Whether whoever asks may change it, before anything is done for it.

    Raises CategoryNotFound, NotYourMenu.
    """
    check_reach(look, (await load_seen_category(look, category_id)).house_id)


async def rewrite_category(
    uow: UnitOfWork, category_id: str, *, seen: CategoryDraft, wanted: CategoryDraft
) -> None:
    """Write what differs between what was seen and what is wanted.

    Raises CategoryNotFound, EntryChanged, MenuRefused, NotYourMenu.
    """
    check_name_and_slug(wanted.name, wanted.slug)
    await move_version(uow)  # held until the commit: see `change_category`
    now = await load_category_entry(uow, category_id)
    names = to_write(now, seen, wanted, FIXED)
    changes = {name: getattr(wanted, name) for name in names if name != "mealtime_ids"}
    if changes:
        await change.change_category(uow, category_id, changes)
    if "mealtime_ids" in names:
        await check_own_category(uow, category_id)
        await uow.session.execute(
            delete(CategoryMealtimeRow).where(CategoryMealtimeRow.category_id == category_id)
        )
        await serve_category_at(uow, category_id, wanted.mealtime_ids)
        await audit.record(
            uow, action="update", entity="Category", entity_id=category_id,
            before={"mealtimes": list(now.mealtime_ids)},
            after={"mealtimes": list(wanted.mealtime_ids)},
        )  # fmt: skip


def to_write(now: Any, seen: Any, wanted: Any, fixed: set[str]) -> list[str]:
    """The fields that were changed and stand otherwise now. Raises EntryChanged."""
    names = [field.name for field in fields(wanted) if field.name not in fixed]
    changed = [name for name in names if getattr(seen, name) != getattr(wanted, name)]
    lost = [
        name
        for name in changed
        if getattr(now, name) not in (getattr(seen, name), getattr(wanted, name))
    ]
    if lost:
        raise EntryChanged("Somebody has changed this meanwhile.", fields=lost)
    return [name for name in changed if getattr(now, name) != getattr(wanted, name)]


async def load_mealtime_entry(look: Look, mealtime_id: str) -> MealtimeDraft:
    """In the shape in which a new one is written down. Raises MealtimeNotFound."""
    row = await look.session.get(MealtimeRow, mealtime_id)
    own = look.actor.house_ids
    if row is None or (own is not None and row.house_id is not None and row.house_id not in own):
        raise catalog.MealtimeNotFound("Mealtime not found")
    return MealtimeDraft(
        name=row.name,
        starts=row.starts,
        ends=row.ends if row.ends <= DAY_MINUTES else row.ends - DAY_MINUTES,
        days=tuple(row.days),
        house_id=row.house_id,
        is_active=row.is_active,
    )


async def rewrite_mealtime(
    uow: UnitOfWork, mealtime_id: str, *, seen: MealtimeDraft, wanted: MealtimeDraft
) -> None:
    """Write what differs between what was seen and what is wanted.

    Raises MealtimeNotFound, EntryChanged, MenuRefused, NotYourMenu.
    """
    check_mealtime(wanted)
    await move_version(uow)  # held until the commit, so that nobody writes in between
    names = to_write(await load_mealtime_entry(uow, mealtime_id), seen, wanted, set())
    changes = {name: getattr(wanted, name) for name in names}
    if "days" in changes:
        changes["days"] = sorted(wanted.days)
    if changes:
        await change.change_mealtime(uow, mealtime_id, changes)
