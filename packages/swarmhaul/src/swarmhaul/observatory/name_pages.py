"""Names: who stands how with whom, why, and what a name is worth to the matcher."""

from __future__ import annotations

from typing import Annotated

from litestar import get
from litestar.params import PathParameter, QueryParameter
from litestar.response import Template

from basis.kit.http.doors import AnyRequest
from basis.kit.limits import Policy
from swarmhaul import market, reputation
from swarmhaul.api.access import Needs, books_of, needs, permit_address
from swarmhaul.identity import read_key
from swarmhaul.market import JobStatus, JobView, Simulation, StillBidFor, Wish
from swarmhaul.observatory import charts
from swarmhaul.observatory.showing import page, venue_of

AGENTS_MAX = 100
TRIED_JOBS_MAX = 50
KEY_LENGTH_MAX = 44
ANYBODY = needs(Needs.NOTHING)
TRIES_PER_ADDRESS = Policy("model-address", burst=40, interval_seconds=0.5)
KeyInPath = Annotated[str, PathParameter(max_length=KEY_LENGTH_MAX)]
Observer = Annotated[str, QueryParameter(max_length=KEY_LENGTH_MAX)]
Share = Annotated[int, QueryParameter(ge=0, le=10_000)]
Strength = Annotated[int, QueryParameter(ge=0, le=2_000)]
CLOSED = (JobStatus.DELIVERED, JobStatus.IN_TRANSIT, JobStatus.AWARDED)


@get("/agents", opt=ANYBODY, include_in_schema=False)
async def show_agents(request: AnyRequest, observer: Observer = "") -> Template:
    """Who stands highest with one observer: no score belongs to everybody."""
    whose = whose_view(request, observer)
    async with books_of(request).reading(snapshot=True) as look:
        standings = await reputation.list_best(look, whose, limit=AGENTS_MAX)
        observers = await reputation.list_observers(look)
    return await page(
        request,
        "agents",
        standings=standings,
        observers=observers,
        observer=whose,
        markets_own=venue_of(request).key.public,
        one=reputation.ONE,
    )


@get("/agents/{agent:str}", opt=ANYBODY, include_in_schema=False)
async def show_agent(request: AnyRequest, agent: KeyInPath, observer: Observer = "") -> Template:
    read_key(agent)
    whose = whose_view(request, observer)
    async with books_of(request).reading(snapshot=True) as look:
        standing = await reputation.load_standing(look, whose, agent)
        steps = await reputation.list_steps(look, whose, agent)
        observers = await reputation.list_observers(look)
        legs = await market.list_legs_of(look, agent)
    return await page(
        request,
        "agent",
        agent=agent,
        standing=standing,
        steps=steps,
        legs=legs,
        observers=observers,
        observer=whose,
        markets_own=venue_of(request).key.public,
        curve=charts.line_of([reputation.STRANGER.score, *(step.score for step in steps)]),
        chart=charts,
    )


@get("/model", opt=ANYBODY, include_in_schema=False)
async def show_model(
    request: AnyRequest,
    job: Annotated[str, QueryParameter(max_length=36)] = "",
    strength: Strength = 800,
    shared: Share = 0,
    fairness: Share = 7_000,
) -> Template:
    """How a name grows, and what it is worth: the matcher itself, with its screws to turn."""
    permit_address(request, TRIES_PER_ADDRESS)
    jobs = await list_closed(request)
    chosen = job or (jobs[0].id if jobs else "")
    wish = Wish(strength=strength, shared=shared, fairness=fairness)
    return await page(
        request,
        "model",
        jobs=jobs,
        chosen=chosen,
        wish=wish,
        tried=await try_wish(request, chosen, wish),
        new_ones=charts.line_of(charts.climb(with_same=False)),
        same_one=charts.line_of(charts.climb(with_same=True)),
        climbs=list(zip(charts.climb(with_same=False), charts.climb(with_same=True), strict=True))[
            ::10
        ],
        chart=charts,
    )


async def list_closed(request: AnyRequest) -> list[JobView]:
    """Jobs whose bids are closed and which somebody carried, the newest first."""
    async with books_of(request).reading(snapshot=True) as look:
        found = [
            job
            for status in CLOSED
            for job in await market.list_jobs(look, status=status, before="g", limit=TRIED_JOBS_MAX)
        ]
    return sorted(found, key=lambda job: job.id, reverse=True)[:TRIED_JOBS_MAX]


async def try_wish(request: AnyRequest, job_id: str, wish: Wish) -> Simulation | None:
    """None where there is nothing to try. Raises NoSuchJob."""
    if not job_id:
        return None
    try:
        return await market.simulate(books_of(request), venue_of(request), job_id, wish)
    except StillBidFor:
        return None


def whose_view(request: AnyRequest, observer: str) -> str:
    """The market's own unless somebody is named. Raises KeyUnreadable."""
    key = observer or venue_of(request).key.public
    read_key(key)
    return key
