"""One change to many dishes at once, and the way back.

What each dish had before is in the audit trail under the id of the batch; the way back is read
from there, so it is there for everybody who may change these dishes, and it is written down too.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from basis.errors import Invalid, NotFound
from basis.ids import new_id
from basis.money import round_half_up
from kitchenasty import audit
from kitchenasty.kit.books import UnitOfWork
from kitchenasty.menu import catalog, change
from kitchenasty.menu.models import DishRow
from kitchenasty.menu.stock import DishNotFound, set_86

ENTITY = "MenuBatch"
DISHES_MAX = 500
MILLION = 1_000_000
PRICE_MINOR_MAX = 100_000_000_000


class BatchRefused(Invalid):
    """The change cannot be made to these dishes; the sentence says why."""


class BatchNotFound(NotFound):
    """There is nothing to take back under this id."""


@dataclass(frozen=True, slots=True)
class PriceMove:
    """Prices up by a share (down if it is below nothing), rounded to whole steps, half up."""

    millionths: int
    step_minor: int = 1

    def __call__(self, price_minor: int) -> int:
        exact = price_minor * (MILLION + self.millionths)
        return round_half_up(exact, MILLION * self.step_minor) * self.step_minor


@dataclass(frozen=True, slots=True)
class FieldMove:
    """The same value for all: `category_id`, `is_86` or `is_active`."""

    field: str
    value: Any


@dataclass(frozen=True, slots=True)
class Batch:
    """What was done: how many dishes are different now, how many were left as they are."""

    id: str
    changed: int
    left: int


async def change_many(
    uow: UnitOfWork, dish_ids: Collection[str], move: PriceMove | FieldMove
) -> Batch:
    """Change all of these dishes or none of them.

    Raises BatchRefused, DishNotFound, CategoryNotFound, NotYourMenu.
    """
    if not dish_ids:
        raise BatchRefused("Please tick the dishes first.")
    if len(dish_ids) > DISHES_MAX:
        raise BatchRefused("These are too many dishes at once. Please choose fewer.")
    if isinstance(move, FieldMove) and move.field == "category_id":
        await catalog.load_category(uow, move.value)
    # In one order, so that two batches cannot wait for each other in a circle.
    rows = [await catalog.load_seen_dish(uow, one, to_change=True) for one in sorted(set(dish_ids))]
    wanted = {row.id: value_of(row, move) for row in rows}
    return await write_many(uow, rows, wanted)


def value_of(row: DishRow, move: PriceMove | FieldMove) -> tuple[str, Any]:
    """The field and what it is to hold."""
    if isinstance(move, FieldMove):
        return move.field, move.value
    price_minor = move(row.price_minor)
    if not 0 <= price_minor <= PRICE_MINOR_MAX:
        raise BatchRefused("A price would fall below nothing, or be too large to write.")
    return "price_minor", price_minor


async def write_many(
    uow: UnitOfWork, rows: Collection[DishRow], wanted: Mapping[str, tuple[str, Any]]
) -> Batch:
    before, after = {}, {}
    for row in rows:
        field, value = wanted[row.id]
        was = getattr(row, field)
        if was == value:
            continue
        before[row.id], after[row.id] = [field, was], [field, value]
        if field == "is_86":
            await set_86(uow, row.id, is_86=value)
        else:
            await change.write(uow, row, {field: value}, entity="MenuItem")
    batch_id = new_id()
    if after:
        await audit.record(
            uow, action="update", entity=ENTITY, entity_id=batch_id, before=before, after=after
        )
    return Batch(batch_id, len(after), len(rows) - len(after))


async def take_back(uow: UnitOfWork, batch_id: str) -> Batch:
    """Give each dish of a batch what it had before, unless somebody has changed it since.

    Raises BatchNotFound, NotYourMenu.
    """
    entries = await audit.list_entries(uow, entity=ENTITY, entity_id=batch_id, limit=1)
    if not entries:
        raise BatchNotFound("There is nothing to take back here.")
    before, after = entries[0].before, entries[0].after
    rows, kept = [], 0
    for dish_id in sorted(before):
        try:
            row = await catalog.load_seen_dish(uow, dish_id, to_change=True)
        except DishNotFound:
            kept += 1
            continue
        field, value = after[dish_id]
        if getattr(row, field) == value:
            rows.append(row)
        else:
            kept += 1
    wanted = {row.id: tuple(before[row.id]) for row in rows}
    batch = await write_many(uow, rows, wanted)
    return Batch(batch.id, batch.changed, batch.left + kept)
