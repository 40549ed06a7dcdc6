"""L4: whatever agents send, the market answers, and what holds for honest ones still holds."""

from __future__ import annotations

import random
from collections import Counter

import httpx
import pytest
from litestar import Litestar

from basis.escrow import Deposit, Withdraw
from basis.kit.limits import Limits
from basis.kit.signing import is_signed_by
from basis.kit.signing.statements import PREFIX
from basis.kit.testing import HandClock
from swarmhaul import market
from swarmhaul.kit.books import Books
from swarmhaul.market import BidStatus, JobStatus, JobView, Venue
from swarmhaul.market.tests.builders import (
    ADA,
    BEN,
    BUDGET,
    SHIPPER,
    balance,
    bid,
    bid_terms,
    carry,
    first_half,
    fund,
    list_job,
    load,
    rail_key,
    second_half,
    work,
)
from swarmhaul.tests.mischief import CROWD, MALLORY, Crowd

CALLS = 5_000
CALLS_ON_POSTGRES = 1_500
LOOK_EVERY = 100


@pytest.fixture
async def crowd(venue: Venue, clock: HandClock, client: httpx.AsyncClient, app: Litestar) -> Crowd:
    app.state.limits = Limits(enabled=False)
    for key in CROWD:
        fund(venue.rail, key, 3 * BUDGET, clock())
    return Crowd(client, venue, clock, random.Random(7))


async def bring_work(crowd: Crowd, books: Books) -> None:
    """Honest jobs for which the crowd may bid, and that some of them were given."""
    fund(crowd.venue.rail, SHIPPER, 2 * BUDGET, crowd.clock())
    given = await list_job(books, crowd.venue)
    await bid(books, crowd.venue, ADA, first_half(given, 100_000))
    await bid(books, crowd.venue, BEN, second_half(given, 120_000))
    crowd.clock.advance(seconds=60)
    await work(books, crowd.venue)
    crowd.jobs.extend([given, await list_job(books, crowd.venue)])


async def test_agents_who_try_everything_break_nothing(
    crowd: Crowd, books: Books, engine_name: str
) -> None:
    calls = CALLS if engine_name == "sqlite" else CALLS_ON_POSTGRES
    for number in range(calls):
        if number % LOOK_EVERY == 0:
            await bring_work(crowd, books)
        answer = await crowd.act()
        assert answer.status_code < 500, (crowd.sent[-1], answer.text)
        crowd.clock.advance(seconds=crowd.draw.choice((0, 0, 0, 1)))
        if number % LOOK_EVERY == LOOK_EVERY - 1:
            await work(books, crowd.venue)
            await market.sweep(books, crowd.venue)
            await check(crowd, books)
    told = crowd.told
    print(
        f"L4: {calls} calls of hostile agents, {told['done']} taken, {len(told) - 1} kinds of "
        "refusals, 0 answers of 500 and above, 0 lamports too many or too few"
    )
    # A crowd of which everything is refused at the gate would prove little.
    assert told["done"] > calls / 40
    assert {"Unsigned", "SignatureWrong", "Replayed", "Expired", "WrongPurpose"} <= set(told)
    await honest_work_still_pays(crowd, books)


async def check(crowd: Crowd, books: Books) -> None:
    """Not one lamport more or less, no bid that its agent did not sign, and none too many."""
    check_money(crowd.venue)
    for job in crowd.jobs:
        async with books.reading() as look:
            seen = await market.load_job(look, job.id)
            bids = await market.list_all_bids(look, job.id)
        assert seen.paid <= seen.terms.budget
        assert sum(leg.pay for leg in seen.legs) <= seen.terms.budget
        check_against_the_rail(crowd.venue, seen)
        live: Counter[str] = Counter()
        for one in bids:
            assert is_signed_by(one.agent, PREFIX + one.statement.encode(), one.signature)
            live[one.agent] += one.status is BidStatus.LIVE
        assert max(live.values(), default=0) <= market.LIVE_MAX


def check_money(venue: Venue) -> None:
    issued, wallets = 0, {venue.rail.treasury}
    entries = venue.rail.list_entries(limit=100_000)
    for entry in entries:
        wallets.update(move.wallet for move in entry.moves)
        if isinstance(entry.envelope.command, Deposit | Withdraw):
            issued += sum(move.amount for move in entry.moves)
    held = sum(venue.rail.read_balance(wallet) for wallet in wallets)
    assert held + sum(job.escrow for job in venue.rail.list_jobs()) == issued
    assert min(venue.rail.read_balance(wallet) for wallet in wallets) >= 0


def check_against_the_rail(venue: Venue, seen: JobView) -> None:
    """The books never say more than the rail: a job that ended there holds no money here."""
    on_rail = venue.rail.read_job(rail_key(seen))
    if seen.status in (JobStatus.OPEN, JobStatus.AWARDED, JobStatus.IN_TRANSIT):
        assert on_rail is not None
        assert on_rail.paid == seen.paid


async def honest_work_still_pays(crowd: Crowd, books: Books) -> None:
    venue = crowd.venue
    fund(venue.rail, SHIPPER, BUDGET, crowd.clock())
    before = {key.public: balance(venue, key) for key in (ADA, BEN)}
    job = await list_job(books, venue)
    await bid(books, venue, ADA, first_half(job, 100_000))
    await bid(books, venue, BEN, second_half(job, 120_000))
    await bid(books, venue, MALLORY, bid_terms(job, 900_000))
    crowd.clock.advance(seconds=60)
    await work(books, venue)
    await carry(books, venue, job, ADA, BEN)
    await work(books, venue)
    await market.sweep(books, venue)
    assert (await load(books, job.id)).status is JobStatus.DELIVERED
    gained = [balance(venue, key) - before[key.public] for key in (ADA, BEN)]
    assert gained == [100_000, 120_000]
