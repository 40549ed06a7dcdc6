"""The table of a guest who did what was asked: kept on, or booked again if it was given up."""

from __future__ import annotations

from kitchenasty import reservations
from kitchenasty.kit.books import UnitOfWork
from kitchenasty.reservations import Reservation, Status


async def make_theirs(uow: UnitOfWork, reservation: Reservation, why: str) -> bool:
    """Whether the table is the guest's, now that it is paid, or their card is here. `why` is for
    the history.
    """
    if reservation.awaits_deposit:
        await reservations.release(uow, reservation, why)
        return True
    if reservation.has_lapsed:
        return await reservations.revive(uow, reservation) is not None
    return reservation.status not in (Status.CANCELLED, Status.NO_SHOW)
