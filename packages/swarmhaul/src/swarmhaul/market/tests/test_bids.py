"""Bids: signed, bounded, taken back while the window is open, and bound when it is not."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from basis.errors import DomainError
from basis.kit.signing.statements import PREFIX
from basis.kit.testing import HandClock
from swarmhaul import market
from swarmhaul.identity import Replayed, is_signed_by, sign_statement
from swarmhaul.kit.books import Books
from swarmhaul.market import (
    BidBound,
    BidsClosed,
    BidStatus,
    NoSuchBid,
    NoSuchJob,
    OtherBid,
    OwnJob,
    TermsUnfit,
    Venue,
)
from swarmhaul.market.admission import EVER_MAX, LIVE_MAX, BidUseless, TooManyBids
from swarmhaul.market.tests.builders import (
    ADA,
    ARBITER,
    BEN,
    BUDGET,
    HOUR,
    MARKET_KEY,
    SHIPPER,
    START,
    bid,
    bid_terms,
    list_job,
    sign,
    withdraw,
    withdrawal,
)


async def refused(
    books: Books, venue: Venue, error: type[DomainError], terms: dict[str, Any], *, key: Any = ADA
) -> None:
    with pytest.raises(error):
        await bid(books, venue, key, terms)


async def test_a_bid_is_kept_with_what_proves_it(books: Books, venue: Venue) -> None:
    job = await list_job(books, venue)
    bid_id = await bid(books, venue, ADA, bid_terms(job, 300_000))
    async with books.reading() as look:
        (kept,) = await market.list_bids(look, job.id)
    assert (kept.id, kept.agent, kept.terms.cost) == (bid_id, ADA.public, 300_000)
    assert kept.status is BidStatus.LIVE
    assert f'"signer":"{ADA.public}"' in kept.statement


@pytest.mark.parametrize(
    "fields",
    [{"cost": -5}, {"cost": 0}, {"cost": 0.5}, {"cost": 10**15}, {"cost": None}, {"more": 1}],
    ids=str,
)
async def test_refuses_amounts_that_are_none(
    books: Books, venue: Venue, fields: dict[str, Any]
) -> None:
    """D-35: a bid of -5 SOL won in the reference."""
    job = await list_job(books, venue)
    await refused(books, venue, TermsUnfit, bid_terms(job) | fields)


@pytest.mark.parametrize(
    "fields",
    [
        {"cost": BUDGET + 1},
        {"carries_grams": 2_999},
        {"carries_ml": 7_999},
        {"dropoff": START},
        {"pickup_until": 1},
        {"arrives_by": 1 << 39},
        {"pickup_until": 1_905_270_000, "arrives_by": 1_905_260_000},
    ],
    ids=str,
)
async def test_refuses_bids_that_no_chain_could_use(
    books: Books, venue: Venue, fields: dict[str, Any]
) -> None:
    job = await list_job(books, venue)
    await refused(books, venue, BidUseless, bid_terms(job) | fields)


async def test_an_agent_has_eight_live_bids_for_a_job(books: Books, venue: Venue) -> None:
    """D-38: what the matcher has to read is bounded by who bids, not by how often."""
    job = await list_job(books, venue)
    ids = [await bid(books, venue, ADA, bid_terms(job, 1 + n)) for n in range(LIVE_MAX)]
    await refused(books, venue, TooManyBids, bid_terms(job, 99))
    await withdraw(books, venue, ADA, ids[0])
    await bid(books, venue, ADA, bid_terms(job, 99))
    await bid(books, venue, BEN, bid_terms(job, 99))


async def test_of_twenty_bids_at_once_eight_are_taken(books: Books, venue: Venue) -> None:
    """Fails on PostgreSQL when HOLD_WINDOW only looks: then all twenty count none before them."""
    job = await list_job(books, venue)

    async def place(cost: int) -> int:
        try:
            await bid(books, venue, ADA, bid_terms(job, cost))
        except TooManyBids:
            return 0
        return 1

    taken = await asyncio.gather(*(place(1 + n) for n in range(20)))
    assert sum(taken) == LIVE_MAX


async def test_nobody_changes_their_mind_for_ever(books: Books, venue: Venue) -> None:
    job = await list_job(books, venue)
    for cost in range(1, EVER_MAX + 1):
        await withdraw(books, venue, ADA, await bid(books, venue, ADA, bid_terms(job, cost)))
    await refused(books, venue, TooManyBids, bid_terms(job))


@pytest.mark.parametrize(
    "key", [SHIPPER, MARKET_KEY, ARBITER], ids=["shipper", "market", "arbiter"]
)
async def test_who_ships_coordinates_or_rules_does_not_carry(
    books: Books, venue: Venue, key: Any
) -> None:
    """D-06: one key on several sides made reputation out of nothing."""
    job = await list_job(books, venue)
    await refused(books, venue, OwnJob, bid_terms(job), key=key)


async def test_a_bid_counts_once(books: Books, venue: Venue) -> None:
    job = await list_job(books, venue)
    signed = sign(venue, ADA, market.BID, bid_terms(job), books.clock())
    async with books.writing() as uow:
        await market.place_bid(uow, signed)
    with pytest.raises(Replayed):
        async with books.writing() as uow:
            await market.place_bid(uow, signed)


async def test_a_statement_that_was_refused_may_be_sent_again(
    books: Books, venue: Venue, clock: HandClock
) -> None:
    job = await list_job(books, venue)
    signed = sign_statement(
        ADA, bid_terms(job), market=venue.name, purpose=market.BID, now=clock(), lives_seconds=HOUR
    )
    ids = [await bid(books, venue, ADA, bid_terms(job, 1 + n)) for n in range(LIVE_MAX)]
    with pytest.raises(TooManyBids):
        async with books.writing() as uow:
            await market.place_bid(uow, signed)
    await withdraw(books, venue, ADA, ids[0])
    async with books.writing() as uow:
        assert await market.place_bid(uow, signed)


async def test_only_its_agent_withdraws_a_bid(books: Books, venue: Venue) -> None:
    """D-15: who signed is who acts."""
    job = await list_job(books, venue)
    bid_id = await bid(books, venue, ADA, bid_terms(job))
    with pytest.raises(NoSuchBid):
        await withdraw(books, venue, BEN, bid_id)
    await withdraw(books, venue, ADA, bid_id)
    async with books.reading() as look:
        gone = await market.load_bid(look, bid_id)
    assert gone.withdrawal is not None
    assert is_signed_by(
        ADA.public, PREFIX + gone.withdrawal.statement.encode(), gone.withdrawal.signature
    )
    with pytest.raises(BidBound):
        await withdraw(books, venue, ADA, bid_id)


async def test_a_withdrawal_names_the_bytes_that_it_takes_back(books: Books, venue: Venue) -> None:
    """Or a market could keep the cheaper of two and say that it was that one."""
    job = await list_job(books, venue)
    kept = await bid(books, venue, ADA, bid_terms(job, 200_000))
    other = await bid(books, venue, ADA, bid_terms(job, 300_000))
    async with books.writing() as uow:
        terms = await withdrawal(uow, kept) | {"bid": other}
        with pytest.raises(OtherBid):
            await market.withdraw_bid(uow, sign(venue, ADA, market.WITHDRAW, terms, books.clock()))
    async with books.reading() as look:
        assert {one.status for one in await market.list_bids(look, job.id)} == {BidStatus.LIVE}


async def test_after_the_window_nothing_comes_and_nothing_goes(
    books: Books, venue: Venue, clock: HandClock
) -> None:
    job = await list_job(books, venue)
    bid_id = await bid(books, venue, ADA, bid_terms(job))
    clock.advance(seconds=60)
    await refused(books, venue, BidsClosed, bid_terms(job), key=BEN)
    with pytest.raises(BidBound):
        await withdraw(books, venue, ADA, bid_id)


async def test_refuses_bids_for_what_is_not_there(books: Books, venue: Venue) -> None:
    job = await list_job(books, venue)
    nowhere = "00000000-0000-7000-8000-000000000000"
    await refused(books, venue, NoSuchJob, bid_terms(job) | {"job": nowhere})
