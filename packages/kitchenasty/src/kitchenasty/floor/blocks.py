"""Tables that the house gives to nobody for a while."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from basis.ids import new_id
from basis.kit.texts import one_line
from kitchenasty import audit, locations
from kitchenasty.availability import (
    FloorChanged,
    Period,
    WishRefused,
    insert_block,
    load_floor,
    remove_block,
)
from kitchenasty.floor.service import check_known, keep_or_say
from kitchenasty.kit.books import UnitOfWork

BLOCK_MAX = timedelta(days=366)
REASON_LENGTH_MAX = 120


async def block(
    uow: UnitOfWork, house_id: str, table_ids: Sequence[str], period: Period, reason: str
) -> str:
    """Give the tables to nobody for that time; the block's id. Raises HouseNotFound, WishRefused,
    TableInTheWay.
    """
    house = await locations.load_own_house(uow, house_id)
    floor = await load_floor(uow, house.id)
    check_known(floor.table_ids, table_ids)
    starts_at, ends_at = period
    if not starts_at < ends_at <= starts_at + BLOCK_MAX:
        raise WishRefused("Please choose an end after the beginning, within a year.")
    if ends_at <= uow.now:
        raise WishRefused("That time is over. Please choose a later one.")
    words, block_id = one_line(reason)[:REASON_LENGTH_MAX], new_id()
    await insert_block(uow, block_id, house.id, period, words)
    await keep_or_say(uow, house, table_ids, period, None, block_id=block_id)
    await audit.record(
        uow,
        action="create",
        entity="TableBlock",
        entity_id=block_id,
        after={"tables": sorted(table_ids), "from": starts_at, "until": ends_at, "reason": words},
    )
    uow.emit(FloorChanged(house_id=house.id))
    return block_id


async def unblock(uow: UnitOfWork, house_id: str, block_id: str) -> None:
    """Raises HouseNotFound; a block that is not there is gone already."""
    house = await locations.load_own_house(uow, house_id)
    if await remove_block(uow, house.id, block_id):
        await audit.record(uow, action="delete", entity="TableBlock", entity_id=block_id)
        uow.emit(FloorChanged(house_id=house.id))
