"""Whether the house can work: alive is cheap to say, ready looks at the database and the outbox."""

from __future__ import annotations

import shutil
from datetime import timedelta
from pathlib import Path
from typing import Any

from litestar import Controller, Response, get
from litestar.enums import MediaType

from basis.kit.data.database import DatabaseAway
from basis.kit.data.jobs import count_dead
from basis.kit.data.outbox import count_failed, count_waiting
from basis.kit.http.api import ApiController, WireResponse
from basis.kit.http.wire import Envelope, WireStruct, ok, stamp
from kitchenasty.kit import live
from kitchenasty.kit.http import openapi
from kitchenasty.kit.http.access import Access, access
from kitchenasty.kit.http.web import WebRequest

API_VERSION = "1.0.0"
OUTBOX_LATE = timedelta(seconds=60)
ROOM_BYTES_MIN = 20_000_000
"""With less, the orders of a busy evening may not fit; the probe says so before they do not."""


class Health(WireStruct, kw_only=True):
    status: str
    timestamp: str
    version: str


class Readiness(WireStruct, kw_only=True):
    """`database` and `outbox` are `ok` or a sentence that says what is wrong."""

    status: str
    database: str
    outbox: str
    events_waiting: int
    deliveries_failed: int
    jobs_dead: int


class HealthApi(ApiController):
    path = "/api/health"
    tags = ["System"]

    @get(opt=access(Access.PUBLIC), operation_id="Health")
    async def tell_health(self, request: WebRequest) -> Envelope[Health]:
        """Whether the process answers; `/health/ready` says whether it can work."""
        now = request.app.state.books.clock()
        return ok(Health(status="ok", timestamp=stamp(now), version=API_VERSION))


class HealthDoors(Controller):
    path = "/health"
    include_in_schema = False

    @get("/live", opt=access(Access.PUBLIC))
    async def tell_live(self) -> dict[str, str]:
        return {"status": "ok"}

    @get("/ready", opt=access(Access.PUBLIC))
    async def tell_ready(self, request: WebRequest) -> Response[Readiness]:
        readiness = await look_around(request)
        is_ready = readiness.status == "ok"
        return Response(readiness, status_code=200 if is_ready else 503)


async def look_around(request: WebRequest) -> Readiness:
    """Ready means: the database takes a write and has room for more, and events do not pile up."""
    books = request.app.state.books
    try:
        async with books.writing() as uow:
            # A transaction that changes nothing commits on a full disk too.
            await live.write_pulse(uow)
            waiting, oldest = await count_waiting(uow)
            dead = await count_dead(uow)
            failed = await count_failed(uow)
            late = oldest is not None and uow.now - oldest > OUTBOX_LATE
    except DatabaseAway:
        return Readiness(
            status="down",
            database="cannot be used; `kitchenasty doctor` says why",
            outbox="unknown",
            events_waiting=0,
            deliveries_failed=0,
            jobs_dead=0,
        )
    readiness = Readiness(
        status="ok",
        database="ok",
        outbox="ok",
        events_waiting=waiting,
        deliveries_failed=failed,
        jobs_dead=dead,
    )
    room = room_left(books.database.url)
    if room is not None and room < ROOM_BYTES_MIN:
        readiness.status = "down"
        readiness.database = f"only {room // 1_000_000} MB are left on the disk: make room"
    elif late and oldest:
        readiness.status = "down"
        readiness.outbox = f"the oldest event waits since {stamp(oldest)}"
    return readiness


def room_left(url: str) -> int | None:
    """Free bytes beside SQLite's file; what is left to PostgreSQL is its server's to watch."""
    if not url.startswith("sqlite:///"):
        return None
    return shutil.disk_usage(Path(url.removeprefix("sqlite:///")).parent).free


@get(
    "/api/openapi.json",
    opt=access(Access.PUBLIC),
    include_in_schema=False,
    response_class=WireResponse,
)
async def describe(request: WebRequest) -> Response[dict[str, Any]]:
    """The whole API, generated from the types of its routes."""
    return WireResponse(openapi.describe(request.app), media_type=MediaType.JSON)
