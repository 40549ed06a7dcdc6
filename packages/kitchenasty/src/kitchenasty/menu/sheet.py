"""The menu as a sheet: a line for each dish, with the cells that change from day to day.

A cell is saved together with what its editor saw in it. If something else stands there by now,
somebody was quicker: the cell is refused, and what they wrote is told.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, and_, func, not_, or_, select, true

from basis.errors import Conflict
from basis.kit.data.paging import Page
from kitchenasty.kit.books import Look, UnitOfWork
from kitchenasty.menu import catalog, change
from kitchenasty.menu.models import AllergenRow, DishAllergenRow, DishRow
from kitchenasty.menu.service import MenuRefused
from kitchenasty.menu.stock import set_86


class CellChanged(Conflict):
    """Somebody wrote into the cell meanwhile. `details` has the field."""


class State(StrEnum):
    """What to look for in the sheet."""

    ACTIVE = "active"
    INACTIVE = "inactive"
    SOLD_OUT = "sold-out"
    UNDECLARED = "undeclared"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cells:
    """`allergens` are codes, None when nobody declared them; `stock` None is not counted."""

    name: str
    price_minor: int
    allergens: tuple[str, ...] | None
    stock: int | None
    is_86: bool
    is_active: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A dish in the sheet. `may_change`: whoever looks may change more than that it is sold out."""

    id: str
    category_id: str
    house_id: str | None
    image: str | None
    may_change: bool
    cells: Cells


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetFilter:
    """Which dishes; None and "" leave a question open."""

    category_ids: Collection[str] | None = None
    house_id: str | None = None
    state: State | None = None
    search: str = ""


Edits = Mapping[str, tuple[Any, Any]]
"""By the name of a cell: what was seen in it, and what is to stand there."""

STATES: dict[State, ColumnElement[bool]] = {
    State.ACTIVE: and_(DishRow.is_active),
    State.INACTIVE: not_(DishRow.is_active),
    State.SOLD_OUT: or_(DishRow.is_86, and_(DishRow.tracks_stock, DishRow.stock == 0)),
    State.UNDECLARED: not_(DishRow.allergens_declared),
}


async def list_lines(look: Look, wanted: SheetFilter, page: Page) -> tuple[list[Line], int]:
    """One page of the sheet in the order of the menu, and how many dishes there are."""
    conditions = conditions_of(look, wanted)
    total = await look.session.scalar(select(func.count()).select_from(DishRow).where(*conditions))
    rows = list(
        await look.session.scalars(
            select(DishRow)
            .where(*conditions)
            .order_by(DishRow.sort_order, DishRow.name, DishRow.id)
            .offset(page.offset)
            .limit(page.limit)
        )
    )
    codes = await codes_by_dish(look, [row.id for row in rows])
    return [line_of(look, row, codes[row.id]) for row in rows], int(total or 0)


def conditions_of(look: Look, wanted: SheetFilter) -> list[ColumnElement[bool]]:
    conditions = [seen_dishes(look)]
    if wanted.category_ids is not None:
        conditions.append(DishRow.category_id.in_(wanted.category_ids))
    if wanted.house_id is not None:
        conditions.append(DishRow.house_id == wanted.house_id)
    if wanted.state is not None:
        conditions.append(STATES[wanted.state])
    if wanted.search:
        name = func.lower(DishRow.name)
        conditions.append(name.contains(wanted.search.lower(), autoescape=True))
    return conditions


def seen_dishes(look: Look) -> ColumnElement[bool]:
    """The dishes of one's own houses, and those that all houses share."""
    if look.actor.house_ids is None:
        return true()
    return or_(DishRow.house_id.is_(None), DishRow.house_id.in_(look.actor.house_ids))


async def codes_by_dish(look: Look, dish_ids: Collection[str]) -> dict[str, list[str]]:
    codes: dict[str, list[str]] = defaultdict(list)
    for dish_id, code in await look.session.execute(
        select(DishAllergenRow.dish_id, AllergenRow.code)
        .join(AllergenRow, AllergenRow.id == DishAllergenRow.allergen_id)
        .where(DishAllergenRow.dish_id.in_(dish_ids))
        .order_by(AllergenRow.code)
    ):
        codes[dish_id].append(code)
    return codes


def line_of(look: Look, row: DishRow, codes: Collection[str]) -> Line:
    own = look.actor.house_ids
    return Line(
        id=row.id,
        category_id=row.category_id,
        house_id=row.house_id,
        image=row.image,
        may_change=own is None or row.house_id in own,
        cells=Cells(
            name=row.name,
            price_minor=row.price_minor,
            allergens=tuple(codes) if row.allergens_declared else None,
            stock=row.stock if row.tracks_stock else None,
            is_86=row.is_86,
            is_active=row.is_active,
        ),
    )


async def load_line(look: Look, dish_id: str) -> Line:
    """Raises DishNotFound."""
    row = await catalog.load_seen_dish(look, dish_id)
    return line_of(look, row, (await codes_by_dish(look, [dish_id]))[dish_id])


async def change_cells(uow: UnitOfWork, dish_id: str, edits: Edits) -> None:
    """Write into cells of one line; all of them, or none.

    A cell that holds already what is wanted is no quarrel: an answer may have been lost on its way.
    Raises DishNotFound, CellChanged, MenuRefused, NotYourMenu.
    """
    row = await catalog.load_seen_dish(uow, dish_id, to_change=True)
    now = asdict(line_of(uow, row, (await codes_by_dish(uow, [dish_id]))[dish_id]).cells)
    wanted = {}
    for field, (seen, value) in edits.items():
        if value in (seen, now[field]):
            continue
        if now[field] != seen:
            raise CellChanged("Somebody has changed this meanwhile.", field=field)
        wanted[field] = value
    if not str(wanted.get("name", now["name"])).strip():
        raise MenuRefused("A dish needs a name.", field="name")
    # The last one: it is the only one that may be written into a dish which other houses share.
    is_86 = wanted.pop("is_86", None)
    await write_cells(uow, dish_id, wanted)
    if is_86 is not None:
        await set_86(uow, dish_id, is_86=is_86)


async def write_cells(uow: UnitOfWork, dish_id: str, wanted: dict[str, Any]) -> None:
    if not wanted:
        return
    changes = dict(wanted)
    allergens = None
    if "allergens" in changes:
        allergens = changes.pop("allergens")
        changes["allergens_declared"] = allergens is not None
        allergens = allergens or ()
    if "stock" in changes:
        stock = changes.pop("stock")
        changes |= {"tracks_stock": stock is not None, "stock": stock or 0}
    await change.change_dish(uow, dish_id, changes, allergens=allergens)
