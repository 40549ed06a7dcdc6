"""A new review is told to its house by mail, if the house wants it so."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from datetime import timedelta

from basis.kit.data.outbox import StoredEvent, Subscription
from kitchenasty import locations, notices
from kitchenasty.kit.books import UnitOfWork
from kitchenasty.kit.identity.sign_in import EmailRefused
from kitchenasty.reviews.events import ReviewSubmitted
from kitchenasty.reviews.letters import KIND as LETTER
from kitchenasty.reviews.terms import load_terms

USEFUL_FOR = timedelta(days=3)


async def tell_houses(uow: UnitOfWork, events: Sequence[StoredEvent]) -> None:
    """A house without a mail server, or without an address, keeps no letter for later."""
    if not (await load_terms(uow)).tells_house or await notices.load_smtp(uow) is None:
        return
    for event in events:
        house = await locations.load_house(uow, event.payload["house_id"])
        if not house.email:
            continue
        # An address that nobody can write to was typed in the office, and holds up nothing.
        with contextlib.suppress(EmailRefused):
            await notices.send_notice(
                uow,
                LETTER,
                recipient=house.email,
                facts={"review_id": event.payload["review_id"]},
                useful_for=USEFUL_FOR,
            )


TOLD_HOUSES = Subscription("reviews.told", (ReviewSubmitted.topic,), tell_houses)
