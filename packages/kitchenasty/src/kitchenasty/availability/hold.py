"""Giving tables away: the one place that writes stays and counts arrivals.

The database refuses overlapping stays by itself (models.APART). A refusal here means that somebody
was quicker since we looked.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import bindparam, delete, or_, update

from basis.errors import Conflict
from basis.ids import new_id
from basis.kit.data.constraints import BROKEN
from basis.kit.data.statements import Statement, insert_unless_there
from kitchenasty.availability.models import APART, ArrivalsRow, StayRow
from kitchenasty.availability.slots import quarter_of
from kitchenasty.availability.views import Period
from kitchenasty.kit.books import UnitOfWork

# On PostgreSQL two who want the same table at once would each wait for the other if the rows were
# simply inserted; with ON CONFLICT the later one learns that it is the later one.
KEEP = insert_unless_there(StayRow)
LET_GO = Statement(
    delete(StayRow).where(StayRow.reservation_id == bindparam("of_reservation", required=True))
)
END_AT = Statement(
    update(StayRow)
    .where(
        StayRow.reservation_id == bindparam("of_reservation", required=True),
        StayRow.starts_at < bindparam("instant", required=True),
    )
    .values(ends_at=bindparam("instant", required=True))
)
ENSURE = insert_unless_there(ArrivalsRow)
THIS_QUARTER = (
    ArrivalsRow.house_id == bindparam("of_house", required=True),
    ArrivalsRow.quarter == bindparam("of_quarter", required=True),
)
COUNT = Statement(
    update(ArrivalsRow)
    .where(
        *THIS_QUARTER,
        or_(ArrivalsRow.covers <= bindparam("room_left", required=True), ArrivalsRow.covers == 0),
    )
    .values(covers=ArrivalsRow.covers + bindparam("party", required=True))
)
UNCOUNT = Statement(
    update(ArrivalsRow)
    .where(*THIS_QUARTER, ArrivalsRow.covers >= bindparam("party", required=True))
    .values(covers=ArrivalsRow.covers - bindparam("party", required=True))
)
UNLIMITED = 1_000_000


class TableGone(Conflict):
    """Somebody has one of the tables for a part of that time."""

    def __init__(self) -> None:
        super().__init__("Somebody was quicker with this table. Please choose again.")


async def keep_tables(
    uow: UnitOfWork,
    table_ids: Sequence[str],
    period: Period,
    *,
    house_id: str,
    reservation_id: str | None = None,
    block_id: str | None = None,
) -> None:
    """All of the tables or none. Raises TableGone."""
    starts_at, ends_at = period
    try:
        async with uow.attempt():
            for table_id in sorted(table_ids):
                kept = await uow.run(
                    KEEP,
                    id=new_id(),
                    house_id=house_id,
                    table_id=table_id,
                    reservation_id=reservation_id,
                    block_id=block_id,
                    starts_at=starts_at,
                    ends_at=ends_at,
                )
                if not kept:
                    raise TableGone
    except BROKEN as error:
        if APART in str(error):
            raise TableGone from error
        raise


async def let_go(uow: UnitOfWork, reservation_id: str) -> None:
    """Its tables are free from now on for everybody."""
    await uow.run(LET_GO, of_reservation=reservation_id)


async def end_stay(uow: UnitOfWork, reservation_id: str, instant: datetime) -> None:
    """The party left at this instant; what it had is history."""
    await uow.run(END_AT, of_reservation=reservation_id, instant=instant)


async def count_arrival(
    uow: UnitOfWork, house_id: str, starts_at: datetime, party: int, *, limit: int | None
) -> bool:
    """Count a party into its quarter of an hour; False where it would be too many. An empty quarter
    takes any party, however large.
    """
    quarter = quarter_of(starts_at)
    await uow.run(ENSURE, house_id=house_id, quarter=quarter, covers=0)
    room = (UNLIMITED if limit is None else limit) - party
    return bool(
        await uow.run(COUNT, of_house=house_id, of_quarter=quarter, room_left=room, party=party)
    )


async def uncount_arrival(uow: UnitOfWork, house_id: str, quarter: datetime, party: int) -> None:
    await uow.run(UNCOUNT, of_house=house_id, of_quarter=quarter, party=party)
