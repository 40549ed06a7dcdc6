"""Who is still at a table that is not kept for them any more, and what is blocked."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import bindparam, select

from basis.kit.data.statements import Statement
from kitchenasty.availability.models import BlockRow, StayRow
from kitchenasty.availability.queries import (
    BEGUN,
    IS_BLOCK,
    NOT_OVER,
    OF_HOUSE,
    PARTIES,
    STAY_COLUMNS,
    named_stay_of,
)
from kitchenasty.availability.views import NamedStay, Period
from kitchenasty.kit.books import Look

SEATED = "SEATED"
"""What the slice of reservations calls a party that is here."""
SITS_ON_MAX = timedelta(hours=4)
"""Later than so long after the planned end nobody sits there: nobody said that they left."""
SITTING_ON = Statement(
    select(*STAY_COLUMNS, PARTIES.c.guest_name)
    .join(PARTIES, PARTIES.c.id == StayRow.reservation_id)
    .where(
        OF_HOUSE,
        NOT_OVER,
        StayRow.ends_at <= bindparam("now", required=True),
        PARTIES.c.status == SEATED,
    )
    .order_by(StayRow.starts_at, StayRow.table_id)
)
BLOCKED = Statement(
    select(*STAY_COLUMNS, BlockRow.reason)
    .join(BlockRow, BlockRow.id == StayRow.block_id)
    .where(OF_HOUSE, NOT_OVER, BEGUN, IS_BLOCK)
    .order_by(StayRow.starts_at, StayRow.table_id)
)


async def list_sitting_on(look: Look, house_id: str) -> list[NamedStay]:
    """The tables of parties that stay longer than planned: free by the clock, and taken."""
    rows = await look.rows(
        SITTING_ON, of_house=house_id, since=look.now - SITS_ON_MAX, now=look.now
    )
    return [named_stay_of(row) for row in rows]


async def list_blocked(look: Look, house_id: str, period: Period) -> list[NamedStay]:
    """Each table that is blocked at some moment of the period, by time."""
    since, until = period
    rows = await look.rows(BLOCKED, of_house=house_id, since=since, until=until)
    return [named_stay_of(row) for row in rows]
