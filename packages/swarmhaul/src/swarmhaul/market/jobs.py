"""What the market does later: leased, tried again, safe to be done twice."""

from __future__ import annotations

from typing import Any

from basis.kit.background.worker import Errand
from basis.kit.data.jobs import Every, Job
from swarmhaul.kit.books import Books, UnitOfWork
from swarmhaul.market.closing import AWARD, award, close_window
from swarmhaul.market.escrow import open_escrow, sweep
from swarmhaul.market.service import CLOSE, OPEN_ESCROW
from swarmhaul.market.venue import Venue

SWEEP = "market.sweep_rail"
SWEEP_SECONDS = 15


def errands_of(venue: Venue) -> list[Errand]:
    async def run_open(books: Books, payload: dict[str, Any]) -> None:
        await open_escrow(books, venue, payload["job_id"])

    async def run_close(books: Books, payload: dict[str, Any]) -> None:
        await close_window(books, venue, payload["job_id"])

    async def run_award(books: Books, payload: dict[str, Any]) -> None:
        await award(books, venue, payload["job_id"])

    async def run_sweep(books: Books, _payload: dict[str, Any]) -> None:
        await sweep(books, venue)

    return [
        Errand(OPEN_ESCROW, run_open),
        Errand(CLOSE, run_close),
        Errand(AWARD, run_award),
        Errand(SWEEP, run_sweep),
    ]


async def queue_sweep(uow: UnitOfWork, _payload: dict[str, Any]) -> None:
    uow.enqueue(SWEEP, {}, key=f"{SWEEP}:{int(uow.now.timestamp()) // SWEEP_SECONDS}")


REGULAR = [Every(SWEEP_SECONDS, Job("market.sweep", queue_sweep))]
