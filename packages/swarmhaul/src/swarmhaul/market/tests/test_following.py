"""From the award to the end: the market knows what the rail says, and nothing else."""

from __future__ import annotations

import asyncio
import random
from datetime import timedelta

import pytest

from basis.kit.testing import HandClock
from swarmhaul import market
from swarmhaul.identity import SigningKey, read_key
from swarmhaul.kit.books import Books
from swarmhaul.market import JobStatus, JobView, LegStatus, Venue
from swarmhaul.market.tests.builders import (
    ADA,
    ARBITER,
    BEN,
    BUDGET,
    HOUR,
    MARKET_KEY,
    SHIPPER,
    balance,
    bid,
    carry,
    envelope,
    first_half,
    give,
    list_job,
    load,
    rail_key,
    second_half,
    work,
)
from swarmhaul.reputation import BASE, STRANGER, Seen, SeenKind, StandingView, fold, load_standing
from swarmhaul.settlement import (
    Accept,
    Arrive,
    Award,
    Command,
    Confirm,
    Dispute,
    Expire,
    Offer,
    Refused,
    Release,
    Resolve,
)

DAY = 86_400


async def relay(books: Books, venue: Venue, clock: HandClock) -> JobView:
    """A job that was awarded to Ada and then Ben."""
    job = await list_job(books, venue)
    await bid(books, venue, ADA, first_half(job, 100_000))
    await bid(books, venue, BEN, second_half(job, 200_000))
    clock.advance(seconds=10)
    await work(books, venue)
    awarded = await load(books, job.id)
    assert awarded.status is JobStatus.AWARDED
    return awarded


async def standing(books: Books, venue: Venue, key: SigningKey) -> StandingView:
    async with books.reading() as look:
        return await load_standing(look, venue.key.public, key.public)


async def test_a_relay_is_delivered_paid_and_remembered(
    books: Books, venue: Venue, clock: HandClock
) -> None:
    job = await relay(books, venue, clock)
    await carry(books, venue, job, ADA, BEN)
    done = await load(books, job.id)
    assert done.status is JobStatus.DELIVERED
    assert done.paid == 300_000
    assert [leg.status for leg in done.legs] == [LegStatus.SETTLED, LegStatus.SETTLED]
    assert await market.sweep(books, venue) == 1
    assert balance(venue, ADA) == 100_000
    assert balance(venue, BEN) == 200_000
    assert balance(venue, SHIPPER) == 10 * BUDGET - 300_000
    once = fold([Seen(SeenKind.COMPLETED, SHIPPER.public)], STRANGER)
    for key in (ADA, BEN):
        known = await standing(books, venue, key)
        assert (known.score, known.completed, known.is_stranger) == (once.score, 1, False)


async def test_nothing_is_delivered_before_the_rail_says_so(
    books: Books, venue: Venue, clock: HandClock
) -> None:
    """D-16, D-17: no courier confirms its own leg, in no other order, by no other door."""
    job = await relay(books, venue, clock)
    key, ada = rail_key(job), read_key(ADA.public)
    await give(books, venue, ADA, Accept(job=key, leg=0))
    await give(books, venue, BEN, Accept(job=key, leg=1))
    await give(books, venue, ADA, Arrive(job=key, leg=0))
    for signer in (ADA, SHIPPER, ARBITER):
        with pytest.raises(Refused):
            await give(books, venue, signer, Confirm(job=key, leg=0, courier=ada))
    seen = await load(books, job.id)
    assert [leg.status for leg in seen.legs] == [LegStatus.ARRIVED, LegStatus.ACCEPTED]
    assert seen.status is JobStatus.AWARDED
    assert seen.paid == 0
    assert (await standing(books, venue, ADA)).is_stranger


async def test_only_who_has_the_load_breaks_their_word(
    books: Books, venue: Venue, clock: HandClock
) -> None:
    """D-31: an upstream delay is nobody's else's breach."""
    job = await relay(books, venue, clock)
    key = rail_key(job)
    await give(books, venue, ADA, Accept(job=key, leg=0))
    await give(books, venue, BEN, Accept(job=key, leg=1))
    clock.advance(seconds=12 * HOUR)
    assert await market.sweep(books, venue) == 1
    assert (await load(books, job.id)).status is JobStatus.REFUNDED
    assert balance(venue, SHIPPER) == 10 * BUDGET
    ada, ben = await standing(books, venue, ADA), await standing(books, venue, BEN)
    assert (ada.score, ada.breached) == (0, 1)
    assert (ben.score, ben.is_stranger) == (BASE, True)


async def test_who_never_accepted_breaks_nothing(
    books: Books, venue: Venue, clock: HandClock
) -> None:
    """D-05: an offer that was not accepted touches nobody's name."""
    job = await relay(books, venue, clock)
    clock.advance(seconds=12 * HOUR)
    await market.sweep(books, venue)
    assert (await load(books, job.id)).status is JobStatus.REFUNDED
    assert (await standing(books, venue, ADA)).is_stranger


async def test_silence_pays_and_counts(books: Books, venue: Venue, clock: HandClock) -> None:
    job = await relay(books, venue, clock)
    key = rail_key(job)
    await give(books, venue, ADA, Accept(job=key, leg=0))
    await give(books, venue, ADA, Arrive(job=key, leg=0))
    clock.advance(seconds=2 * DAY + 1)
    await market.sweep(books, venue)
    seen = await load(books, job.id)
    assert (seen.legs[0].status, seen.paid) == (LegStatus.SETTLED, 100_000)
    assert (await standing(books, venue, ADA)).completed == 1


async def test_a_dispute_is_nobodys_merit_unless_the_arbiter_says_so(
    books: Books, venue: Venue, clock: HandClock
) -> None:
    """D-14: who disputes is who signed, and who rules is the arbiter."""
    job = await relay(books, venue, clock)
    key, ada = rail_key(job), read_key(ADA.public)
    await give(books, venue, ADA, Accept(job=key, leg=0))
    await give(books, venue, BEN, Accept(job=key, leg=1))
    await give(books, venue, ADA, Arrive(job=key, leg=0))
    with pytest.raises(Refused):
        await give(books, venue, SHIPPER, Dispute(job=key, leg=0, reason=bytes(32)))
    await give(books, venue, BEN, Dispute(job=key, leg=0, reason=bytes(32)))
    assert (await load(books, job.id)).legs[0].status is LegStatus.DISPUTED
    clock.advance(seconds=14 * DAY + 1)
    await give(books, venue, BEN, Release(job=key, leg=0, courier=ada))
    seen = await load(books, job.id)
    assert (seen.legs[0].status, seen.paid) == (LegStatus.SETTLED, 50_000)
    assert (await standing(books, venue, ADA)).is_stranger


async def test_a_breach_that_was_ruled_ends_the_job(
    books: Books, venue: Venue, clock: HandClock
) -> None:
    job = await relay(books, venue, clock)
    key, ada = rail_key(job), read_key(ADA.public)
    await give(books, venue, ADA, Accept(job=key, leg=0))
    await give(books, venue, ADA, Arrive(job=key, leg=0))
    await give(books, venue, SHIPPER, Dispute(job=key, leg=0, reason=bytes(32)))
    ruling = Resolve(job=key, leg=0, courier=ada, share=2_500, breach=True)
    await give(books, venue, ARBITER, ruling)
    seen = await load(books, job.id)
    assert (seen.status, seen.paid) == (JobStatus.REFUNDED, 25_000)
    async with books.reading() as look:
        payments = await market.list_payments(look, since=clock() - timedelta(days=1))
    assert [amount for _, amount in payments] == [25_000], "the rest is the shipper's again"
    assert (await standing(books, venue, ADA)).breached == 1


async def test_of_eight_who_read_the_rail_at_once_each_entry_counts_once(
    books: Books, venue: Venue, clock: HandClock
) -> None:
    """D-33, D-34: two who confirmed at once doubled a name, and two who wrote at once lost one."""
    job = await relay(books, venue, clock)
    key = rail_key(job)
    for number, courier in enumerate((ADA, BEN)):
        await give(books, venue, courier, Accept(job=key, leg=number))
    await give(books, venue, ADA, Arrive(job=key, leg=0))
    confirm = Confirm(job=key, leg=0, courier=read_key(ADA.public))
    await venue.submit(*envelope(venue, BEN, confirm, clock()))
    await asyncio.gather(*(market.catch_up(books, venue) for _ in range(8)))
    seen = await load(books, job.id)
    assert seen.paid == 100_000
    assert (await standing(books, venue, ADA)).completed == 1


async def test_an_award_past_the_market_keeps_no_other_job_from_being_read(
    books: Books, venue: Venue, clock: HandClock
) -> None:
    """Fails when an entry that makes no sense here ends the reading: then nothing is read again."""
    stray = await list_job(books, venue)
    offer = Offer(courier=read_key(ADA.public), pay=5, duration=HOUR)
    now = int(clock().timestamp())
    past = Award(job=rail_key(stray), accept_by=now + HOUR, legs=(offer,))
    await give(books, venue, MARKET_KEY, past)
    await give(books, venue, ADA, Accept(job=rail_key(stray), leg=0))
    job = await relay(books, venue, clock)
    await carry(books, venue, job, ADA, BEN)
    assert (await load(books, job.id)).status is JobStatus.DELIVERED
    assert (await load(books, stray.id)).status is JobStatus.OPEN


async def test_the_books_agree_with_the_rail_whatever_happens(
    books: Books, venue: Venue, clock: HandClock
) -> None:
    """Random lives of six jobs: paid and refunded money is the whole budget, to the lamport."""
    chance = random.Random(7)
    jobs = []
    for _ in range(6):
        job = await relay(books, venue, clock)
        jobs.append(job)
        key = rail_key(job)
        for number, courier in enumerate((ADA, BEN)):
            if chance.random() < 0.8:
                await give(books, venue, courier, Accept(job=key, leg=number))
        await wander(books, venue, job, chance)
        clock.advance(seconds=20)
    for _ in range(8):
        clock.advance(seconds=15 * DAY)
        await market.sweep(books, venue)
    ended = [await load(books, job.id) for job in jobs]
    assert {job.status for job in ended} <= {JobStatus.DELIVERED, JobStatus.REFUNDED}
    assert venue.rail.list_jobs() == []
    paid = sum(job.paid for job in ended)
    assert balance(venue, SHIPPER) == 10 * BUDGET - paid
    earned = sum(balance(venue, key) for key in (ADA, BEN))
    assert earned == paid


async def wander(books: Books, venue: Venue, job: JobView, chance: random.Random) -> None:
    """A dozen commands of anybody, most of which the rail refuses."""
    key, couriers = rail_key(job), {0: ADA, 1: BEN}
    for _ in range(12):
        leg = chance.randrange(2)
        courier = read_key(couriers[leg].public)
        commands: list[Command] = [
            Arrive(job=key, leg=leg),
            Confirm(job=key, leg=leg, courier=courier),
            Dispute(job=key, leg=leg, reason=bytes(32)),
            Resolve(job=key, leg=leg, courier=courier, share=5_000, breach=False),
            Expire(job=key, courier=courier),
        ]
        signer = chance.choice([ADA, BEN, SHIPPER, ARBITER])
        try:
            await give(books, venue, signer, chance.choice(commands))
        except Refused:
            continue
