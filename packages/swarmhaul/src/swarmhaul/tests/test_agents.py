"""Agents against a market in this process, whose clock is moved by hand: whatever step they are
killed at, they begin anew from what the market says.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest
from litestar import Litestar

from basis.escrow import Accept, Arrive, Confirm, Replace
from basis.kit.limits import Limits, parse_networks
from basis.kit.outgoing import Outgoing
from basis.kit.secret import Secret
from basis.kit.signing import SigningKey, read_key
from basis.kit.testing import HandClock
from swarmhaul import market
from swarmhaul.agents import Agent, Life, ModelReasoner, Profile, Purse, read_profile
from swarmhaul.agents.tests.builders import completion, serving
from swarmhaul.client import AboutMarket, BidTold, Calls, Dealer, JobTold
from swarmhaul.kit.books import Books
from swarmhaul.market import ACCEPT_SECONDS, Venue
from swarmhaul.market.tests.builders import (
    ADA,
    BEN,
    CYD,
    MARKET_KEY,
    SHIPPER,
    fund,
    give,
    work,
)
from swarmhaul.matching import Place
from swarmhaul.settlement import SILENCE_SECONDS
from swarmhaul.tests.shipping import rail_key, receive, ship

FOLDER = Path(__file__).parents[1] / "samples"
AOIFE, BRENDAN, CIARA = (
    read_profile((FOLDER / f"{name}.toml").read_text()) for name in ("aoife", "brendan", "ciara")
)
MONEY = 1_000_000_000
STEPS_MAX = 120
NEAR = Place(53.345, -6.28)


class Town:
    """A market, and agents that are born anew whenever one likes."""

    def __init__(self, calls: Calls, about: AboutMarket, clock: HandClock) -> None:
        self.calls, self.about, self.clock = calls, about, clock
        self.shipper = self.dealer(SHIPPER)

    def dealer(self, key: SigningKey) -> Dealer:
        return Dealer(self.calls, key, self.about, self.clock)

    async def born(self, key: SigningKey, profile: Profile, **more: Any) -> Agent:
        """It knows nothing but its key, its profile and the market."""
        life = Life(url=self.calls.url, key=key, profile=profile, clock=self.clock, **more)
        agent = Agent.of(life, self.dealer(key))
        await agent.book.reload()
        return agent

    async def bids_of(self, key: SigningKey, job: JobTold) -> list[BidTold]:
        return [bid for bid in await self.shipper.list_bids(job.id) if bid.agent == key.public]

    async def live_bids_of(self, key: SigningKey, job: JobTold) -> list[BidTold]:
        now = self.clock()
        found = await self.bids_of(key, job)
        return [bid for bid in found if bid.status == "live" and bid.expires_at > now]


@pytest.fixture
async def town(app: Litestar, venue: Venue, clock: HandClock) -> AsyncIterator[Town]:
    """On a ledger; three couriers and the shipper have money."""
    app.state.venue = replace(venue, rail_name="ledger")
    app.state.limits = Limits(enabled=False)  # they count by another clock
    for key in (ADA, BEN, CYD, SHIPPER):
        fund(venue.rail, key, MONEY, clock())
    calls = Calls("http://market.example", tries=1)
    await calls.http.aclose()
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)  # type: ignore[arg-type]
    calls.http = httpx.AsyncClient(transport=transport, base_url=calls.url)
    yield Town(calls, await calls.read("/api/market", AboutMarket), clock)
    await calls.close()


async def relay(town: Town, books: Books, venue: Venue) -> JobTold:
    """A job that was awarded to Ada, who is Aoife, and Ben, who is Brendan."""
    job = await ship(town.shipper, seconds=60, ready_at=town.shipper.now() + 180)
    for key, profile in ((ADA, AOIFE), (BEN, BRENDAN)):
        await (await town.born(key, profile)).trader.trade()
    town.clock.advance(seconds=61)
    await work(books, venue)
    job = await town.shipper.load_job(job.id)
    assert [leg.agent for leg in job.legs] == [ADA.public, BEN.public]
    return job


async def test_bids_are_placed_once_however_often_an_agent_begins_anew(town: Town) -> None:
    job = await ship(town.shipper)
    first = await town.born(ADA, AOIFE)
    await first.trader.trade()
    placed = await town.bids_of(ADA, job)
    assert 0 < len(placed) <= town.about.bids_live_max
    await first.trader.trade()
    await (await town.born(ADA, AOIFE)).trader.trade()
    assert await town.bids_of(ADA, job) == placed


async def test_an_agent_that_was_killed_between_two_bids_places_the_others(town: Town) -> None:
    job = await ship(town.shipper)
    await (await town.born(BEN, BRENDAN)).trader.trade()
    whole = {one.statement.split('"pickup"')[1][:60] for one in await town.bids_of(BEN, job)}
    assert len(whole) > 1
    for bid in (await town.bids_of(BEN, job))[1:]:
        await town.dealer(BEN).withdraw_bid(bid)
    await (await town.born(BEN, BRENDAN)).trader.trade()
    live = await town.live_bids_of(BEN, job)
    assert {one.statement.split('"pickup"')[1][:60] for one in live} == whole


async def test_bids_are_renewed_before_they_end_and_never_doubled(town: Town) -> None:
    now = town.shipper.now()
    later: dict[str, Any] = {"ready_at": now + 4_000, "deliver_by": now + 9_000}
    job = await ship(town.shipper, seconds=1_200, **later)
    agent = await town.born(ADA, AOIFE)
    await agent.trader.trade()
    count = len(await town.live_bids_of(ADA, job))
    for _ in range(11):
        town.clock.advance(seconds=100)
        assert len(await town.live_bids_of(ADA, job)) == count
        await agent.trader.trade()
        assert len(await town.live_bids_of(ADA, job)) == count
    assert len(await town.bids_of(ADA, job)) > count


async def test_nobody_bids_for_what_it_cannot_ride_beside_what_it_promised(
    town: Town,
) -> None:
    """One load at a time: two jobs at the same time, each as long as the ride takes."""
    ready = town.shipper.now() + 1_500
    tight: dict[str, Any] = {"ready_at": ready, "deliver_by": ready + 2_300}
    first = await ship(town.shipper, seconds=60, **tight)
    agent = await town.born(ADA, AOIFE)
    await agent.trader.trade()
    assert await town.live_bids_of(ADA, first)
    second = await ship(town.shipper, seconds=60, **tight)
    await agent.book.reload()
    await agent.trader.trade()
    beside = await town.live_bids_of(ADA, second)
    alone = await town.born(CYD, AOIFE)
    await alone.book.refresh(second.id)
    del alone.book.known[first.id]
    await alone.trader.trade()
    assert len(beside) < len(await town.live_bids_of(CYD, second))


async def test_a_load_is_carried_whatever_step_everybody_is_killed_at(
    town: Town, books: Books, venue: Venue
) -> None:
    """Each step is taken by agents that were just born; every command is on the rail once."""
    job = await relay(town, books, venue)
    steps = 0
    while (await town.shipper.load_job(job.id)).legs[-1].status != "arrived":
        for key, profile in ((ADA, AOIFE), (BEN, BRENDAN)):
            agent = await town.born(key, profile)
            for _ in range(1 + steps % 4):
                seconds = await agent.carrier.carry()
                town.clock.advance(seconds=seconds + 0.001)
        steps += 1
        assert steps < STEPS_MAX
    done = await receive(town.shipper, job)
    assert done.status == "delivered"
    assert await town.shipper.read_balance(ADA.public) == MONEY + done.legs[0].pay
    assert await town.shipper.read_balance(BEN.public) == MONEY + done.legs[1].pay
    told = Counter(type(entry.envelope.command).__name__ for entry in venue.rail.list_entries())
    assert (told["Accept"], told["Arrive"], told["Confirm"]) == (2, 2, 2)
    assert town.clock.now.timestamp() < job_due(done)


def job_due(job: JobTold) -> int:
    return int(job.statement.split('"deliver_by":')[1].split(",")[0])


async def test_a_leg_that_was_taken_from_another_is_accepted_for_what_was_bid(
    town: Town, books: Books, venue: Venue
) -> None:
    job = await ship(town.shipper, seconds=60, end=NEAR)
    await (await town.born(ADA, AOIFE)).trader.trade()
    cheap = await town.bids_of(ADA, job)
    town.clock.advance(seconds=1)
    # The same parts, by somebody who asks for more.
    dear = msgspec.structs.replace(AOIFE, margin=AOIFE.margin + 100)
    await (await town.born(CYD, dear)).trader.trade()
    assert cheap
    town.clock.advance(seconds=61)
    await work(books, venue)
    job = await town.shipper.load_job(job.id)
    assert [leg.agent for leg in job.legs] == [ADA.public]
    town.clock.advance(seconds=601)
    for pay, accepted in ((job.legs[0].pay, False), (job.legs[0].pay * 2, True)):
        taken = Replace(job=rail_key(job), leg=0, courier=read_key(CYD.public), pay=pay)
        await give(books, venue, MARKET_KEY, taken)
        agent = await town.born(CYD, dear)
        await agent.carrier.carry()
        state = (await town.shipper.load_job(job.id)).legs[0]
        assert state.agent == CYD.public
        assert (state.status == "accepted") is accepted


async def test_a_sample_courier_takes_over_from_one_who_never_answers(
    town: Town, books: Books, venue: Venue
) -> None:
    """The bid had expired by then; the market asks all the same, and the agent is still there."""
    now = town.shipper.now()
    job = await ship(town.shipper, seconds=60, end=NEAR, ready_at=now + 1_800)
    dear = msgspec.structs.replace(AOIFE, margin=AOIFE.margin + 100)
    for key, profile in ((ADA, AOIFE), (CYD, dear)):
        await (await town.born(key, profile)).trader.trade()
    town.clock.advance(seconds=61)
    await work(books, venue)
    assert [leg.agent for leg in (await town.shipper.load_job(job.id)).legs] == [ADA.public]
    town.clock.advance(seconds=ACCEPT_SECONDS + 1)
    assert await town.live_bids_of(CYD, job) == []
    await market.substitute(books, venue, job.id)
    await work(books, venue)
    await (await town.born(CYD, dear)).carrier.carry()
    (leg,) = (await town.shipper.load_job(job.id)).legs
    assert (leg.agent, leg.status) == (CYD.public, "accepted")


async def test_a_silence_after_an_arrival_is_ended_by_the_courier_itself(
    town: Town, books: Books, venue: Venue
) -> None:
    job = await relay(town, books, venue)
    key, ada = rail_key(job), read_key(ADA.public)
    await give(books, venue, ADA, Accept(job=key, leg=0))
    await give(books, venue, BEN, Accept(job=key, leg=1))
    await give(books, venue, ADA, Arrive(job=key, leg=0))
    await give(books, venue, BEN, Confirm(job=key, leg=0, courier=ada))
    await give(books, venue, BEN, Arrive(job=key, leg=1))
    for seconds, status in ((0, "arrived"), (SILENCE_SECONDS + 1, "settled")):
        town.clock.advance(seconds=seconds)
        await (await town.born(BEN, BRENDAN)).carrier.carry()
        told = await town.shipper.load_job(job.id)
        assert told.legs[1].status == status
    assert await town.shipper.read_balance(BEN.public) == MONEY + told.legs[1].pay


async def test_a_model_prices_the_bids_and_its_words_are_on_the_market(town: Town) -> None:
    said = '{"bids":[{"offer":0,"premium":1000,"why":"along the canal"}]}'
    job = await ship(town.shipper)
    async with serving(lambda _: completion(said)) as model:
        mind = ModelReasoner(
            endpoint=model.url, model="small", key=Secret("sk-hidden"),
            outgoing=Outgoing(parse_networks(["127.0.0.1"])), purse=Purse(100_000), seconds_max=30,
        )  # fmt: skip
        agent = await town.born(ADA, AOIFE, reasoner=mind)
        await agent.trader.trade()
        await agent.trader.trade()
    (bid,) = await town.bids_of(ADA, job)
    assert '"reasoning":"along the canal"' in bid.statement
    assert len(model.heard) == 1
