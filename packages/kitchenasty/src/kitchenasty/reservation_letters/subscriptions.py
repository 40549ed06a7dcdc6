"""From what happened to a reservation to the letters about it."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from datetime import timedelta

from basis.kit.data.outbox import StoredEvent, Subscription
from kitchenasty import locations, notices
from kitchenasty.kit.books import UnitOfWork
from kitchenasty.kit.identity.sign_in import EmailRefused
from kitchenasty.kit.principals import Kind
from kitchenasty.reservation_letters.letters import notice_kind
from kitchenasty.reservation_terms import LetterKind, load_terms
from kitchenasty.reservations import (
    Reservation,
    ReservationChanged,
    ReservationMade,
    ReservationMoved,
    ReservationNotFound,
    ReservationReleased,
    Source,
    Status,
    load_reservation,
)

USEFUL_FOR = timedelta(days=3)
SEEN_BY_GUEST = frozenset({"party", "day", "starts_at", "area"})
"""Of what may change: at which table they sit, and until when, is the house's own matter."""
OF_THE_HOUSE = (f"{Kind.STAFF}:", f"{Kind.KEY}:", f"{Kind.SYSTEM}")


async def tell_people(uow: UnitOfWork, events: Sequence[StoredEvent]) -> None:
    """A house without a mail server keeps no letter for later. What happened to a reservation twice
    at once is told once.
    """
    if await notices.load_smtp(uow) is None:
        return
    wanted = dict.fromkeys(
        (str(event.payload["reservation_id"]), kind) for event in events for kind in kinds_of(event)
    )
    for reservation_id, kind in wanted:
        with contextlib.suppress(ReservationNotFound):
            await send(uow, await load_reservation(uow, reservation_id), kind)


def kinds_of(event: StoredEvent) -> Iterator[LetterKind]:
    """Which letters an event asks for; whoever did it knows it already, unless it is a promise."""
    is_by_house = event.actor.startswith(OF_THE_HOUSE)
    match event.topic:
        case ReservationMade.topic:
            yield from kinds_of_new(event)
        case ReservationChanged.topic:
            if SEEN_BY_GUEST.intersection(event.payload.get("what", ())):
                yield LetterKind.CHANGED
            if not is_by_house and event.payload.get("what"):
                yield LetterKind.HOUSE_CHANGED
        case ReservationReleased.topic:
            if event.payload["status"] == Status.PENDING:
                yield LetterKind.REQUESTED
            yield LetterKind.HOUSE_NEW
        case ReservationMoved.topic:
            yield from kinds_of_move(event, is_by_house=is_by_house)


def kinds_of_move(event: StoredEvent, *, is_by_house: bool) -> Iterator[LetterKind]:
    if is_lapse(event):
        return  # whoever asked for the money writes
    before, after = event.payload["before"], event.payload["after"]
    if after == Status.CANCELLED:
        yield LetterKind.REFUSED if is_by_house else LetterKind.CANCELLED
        if not is_by_house and not event.payload.get("awaited_deposit"):
            yield LetterKind.HOUSE_CANCELLED
    elif after == Status.CONFIRMED and before in (Status.PENDING, Status.CANCELLED):
        yield LetterKind.CONFIRMED


def is_lapse(event: StoredEvent) -> bool:
    """Nobody cancelled it: it waited for money, and none came."""
    is_over = event.payload["after"] == Status.CANCELLED
    is_by_itself = event.actor.startswith(f"{Kind.SYSTEM}")
    return is_over and is_by_itself and bool(event.payload.get("awaited_deposit"))


def kinds_of_new(event: StoredEvent) -> Iterator[LetterKind]:
    """Whoever walks in gets no letter, and who has yet to pay gets it afterwards."""
    if event.payload["source"] == Source.WALK_IN or event.payload.get("awaits_deposit"):
        return
    is_kept = event.payload["status"] == Status.CONFIRMED
    yield LetterKind.CONFIRMED if is_kept else LetterKind.REQUESTED
    if event.payload["source"] == Source.GUEST:
        yield LetterKind.HOUSE_NEW


async def send(uow: UnitOfWork, reservation: Reservation, kind: LetterKind) -> None:
    """If the house wants such letters, and there is somebody to read it."""
    terms = await load_terms(uow, reservation.house_id)
    useful_for = min(USEFUL_FOR, reservation.ends_at - uow.now)
    if kind not in terms.letters or useful_for <= timedelta(0):
        return
    if kind is LetterKind.HOUSE_NEW and reservation.source is not Source.GUEST:
        return
    house = await locations.load_house(uow, reservation.house_id)
    recipient = house.email if kind.is_for_house else reservation.guest_email
    if not recipient:
        return
    # An address that nobody can write to was typed by somebody, and holds up nothing.
    with contextlib.suppress(EmailRefused):
        await notices.send_notice(
            uow,
            notice_kind(kind),
            recipient=recipient,
            facts={"reservation_id": reservation.id},
            useful_for=useful_for,
            locale=None if kind.is_for_house else reservation.locale,
        )


TOLD = Subscription(
    "reservations.told",
    (
        ReservationMade.topic,
        ReservationChanged.topic,
        ReservationMoved.topic,
        ReservationReleased.topic,
    ),
    tell_people,
)
