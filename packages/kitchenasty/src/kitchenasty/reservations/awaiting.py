"""Tables that are kept for a while until money comes. A reservation that waits for it is PENDING
and has an `awaits_deposit_until`; one that was given up since none came is CANCELLED and keeps it.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, select

from basis.errors import DomainError
from basis.kit.data.statements import Statement
from kitchenasty import availability, locations
from kitchenasty.availability import Wish, WishRefused, quarter_of
from kitchenasty.kit.books import UnitOfWork
from kitchenasty.reservation_terms import Agreed
from kitchenasty.reservations import records, service
from kitchenasty.reservations.asking import lapse_later
from kitchenasty.reservations.events import (
    ReservationChanged,
    ReservationMoved,
    ReservationReleased,
)
from kitchenasty.reservations.models import ReservationRow
from kitchenasty.reservations.queries import SELECTED, ReservationNotFound, with_tables
from kitchenasty.reservations.states import EXPECTED, Status
from kitchenasty.reservations.views import Reservation

LOCK = Statement(
    select(*SELECTED)
    .where(ReservationRow.id == bindparam("reservation_id", required=True))
    .with_for_update()
)


async def hold_reservation(uow: UnitOfWork, reservation_id: str) -> Reservation:
    """The reservation, locked until the commit: whoever moves its money comes through here. For
    doors that have checked whose it is. Raises ReservationNotFound.
    """
    row = await uow.row(LOCK, reservation_id=reservation_id)
    if row is None:
        raise ReservationNotFound
    return (await with_tables(uow, [row]))[0]


async def release(uow: UnitOfWork, reservation: Reservation, why: str) -> Reservation:
    """It waits for no money any more: the house is told of it now. `why` is for the history.
    Raises SomebodyChangedIt.
    """
    assert reservation.awaits_deposit, "only what waits is released"
    confirms = reservation.agreed is None or reservation.agreed.confirms
    target = Status.CONFIRMED if confirms else Status.PENDING
    after = await records.keep(
        uow, reservation, replace(reservation, status=target, awaits_deposit_until=None), why
    )
    if target is not reservation.status:
        uow.emit(moved(reservation, after))
    uow.emit(
        ReservationReleased(reservation_id=after.id, house_id=after.house_id, status=after.status)
    )
    return after


async def lapse(uow: UnitOfWork, reservation: Reservation) -> Reservation:
    """No money came: its tables are free at once. Raises SomebodyChangedIt."""
    assert reservation.awaits_deposit, "only what waits can lapse"
    await service.free(uow, reservation)
    after = await records.keep(
        uow, reservation, replace(reservation, status=Status.CANCELLED, table_ids=()), "lapse"
    )
    uow.emit(moved(reservation, after))
    return after


async def revive(uow: UnitOfWork, reservation: Reservation) -> Reservation | None:
    """The money came after all: the same time again, if there is a table for it. None if not."""
    assert reservation.has_lapsed, "only what lapsed is revived"
    agreed = reservation.agreed
    house = await locations.load_house(uow, reservation.house_id)
    wish = Wish(
        house_id=house.id,
        day=reservation.day,
        shown=f"{reservation.starts_at.astimezone(ZoneInfo(house.zone)):%H:%M}",
        party=reservation.party,
        area=reservation.area,
    )
    try:
        async with uow.attempt():
            plan = await availability.plan(uow, wish)
            table_ids = await service.take(uow, reservation.id, plan)
    except DomainError:
        return None
    confirms = agreed is None or agreed.confirms
    starts_at, ends_at = plan.period
    after = await records.keep(
        uow,
        reservation,
        replace(
            reservation,
            status=Status.CONFIRMED if confirms else Status.PENDING,
            starts_at=starts_at,
            ends_at=ends_at,
            quarter=quarter_of(starts_at),
            awaits_deposit_until=None,
            table_ids=table_ids,
        ),
        "revive",
    )
    uow.emit(moved(reservation, after))
    uow.emit(
        ReservationReleased(reservation_id=after.id, house_id=after.house_id, status=after.status)
    )
    return after


async def ask_for_money(
    uow: UnitOfWork, reservation: Reservation, agreed: Agreed, until: datetime
) -> Reservation:
    """The house wants money for a table that is kept already, by then. Raises WishRefused,
    SomebodyChangedIt.
    """
    if reservation.status not in EXPECTED:
        raise WishRefused("Money is asked before a party comes, for a table that is kept.")
    after = await records.keep(
        uow,
        reservation,
        replace(reservation, status=Status.PENDING, agreed=agreed, awaits_deposit_until=until),
        "ask_deposit",
    )
    lapse_later(uow, after)
    uow.emit(
        ReservationChanged(
            reservation_id=after.id, house_id=after.house_id, what=("awaits_deposit_until",)
        )
    )
    return after


def moved(before: Reservation, after: Reservation) -> ReservationMoved:
    return ReservationMoved(
        reservation_id=after.id,
        house_id=after.house_id,
        before=before.status,
        after=after.status,
        awaited_deposit=before.awaits_deposit,
    )
