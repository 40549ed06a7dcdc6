"""Who does not accept a leg in time makes room for the next best. The matcher looks among the bids
that were not taken, for this part of the way alone, and for what is left of the budget.

A bid that has expired meanwhile is as good as another: what is offered binds nobody who does not
accept it. The rail keeps the day on which the money goes back where it was.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import structlog

from swarmhaul.identity import read_key
from swarmhaul.kit.books import Books, UnitOfWork
from swarmhaul.market.choosing import ChosenLeg, Offered, bid_of, duration_of
from swarmhaul.market.closing import offered_of, rail_key
from swarmhaul.market.queries import CHOOSE_BIDS, load_job, load_window
from swarmhaul.market.schemas import JobView
from swarmhaul.market.silences import (
    FREE_BID,
    GIVE_TIME,
    is_silent,
    list_chosen_bids,
    list_untaken_bids,
)
from swarmhaul.market.states import LegStatus
from swarmhaul.market.terms import PlaceBid, Pricing
from swarmhaul.market.venue import Venue
from swarmhaul.matching import Trip, find_chain, open_book
from swarmhaul.settlement import Refused, Replace

logger = structlog.get_logger(__name__)

REPLACE = "market.replace"
AGAIN = timedelta(seconds=300)
"""Who is offered what another did not accept has this long."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Silence:
    """A job of which a leg was not accepted in time, and who else had bid for it. `parts` are what
    those bid whom each leg is offered to.
    """

    job: JobView
    offered_until: datetime
    parts: tuple[PlaceBid, ...]
    free: list[Offered]


async def substitute(books: Books, venue: Venue, job_id: str) -> None:
    """Offer anew whatever leg nobody has accepted in time. Safe to be run at any time, by many."""
    async with books.reading() as look:
        if not await is_silent(look, job_id):
            return
    silence = await load_silence(books, venue, job_id)
    now = int(books.clock().timestamp())
    # In a thread, like every question to the matcher.
    found = await asyncio.to_thread(find_substitutes, silence, now=now)
    async with books.writing() as uow:
        await keep_substitutes(uow, silence, found)


async def load_silence(books: Books, venue: Venue, job_id: str) -> Silence:
    async with books.reading(snapshot=True) as look:
        job = await load_job(look, job_id)
        _, until = await load_window(look, job_id)
        chosen = await list_chosen_bids(look, job_id)
        # Nobody is asked twice, whether they carry another part or did not answer.
        asked = {bid.agent for bid in chosen} | {leg.agent for leg in job.legs}
        untaken = await list_untaken_bids(look, job_id)
        free = [bid for bid in untaken if bid.agent not in asked]
        taken = {bid.id: bid.terms for bid in chosen}
        assert until is not None, "it was awarded"
        return Silence(
            job=job,
            offered_until=until,
            parts=tuple(taken[leg.bid_id] for leg in job.legs),
            free=await offered_of(look, venue, free),
        )


def find_substitutes(silence: Silence, *, now: int) -> dict[int, ChosenLeg]:
    """For each leg that is still offered the cheapest who can take its place, if there is any."""
    job, found = silence.job, dict[int, ChosenLeg]()
    pays = [leg.pay for leg in job.legs]
    for leg in job.legs:
        if leg.status is not LegStatus.OFFERED:
            continue
        left = job.terms.budget - sum(pays) + pays[leg.number]
        chosen = find_substitute(silence, leg.number, budget=left, now=now)
        if chosen is not None:
            found[leg.number] = chosen
            pays[leg.number] = chosen.pay
            silence = with_substitute(silence, leg.number, chosen)
    return found


def with_substitute(silence: Silence, number: int, leg: ChosenLeg) -> Silence:
    """Who is sought for the next leg has to meet whom this one is offered to now."""
    terms = next(bid.terms for bid in silence.free if bid.id == leg.bid_id)
    return replace(
        silence,
        parts=(*silence.parts[:number], terms, *silence.parts[number + 1 :]),
        free=[bid for bid in silence.free if bid.agent != leg.agent],
    )


def find_substitute(silence: Silence, number: int, *, budget: int, now: int) -> ChosenLeg | None:
    leg, prices = silence.job.legs[number], silence.job.terms.prices
    trip = gap_of(silence, number, budget=budget, now=now)
    if trip is None:
        return None
    # The rail keeps the time that the leg was given at first.
    able = {
        bid.id: bid
        for bid in silence.free
        if duration_of(bid.terms, since=now if number == 0 else bid.terms.pickup_until)
        <= leg.duration_seconds
    }
    chain = find_chain(trip, open_book(map(bid_of, able.values()), trip))
    if chain is None:
        return None
    bid = able[chain.bids[0]]
    cost = bid.terms.cost
    pay = cost if prices.policy is Pricing.AS_BID else max(cost, min(leg.pay, budget))
    return ChosenLeg(bid_id=bid.id, agent=bid.agent, pay=pay, duration=leg.duration_seconds)


def gap_of(silence: Silence, number: int, *, budget: int, now: int) -> Trip | None:
    """The way between the neighbours of a leg, in the time between them; None if there is none."""
    terms, parts = silence.job.terms, silence.parts
    before = parts[number - 1] if number else None
    behind = parts[number + 1] if number + 1 < len(parts) else None
    dwell = terms.dwell_seconds
    ready_at = terms.ready_at if before is None else before.arrives_by + dwell
    deliver_by = terms.deliver_by if behind is None else behind.pickup_until - dwell
    if budget < 1 or max(now, ready_at) >= deliver_by:
        return None
    return Trip(
        origin=terms.origin.place if before is None else before.dropoff.place,
        destination=terms.destination.place if behind is None else behind.pickup.place,
        budget=budget,
        ready_at=max(now, ready_at),
        deliver_by=deliver_by,
        leg_count_max=1,
        radius_m=terms.radius_m,
        dwell_seconds=dwell,
    )


async def keep_substitutes(uow: UnitOfWork, silence: Silence, found: dict[int, ChosenLeg]) -> None:
    """Of several who looked at once one gets on: the others thought about what is over."""
    job, until = silence.job, uow.now + AGAIN
    times = {"seen_until": silence.offered_until, "new_until": until, "now": uow.now}
    if not await uow.run(GIVE_TIME, job_id=job.id, **times):
        return
    for number, leg in found.items():
        await uow.run(CHOOSE_BIDS, ids=[leg.bid_id])
        told = {"bid_id": leg.bid_id, "courier": leg.agent, "pay": leg.pay}
        told |= {"job_id": job.id, "leg": number, "until": int(until.timestamp())}
        uow.enqueue(REPLACE, told, key=f"{REPLACE}:{job.id}:{leg.bid_id}")


async def replace_courier(books: Books, venue: Venue, told: dict[str, Any]) -> None:
    """Tell the rail. It is the same command however often it is sent, and the rail's own word then
    moves the leg on.
    """
    async with books.reading() as look:
        job = await load_job(look, told["job_id"])
    command = Replace(
        job=rail_key(job), leg=told["leg"], courier=read_key(told["courier"]), pay=told["pay"]
    )
    try:
        await venue.give(
            command,
            occasion=f"replace {told['job_id']} {told['leg']} {told['bid_id']}",
            expires_at=told["until"],
        )
    except Refused as refused:
        # Most likely it was accepted in the last moment.
        logger.info("market.not_replaced", job=job.id, leg=told["leg"], code=refused.code)
        async with books.writing() as uow:
            await uow.run(FREE_BID, bid_id=told["bid_id"])
