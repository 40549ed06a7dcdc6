"""Parties that book as guests and houses do."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import bindparam, update

from basis.kit.data.statements import Statement
from kitchenasty import availability, locations
from kitchenasty.availability import Wish
from kitchenasty.availability.tests.builders import FRIDAY
from kitchenasty.kit.books import Books, UnitOfWork
from kitchenasty.kit.principals import ANONYMOUS, Principal
from kitchenasty.reservations import awaiting, service
from kitchenasty.reservations.models import ReservationRow
from kitchenasty.reservations.states import Source
from kitchenasty.reservations.views import Booked, Guest, Reservation

DOOR = "/api/reservations"
ANNA = Guest(name="Anna Berg", email="anna@example.org")
RUN_OUT = Statement(
    update(ReservationRow)
    .where(ReservationRow.id == bindparam("reservation_id", required=True))
    .values(awaits_deposit_until=bindparam("until", required=True))
)


def asked(house: locations.House, **more: Any) -> dict[str, Any]:
    """What a phone sends to reserve a table."""
    return {
        "locationId": house.id,
        "date": FRIDAY.isoformat(),
        "time": "19:00",
        "partySize": 2,
        "guestName": "Anna Berg",
        "guestEmail": "anna@guest.example",
        **more,
    }


async def book(
    books: Books, wanted: Wish, guest: Guest = ANNA, *, actor: Principal = ANONYMOUS
) -> Booked:
    """As a door does it: look first, then give away."""
    async with books.reading(actor) as look:
        found = await availability.plan(look, wanted)
    source = Source.STAFF if actor.is_staff else Source.GUEST
    async with books.writing(actor) as uow:
        return await service.book(uow, found, guest, source=source)


async def let_time_to_pay_run_out(uow: UnitOfWork, reservation_id: str) -> Reservation:
    """At once; the reservation as it stood then, with its tables."""
    held = await awaiting.hold_reservation(uow, reservation_id)
    until = uow.now - timedelta(seconds=1)
    await uow.run(RUN_OUT, reservation_id=reservation_id, until=until)
    return held
