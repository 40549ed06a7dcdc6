"""A shipper of the tests: lists loads, and confirms what arrived, by the public API; and who of the
samples would carry them.
"""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import Callable
from typing import Any

import msgspec

from basis.escrow import Close, Confirm, JobKey, Open
from basis.kit.signing import SigningKey, read_key
from swarmhaul.agents import Errand, propose
from swarmhaul.client import Dealer, JobTold, SpotTold
from swarmhaul.matching import Bid, Place, Trip, find_chain, open_book
from swarmhaul.samples import SAMPLES, list_samples

PATIENCE_SECONDS = 240
BUDGET = 60_000_000
MILL = Place(53.3382, -6.2841)
NORTH = Place(53.364, -6.27)
"""Beyond the river, where the courier of the mill does not go."""
NOON = 1_900_000_000
KEYS = [SigningKey.of_seed(bytes([number]) * 32) for number in range(len(SAMPLES))]


def spot(place: Place) -> dict[str, int]:
    told: dict[str, int] = msgspec.to_builtins(SpotTold.of(place))
    return told


async def ship(dealer: Dealer, *, seconds: int = 45, end: Place = NORTH, **fields: Any) -> JobTold:
    """A load from the mill to the north. Bids are taken for so many seconds, or until three have
    bid and it was quiet.
    """
    now, rail_id = dealer.now(), secrets.token_hex(16)
    about = dealer.about
    opening = Open(
        job=JobKey(read_key(dealer.me), bytes.fromhex(rail_id)),
        budget=BUDGET,
        award_by=now + seconds + about.award_seconds + 60,
        coordinator=read_key(about.coordinator),
        arbiter=read_key(about.arbiter),
    )
    terms = {
        "id": rail_id,
        "origin": spot(MILL),
        "destination": spot(end),
        "description": "Soup for two",
        "weight_grams": 2_000,
        "volume_ml": 6_000,
        "ready_at": now + 600,
        "deliver_by": now + 7_200,
        "budget": BUDGET,
        "window": {"bids_until": now + seconds, "quiet_seconds": 2, "operators_min": 3},
        "opening": dealer.seal(opening),
    }
    job = await dealer.list_job(terms | fields)
    assert job is not None
    return job


def rail_key(job: JobTold) -> JobKey:
    terms = msgspec.json.decode(job.statement)["terms"]
    return JobKey(read_key(job.shipper), bytes.fromhex(terms["id"]))


async def seen(dealer: Dealer, job: JobTold, wanted: Callable[[JobTold], bool]) -> JobTold:
    """The job as soon as it is as wanted."""
    end = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < end:
        job = await dealer.load_job(job.id)
        if wanted(job):
            return job
        await asyncio.sleep(0.1)
    raise AssertionError(f"{job.status}: {[(leg.agent, leg.status) for leg in job.legs]}")


async def receive(dealer: Dealer, job: JobTold) -> JobTold:
    """Wait for the last leg, say that the load is there, and take back what was not spent."""
    job = await seen(dealer, job, lambda one: bool(one.legs) and one.legs[-1].status == "arrived")
    last = job.legs[-1]
    key = rail_key(job)
    await dealer.give(Confirm(job=key, leg=last.number, courier=read_key(last.agent)))
    await dealer.give(Close(job=key))
    return await dealer.load_job(job.id)


def chain_to(end: Place, *, budget: int = BUDGET) -> list[str]:
    """Who of the samples carries a load from the mill to there, if the cheapest do."""
    job = Errand(
        id="job-1", origin=MILL, destination=end, grams=2_000, millilitres=6_000,
        ready_at=NOON + 600, deliver_by=NOON + 7_200, budget=budget,
    )  # fmt: skip
    trip = Trip(
        origin=MILL, destination=end, budget=budget, ready_at=job.ready_at,
        deliver_by=job.deliver_by,
    )  # fmt: skip
    bids = [
        Bid(
            id=f"{sample.profile.name} {number}", operator=sample.profile.name,
            pickup=offer.part.pickup.place, dropoff=offer.part.dropoff.place, cost=offer.cost,
            pickup_until=offer.pickup_until, arrives_by=offer.arrives_by, score=3_000,
        )
        for sample in list_samples(KEYS)
        for number, offer in enumerate(
            propose(sample.profile, job, now=NOON, at=sample.profile.base)
        )
    ]  # fmt: skip
    chain = find_chain(trip, open_book(bids, trip))
    return [name.split()[0] for name in chain.bids] if chain else []
