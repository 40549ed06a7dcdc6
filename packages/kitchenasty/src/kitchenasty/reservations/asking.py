"""What a booking is asked to pay before, and the end of waiting for it."""

from __future__ import annotations

from kitchenasty.availability import Plan, WishRefused
from kitchenasty.kit.books import Look, UnitOfWork
from kitchenasty.reservation_terms import Agreed, agree
from kitchenasty.reservations.states import Source
from kitchenasty.reservations.views import Reservation

LAPSE_JOB = "reservations.lapse"
"""A table that is kept until a deposit comes is given up by the slice that asks for the money."""


async def agree_on_plan(look: Look, plan: Plan, source: Source) -> Agreed | None:
    """Money is asked of guests who book by themselves; of others the house asks it by hand."""
    if source is not Source.GUEST:
        return None
    return await agree(
        look, plan.terms, plan.wish.house_id, plan.slot.day, plan.slot.starts_at, plan.wish.party
    )


async def check_asks_no_more(look: Look, reservation: Reservation, plan: Plan) -> None:
    """Nobody books for few and comes with many to pay nothing before. Raises WishRefused."""
    if look.actor.is_staff:
        return
    now_asked = await agree_on_plan(look, plan, Source.GUEST)
    before = 0 if reservation.agreed is None else reservation.agreed.amount_minor
    if now_asked is not None and now_asked.amount_minor > before:
        raise WishRefused(
            "For so many people on that day this house asks for a larger deposit. Please call us, "
            "or cancel and book anew."
        )


def lapse_later(uow: UnitOfWork, reservation: Reservation) -> None:
    until = reservation.awaits_deposit_until
    assert until is not None, "it waits until then"
    payload = {"reservation_id": reservation.id}
    uow.enqueue(
        LAPSE_JOB, payload, run_at=until, key=f"{LAPSE_JOB}:{reservation.id}:{until.isoformat()}"
    )
