"""The map, the jobs, and one job from its listing to its last lamport."""

from __future__ import annotations

from functools import partial
from typing import Annotated, Any

import msgspec
from litestar import get
from litestar.params import FromQuery, PathParameter, QueryParameter
from litestar.response import Template

from basis.kit.http.doors import AnyRequest
from swarmhaul import market, reputation
from swarmhaul.api.access import Needs, books_of, needs
from swarmhaul.identity import read_key, write_key
from swarmhaul.kit.books import Look
from swarmhaul.market import BidStatus, BidView, JobStatus, JobView
from swarmhaul.observatory.showing import page, venue_of
from swarmhaul.observatory.story import handover_of, money_of, story_of
from swarmhaul.observatory.wording import show_headline
from swarmhaul.settlement import Job, JobKey, way_out

LAST_ID = "ffffffff-ffff-ffff-ffff-ffffffffffff"
JOBS_A_PAGE = 20
ANYBODY = needs(Needs.NOTHING)
IdInPath = Annotated[str, PathParameter(max_length=36)]
MILLION = 1_000_000


@get("/", opt=ANYBODY, include_in_schema=False)
async def show_map(request: AnyRequest) -> Template:
    """What runs, on the map and as a list: the list is all that those without script need."""
    async with books_of(request).reading(snapshot=True) as look:
        jobs = await market.list_running(look)
        counts = await market.count_bids(look, [job.id for job in jobs])
        carried = await market.list_bids_by_id(
            look, [leg.bid_id for job in jobs for leg in job.legs]
        )
    return await page(
        request,
        "map",
        jobs=jobs,
        counts=counts,
        drawn=msgspec.json.encode([drawing_of(job, carried) for job in jobs]).decode(),
    )


def drawing_of(job: JobView, carried: dict[str, BidView]) -> dict[str, Any]:
    """What the map draws of a job: its ends, its legs with the place of each hand-over, and where
    the load was said to be last.
    """
    legs = [carried[leg.bid_id] for leg in job.legs if leg.bid_id in carried]
    return {
        "id": job.id,
        "description": show_headline(job.terms.description),
        "status": job.status,
        "from": point(job.terms.origin),
        "to": point(job.terms.destination),
        "legs": [
            {
                "number": leg.number + 1,
                "status": leg.status,
                "agent": leg.agent,
                "from": point(bid.terms.pickup),
                "to": point(bid.terms.dropoff),
            }
            for leg, bid in zip(job.legs, legs, strict=False)
        ],
    }


def point(spot: market.Spot) -> tuple[float, float]:
    """Longitude first, as maps have it."""
    return spot.longitude_e6 / MILLION, spot.latitude_e6 / MILLION


@get("/jobs", opt=ANYBODY, include_in_schema=False)
async def show_jobs(
    request: AnyRequest,
    status: FromQuery[JobStatus | None] = None,
    before: Annotated[str, QueryParameter(max_length=36)] = LAST_ID,
) -> Template:
    async with books_of(request).reading(snapshot=True) as look:
        jobs = await market.list_jobs(look, status=status, before=before, limit=JOBS_A_PAGE + 1)
        counts = await market.count_bids(look, [job.id for job in jobs])
        totals = {name: count for name, count, _ in await market.count_jobs(look)}
    shown = jobs[:JOBS_A_PAGE]
    return await page(
        request,
        "jobs",
        jobs=shown,
        counts=counts,
        totals=totals,
        status=status,
        older=shown[-1].id if len(jobs) > JOBS_A_PAGE else None,
        is_first=before == LAST_ID,
    )


@get("/jobs/{job_id:str}", opt=ANYBODY, include_in_schema=False)
async def show_job(request: AnyRequest, job_id: IdInPath) -> Template:
    venue = venue_of(request)
    async with books_of(request).reading(snapshot=True) as look:
        job = await market.load_job(look, job_id)
        bids = await market.list_bids(look, job_id)
        counts = await market.count_bids(look, [job_id])
        by_id = await market.list_bids_by_id(look, [leg.bid_id for leg in job.legs])
        entries = await market.list_job_entries(look, job_id)
        scores = await scores_of(look, venue.key.public, bids)
    key = JobKey(read_key(job.shipper), bytes.fromhex(job.terms.id))
    held: Job | None = await venue.ask(partial(venue.rail.read_job, key))
    way = way_out(held) if held else None
    return await page(
        request,
        "job",
        about=job.id,
        job=job,
        bids=[bid for bid in bids if is_in_play(job, bid)],
        others=[bid for bid in bids if not is_in_play(job, bid)],
        bid_count=counts.get(job_id, 0),
        by_id=by_id,
        scores=scores,
        story=story_of(job, bids, entries),
        entries=entries,
        money=money_of(job, entries, write_key(venue.rail.treasury)),
        handover=handover_of(job),
        held=held,
        way=type(way.command).__name__ if way else None,
        way_after=way.after if way else 0,
        head=await venue.ask(venue.rail.head),
        rail=venue.rail_name,
        coordinator=venue.key.public,
        drawn=msgspec.json.encode([drawing_of(job, by_id)]).decode(),
    )


def is_in_play(job: JobView, bid: BidView) -> bool:
    """Bids that carry the load or may yet; what became of the others is for whoever asks."""
    return bid.status is BidStatus.CHOSEN or (
        job.status in (JobStatus.OPENING, JobStatus.OPEN) and bid.status is BidStatus.LIVE
    )


async def scores_of(look: Look, observer: str, bids: list[BidView]) -> dict[str, int]:
    """What the market thinks of those who bid, strangers included (trillionths)."""
    return await reputation.list_scores(look, observer, sorted({bid.agent for bid in bids}))
