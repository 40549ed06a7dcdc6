"""From what happened to reservations to the screens that show the tables, and to their guests."""

from __future__ import annotations

from collections.abc import Sequence

from basis.kit.data.outbox import StoredEvent, Subscription
from kitchenasty.availability import FloorChanged
from kitchenasty.kit.books import UnitOfWork
from kitchenasty.kit.live import append
from kitchenasty.reservations.events import (
    ReservationChanged,
    ReservationMade,
    ReservationMoved,
    ReservationReleased,
)
from kitchenasty.reservations.topics import (
    RESERVATION_TOLD,
    TABLES_CHANGED,
    reservation_topic,
    tables_topic,
)

OF_A_GUEST = (ReservationChanged.topic, ReservationMoved.topic, ReservationReleased.topic)
"""What changes the page that a guest may have open: nobody has it before it is made."""


async def tell_screens(uow: UnitOfWork, events: Sequence[StoredEvent]) -> None:
    """One word for each house, whatever happened there: screens fetch what they show. Nothing about
    a guest goes over a socket.
    """
    for house_id in sorted({event.payload["house_id"] for event in events}):
        await append(uow, tables_topic(house_id), TABLES_CHANGED, {"houseId": house_id})
    told = {event.payload.get("reservation_id") for event in events if event.topic in OF_A_GUEST}
    for reservation_id in sorted(one for one in told if one):
        await append(uow, reservation_topic(reservation_id), RESERVATION_TOLD, {})


SCREENS = Subscription(
    "reservations.screens",
    (
        ReservationMade.topic,
        ReservationChanged.topic,
        ReservationMoved.topic,
        ReservationReleased.topic,
        FloorChanged.topic,
    ),
    tell_screens,
)
