"""When a window closes, what is chosen then, and that it is awarded once."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from basis.kit.signing import sign_statement
from basis.kit.testing import HandClock
from swarmhaul import market
from swarmhaul.kit.books import Books
from swarmhaul.market import JobStatus, JobView, Venue
from swarmhaul.market.admission import BidUseless
from swarmhaul.market.choosing import choose
from swarmhaul.market.closing import BidsMoved, keep_choice, list_offered
from swarmhaul.market.queries import load_window
from swarmhaul.market.tests.builders import (
    ADA,
    BEN,
    BUDGET,
    CYD,
    HOUR,
    SHIPPER,
    balance,
    bid,
    bid_terms,
    carry,
    first_half,
    give,
    list_job,
    load,
    rail_key,
    second_half,
    seconds,
    withdraw,
    work,
)
from swarmhaul.reputation import BASE, REFER, Deed, SeenKind, note, refer
from swarmhaul.settlement import Accept, Award, Deposit, Expire, Open


async def status(books: Books, job: JobView) -> JobStatus:
    return (await load(books, job.id)).status


async def test_the_first_bid_that_covers_the_way_closes_nothing(
    books: Books, venue: Venue, clock: HandClock
) -> None:
    """D-27: in the reference it won at once, and nobody ever competed."""
    job = await list_job(books, venue)
    await bid(books, venue, ADA, bid_terms(job, 900_000))
    clock.advance(seconds=30)
    await work(books, venue)
    assert await status(books, job) is JobStatus.OPEN
    await bid(books, venue, BEN, bid_terms(job, 400_000))
    clock.advance(seconds=30)
    await work(books, venue)
    done = await load(books, job.id)
    assert done.status is JobStatus.AWARDED
    assert [leg.agent for leg in done.legs] == [BEN.public]


async def test_who_broke_their_word_gains_no_earned_name_by_a_fresh_key(
    books: Books, venue: Venue, clock: HandClock
) -> None:
    """D-36: in the reference an unknown key counted for more than most that were known. Of bids of
    one price the first would win, if names did not count.
    """
    for courier, keeps_word in ((ADA, True), (BEN, False)):
        job = await list_job(books, venue)
        await bid(books, venue, courier, bid_terms(job, 400_000))
        clock.advance(seconds=60)
        await work(books, venue)
        if keeps_word:
            await carry(books, venue, await load(books, job.id), courier)
        else:
            await give(books, venue, courier, Accept(job=rail_key(job), leg=0))
            clock.advance(seconds=12 * HOUR)
            await market.sweep(books, venue)
            assert await status(books, job) is JobStatus.REFUNDED
    fresh = CYD
    for rivals, winner in (((BEN, fresh, ADA), ADA), ((BEN, fresh), fresh)):
        job = await list_job(books, venue)
        for courier in rivals:
            await bid(books, venue, courier, bid_terms(job, 400_000))
        clock.advance(seconds=10)
        await work(books, venue)
        assert [leg.agent for leg in (await load(books, job.id)).legs] == [winner.public]
        clock.advance(seconds=12 * HOUR)
        await market.sweep(books, venue)


async def test_a_window_closes_when_enough_compete_and_it_is_quiet(
    books: Books, venue: Venue, clock: HandClock
) -> None:
    job = await list_job(books, venue)
    await bid(books, venue, ADA, bid_terms(job, 500_000))
    clock.advance(seconds=9)
    await bid(books, venue, BEN, bid_terms(job, 400_000))
    clock.advance(seconds=9)
    await work(books, venue)
    assert await status(books, job) is JobStatus.OPEN
    clock.advance(seconds=1)
    await work(books, venue)
    assert await status(books, job) is JobStatus.AWARDED


async def test_quiet_closes_nothing_while_the_way_is_not_covered(
    books: Books, venue: Venue, clock: HandClock
) -> None:
    job = await list_job(books, venue)
    await bid(books, venue, ADA, first_half(job, 100_000))
    await bid(books, venue, BEN, first_half(job, 110_000))
    clock.advance(seconds=20)
    await work(books, venue)
    assert await status(books, job) is JobStatus.OPEN
    await bid(books, venue, CYD, second_half(job, 120_000))
    clock.advance(seconds=10)
    await work(books, venue)
    done = await load(books, job.id)
    assert [(leg.agent, leg.pay) for leg in done.legs] == [
        (ADA.public, 100_000),
        (CYD.public, 120_000),
    ]


async def test_what_nobody_carries_goes_back_to_its_shipper(
    books: Books, venue: Venue, clock: HandClock
) -> None:
    """D-03: without the coordinator's doing, at the latest when the time for the award is over."""
    before = balance(venue, SHIPPER)
    job = await list_job(books, venue)
    await bid(books, venue, ADA, first_half(job, 100_000))
    clock.advance(seconds=60)
    await work(books, venue)
    assert await status(books, job) is JobStatus.UNMATCHED
    await market.sweep(books, venue)
    assert await status(books, job) is JobStatus.UNMATCHED
    clock.advance(seconds=HOUR)
    assert await market.sweep(books, venue) == 1
    assert await status(books, job) is JobStatus.REFUNDED
    assert balance(venue, SHIPPER) == before


async def test_the_shipper_takes_the_money_back_while_bids_are_taken(
    books: Books, venue: Venue
) -> None:
    job = await list_job(books, venue)
    await bid(books, venue, ADA, bid_terms(job))
    await give(books, venue, SHIPPER, Expire(job=rail_key(job)))
    assert await status(books, job) is JobStatus.REFUNDED
    await work(books, venue)
    assert await status(books, job) is JobStatus.REFUNDED
    assert venue.rail.list_jobs() == []


async def test_bids_that_were_withdrawn_or_expired_are_not_chosen(
    books: Books, venue: Venue, clock: HandClock
) -> None:
    job = await list_job(books, venue)
    cheap = await bid(books, venue, ADA, bid_terms(job, 100_000))
    await bid(books, venue, BEN, bid_terms(job, 500_000))
    await withdraw(books, venue, ADA, cheap)
    clock.advance(seconds=60)
    await work(books, venue)
    assert [leg.agent for leg in (await load(books, job.id)).legs] == [BEN.public]


async def test_who_has_left_before_the_choice_is_not_chosen(
    books: Books, venue: Venue, clock: HandClock
) -> None:
    """Ada is cheaper and waits for twenty seconds; the window is looked at after thirty."""
    job = await list_job(books, venue)
    await bid(books, venue, ADA, bid_terms(job, 1_000, pickup_until=job.terms.ready_at + 20))
    await bid(books, venue, BEN, bid_terms(job, 400_000))
    clock.advance(seconds=30)
    await work(books, venue)
    assert [leg.agent for leg in (await load(books, job.id)).legs] == [BEN.public]


async def test_a_choice_is_not_kept_when_bids_moved_meanwhile(
    books: Books, venue: Venue, clock: HandClock
) -> None:
    """The matcher thinks outside of the transaction; what it thought about must still hold."""
    job = await list_job(books, venue)
    first = await bid(books, venue, ADA, bid_terms(job, 100_000))
    async with books.reading() as look:
        offered = await list_offered(look, venue, job.id)
        seen_at, _ = await load_window(look, job.id)
    chosen = choose(job.terms, offered, now=seconds(clock))
    clock.advance(seconds=1)
    await withdraw(books, venue, ADA, first)
    with pytest.raises(BidsMoved):
        async with books.writing() as uow:
            await keep_choice(uow, job, chosen, seen_at=seen_at)
    assert await status(books, job) is JobStatus.OPEN


async def test_of_eight_who_close_at_once_one_awards(
    books: Books, venue: Venue, clock: HandClock
) -> None:
    """D-32: sweeps of several processes awarded twice."""
    job = await list_job(books, venue)
    await bid(books, venue, ADA, bid_terms(job))
    clock.advance(seconds=60)

    async def close() -> bool:
        try:
            await market.close_window(books, venue, job.id)
        except BidsMoved:
            return False
        return True

    await asyncio.gather(*(close() for _ in range(8)))
    await asyncio.gather(*(market.award(books, venue, job.id) for _ in range(8)))
    await market.catch_up(books, venue)
    assert await status(books, job) is JobStatus.AWARDED
    awards = [one for one in venue.rail.list_entries() if isinstance(one.envelope.command, Award)]
    assert len(awards) == 1
    assert len((await load(books, job.id)).legs) == 1


async def test_an_award_that_was_sent_before_a_kill_is_the_one_that_counts(
    books: Books, venue: Venue, clock: HandClock
) -> None:
    """D-30: the rail has it, the books do not know yet, and asking again changes nothing."""
    job = await list_job(books, venue)
    await bid(books, venue, ADA, bid_terms(job))
    clock.advance(seconds=60)
    await market.close_window(books, venue, job.id)
    await market.award(books, venue, job.id)
    assert await status(books, job) is JobStatus.AWARDING
    clock.advance(seconds=100)
    await work(books, venue)
    assert await status(books, job) is JobStatus.AWARDED
    assert [type(one.envelope.command) for one in venue.rail.list_entries()] == [
        Deposit,
        Open,
        Award,
    ]


async def test_an_award_that_the_rail_refuses_leaves_the_money_to_the_shipper(
    books: Books, venue: Venue, clock: HandClock
) -> None:
    """D-29: such a job was dead for ever."""
    job = await list_job(books, venue)
    await bid(books, venue, ADA, bid_terms(job))
    clock.advance(seconds=60)
    await market.close_window(books, venue, job.id)
    clock.advance(seconds=2 * HOUR)
    await work(books, venue)
    done = await load(books, job.id)
    assert done.status is JobStatus.UNMATCHED
    assert done.refusal in ("AwardTooLate", "CommandExpired")
    await market.sweep(books, venue)
    assert await status(books, job) is JobStatus.REFUNDED


async def test_no_bid_is_so_slow_that_the_rail_refuses_the_award(
    books: Books, venue: Venue, clock: HandClock
) -> None:
    """As late as a job can be due, and carried by whoever takes all of that time."""
    due = seconds(clock) + 30 * 86_400 - 900
    job = await list_job(books, venue, deliver_by=due)
    await bid(books, venue, ADA, bid_terms(job, arrives_by=due))
    clock.advance(seconds=60)
    await work(books, venue)
    assert await status(books, job) is JobStatus.AWARDED
    old = await list_job(books, venue, ready_at=1, deliver_by=due)
    slow = bid_terms(old, pickup_until=due - 30 * 86_400, arrives_by=due)
    with pytest.raises(BidUseless):
        await bid(books, venue, ADA, slow)


async def test_strangers_are_estimated_and_never_taken_for_the_middle(
    books: Books, venue: Venue
) -> None:
    """D-36: what the market never saw is 0.3, also in matching."""
    job = await list_job(books, venue)
    await bid(books, venue, ADA, bid_terms(job))
    async with books.reading() as look:
        (offered,) = await list_offered(look, venue, job.id)
    assert offered.score == BASE * 10_000 // 10**12 == 3_000


async def test_of_two_strangers_at_one_price_the_one_who_was_referred_carries(
    books: Books, venue: Venue, clock: HandClock
) -> None:
    """D-36: what a stranger shows of itself is used where it counts."""
    carried = Deed(
        subject=CYD.public, counterparty=SHIPPER.public, kind=SeenKind.COMPLETED, about="job/0"
    )
    for favoured in (ADA, BEN):
        job = await list_job(books, venue)
        referral = sign_statement(
            CYD, {"subject": favoured.public}, market=venue.name, purpose=REFER, now=clock()
        )
        async with books.writing() as uow:
            await note(uow, venue.pen, carried)
            await refer(uow, venue.pen, referral)
        for agent in (ADA, BEN):
            await bid(books, venue, agent, bid_terms(job))
        async with books.reading() as look:
            offered = await list_offered(look, venue, job.id)
        assert {one.agent: one.score for one in offered}[favoured.public] == 3_031
        clock.advance(seconds=60)
        await work(books, venue)
        assert [leg.agent for leg in (await load(books, job.id)).legs] == [favoured.public]
        async with books.writing() as uow:
            failed = replace(carried, subject=favoured.public, kind=SeenKind.BREACHED)
            await note(uow, venue.pen, failed)


@pytest.mark.parametrize("shared", [0, 10_000])
async def test_what_is_paid_never_exceeds_the_budget(
    books: Books, venue: Venue, clock: HandClock, shared: int
) -> None:
    """D-01: whole lamports whose sum is exact; three legs of a budget that thirds do not divide."""
    prices = {"policy": "shared", "shared": shared, "fairness": 7_000}
    job = await list_job(books, venue, prices=prices)
    await bid(books, venue, ADA, first_half(job, 100_001))
    await bid(books, venue, BEN, second_half(job, 100_003))
    clock.advance(seconds=60)
    await work(books, venue)
    legs = (await load(books, job.id)).legs
    total = sum(leg.pay for leg in legs)
    assert total == (BUDGET if shared else 200_004)
    told = venue.rail.read_job(rail_key(job))
    assert told is not None
    assert [leg.pay for leg in told.legs] == [leg.pay for leg in legs]
