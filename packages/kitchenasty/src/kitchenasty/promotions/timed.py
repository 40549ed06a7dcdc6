"""Keeping promotions that hold by the clock, and knowing those of a house without asking.

They are read once for each version of the menu, and changing one moves the menu's version on: an
order that is placed asks for that version anyway.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, fields, replace
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, func, or_, select, update

from basis.ids import new_id
from basis.kit.data.statements import Row, Statement, insert_into
from kitchenasty import audit, locations, menu
from kitchenasty.kit.books import Look, UnitOfWork
from kitchenasty.promotions.models import PromotionRow
from kitchenasty.promotions.windows import (
    PROMOTIONS_MAX,
    NotYourPromotion,
    Promotion,
    PromotionDraft,
    PromotionNotFound,
    PromotionRefused,
    check_promotion,
)

NAMES = tuple(field.name for field in fields(Promotion))
LISTS = ("category_ids", "dish_ids", "days")
KEPT_MAX = 100
SELECTED = tuple(getattr(PromotionRow, name) for name in NAMES)
LIST = Statement(select(*SELECTED).order_by(PromotionRow.id.desc()).limit(PROMOTIONS_MAX))
COUNT = Statement(select(func.count()).select_from(PromotionRow))
BY_ID = Statement(select(*SELECTED).where(PromotionRow.id == bindparam("wanted", required=True)))
OF_HOUSE = Statement(
    select(*SELECTED)
    .where(
        PromotionRow.is_active,
        PromotionRow.currency == bindparam("of_currency", required=True),
        or_(
            PromotionRow.house_id.is_(None),
            PromotionRow.house_id == bindparam("of_house", required=True),
        ),
    )
    .order_by(PromotionRow.priority, PromotionRow.id)
    .limit(PROMOTIONS_MAX)
)
ADD = insert_into(PromotionRow)
REMOVE = Statement(delete(PromotionRow).where(PromotionRow.id == bindparam("gone", required=True)))

_known: dict[tuple[str, int], tuple[Promotion, ...]] = {}


async def load_timed(
    look: Look, house: locations.House, book: menu.MenuBook
) -> tuple[Promotion, ...]:
    """All promotions of a house that are switched on, by priority; read once for each version."""
    known = _known.get((house.id, book.version))
    if known is None:
        rows = await look.rows(OF_HOUSE, of_currency=house.currency, of_house=house.id)
        known = tuple(promotion_of(row) for row in rows)
        if len(_known) >= KEPT_MAX:
            _known.clear()
        _known[house.id, book.version] = known
    return known


async def list_holding(
    look: Look, house: locations.House, book: menu.MenuBook, instant: datetime
) -> tuple[Promotion, ...]:
    """Those that hold for an order of this moment."""
    found = await load_timed(look, house, book)
    return tuple(one for one in found if one.holds_at(instant, house.zone))


async def list_promotions(look: Look) -> list[Promotion]:
    """All of all houses, the newest first."""
    return [promotion_of(row) for row in await look.rows(LIST)]


async def load_promotion(look: Look, promotion_id: str) -> Promotion:
    """Raises PromotionNotFound, also for whoever works in other houses only."""
    row = await look.row(BY_ID, wanted=promotion_id)
    promotion = None if row is None else promotion_of(row)
    if promotion is None or look.actor.is_elsewhere(promotion.house_id):
        raise PromotionNotFound
    return promotion


async def add_promotion(uow: UnitOfWork, draft: PromotionDraft) -> Promotion:
    """Raises PromotionRefused, NotYourPromotion."""
    check_reach(uow, draft.house_id)
    check_promotion(draft)
    await menu.move_version(uow)
    if int(await uow.value(COUNT)) >= PROMOTIONS_MAX:
        raise PromotionRefused("There are as many promotions as can be kept. Please remove one.")
    promotion = Promotion(id=new_id(), **asdict(draft))
    await uow.run(ADD, **row_of(promotion), created_at=uow.now, updated_at=uow.now)
    await audit.record(
        uow,
        action="create",
        entity="Promotion",
        entity_id=promotion.id,
        after=row_of(promotion),
    )
    return promotion


async def change_promotion(
    uow: UnitOfWork, promotion_id: str, changes: Mapping[str, Any]
) -> Promotion:
    """Change named fields. Raises PromotionNotFound, PromotionRefused, NotYourPromotion."""
    before = await load_promotion(uow, promotion_id)
    check_reach(uow, before.house_id)
    after = replace(before, **changes)
    check_reach(uow, after.house_id)
    check_promotion(after)
    old, new = row_of(before), row_of(after)
    changed = {name: value for name, value in new.items() if value != old[name]}
    if not changed:
        return before
    await menu.move_version(uow)
    change = update(PromotionRow).where(PromotionRow.id == promotion_id)
    await uow.session.execute(change.values(**changed, updated_at=uow.now))
    await audit.record(
        uow,
        action="update",
        entity="Promotion",
        entity_id=promotion_id,
        before={name: old[name] for name in changed},
        after=changed,
    )
    return after


async def remove_promotion(uow: UnitOfWork, promotion_id: str) -> None:
    """For good; orders keep what it took off. Raises PromotionNotFound, NotYourPromotion."""
    promotion = await load_promotion(uow, promotion_id)
    check_reach(uow, promotion.house_id)
    await menu.move_version(uow)
    await uow.run(REMOVE, gone=promotion_id)
    await audit.record(
        uow,
        action="delete",
        entity="Promotion",
        entity_id=promotion_id,
        before={"name": promotion.name},
    )


def check_reach(uow: UnitOfWork, house_id: str | None) -> None:
    """Raises NotYourPromotion unless the actor works for the house; None is every house."""
    actor = uow.actor
    if actor.is_staff and actor.house_ids is not None and house_id not in actor.house_ids:
        raise NotYourPromotion


def row_of(promotion: Promotion) -> dict[str, Any]:
    row = asdict(promotion)
    return row | {name: list(row[name]) for name in LISTS}


def promotion_of(row: Row) -> Promotion:
    values = dict(zip(NAMES, row, strict=True))
    return Promotion(**values | {name: tuple(values[name]) for name in LISTS})
