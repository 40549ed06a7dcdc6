"""What the market comes to: jobs, what was paid, what waits in escrow, how long it took."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta

from litestar import get
from litestar.response import Template

from basis.kit.http.doors import AnyRequest
from swarmhaul import market
from swarmhaul.api.access import Needs, books_of, needs
from swarmhaul.market import JobStatus
from swarmhaul.observatory import charts
from swarmhaul.observatory.showing import page, venue_of
from swarmhaul.observatory.wording import JOBS

DAYS = 14


@get("/economy", opt=needs(Needs.NOTHING), include_in_schema=False)
async def show_economy(request: AnyRequest) -> Template:
    venue = venue_of(request)
    async with books_of(request).reading(snapshot=True) as look:
        now = look.now
        counts = await market.count_jobs(look)
        seconds = await market.list_seconds_to_award(look)
        payments = await market.list_payments(look, since=now - timedelta(days=DAYS))
    held = await venue.ask(venue.rail.list_jobs)
    statuses = [(status, count) for status, count, _ in counts]
    by_status = dict(statuses)
    return await page(
        request,
        "economy",
        jobs=sum(by_status.values()),
        paid=sum(paid for _, _, paid in counts),
        escrow=sum(job.escrow for job in held if job.coordinator == venue.coordinator),
        to_award=seconds[len(seconds) // 2] if seconds else None,
        awards=len(seconds),
        by_status=charts.bars_of(
            [(JOBS[status][0], by_status.get(status.value, 0)) for status in JobStatus]
        ),
        by_day=charts.bars_of(per_day(payments, now)),
        chart=charts,
    )


def per_day(payments: Sequence[tuple[datetime, int]], now: datetime) -> list[tuple[str, int]]:
    """What was paid on each of the last days (UTC), days without any too."""
    paid: Counter[str] = Counter()
    for at, amount in payments:
        paid[f"{at:%Y-%m-%d}"] += amount
    days = [now - timedelta(days=before) for before in range(DAYS - 1, -1, -1)]
    return [(f"{day:%-d %b}", paid[f"{day:%Y-%m-%d}"]) for day in days]
