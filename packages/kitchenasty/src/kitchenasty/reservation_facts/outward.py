"""What programs elsewhere hear of reservations: when and for how many, not for whom."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

import msgspec

from basis.kit.http.wire import Stamp, stamp
from basis.sentences import word
from kitchenasty.kit.books import Look
from kitchenasty.reservations import (
    ReservationChanged,
    ReservationMade,
    ReservationMoved,
    ReservationNotFound,
    Source,
    Status,
    load_reservation,
)
from kitchenasty.webhooks import PublicFacts, Topic


class ReservationFacts(PublicFacts, kw_only=True):
    reservation_id: Annotated[
        str, msgspec.Meta(description="GET /api/reservations/{reservationId} has the rest.")
    ]
    house_id: str
    status: Annotated[Status, msgspec.Meta(description="When this is told.")]
    source: Source
    party: Annotated[int, msgspec.Meta(description="How many come.")]
    starts_at: Stamp
    ends_at: Stamp
    version: Annotated[
        int, msgspec.Meta(description="Grows with each change: a smaller one came late.")
    ]


async def tell_reservation(look: Look, payload: Mapping[str, Any]) -> PublicFacts | None:
    """As it is when it is told; nothing of one that was removed meanwhile."""
    try:
        found = await load_reservation(look, payload["reservation_id"])
    except ReservationNotFound:
        return None
    return ReservationFacts(
        reservation_id=found.id,
        house_id=found.house_id,
        status=found.status,
        source=found.source,
        party=found.party,
        starts_at=stamp(found.starts_at),
        ends_at=stamp(found.ends_at),
        version=found.version,
    )


TOPICS = tuple(
    Topic(topic, words, ReservationFacts, tell_reservation)
    for topic, words in (
        (ReservationMade.topic, word("A table was reserved")),
        (ReservationChanged.topic, word("A reservation was changed")),
        (ReservationMoved.topic, word("A reservation has another status")),
    )
)
