"""A party waits at the door: their table is ready, or it is not after all.

The table is held from now on like any that is offered (availability/held.py), so nobody else sits
down at it; who does not come within the house's minutes for an answer makes room for the next.
"""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import bindparam, update

from basis.errors import Conflict
from basis.ids import new_id
from basis.kit.data.statements import Statement
from kitchenasty import availability, floor, locations, reservation_terms
from kitchenasty.kit.books import UnitOfWork
from kitchenasty.kit.http.i18n import translate
from kitchenasty.waitlist.models import WaitingPartyRow
from kitchenasty.waitlist.queries import Waiting
from kitchenasty.waitlist.service import give_to, tell
from kitchenasty.waitlist.states import WaitState

UNTELL = Statement(
    update(WaitingPartyRow)
    .where(
        WaitingPartyRow.id == bindparam("waiting_id", required=True),
        WaitingPartyRow.state == WaitState.READY,
        WaitingPartyRow.block_id == bindparam("seen_block", required=True),
    )
    .values(
        state=WaitState.WAITING,
        block_id=None,
        offer_starts_at=None,
        offer_ends_at=None,
        offered_until_at=None,
        updated_at=bindparam("now", required=True),
    )
)


class NotInLine(Conflict):
    def __init__(self) -> None:
        super().__init__("They do not wait any more, or were asked already.")


class NotTonight(Conflict):
    def __init__(self) -> None:
        super().__init__("They wait for another day.")


async def tell_ready(uow: UnitOfWork, one: Waiting) -> None:
    """Their table is ready, from now on and for the house's minutes. Twice is once. Raises
    NotInLine, NotTonight, FullyBooked.
    """
    if one.is_ready:
        return
    house = await locations.load_house(uow, one.house_id)
    if one.day != availability.service_day(house.hours, uow.now):
        raise NotTonight
    terms = await reservation_terms.load_terms(uow, one.house_id)
    table_ids, period = await floor.find_now(uow, house, one.party, (), terms.stay(one.party))
    held = availability.Held(
        block_id=new_id(), house_id=house.id, day=one.day, period=period, party=one.party
    )
    reason = translate("Ready for who waits")
    await availability.hold_tables(uow, held, table_ids, reason=reason)
    minutes = timedelta(minutes=terms.offer_minutes)
    if not await give_to(uow, one, held, WaitState.READY, minutes):
        raise NotInLine


async def take_back(uow: UnitOfWork, one: Waiting) -> None:
    """It is not ready after all: they stand where they stood. Twice is once. Raises NotInLine."""
    if one.state is WaitState.WAITING:
        return
    if not one.is_ready or not await uow.run(
        UNTELL, waiting_id=one.id, seen_block=one.block_id, now=uow.now
    ):
        raise NotInLine
    await availability.give_free(uow, one.held)
    await tell(uow, one, WaitState.WAITING)
