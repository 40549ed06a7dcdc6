"""Whoever deals on a market signs what they built themselves, and believes what others signed."""

from __future__ import annotations

import base64
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import httpx
import msgspec
import pytest
from litestar import Litestar
from solders.keypair import Keypair

from basis.escrow import Deposit, decode_envelope
from basis.kit.signing import SigningKey, read_key, sign_statement
from basis.kit.testing import HandClock
from swarmhaul import market
from swarmhaul.client import (
    AboutMarket,
    BidsTold,
    Calls,
    Dealer,
    Expected,
    Gap,
    MarketAway,
    MarketLies,
    MarketRefuses,
    RailUnknown,
    message_on,
    read_work,
)
from swarmhaul.kit.books import Books
from swarmhaul.market import Venue
from swarmhaul.market.tests.builders import (
    ARBITER,
    BUDGET,
    HOUR,
    MARKET_KEY,
    SHIPPER,
    TREASURY,
    bid_terms,
    job_terms,
    list_job,
    work,
)
from swarmhaul.reputation import BASE, ONE, Deed, SeenKind, note
from swarmhaul.settlement import open_ledger
from swarmhaul.svm import open_svm
from swarmhaul.verifying import gather_url, verify

STRANGER = SigningKey.of_seed(b"z" * 32)


@pytest.fixture
async def calls(app: Litestar) -> AsyncIterator[Calls]:
    """To a market in this process."""
    made = Calls("http://market.example", tries=2)
    await made.http.aclose()
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)  # type: ignore[arg-type]
    made.http = httpx.AsyncClient(transport=transport, base_url=made.url)
    yield made
    await made.close()


@pytest.fixture
async def about(calls: Calls, venue: Venue, app: Litestar) -> AboutMarket:
    app.state.venue = replace(venue, rail_name="ledger")
    return await calls.read("/api/market", AboutMarket)


@pytest.fixture
def shipper(calls: Calls, about: AboutMarket, clock: HandClock) -> Dealer:
    return Dealer(calls, SHIPPER, about, clock)


async def test_all_bids_of_a_crowd_are_read_and_verified(
    calls: Calls, shipper: Dealer, books: Books, venue: Venue, clock: HandClock
) -> None:
    """More than any page has."""
    job = await list_job(books, venue)
    crowd = [SigningKey.of_seed(number.to_bytes(32)) for number in range(1, 65)]
    async with books.writing() as uow:
        for number, key in enumerate([*crowd] * 8):
            terms = bid_terms(job, 400_000 - number)
            signed = sign_statement(
                key, terms, market=venue.name, purpose=market.BID, now=clock(), lives_seconds=HOUR
            )
            await market.place_bid(uow, signed)
    shown = await shipper.list_bids(job.id)
    assert len({bid.id for bid in shown}) == len(shown) == 512 > market.BIDS_MAX
    page = await calls.read(f"/api/jobs/{job.id}/bids", BidsTold, limit=300)
    assert [bid.id for bid in page.bids] == [bid.id for bid in shown[:300]]
    assert page.after == shown[299].id
    clock.advance(seconds=60)
    await work(books, venue)
    evidence = await gather_url(calls)
    assert len(evidence.bids[job.id]) == 512
    # The cheapest, which won, came last: without the other pages nobody could do the award again.
    assert evidence.bids[job.id][-1].id == evidence.jobs[0].legs[0].bid_id
    assert verify(evidence).is_good
    async with books.reading() as look:
        assert len(await market.list_all_bids(look, job.id)) == 512


@pytest.mark.parametrize("rail", ["svm", "ledger"])
def test_what_is_signed_is_built_here_as_the_rail_wants_it(
    rail: str, tmp_path: Path, clock: HandClock
) -> None:
    treasury = read_key(TREASURY.public)
    path = tmp_path / "journal"
    made = (
        open_svm(path, treasury=TREASURY.seed, clock=clock)
        if rail == "svm"
        else open_ledger(path, treasury=treasury, unit="lamports", clock=clock)
    )
    about = AboutMarket(
        market="m", coordinator=MARKET_KEY.public, arbiter=ARBITER.public, rail=rail,
        treasury=TREASURY.public, wallet_min=made.wallet_min, award_seconds=900, bids_live_max=8,
    )  # fmt: skip
    dealer = Dealer(Calls("http://nowhere.example"), STRANGER, about, clock)
    sealed = dealer.seal(Deposit(wallet=treasury, amount=1))
    envelope = decode_envelope(base64.b64decode(sealed["envelope"]))
    try:
        assert message_on(about, envelope) == made.message(envelope)
    finally:
        made.close()
    with pytest.raises(RailUnknown):
        message_on(msgspec.structs.replace(about, rail="solana"), envelope)
    assert Keypair.from_seed(STRANGER.seed).pubkey() is not None


def test_another_market_than_the_one_that_was_meant_is_refused(about: AboutMarket) -> None:
    Expected(market="test-market", rail="ledger", coordinator=MARKET_KEY.public).check(about)
    for wrong in (
        Expected(market="another"), Expected(rail="svm"), Expected(coordinator=STRANGER.public),
    ):  # fmt: skip
        with pytest.raises(MarketLies):
            wrong.check(about)


async def test_a_job_is_listed_and_read_as_its_shipper_signed_it(
    shipper: Dealer, venue: Venue, clock: HandClock
) -> None:
    listed = await shipper.list_job(job_terms(venue, clock()))
    assert listed is not None
    (job,) = await shipper.list_jobs("open")
    assert job == listed
    assert read_work(job, market="test-market").budget == BUDGET
    dearer = job.statement.replace(f'"budget":{BUDGET}', f'"budget":{BUDGET + 1}')
    for lie in (
        msgspec.structs.replace(job, statement=dearer),
        msgspec.structs.replace(job, shipper=STRANGER.public),
        msgspec.structs.replace(job, signature=job.signature[::-1]),
        msgspec.structs.replace(job, statement="{}"),
    ):
        with pytest.raises(MarketLies):
            read_work(lie, market="test-market")
    with pytest.raises(MarketLies):
        read_work(job, market="another-market")


async def test_a_refusal_has_the_code_of_the_market(shipper: Dealer) -> None:
    with pytest.raises(MarketRefuses) as refused:
        await shipper.load_job("01234567-0000-7000-8000-000000000000")
    assert (refused.value.code, refused.value.status) == ("NoSuchJob", 404)


async def test_what_was_carried_out_before_its_answer_was_lost_is_not_done_twice(
    shipper: Dealer, venue: Venue, clock: HandClock
) -> None:
    class Losing(httpx.AsyncBaseTransport):
        """Loses the first answer to each thing that is sent."""

        def __init__(self, within: httpx.AsyncBaseTransport) -> None:
            self.within, self.lost = within, set[bytes]()

        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            answer = await self.within.handle_async_request(request)
            if request.content and request.content not in self.lost:
                self.lost.add(request.content)
                raise httpx.ReadError("the line broke", request=request)
            return answer

    shipper.calls.http._transport = Losing(shipper.calls.http._transport)
    assert await shipper.list_job(job_terms(venue, clock())) is None
    assert len(await shipper.list_jobs("open")) == 1
    assert await shipper.read_balance() == 9 * BUDGET
    treasury = Dealer(shipper.calls, TREASURY, shipper.about, clock)
    await treasury.give(Deposit(wallet=read_key(STRANGER.public), amount=5))
    assert await shipper.read_balance(STRANGER.public) == 5


async def test_a_courier_refers_a_stranger_once_however_often_it_is_sent(
    shipper: Dealer, books: Books, venue: Venue, clock: HandClock
) -> None:
    carried = Deed(
        subject=SHIPPER.public, counterparty=TREASURY.public, kind=SeenKind.COMPLETED, about="job/0"
    )
    async with books.writing() as uow:
        await note(uow, venue.pen, carried)
    first = await shipper.refer(STRANGER.public)
    assert (first.subject, first.is_stranger) == (STRANGER.public, True)
    assert BASE < first.score < BASE + ONE // 200
    assert await shipper.refer(STRANGER.public) == first
    with pytest.raises(MarketRefuses, match="Only somebody who has carried"):
        await Dealer(shipper.calls, STRANGER, shipper.about, clock).refer(TREASURY.public)


async def test_a_market_that_stays_away_is_told() -> None:
    calls = Calls("http://127.0.0.1:9", tries=1)
    with pytest.raises(MarketAway):
        await calls.read("/api/market", AboutMarket)
    await calls.close()


async def test_whoever_begins_to_follow_is_told_from_where(shipper: Dealer) -> None:
    messages = shipper.follow()
    assert await anext(messages) == Gap(0)
    await messages.aclose()
