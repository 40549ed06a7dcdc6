"""From hand to hand over the market's public door, on both rails: who takes the load over signs."""

from __future__ import annotations

import base64

import httpx
import pytest

from basis.kit.testing import HandClock
from swarmhaul.identity import SigningKey, read_key, write_signature
from swarmhaul.kit.books import Books
from swarmhaul.market import JobStatus, JobView, LegStatus, Venue, catch_up
from swarmhaul.market.tests.builders import (
    ADA,
    ARBITER,
    BEN,
    BUDGET,
    CYD,
    MARKET_KEY,
    SHIPPER,
    balance,
    bid,
    envelope,
    first_half,
    fund,
    list_job,
    load,
    rail_key,
    second_half,
    work,
)
from swarmhaul.settlement import (
    Accept,
    Arrive,
    Command,
    Confirm,
    Dispute,
    Resolve,
    encode_envelope,
)

pytestmark = pytest.mark.parametrize("rail_name", ["ledger", "svm"], indirect=True)
FUNDS = 1_000_000
"""What a courier needs to hold on the chain before it can be paid."""


@pytest.fixture
async def job(books: Books, venue: Venue, clock: HandClock) -> JobView:
    """A relay whose couriers have accepted."""
    for courier in (ADA, BEN):
        fund(venue.rail, courier, FUNDS, clock())
    listed = await list_job(books, venue)
    await bid(books, venue, ADA, first_half(listed, 100_000))
    await bid(books, venue, BEN, second_half(listed, 200_000))
    clock.advance(seconds=10)
    await work(books, venue)
    return await load(books, listed.id)


class Hands:
    """Everybody gives commands over HTTP, as strangers do."""

    def __init__(self, client: httpx.AsyncClient, books: Books, venue: Venue) -> None:
        self.client, self.books, self.venue = client, books, venue

    async def says(self, key: SigningKey, command: Command) -> str:
        """`done`, or the code of the refusal."""
        made, signature = envelope(self.venue, key, command, self.books.clock())
        told = {
            "envelope": base64.b64encode(encode_envelope(made)).decode(),
            "signature": write_signature(signature),
        }
        answer = await self.client.post("/api/rail/commands", json=told)
        await catch_up(self.books, self.venue)
        return "done" if answer.status_code == 201 else str(answer.json()["code"])


@pytest.fixture
async def hands(client: httpx.AsyncClient, books: Books, venue: Venue, job: JobView) -> Hands:
    made = Hands(client, books, venue)
    for number, courier in enumerate((ADA, BEN)):
        assert await made.says(courier, Accept(job=rail_key(job), leg=number)) == "done"
    return made


async def test_the_next_courier_confirms_and_the_shipper_has_the_last_word(
    hands: Hands, books: Books, venue: Venue, job: JobView
) -> None:
    key = rail_key(job)
    first = Confirm(job=key, leg=0, courier=read_key(ADA.public))
    last = Confirm(job=key, leg=1, courier=read_key(BEN.public))
    assert await hands.says(BEN, first) == "LegNotArrived"
    assert await hands.says(ADA, Arrive(job=key, leg=0)) == "done"
    for wrong in (ADA, SHIPPER, MARKET_KEY, ARBITER, CYD):
        assert await hands.says(wrong, first) == "WrongRecipient"
    assert balance(venue, ADA) == FUNDS
    assert await hands.says(BEN, first) == "done"
    assert balance(venue, ADA) == FUNDS + 100_000
    assert await hands.says(BEN, first) == "LegOutOfOrder"
    assert await hands.says(BEN, Arrive(job=key, leg=1)) == "done"
    for wrong in (ADA, BEN, MARKET_KEY):
        assert await hands.says(wrong, last) == "WrongRecipient"
    assert await hands.says(SHIPPER, last) == "done"
    seen = await load(books, job.id)
    assert (seen.status, seen.paid) == (JobStatus.DELIVERED, 300_000)


async def test_the_next_courier_disputes_and_the_arbiter_ends_it(
    hands: Hands, books: Books, venue: Venue, job: JobView
) -> None:
    key, ada = rail_key(job), read_key(ADA.public)
    dispute = Dispute(job=key, leg=0, reason=bytes(32))
    assert await hands.says(BEN, dispute) == "LegNotArrived"
    assert await hands.says(ADA, Arrive(job=key, leg=0)) == "done"
    for wrong in (ADA, SHIPPER, MARKET_KEY, ARBITER, CYD):
        assert await hands.says(wrong, dispute) == "WrongRecipient"
    assert await hands.says(BEN, dispute) == "done"
    assert (await load(books, job.id)).legs[0].status is LegStatus.DISPUTED
    assert await hands.says(BEN, Confirm(job=key, leg=0, courier=ada)) == "LegDisputed"
    ruling = Resolve(job=key, leg=0, courier=ada, share=0, breach=True)
    for wrong in (ADA, BEN, SHIPPER, MARKET_KEY):
        assert await hands.says(wrong, ruling) == "NotArbiter"
    assert await hands.says(ARBITER, ruling) == "done"
    seen = await load(books, job.id)
    assert (seen.status, seen.paid) == (JobStatus.REFUNDED, 0)
    assert balance(venue, ADA) == FUNDS
    assert balance(venue, SHIPPER) == 10 * BUDGET
