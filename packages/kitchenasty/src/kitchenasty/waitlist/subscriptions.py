"""What became free is offered to who waits."""

from __future__ import annotations

from collections.abc import Sequence

from kitchenasty.kit.data.outbox import StoredEvent, Subscription
from kitchenasty.kit.data.work import UnitOfWork
from kitchenasty.reservations import FloorChanged, ReservationChanged, ReservationMoved
from kitchenasty.waitlist.service import offer_tables


async def offer_what_is_free(uow: UnitOfWork, events: Sequence[StoredEvent]) -> None:
    """Once for each house, whatever happened there: a table may have become free."""
    for house_id in sorted({event.payload["house_id"] for event in events}):
        await offer_tables(uow, house_id)


OFFERS = Subscription(
    "waitlist.offers",
    (ReservationMoved.topic, ReservationChanged.topic, FloorChanged.topic),
    offer_what_is_free,
)
