"""What happened, on its way to whoever asked to hear of it."""

from __future__ import annotations

from collections.abc import Sequence

from basis.kit.data.outbox import StoredEvent, Subscription
from kitchenasty.kit.books import UnitOfWork
from kitchenasty.webhooks.deliveries import queue
from kitchenasty.webhooks.topics import Vocabulary


def listen(vocabulary: Vocabulary) -> Subscription:
    """Keeps each event for each receiver that wants it, in the dispatcher's transaction."""

    async def keep(uow: UnitOfWork, events: Sequence[StoredEvent]) -> None:
        await queue(uow, events, vocabulary)

    return Subscription("webhooks", tuple(vocabulary), keep)
