"""A reservation of tables that were held back for its guest."""

from __future__ import annotations

from dataclasses import replace

from kitchenasty.availability import Held, hand_over
from kitchenasty.kit.books import UnitOfWork
from kitchenasty.reservation_terms import agree, load_terms
from kitchenasty.reservations import records, service
from kitchenasty.reservations.events import ReservationMade
from kitchenasty.reservations.states import Source, Status
from kitchenasty.reservations.views import Booked, Guest


async def book_held(uow: UnitOfWork, held: Held, guest: Guest, *, source: Source) -> Booked:
    """Make a reservation of what is held back. Raises HeldNoMore, GuestRefused."""
    terms = await load_terms(uow, held.house_id)
    starts_at = held.period[0]
    agreed = None
    if source is Source.GUEST:
        agreed = await agree(uow, terms, held.house_id, held.day, starts_at, held.party)
    confirms = agreed is None and (terms.confirms_at_once or source is not Source.GUEST)
    sitting = records.Sitting(
        house_id=held.house_id,
        day=held.day,
        period=held.period,
        party=held.party,
        status=Status.CONFIRMED if confirms else Status.PENDING,
    )
    drafted = records.draft(uow, records.checked(guest, source), sitting, source=source)
    reservation = await service.await_money(uow, drafted, agreed)
    capability = await records.insert(uow, reservation)
    table_ids = await hand_over(uow, held, reservation.id)
    await records.tell(uow, reservation.id, "book", {"table_ids": table_ids})
    uow.emit(
        ReservationMade(
            reservation_id=reservation.id,
            house_id=held.house_id,
            status=reservation.status,
            source=source,
            awaits_deposit=reservation.awaits_deposit,
        )
    )
    return Booked(reservation=replace(reservation, table_ids=table_ids), capability=capability)
