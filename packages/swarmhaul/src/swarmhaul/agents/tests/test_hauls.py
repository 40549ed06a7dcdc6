"""What a courier has to do is read from the rail, and is its own to do."""

from __future__ import annotations

from functools import partial
from typing import Any

import msgspec
import pytest

from basis.escrow import Accept, Arrive, Confirm
from basis.kit.signing import SigningKey, read_key
from swarmhaul.agents.hauls import (
    Haul,
    Rank,
    Task,
    acceptances,
    fits_beside,
    release_due,
    tasks_of,
)
from swarmhaul.agents.road import Pace
from swarmhaul.agents.tests.builders import EAST, MIDDLE, NOON, WEST
from swarmhaul.client import (
    BidTerms,
    JobTold,
    LegTold,
    RailJobTold,
    RailLegTold,
    SpotTold,
    WindowTold,
    WorkTerms,
)

ADA, BEN, SHIPPER = (SigningKey.of_seed(letter * 32).public for letter in (b"a", b"b", b"s"))
PAY = 1_000
QUICK = Pace(72.0)
"""Five minutes for a half of the way."""
FIRST, SECOND = (
    BidTerms(
        job="job-1", pickup=SpotTold.of(start), dropoff=SpotTold.of(end), cost=PAY,
        pickup_until=until, arrives_by=until + 900, carries_grams=9_000, carries_ml=9_000,
    )
    for start, end, until in ((WEST, MIDDLE, NOON + 600), (MIDDLE, EAST, NOON + 1_800))
)  # fmt: skip


def haul(me: str, *states: str, **rail: Any) -> Haul:
    """Ada carries the first half, Ben the second; the legs are in these states."""
    done = sum(state == "settled" for state in states)
    legs = [
        RailLegTold(courier=key, pay=PAY, duration=900, due=NOON + 900, state=state)
        for key, state in zip((ADA, BEN), states, strict=True)
    ]
    told: dict[str, Any] = {
        "status": "awarded", "escrow": 5_000, "paid": 0, "accept_by": NOON, "done": done,
        "legs": legs, "way_out": "Expire", "way_out_after": NOON + 9_000,
    } | rail  # fmt: skip
    return Haul(
        job=JobTold(
            id="job-1", shipper=SHIPPER, status="awarded", statement="", signature="",
            legs=[
                LegTold(number=number, bid_id=f"bid-{number}", agent=key, pay=PAY, status=state)
                for number, (key, state) in enumerate(zip((ADA, BEN), states, strict=True))
            ],
        ),
        terms=WorkTerms(
            id="ab" * 16, origin=SpotTold.of(WEST), destination=SpotTold.of(EAST),
            description="Soup", weight_grams=1, volume_ml=1, ready_at=NOON + 600,
            deliver_by=NOON + 9_000, budget=5_000, window=WindowTold(bids_until=NOON),
        ),
        rail=RailJobTold(**told),
        me=me,
        parts={0: FIRST} if me == ADA else {1: SECOND},
    )  # fmt: skip


def task(me: str, *states: str, loaded: bool = False, now: float = NOON + 601) -> Task | None:
    found = haul(me, *states)
    have = {("job-1", 0)} if loaded else set()
    return next(iter(tasks_of(found, loaded=have, now=now, speed=1)), None)


def any_time(_part: BidTerms) -> bool:
    return True


def test_a_leg_that_was_offered_is_accepted() -> None:
    offered = haul(BEN, "accepted", "offered")
    assert acceptances(offered, any_time) == [Accept(job=offered.key, leg=1)]
    assert acceptances(haul(BEN, "offered", "accepted"), any_time) == []


def test_a_leg_is_not_accepted_for_less_than_was_asked() -> None:
    offered = haul(BEN, "accepted", "offered")
    leg = msgspec.structs.replace(offered.rail.legs[1], pay=PAY - 1)
    less = msgspec.structs.replace(offered.rail, legs=[offered.rail.legs[0], leg])
    cheaper = Haul(job=offered.job, terms=offered.terms, rail=less, me=BEN, parts=offered.parts)
    assert acceptances(cheaper, any_time) == []


def test_a_leg_that_nobody_of_us_bid_for_is_not_accepted() -> None:
    offered = haul(BEN, "accepted", "offered")
    bare = Haul(job=offered.job, terms=offered.terms, rail=offered.rail, me=BEN, parts={})
    assert acceptances(bare, any_time) == []


def test_a_leg_that_is_offered_late_is_accepted_only_if_it_still_fits() -> None:
    """Another courier failed, and we are asked instead, long after we bid."""
    offered = haul(BEN, "accepted", "offered")
    promised = task(ADA, "accepted", "accepted")
    assert promised is not None

    def fits(part: BidTerms, *tasks: Task, late: float = 0) -> bool:
        now = NOON + 601 + late
        return fits_beside(tasks, part, pace=QUICK, at=MIDDLE, now=now, patience=600)

    assert acceptances(offered, fits) == [Accept(job=offered.key, leg=1)]
    assert fits(SECOND, late=1_700)
    assert not fits(SECOND, late=1_900)
    assert acceptances(offered, partial(fits, late=1_900)) == []
    assert fits(SECOND, promised)
    hurried = msgspec.structs.replace(SECOND, pickup_until=NOON + 600, arrives_by=NOON + 1_000)
    assert fits(hurried)
    assert not fits(hurried, promised)


def test_what_is_in_hand_is_only_to_be_brought() -> None:
    """A courier half-way with its load does not go back for it."""
    brings = task(ADA, "accepted", "accepted", loaded=True)
    fetches = task(ADA, "accepted", "accepted")
    assert brings is not None
    assert fetches is not None

    def fits(first: Task) -> bool:
        now = FIRST.arrives_by - 60
        return fits_beside([first], SECOND, pace=QUICK, at=MIDDLE, now=now, patience=600)

    assert fits(brings)
    assert not fits(fetches)


def test_the_first_fetches_the_load_when_it_is_ready_and_brings_it() -> None:
    early = task(ADA, "accepted", "accepted", now=NOON)
    ready = task(ADA, "accepted", "accepted")
    loaded = task(ADA, "accepted", "accepted", loaded=True)
    assert early is not None
    assert ready is not None
    assert loaded is not None
    assert (early.rank, early.place, early.not_before) == (Rank.APPROACH, WEST, NOON + 600)
    assert (ready.rank, ready.place, ready.command) == (Rank.FETCH, WEST, None)
    assert (loaded.rank, loaded.place) == (Rank.BRING, MIDDLE)
    assert loaded.command == Arrive(job=loaded.haul.key, leg=0)


def test_the_second_waits_confirms_and_brings() -> None:
    waits = task(BEN, "accepted", "accepted")
    takes = task(BEN, "arrived", "accepted")
    brings = task(BEN, "settled", "accepted")
    assert waits is not None
    assert takes is not None
    assert brings is not None
    assert (waits.rank, waits.command) == (Rank.APPROACH, None)
    assert (takes.rank, takes.place) == (Rank.FETCH, MIDDLE)
    assert takes.command == Confirm(job=takes.haul.key, leg=0, courier=read_key(ADA))
    assert (brings.rank, brings.place) == (Rank.BRING, EAST)
    assert brings.command == Arrive(job=brings.haul.key, leg=1)


@pytest.mark.parametrize("state", ["arrived", "disputed", "settled"])
def test_what_was_brought_is_not_brought_again(state: str) -> None:
    assert task(ADA, state, "accepted", loaded=True) is None


def test_a_load_that_is_disputed_is_taken_by_nobody() -> None:
    after = task(BEN, "disputed", "accepted")
    assert after is not None
    assert after.command is None


def test_a_silence_is_ended_by_whoever_arrived_and_not_before_its_time() -> None:
    silent = haul(ADA, "arrived", "accepted", way_out="Release", way_out_after=NOON)
    assert release_due(silent, NOON) is None
    release = release_due(silent, NOON + 1)
    assert release is not None
    assert (release.leg, release.courier) == (0, read_key(ADA))
    other = haul(BEN, "arrived", "accepted", way_out="Release", way_out_after=NOON)
    assert release_due(other, NOON + 1) is None


def test_a_load_in_hand_goes_before_one_that_waits() -> None:
    carried = task(BEN, "settled", "accepted")
    waiting = task(ADA, "accepted", "accepted")
    assert carried is not None
    assert waiting is not None
    assert carried.order < waiting.order
