"""Whether the market can work: alive is cheap to say, ready looks at the books and the rail."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

import msgspec
from litestar import Controller, Response, get

from basis.kit.data.database import DatabaseAway
from basis.kit.data.jobs import count_dead
from basis.kit.data.outbox import count_failed, count_waiting
from basis.kit.http.doors import AnyRequest
from swarmhaul.api.access import Needs, books_of, needs

OUTBOX_LATE = timedelta(seconds=60)


class Readiness(msgspec.Struct, kw_only=True):
    """`database`, `outbox` and `rail` are `ok` or a sentence that says what is wrong."""

    status: str
    database: str = "ok"
    outbox: str = "ok"
    rail: str = "ok"
    rail_seq: int = 0
    events_waiting: int = 0
    deliveries_failed: int = 0
    jobs_dead: int = 0


class HealthDoors(Controller):
    path = "/health"
    tags = ["System"]

    @get("/live", opt=needs(Needs.NOTHING), operation_id="ShowLive")
    async def tell_live(self) -> dict[str, str]:
        return {"status": "ok"}

    @get("/ready", opt=needs(Needs.NOTHING), operation_id="ShowReady")
    async def tell_ready(self, request: AnyRequest) -> Response[Readiness]:
        readiness = await look_around(request)
        return Response(readiness, status_code=200 if readiness.status == "ok" else 503)


async def look_around(request: AnyRequest) -> Readiness:
    """Ready means: the books take a transaction, events do not pile up, the rail answers."""
    told = Readiness(status="ok")
    try:
        async with books_of(request).writing() as uow:
            told.events_waiting, oldest = await count_waiting(uow)
            told.jobs_dead = await count_dead(uow)
            told.deliveries_failed = await count_failed(uow)
            is_late = oldest is not None and uow.now - oldest > OUTBOX_LATE
    except DatabaseAway:
        told.status, told.database = "down", "cannot be reached"
        return told
    if is_late:
        told.status, told.outbox = "down", "events wait for more than a minute"
    venue = request.app.state.venue
    head = await venue.ask(partial(venue.rail.head))
    told.rail_seq = head.seq
    return told
