"""From what happened to reservations to their money, and from the money to those who look on."""

from __future__ import annotations

from collections.abc import Sequence

from basis.kit.data.outbox import StoredEvent, Subscription
from kitchenasty import reservations
from kitchenasty.deposits import service
from kitchenasty.deposits.events import DepositChanged
from kitchenasty.deposits.letters_due import LetterKind, write_to_guest
from kitchenasty.deposits.settling import give_back_surplus
from kitchenasty.kit.books import UnitOfWork
from kitchenasty.kit.live import append
from kitchenasty.kit.principals import Kind
from kitchenasty.reservations import ReservationChanged, ReservationMade, ReservationMoved, Status

OF_THE_HOUSE = (f"{Kind.STAFF}", f"{Kind.KEY}")


async def follow_moves(uow: UnitOfWork, events: Sequence[StoredEvent]) -> None:
    """Cancelled in time it goes back, late the house keeps it."""
    for event in events:
        move = service.Move(
            reservation_id=event.payload["reservation_id"],
            before=Status(event.payload["before"]),
            after=Status(event.payload["after"]),
            at=event.emitted_at,
            is_by_house=event.actor.startswith(OF_THE_HOUSE),
        )
        await service.follow(uow, move)


async def follow_changes(uow: UnitOfWork, events: Sequence[StoredEvent]) -> None:
    """Fewer people come: what was paid for the others goes back, as far as was agreed."""
    for event in events:
        if "party" not in event.payload.get("what", ()):
            continue
        try:
            found = await reservations.hold_reservation(uow, event.payload["reservation_id"])
        except reservations.ReservationNotFound:
            continue
        await give_back_surplus(uow, found)


async def ask_by_letter(uow: UnitOfWork, events: Sequence[StoredEvent]) -> None:
    """Who closed the page finds the way to pay in the mail."""
    for event in events:
        if not event.payload.get("awaits_deposit"):
            continue
        try:
            found = await reservations.load_reservation(uow, event.payload["reservation_id"])
        except reservations.ReservationNotFound:
            continue
        if found.awaits_deposit and found.agreed is not None:
            await write_to_guest(uow, found, LetterKind.ASKED, found.agreed.amount)


async def tell_screens(uow: UnitOfWork, events: Sequence[StoredEvent]) -> None:
    """Nothing about money goes over a socket: screens fetch what they show."""
    for house_id in sorted({event.payload["house_id"] for event in events}):
        topic = reservations.tables_topic(house_id)
        await append(uow, topic, reservations.TABLES_CHANGED, {"houseId": house_id})
    for reservation_id in sorted({event.payload["reservation_id"] for event in events}):
        topic = reservations.reservation_topic(reservation_id)
        await append(uow, topic, reservations.RESERVATION_TOLD, {})


SUBSCRIPTIONS = (
    Subscription("deposits.moves", (ReservationMoved.topic,), follow_moves),
    Subscription("deposits.changes", (ReservationChanged.topic,), follow_changes),
    Subscription("deposits.asked", (ReservationMade.topic,), ask_by_letter),
    Subscription("deposits.screens", (DepositChanged.topic,), tell_screens),
)
