"""Who does not accept in time is replaced, by whom, for how much, and what that never changes."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import bindparam, update

from basis.kit.data.statements import Statement
from basis.kit.testing import HandClock
from swarmhaul import market
from swarmhaul.identity import SigningKey, read_key
from swarmhaul.kit.books import Books
from swarmhaul.market import (
    ACCEPT_SECONDS,
    BidStatus,
    ChosenLeg,
    JobStatus,
    JobView,
    LegStatus,
    Venue,
)
from swarmhaul.market.jobs import queue_rounds
from swarmhaul.market.models import BidRow
from swarmhaul.market.replacing import (
    AGAIN,
    find_substitutes,
    keep_substitutes,
    load_silence,
    replace_courier,
)
from swarmhaul.market.tests.builders import (
    ADA,
    BEN,
    BUDGET,
    CYD,
    HOUR,
    SHIPPER,
    balance,
    bid,
    first_half,
    give,
    list_job,
    load,
    rail_key,
    second_half,
    seconds,
    work,
)
from swarmhaul.settlement import Accept, Arrive, Confirm, Refused, Replace, way_out

DEE, EVE = (SigningKey.of_seed(letter * 32) for letter in (b"d", b"e"))
SPOIL_BIDS = Statement(
    update(BidRow)
    .where(BidRow.job_id == bindparam("of_job", required=True))
    .values(signed_text="{}")
)
LATER = 2 * HOUR
"""The load is ready then: whoever is asked after the first ones did not answer is still in time."""


async def listed(books: Books, venue: Venue, clock: HandClock, **fields: Any) -> JobView:
    begin = seconds(clock) + LATER
    times = {"ready_at": begin, "deliver_by": begin + 4 * HOUR}
    return await list_job(books, venue, **(times | fields))


async def relay(books: Books, venue: Venue, clock: HandClock, **fields: Any) -> JobView:
    """Awarded to Ada and then Ben; Cyd would carry Ada's half and Dee Ben's, for more."""
    job = await listed(books, venue, clock, **fields)
    await bid(books, venue, ADA, first_half(job, 100_000))
    await bid(books, venue, BEN, second_half(job, 200_000))
    await bid(books, venue, CYD, first_half(job, 150_000))
    await bid(books, venue, DEE, second_half(job, 250_000))
    return await awarded(books, venue, clock, job)


async def awarded(books: Books, venue: Venue, clock: HandClock, job: JobView) -> JobView:
    clock.advance(seconds=60)
    await work(books, venue)
    job = await load(books, job.id)
    assert [leg.agent for leg in job.legs] == [ADA.public, BEN.public]
    return job


async def look(books: Books, venue: Venue, job: JobView) -> list[tuple[str, int, str]]:
    """As the market does every few seconds; who then carries, and for how much."""
    await market.substitute(books, venue, job.id)
    await work(books, venue)
    await market.catch_up(books, venue)
    return [(leg.agent, leg.pay, leg.status) for leg in (await load(books, job.id)).legs]


def replacements(venue: Venue) -> list[Replace]:
    commands = [entry.envelope.command for entry in venue.rail.list_entries()]
    return [command for command in commands if isinstance(command, Replace)]


async def bidders(books: Books, job: JobView) -> list[str]:
    """Whose bids the legs are carried for."""
    async with books.reading() as seen:
        bids = {one.id: one.agent for one in await market.list_bids(seen, job.id)}
    return [bids[leg.bid_id] for leg in (await load(books, job.id)).legs]


async def test_who_does_not_accept_in_time_makes_room_for_the_next_best(
    books: Books, venue: Venue, clock: HandClock
) -> None:
    job = await relay(books, venue, clock)
    key = rail_key(job)
    await give(books, venue, BEN, Accept(job=key, leg=1))
    clock.advance(seconds=ACCEPT_SECONDS + 1)
    assert await look(books, venue, job) == [
        (CYD.public, 150_000, LegStatus.OFFERED),
        (BEN.public, 200_000, LegStatus.ACCEPTED),
    ]
    assert await bidders(books, job) == [CYD.public, BEN.public]
    with pytest.raises(Refused):
        await give(books, venue, ADA, Accept(job=key, leg=0))
    await give(books, venue, CYD, Accept(job=key, leg=0))
    for number, (courier, receiver) in enumerate(((CYD, BEN), (BEN, SHIPPER))):
        await give(books, venue, courier, Arrive(job=key, leg=number))
        paid = read_key(courier.public)
        await give(books, venue, receiver, Confirm(job=key, leg=number, courier=paid))
    assert (await load(books, job.id)).status is JobStatus.DELIVERED
    assert await market.sweep(books, venue) == 1
    assert [balance(venue, one) for one in (ADA, BEN, CYD, DEE)] == [0, 200_000, 150_000, 0]
    assert balance(venue, SHIPPER) == 10 * BUDGET - 350_000


async def test_nobody_is_replaced_before_their_time_is_over_or_once_they_accepted(
    books: Books, venue: Venue, clock: HandClock
) -> None:
    job = await relay(books, venue, clock)
    await look(books, venue, job)
    clock.advance(seconds=ACCEPT_SECONDS - 1)
    await look(books, venue, job)
    for number, courier in enumerate((ADA, BEN)):
        await give(books, venue, courier, Accept(job=rail_key(job), leg=number))
    clock.advance(seconds=2)
    await look(books, venue, job)
    assert replacements(venue) == []


async def test_both_of_a_relay_are_replaced_and_nobody_is_asked_twice(
    books: Books, venue: Venue, clock: HandClock
) -> None:
    job = await relay(books, venue, clock)
    clock.advance(seconds=ACCEPT_SECONDS + 1)
    legs = await look(books, venue, job)
    assert [agent for agent, _, _ in legs] == [CYD.public, DEE.public]
    clock.advance(seconds=AGAIN.total_seconds() - 1)
    await look(books, venue, job)
    assert len(replacements(venue)) == 2, "they have a time of their own"
    clock.advance(seconds=2)
    await look(books, venue, job)
    assert len(replacements(venue)) == 2, "everybody has been asked"


async def test_a_substitute_costs_no_more_than_the_others_leave(
    books: Books, venue: Venue, clock: HandClock
) -> None:
    job = await listed(books, venue, clock)
    await bid(books, venue, ADA, first_half(job, 100_000))
    await bid(books, venue, BEN, second_half(job, 200_000))
    await bid(books, venue, CYD, first_half(job, BUDGET - 200_000 + 1))
    await awarded(books, venue, clock, job)
    clock.advance(seconds=ACCEPT_SECONDS + 1)
    await look(books, venue, job)
    assert replacements(venue) == []


async def test_a_substitute_is_there_when_the_next_one_waits(
    books: Books, venue: Venue, clock: HandClock
) -> None:
    """Cyd is cheap and would come when Ben has gone; Dee asks for more and is in time."""
    job = await listed(books, venue, clock)
    late = job.terms.ready_at + 2_400
    await bid(books, venue, ADA, first_half(job, 100_000))
    await bid(books, venue, BEN, second_half(job, 200_000))
    await bid(books, venue, CYD, first_half(job, 110_000, arrives_by=late - 119))
    await bid(books, venue, DEE, first_half(job, 140_000))
    await awarded(books, venue, clock, job)
    clock.advance(seconds=ACCEPT_SECONDS + 1)
    legs = await look(books, venue, job)
    assert legs[0] == (DEE.public, 140_000, LegStatus.OFFERED)


async def test_two_substitutes_of_one_relay_meet(
    books: Books, venue: Venue, clock: HandClock
) -> None:
    """Cyd is in time for Ben, and Dee waits for Ada; but when Cyd comes Dee has gone."""
    job = await listed(books, venue, clock)
    begin = job.terms.ready_at
    await bid(books, venue, ADA, first_half(job, 100_000))
    await bid(books, venue, BEN, second_half(job, 200_000))
    await bid(books, venue, CYD, first_half(job, 150_000, arrives_by=begin + 2_200))
    early = {"pickup_until": begin + 2_000, "arrives_by": begin + 3_200}
    await bid(books, venue, DEE, second_half(job, 210_000) | early)
    await bid(books, venue, EVE, second_half(job, 250_000))
    await awarded(books, venue, clock, job)
    clock.advance(seconds=ACCEPT_SECONDS + 1)
    legs = await look(books, venue, job)
    assert [agent for agent, _, _ in legs] == [CYD.public, EVE.public]


async def test_nobody_is_offered_what_they_cannot_fetch_any_more(
    books: Books, venue: Venue, clock: HandClock
) -> None:
    job = await relay(books, venue, clock)
    clock.advance(seconds=LATER + 600)  # the first pickups are over by now
    legs = await look(books, venue, job)
    assert [agent for agent, _, _ in legs] == [ADA.public, DEE.public]


async def test_a_shared_surplus_stays_as_large_as_it_was(
    books: Books, venue: Venue, clock: HandClock
) -> None:
    prices = {"policy": "shared", "shared": 10_000, "fairness": 7_000}
    job = await relay(books, venue, clock, prices=prices)
    before = [leg.pay for leg in job.legs]
    assert sum(before) == BUDGET
    clock.advance(seconds=ACCEPT_SECONDS + 1)
    legs = await look(books, venue, job)
    assert [pay for _, pay, _ in legs] == before
    assert [agent for agent, _, _ in legs] == [CYD.public, DEE.public]


async def test_the_money_goes_back_on_the_day_on_which_it_would_have_without_anybody_else(
    books: Books, venue: Venue, clock: HandClock
) -> None:
    """However many are asked and stay silent: the due of a leg is the rail's and never moves."""
    job = await relay(books, venue, clock)
    told = venue.rail.read_job(rail_key(job))
    assert told is not None
    due = way_out(told).after
    clock.advance(seconds=ACCEPT_SECONDS + 1)
    await look(books, venue, job)
    now = venue.rail.read_job(rail_key(job))
    assert now is not None
    assert way_out(now).after == due
    clock.advance(seconds=due - seconds(clock))
    assert await market.sweep(books, venue) == 0
    clock.advance(seconds=1)
    assert await market.sweep(books, venue) == 1
    assert (await load(books, job.id)).status is JobStatus.REFUNDED
    assert balance(venue, SHIPPER) == 10 * BUDGET
    await look(books, venue, job)
    assert len(replacements(venue)) == 2


async def test_of_eight_who_look_at_once_one_offers(
    books: Books, venue: Venue, clock: HandClock
) -> None:
    """Eve would be asked as well, by whoever looks after Cyd was chosen."""
    job = await listed(books, venue, clock)
    await bid(books, venue, ADA, first_half(job, 100_000))
    await bid(books, venue, BEN, second_half(job, 200_000))
    await bid(books, venue, CYD, first_half(job, 150_000))
    await bid(books, venue, EVE, first_half(job, 160_000))
    await awarded(books, venue, clock, job)
    await give(books, venue, BEN, Accept(job=rail_key(job), leg=1))
    clock.advance(seconds=ACCEPT_SECONDS + 1)
    stale = await load_silence(books, venue, job.id)
    await asyncio.gather(*(market.substitute(books, venue, job.id) for _ in range(8)))
    async with books.writing() as uow:
        last = find_substitutes(replace(stale, free=stale.free[-1:]), now=seconds(clock))
        assert [leg.agent for leg in last.values()] == [EVE.public]
        await keep_substitutes(uow, stale, last)
    await work(books, venue)
    assert [one.courier for one in replacements(venue)] == [read_key(CYD.public)]


async def test_who_comes_late_to_a_job_that_was_seen_to_asks_nobody_else(
    books: Books, venue: Venue, clock: HandClock
) -> None:
    """It had the job on its list from before, and reads it as it is now."""
    job = await relay(books, venue, clock)
    clock.advance(seconds=ACCEPT_SECONDS + 1)
    await market.substitute(books, venue, job.id)
    now = await load_silence(books, venue, job.id)
    leg = ChosenLeg(bid_id=await bid_of(books, job, ADA), agent=ADA.public, pay=1, duration=1)
    async with books.writing() as uow:
        await keep_substitutes(uow, now, {0: leg})
    await work(books, venue)
    assert [one.pay for one in replacements(venue)] == [150_000, 250_000]


async def test_who_is_killed_before_the_rail_heard_it_says_the_same_again(
    books: Books, venue: Venue, clock: HandClock
) -> None:
    job = await relay(books, venue, clock)
    await give(books, venue, BEN, Accept(job=rail_key(job), leg=1))
    clock.advance(seconds=ACCEPT_SECONDS + 1)
    await market.substitute(books, venue, job.id)
    assert replacements(venue) == []
    clock.advance(seconds=20)
    told = {"job_id": job.id, "leg": 0, "courier": CYD.public, "pay": 150_000}
    told |= {"bid_id": await bid_of(books, job, CYD), "until": seconds(clock) - 20 + 300}
    for _ in range(3):
        await replace_courier(books, venue, told)
    await work(books, venue)
    assert len(replacements(venue)) == 1


async def bid_of(books: Books, job: JobView, key: SigningKey) -> str:
    async with books.reading() as seen:
        bids = await market.list_bids(seen, job.id)
    return next(one.id for one in bids if one.agent == key.public)


async def test_a_courier_who_accepts_in_the_last_moment_keeps_the_leg(
    books: Books, venue: Venue, clock: HandClock
) -> None:
    """And the bid that was to take its place is free again."""
    job = await relay(books, venue, clock)
    await give(books, venue, BEN, Accept(job=rail_key(job), leg=1))
    clock.advance(seconds=ACCEPT_SECONDS + 1)
    await market.substitute(books, venue, job.id)
    await give(books, venue, ADA, Accept(job=rail_key(job), leg=0))
    await work(books, venue)
    assert replacements(venue) == []
    assert await bidders(books, job) == [ADA.public, BEN.public]
    async with books.reading() as seen:
        bids = await market.list_bids(seen, job.id)
    assert {one.status for one in bids if one.agent == CYD.public} == {BidStatus.LIVE}


async def test_a_job_that_cannot_be_seen_to_keeps_no_other_waiting(
    books: Books, venue: Venue, clock: HandClock
) -> None:
    broken = await relay(books, venue, clock)
    job = await relay(books, venue, clock)
    clock.advance(seconds=ACCEPT_SECONDS + 1)
    async with books.writing() as uow:
        await uow.run(SPOIL_BIDS, of_job=broken.id)
    async with books.writing() as uow:
        await queue_rounds(uow, {})
    await work(books, venue)
    assert {one.job for one in replacements(venue)} == {rail_key(job)}
    assert [leg.agent for leg in (await load(books, job.id)).legs] == [CYD.public, DEE.public]
