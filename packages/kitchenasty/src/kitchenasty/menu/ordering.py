"""The order of categories under one parent, and of dishes in one category.

Whoever puts a list in order sends how they saw it and how they want it: if it is another one by
now, somebody was quicker and nothing is done. Each order is one row in the trail, and is taken
back from there.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import select

from basis.errors import Conflict, Invalid, NotFound
from basis.ids import new_id
from kitchenasty import audit
from kitchenasty.kit.books import Look, UnitOfWork
from kitchenasty.menu.models import CategoryRow, DishRow
from kitchenasty.menu.places import Place, numbers_for
from kitchenasty.menu.reach import NotYourMenu
from kitchenasty.menu.service import move_version

ENTITY = "MenuOrder"


class OrderChanged(Conflict):
    """Somebody has changed the list meanwhile."""


class OrderRefused(Invalid):
    """The list that is wanted is not the list that is there."""


class OrderNotFound(NotFound):
    """There is nothing to take back under this id."""


class Kind(StrEnum):
    """What is put in order."""

    CATEGORIES = "categories"
    DISHES = "dishes"


@dataclass(frozen=True, slots=True)
class Shelf:
    """What is put in order: the categories under a parent (None: at the top), or the dishes in a
    category.
    """

    kind: Kind
    of: str | None


@dataclass(frozen=True, slots=True)
class Placed:
    """One thing on a shelf."""

    id: str
    name: str
    is_active: bool


async def list_shelf(look: Look, shelf: Shelf) -> list[Placed]:
    """What is on it, as whoever looks may see it, in its order."""
    return [Placed(row.id, row.name, row.is_active) for row in await rows_on(look, shelf)]


async def rows_on(look: Look, shelf: Shelf) -> list[CategoryRow | DishRow]:
    of_categories = shelf.kind is Kind.CATEGORIES
    table: Any = CategoryRow if of_categories else DishRow
    place = CategoryRow.parent_id if of_categories else DishRow.category_id
    found: Iterable[CategoryRow | DishRow] = await look.session.scalars(
        select(table)
        .where(place == shelf.of)
        .order_by(table.sort_order, table.name, table.id)
        .execution_options(populate_existing=True)
    )
    own = look.actor.house_ids
    return [row for row in found if own is None or row.house_id is None or row.house_id in own]


async def put_in_order(
    uow: UnitOfWork, shelf: Shelf, *, seen: Sequence[str], wanted: Sequence[str]
) -> str | None:
    """Put the things with these ids in this order, all of them or none.

    Answers the id under which it is taken back; None if everything stands like this already: an
    answer may have been lost on its way. Raises OrderChanged, OrderRefused, NoRoom, NotYourMenu.
    """
    # Its row is locked until the commit, so that lists are read and written one after the other.
    await move_version(uow)
    rows = await rows_on(uow, shelf)
    now = [row.id for row in rows]
    if now == list(wanted):
        return None
    if now != list(seen):
        raise OrderChanged("Somebody has changed this list meanwhile. Here is how it stands now.")
    by_id = {row.id: row for row in rows}
    if sorted(wanted) != sorted(now):
        raise OrderRefused("A list is put in order as a whole: nothing may be missing or doubled.")
    places = [place_of(uow, by_id[one]) for one in wanted]
    check_fixed(uow, [place_of(uow, row) for row in rows], places)
    for row_id, number in numbers_for(places).items():
        by_id[row_id].sort_order = number
        by_id[row_id].updated_at = uow.now
    await uow.session.flush()  # the trail's statement is the driver's and must come behind it
    return await tell(uow, shelf, before=now, after=list(wanted))


def place_of(look: Look, row: CategoryRow | DishRow) -> Place:
    own = look.actor.house_ids
    return Place(row.id, row.sort_order, is_free=own is None or row.house_id in own)


def check_fixed(uow: UnitOfWork, now: Sequence[Place], wanted: Sequence[Place]) -> None:
    """Things that all houses share keep their order among each other. Raises NotYourMenu."""
    if [one for one in now if not one.is_free] != [one for one in wanted if not one.is_free]:
        raise NotYourMenu("All houses share some of these. Only your own can be moved.")
    assert uow.actor.house_ids is not None or all(one.is_free for one in now)


async def tell(
    uow: UnitOfWork, shelf: Shelf, *, before: Sequence[str], after: Sequence[str]
) -> str:
    order_id = new_id()
    where = {"kind": shelf.kind.value, "of": shelf.of}
    await audit.record(
        uow,
        action="update",
        entity=ENTITY,
        entity_id=order_id,
        before={**where, "ids": list(before)},
        after={**where, "ids": list(after)},
    )
    return order_id


async def take_back_order(uow: UnitOfWork, order_id: str) -> Shelf:
    """Put a list back as it was before. Raises OrderNotFound, and what `put_in_order` raises."""
    entries = await audit.list_entries(uow, entity=ENTITY, entity_id=order_id, limit=1)
    if not entries:
        raise OrderNotFound("There is nothing to take back here.")
    before, after = entries[0].before, entries[0].after
    shelf = Shelf(Kind(before["kind"]), before["of"])
    await put_in_order(uow, shelf, seen=after["ids"], wanted=before["ids"])
    return shelf
