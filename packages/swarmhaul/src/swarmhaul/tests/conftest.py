"""A market that did something, as anybody reads it."""

from __future__ import annotations

from collections.abc import AsyncIterator

import httpx
import pytest
from litestar import Litestar

from basis.escrow import Accept
from basis.kit.background.dispatcher import Dispatcher
from basis.kit.testing import HandClock
from swarmhaul.client import Calls
from swarmhaul.kit.books import Books
from swarmhaul.main import SUBSCRIPTIONS
from swarmhaul.market import Venue
from swarmhaul.market.tests.builders import (
    ADA,
    BEN,
    CYD,
    bid,
    bid_terms,
    carry,
    first_half,
    fund,
    give,
    list_job,
    load,
    rail_key,
    second_half,
    withdraw,
    work,
)
from swarmhaul.verifying import Evidence, gather_url

MONEY = 1_000_000


@pytest.fixture
async def calls(app: Litestar) -> AsyncIterator[Calls]:
    """The market as anybody reaches it."""
    made = Calls("http://market.example")
    await made.http.aclose()
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)  # type: ignore[arg-type]
    made.http = httpx.AsyncClient(transport=transport, base_url=made.url)
    yield made
    await made.close()


@pytest.fixture
async def evidence(calls: Calls, books: Books, venue: Venue, clock: HandClock) -> Evidence:
    """A relay that was delivered, and a job that was then awarded to whoever is known for it."""
    for courier in (ADA, BEN, CYD):
        fund(venue.rail, courier, MONEY, clock())
    job = await list_job(books, venue)
    await bid(books, venue, ADA, first_half(job, 100_000))
    await bid(books, venue, BEN, second_half(job, 200_000))
    await withdraw(books, venue, CYD, await bid(books, venue, CYD, bid_terms(job, 1_000)))
    clock.advance(seconds=10)
    await work(books, venue)
    await carry(books, venue, await load(books, job.id), ADA, BEN)
    clock.advance(seconds=10)
    later = await list_job(books, venue)
    await bid(books, venue, ADA, bid_terms(later, 101_000))
    await bid(books, venue, CYD, bid_terms(later, 100_900))
    clock.advance(seconds=10)
    await work(books, venue)
    later = await load(books, later.id)
    assert [leg.agent for leg in later.legs] == [ADA.public]
    await give(books, venue, ADA, Accept(job=rail_key(later), leg=0))
    await Dispatcher(books, SUBSCRIPTIONS).run_once()
    return await gather_url(calls)
