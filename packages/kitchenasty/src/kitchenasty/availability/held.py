"""Tables that are held back for somebody who was asked and has not answered yet.

What is held back is a block with a term: nobody else gets these tables meanwhile, and the same
constraint keeps them apart (docs/adr/0015). Its people are counted among those who arrive.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import bindparam, select, update

from basis.errors import Conflict
from basis.ids import new_id
from basis.kit.data.statements import Statement
from kitchenasty.availability import hold
from kitchenasty.availability.blocks import insert_block, remove_block
from kitchenasty.availability.events import FloorChanged
from kitchenasty.availability.models import StayRow
from kitchenasty.availability.refusals import FullyBooked
from kitchenasty.availability.service import DayBook, period_of
from kitchenasty.availability.slots import Slot, quarter_of
from kitchenasty.availability.views import Period, Wish
from kitchenasty.kit.books import Look, UnitOfWork

HELD_TABLES = Statement(
    select(StayRow.table_id)
    .where(StayRow.block_id == bindparam("of_block", required=True))
    .order_by(StayRow.table_id)
)
HAND_OVER = Statement(
    update(StayRow)
    .where(StayRow.block_id == bindparam("of_block", required=True))
    .values(reservation_id=bindparam("to_reservation", required=True), block_id=None)
)


class HeldNoMore(Conflict):
    def __init__(self) -> None:
        super().__init__("This table is no longer held for you.")


class QuarterFull(Exception):
    """So many more people may not arrive then. Never leaves this module."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """Tables that are held back: of which house, when, and for how many people."""

    block_id: str
    house_id: str
    day: date
    period: Period
    party: int


async def hold_back(
    uow: UnitOfWork, book: DayBook, window: Period, party: int, *, reason: str
) -> Held | None:
    """The first time of the window, its end included, at which the party fits, with the table that
    fits best; None where there is none. `reason` is what the house reads on its plan.
    """
    since, until = window
    for slot in book.slots:
        if since <= slot.starts_at <= until and book.has_room(slot, party):
            held = await hold_at(uow, book, slot, party, reason=reason)
            if held is not None:
                return held
    return None


async def hold_at(
    uow: UnitOfWork, book: DayBook, slot: Slot, party: int, *, reason: str
) -> Held | None:
    wish = Wish(house_id=book.house.id, day=slot.day, shown=slot.shown, party=party)
    period = period_of(slot, book.terms, wish)
    for choice in book.choices(slot, wish):
        held = Held(
            block_id=new_id(),
            house_id=book.house.id,
            day=slot.day,
            period=period,
            party=party,
        )
        try:
            async with uow.attempt():
                await keep(uow, held, choice.seat.table_ids, reason)
                await count(uow, held, book.terms.covers_per_quarter)
        except hold.TableGone:
            continue
        except QuarterFull:
            return None
        uow.emit(FloorChanged(house_id=held.house_id))
        return held
    return None


async def keep(uow: UnitOfWork, held: Held, table_ids: tuple[str, ...], reason: str) -> None:
    """Raises TableGone."""
    await insert_block(uow, held.block_id, held.house_id, held.period, reason)
    await hold.keep_tables(
        uow, table_ids, held.period, house_id=held.house_id, block_id=held.block_id
    )


async def count(uow: UnitOfWork, held: Held, limit: int | None) -> None:
    """Raises QuarterFull."""
    starts_at = held.period[0]
    if not await hold.count_arrival(uow, held.house_id, starts_at, held.party, limit=limit):
        raise QuarterFull


async def hold_tables(
    uow: UnitOfWork, held: Held, table_ids: tuple[str, ...], *, reason: str
) -> None:
    """These tables, of which somebody found out that they are free. Raises FullyBooked."""
    try:
        async with uow.attempt():
            await keep(uow, held, table_ids, reason)
            await count(uow, held, None)
    except hold.TableGone:
        raise FullyBooked from None
    uow.emit(FloorChanged(house_id=held.house_id))


async def list_held(look: Look, held: Held) -> tuple[str, ...]:
    """Which tables they are; none where the house lifted the block by hand."""
    return tuple(row[0] for row in await look.rows(HELD_TABLES, of_block=held.block_id))


async def hand_over(uow: UnitOfWork, held: Held, reservation_id: str) -> tuple[str, ...]:
    """The tables change hands without a moment in which somebody else could have them. Raises
    HeldNoMore.
    """
    table_ids = await list_held(uow, held)
    moved = await uow.run(HAND_OVER, of_block=held.block_id, to_reservation=reservation_id)
    if not moved or moved != len(table_ids):
        raise HeldNoMore
    await remove_block(uow, held.house_id, held.block_id)
    return table_ids


async def give_free(uow: UnitOfWork, held: Held) -> None:
    """What was held back is anybody's again. To be called once for each that was held: its people
    are taken from those who arrive, also where the house lifted the block by hand.
    """
    await remove_block(uow, held.house_id, held.block_id)
    quarter = quarter_of(held.period[0])
    await hold.uncount_arrival(uow, held.house_id, quarter, held.party)
    uow.emit(FloorChanged(house_id=held.house_id))
