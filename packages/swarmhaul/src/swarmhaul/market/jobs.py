"""What the market does later: leased, tried again, safe to be done twice."""

from __future__ import annotations

from typing import Any

from basis.kit.background.worker import Errand
from basis.kit.data.jobs import Every, Job
from swarmhaul.kit.books import Books, UnitOfWork
from swarmhaul.market.closing import AWARD, award, close_window
from swarmhaul.market.escrow import open_escrow, sweep
from swarmhaul.market.replacing import REPLACE, replace_courier, substitute
from swarmhaul.market.service import CLOSE, OPEN_ESCROW
from swarmhaul.market.silences import list_silent
from swarmhaul.market.venue import Venue

SWEEP = "market.sweep_rail"
SUBSTITUTE = "market.substitute"
SWEEP_SECONDS = 15


def errands_of(venue: Venue) -> list[Errand]:
    async def run_open(books: Books, payload: dict[str, Any]) -> None:
        await open_escrow(books, venue, payload["job_id"])

    async def run_close(books: Books, payload: dict[str, Any]) -> None:
        await close_window(books, venue, payload["job_id"])

    async def run_award(books: Books, payload: dict[str, Any]) -> None:
        await award(books, venue, payload["job_id"])

    async def run_replace(books: Books, payload: dict[str, Any]) -> None:
        await replace_courier(books, venue, payload)

    async def run_substitute(books: Books, payload: dict[str, Any]) -> None:
        await substitute(books, venue, payload["job_id"])

    async def run_sweep(books: Books, _payload: dict[str, Any]) -> None:
        await sweep(books, venue)

    return [
        Errand(OPEN_ESCROW, run_open),
        Errand(CLOSE, run_close),
        Errand(AWARD, run_award),
        Errand(REPLACE, run_replace),
        Errand(SUBSTITUTE, run_substitute),
        Errand(SWEEP, run_sweep),
    ]


async def queue_rounds(uow: UnitOfWork, _payload: dict[str, Any]) -> None:
    """Each silent job has an errand of its own: one that fails keeps no other waiting."""
    for job_id, until in await list_silent(uow):
        key = f"{SUBSTITUTE}:{job_id}:{int(until.timestamp())}"
        uow.enqueue(SUBSTITUTE, {"job_id": job_id}, key=key)
    number = int(uow.now.timestamp()) // SWEEP_SECONDS
    uow.enqueue(SWEEP, {}, key=f"{SWEEP}:{number}")


REGULAR = [Every(SWEEP_SECONDS, Job("market.rounds", queue_rounds))]
