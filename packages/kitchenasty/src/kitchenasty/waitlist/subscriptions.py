"""What became free is offered to who waits."""

from __future__ import annotations

from collections.abc import Sequence

from basis.kit.data.outbox import StoredEvent, Subscription
from kitchenasty.availability import FloorChanged
from kitchenasty.kit.books import UnitOfWork
from kitchenasty.kit.live import append
from kitchenasty.reservations import ReservationChanged, ReservationMoved
from kitchenasty.waitlist.events import WaitingChanged
from kitchenasty.waitlist.service import offer_tables
from kitchenasty.waitlist.topics import WAITING_TOLD, waiting_topic


async def offer_what_is_free(uow: UnitOfWork, events: Sequence[StoredEvent]) -> None:
    """Once for each house, whatever happened there: a table may have become free."""
    for house_id in sorted({event.payload["house_id"] for event in events}):
        await offer_tables(uow, house_id)


async def tell_those_who_wait(uow: UnitOfWork, events: Sequence[StoredEvent]) -> None:
    """The page that somebody who waits has open reads itself again."""
    for waiting_id in sorted({event.payload["waiting_id"] for event in events}):
        await append(uow, waiting_topic(waiting_id), WAITING_TOLD, {})


TOLD = Subscription("waitlist.told", (WaitingChanged.topic,), tell_those_who_wait)
OFFERS = Subscription(
    "waitlist.offers",
    (ReservationMoved.topic, ReservationChanged.topic, FloorChanged.topic),
    offer_what_is_free,
)
