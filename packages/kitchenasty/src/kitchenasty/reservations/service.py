"""Booking a table, and what becomes of it. `availability.plan` looked; only here, and on the floor,
tables are given away.
"""

from __future__ import annotations

from dataclasses import replace

from kitchenasty import availability, locations, payments
from kitchenasty.availability import FullyBooked, Plan, TooManyArrive, WishRefused, quarter_of
from kitchenasty.kit.books import Look, UnitOfWork
from kitchenasty.reservation_terms import Agreed, load_terms
from kitchenasty.reservations import asking, records
from kitchenasty.reservations.events import ReservationMade, ReservationMoved
from kitchenasty.reservations.refusals import TooLateToChange
from kitchenasty.reservations.states import Source, Status, check_move
from kitchenasty.reservations.views import Booked, Guest, Reservation

LOOKS_MAX = 4


async def book(uow: UnitOfWork, plan: Plan, guest: Guest, *, source: Source) -> Booked:
    """Give the party one of the planned tables or, where all of them went meanwhile, another one.
    Where the house asks for money first, the table is kept until it comes, or for a while only.

    Raises GuestRefused, FullyBooked, TooManyArrive, and what `availability.plan` raises.
    """
    agreed = await asking.agree_on_plan(uow, plan, source)
    confirms = agreed is None and (plan.terms.confirms_at_once or source is not Source.GUEST)
    sitting = records.Sitting(
        house_id=plan.wish.house_id,
        day=plan.slot.day,
        period=plan.period,
        party=plan.wish.party,
        status=Status.CONFIRMED if confirms else Status.PENDING,
        area=plan.wish.area,
    )
    drafted = records.draft(uow, records.checked(guest, source), sitting, source=source)
    reservation = await await_money(uow, drafted, agreed)
    capability = await records.insert(uow, reservation)
    table_ids = await take(uow, reservation.id, plan)
    await records.tell(uow, reservation.id, "book", {"table_ids": table_ids})
    uow.emit(
        ReservationMade(
            reservation_id=reservation.id,
            house_id=reservation.house_id,
            status=reservation.status,
            source=source,
            awaits_deposit=reservation.awaits_deposit,
        )
    )
    return Booked(reservation=replace(reservation, table_ids=table_ids), capability=capability)


async def await_money(
    uow: UnitOfWork, reservation: Reservation, agreed: Agreed | None
) -> Reservation:
    """The same, to be given up if no money comes as long as an order would wait for it."""
    if agreed is None:
        return reservation
    until = uow.now + (await payments.load_keys(uow)).hold
    held = replace(reservation, agreed=agreed, awaits_deposit_until=until)
    asking.lapse_later(uow, held)
    return held


async def take(uow: UnitOfWork, reservation_id: str, plan: Plan) -> tuple[str, ...]:
    """The tables that the reservation has from now on. Raises FullyBooked, TooManyArrive."""
    await count(uow, plan)
    for _ in range(LOOKS_MAX):
        for choice in plan.choices:
            try:
                await availability.keep_tables(
                    uow,
                    choice.seat.table_ids,
                    plan.period,
                    house_id=plan.wish.house_id,
                    reservation_id=reservation_id,
                )
            except availability.TableGone:
                continue
            return choice.seat.table_ids
        # All that were free when we looked are gone: look again, now at what is really there.
        plan = await availability.look_again(uow, plan, ignored=reservation_id)
    raise FullyBooked


async def count(uow: UnitOfWork, plan: Plan) -> None:
    """Raises TooManyArrive. The house itself may let more people come than it tells guests."""
    limit = None if uow.actor.is_staff else plan.terms.covers_per_quarter
    wish = plan.wish
    if not await availability.count_arrival(
        uow, wish.house_id, plan.slot.starts_at, wish.party, limit=limit
    ):
        raise TooManyArrive


async def change(uow: UnitOfWork, reservation: Reservation, plan: Plan) -> Reservation:
    """Another day, time, party or area, with the tables of the plan; everything stays as it was
    where that cannot be had. Raises SomebodyChangedIt, TooLateToChange, WishRefused, FullyBooked,
    TooManyArrive.
    """
    await check_may_change(uow, reservation)
    await asking.check_asks_no_more(uow, reservation, plan)
    await free(uow, reservation)
    table_ids = await take(uow, reservation.id, plan)
    starts_at, ends_at = plan.period
    agreed = reservation.agreed
    after = await records.keep(
        uow,
        reservation,
        replace(
            reservation,
            party=plan.wish.party,
            day=plan.slot.day,
            starts_at=starts_at,
            ends_at=ends_at,
            quarter=quarter_of(starts_at),
            area=plan.wish.area,
            agreed=agreed
            and agreed.resized(reservation.party, plan.wish.party, uow.now).moved(
                starts_at, uow.now
            ),
            table_ids=table_ids,
        ),
        "change",
    )
    uow.emit(records.changed(reservation, after))
    return after


async def check_may_change(look: Look, reservation: Reservation) -> None:
    """Raises TooLateToChange, WishRefused."""
    if not reservation.is_held:
        raise WishRefused("This reservation is over, so it cannot be changed.")
    if look.actor.is_staff:
        return
    terms = await load_terms(look, reservation.house_id)
    if not reservation.guest_may_change(terms, look.now):
        house = await locations.load_house(look, reservation.house_id)
        raise TooLateToChange(house.phone)


async def confirm(uow: UnitOfWork, reservation: Reservation) -> Reservation:
    """Raises MoveRefused, SomebodyChangedIt."""
    return await move(uow, reservation, Status.CONFIRMED)


async def cancel(uow: UnitOfWork, reservation: Reservation, *, reason: str = "") -> Reservation:
    """Its tables are free at once. Raises MoveRefused, TooLateToChange, SomebodyChangedIt."""
    check_move(reservation.status, Status.CANCELLED)
    await check_may_change(uow, reservation)
    await free(uow, reservation)
    return await move(uow, reservation, Status.CANCELLED, reason=reason)


async def note_absence(uow: UnitOfWork, reservation: Reservation) -> Reservation:
    """They did not come; their tables are free at once. Raises MoveRefused, SomebodyChangedIt,
    WishRefused.
    """
    check_move(reservation.status, Status.NO_SHOW)
    if uow.now < reservation.starts_at:
        raise WishRefused("Their time has not come yet.")
    await free(uow, reservation)
    return await move(uow, reservation, Status.NO_SHOW)


async def complete(uow: UnitOfWork, reservation: Reservation) -> Reservation:
    """They left; their tables are free at once. Raises MoveRefused, SomebodyChangedIt."""
    check_move(reservation.status, Status.COMPLETED)
    if uow.now <= reservation.starts_at:
        # Gone in the instant in which they sat down: no time is left to keep for history.
        await availability.let_tables_go(uow, reservation.id)
        after = replace(reservation, table_ids=())
        return await move(uow, reservation, Status.COMPLETED, becoming=after)
    if uow.now >= reservation.ends_at:
        return await move(uow, reservation, Status.COMPLETED)
    await availability.end_stay(uow, reservation.id, uow.now)
    after = replace(reservation, ends_at=uow.now)
    return await move(uow, reservation, Status.COMPLETED, becoming=after)


async def free(uow: UnitOfWork, reservation: Reservation) -> None:
    """Its tables, and its part of those who arrive in its quarter of an hour."""
    await availability.let_tables_go(uow, reservation.id)
    await availability.uncount_arrival(
        uow, reservation.house_id, reservation.quarter, reservation.party
    )


async def move(
    uow: UnitOfWork,
    reservation: Reservation,
    target: Status,
    *,
    reason: str = "",
    becoming: Reservation | None = None,
) -> Reservation:
    """Keep the new status and tell it; `becoming` is how it is from now on where more than that
    changes. Raises MoveRefused, SomebodyChangedIt.
    """
    check_move(reservation.status, target)
    after = await records.keep(
        uow,
        reservation,
        replace(becoming or reservation, status=target, awaits_deposit_until=None),
        target.value.lower(),
        reason=reason,
    )
    uow.emit(
        ReservationMoved(
            reservation_id=after.id,
            house_id=after.house_id,
            before=reservation.status,
            after=target,
            awaited_deposit=reservation.awaits_deposit,
        )
    )
    return after
