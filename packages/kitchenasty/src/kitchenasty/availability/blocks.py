"""What keeps tables from everybody for a while: the rows that the stays of a block belong to."""

from __future__ import annotations

from sqlalchemy import bindparam, delete

from basis.kit.data.statements import Statement, insert_into
from kitchenasty.availability.models import BlockRow
from kitchenasty.availability.views import Period
from kitchenasty.kit.books import UnitOfWork

INSERT = insert_into(BlockRow)
REMOVE = Statement(
    delete(BlockRow).where(
        BlockRow.id == bindparam("block_id", required=True),
        BlockRow.house_id == bindparam("of_house", required=True),
    )
)


async def insert_block(
    uow: UnitOfWork, block_id: str, house_id: str, period: Period, reason: str
) -> None:
    """It keeps no table yet: `keep_tables` does that."""
    starts_at, ends_at = period
    await uow.run(
        INSERT,
        id=block_id,
        house_id=house_id,
        starts_at=starts_at,
        ends_at=ends_at,
        reason=reason,
        created_at=uow.now,
    )


async def remove_block(uow: UnitOfWork, house_id: str, block_id: str) -> bool:
    """With its stays; whether it was there."""
    return bool(await uow.run(REMOVE, block_id=block_id, of_house=house_id))
