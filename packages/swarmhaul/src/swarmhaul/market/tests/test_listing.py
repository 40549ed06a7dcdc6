"""A job is listed when its money is locked, and only as it was signed."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from basis.kit.testing import HandClock
from swarmhaul import market
from swarmhaul.identity import Replayed, SigningKey, read_key
from swarmhaul.kit.books import Books
from swarmhaul.market import (
    JobStatus,
    JobUnfit,
    ListedBefore,
    OpeningUnfit,
    TermsUnfit,
    Venue,
)
from swarmhaul.market.openings import read_opening
from swarmhaul.market.tests.builders import (
    ADA,
    BUDGET,
    MARKET_KEY,
    SHIPPER,
    balance,
    fund,
    job_terms,
    list_job,
    load,
    opening,
    seconds,
    sign,
    work,
)


async def refused(books: Books, venue: Venue, error: type[Exception], **fields: Any) -> None:
    signed = sign(
        venue, SHIPPER, market.LIST, job_terms(venue, books.clock()) | fields, books.clock()
    )
    with pytest.raises(error):
        async with books.writing() as uow:
            await market.list_job(uow, signed, venue)


async def test_a_job_is_open_when_its_budget_is_locked(books: Books, venue: Venue) -> None:
    before = balance(venue, SHIPPER)
    job = await list_job(books, venue)
    assert job.status is JobStatus.OPEN
    assert balance(venue, SHIPPER) == before - BUDGET


async def test_a_job_without_money_is_refused_and_nobody_pays_for_it(
    books: Books, venue: Venue
) -> None:
    """D-07: nobody's job is paid by the market."""
    poor = SigningKey.of_seed(b"q" * 32)
    for key, amount in ((poor, BUDGET - 1), (MARKET_KEY, 5 * BUDGET)):
        fund(venue.rail, key, amount, books.clock())
    now = books.clock()
    signed = sign(venue, poor, market.LIST, job_terms(venue, now, key=poor), now)
    async with books.writing() as uow:
        job_id = await market.list_job(uow, signed, venue)
    refusal = await market.open_escrow(books, venue, job_id)
    assert refusal is not None
    assert refusal.code == "InsufficientFunds"
    job = await load(books, job_id)
    assert (job.status, job.refusal) == (JobStatus.REFUSED, "InsufficientFunds")
    assert (balance(venue, poor), balance(venue, MARKET_KEY)) == (BUDGET - 1, 5 * BUDGET)


async def test_a_refused_opening_that_comes_to_the_rail_again_opens_the_job(
    books: Books, venue: Venue, clock: HandClock
) -> None:
    """Anybody may bring it there; then the money is not locked for a job that nobody can carry."""
    poor = SigningKey.of_seed(b"q" * 32)
    now = books.clock()
    signed = sign(venue, poor, market.LIST, job_terms(venue, now, key=poor), now)
    async with books.writing() as uow:
        job_id = await market.list_job(uow, signed, venue)
    assert await market.open_escrow(books, venue, job_id) is not None
    fund(venue.rail, poor, BUDGET + 1, books.clock())
    await venue.submit(*read_opening((await load(books, job_id)).terms.opening))
    await market.catch_up(books, venue)
    job = await load(books, job_id)
    assert (job.status, job.refusal) == (JobStatus.OPEN, None)
    clock.advance(seconds=61)
    await work(books, venue)
    assert (await load(books, job_id)).status is JobStatus.UNMATCHED
    clock.advance(seconds=3_600)
    await market.sweep(books, venue)
    assert (await load(books, job_id)).status is JobStatus.REFUNDED
    assert balance(venue, poor) == BUDGET + 1


async def test_a_job_whose_door_was_killed_is_opened_afterwards(
    books: Books, venue: Venue, clock: HandClock
) -> None:
    """D-30: what the books and the rail know is made one again, whoever was killed when."""
    now = books.clock()
    signed = sign(venue, SHIPPER, market.LIST, job_terms(venue, now), now)
    async with books.writing() as uow:
        job_id = await market.list_job(uow, signed, venue)
    assert (await load(books, job_id)).status is JobStatus.OPENING
    clock.advance(seconds=5)
    await work(books, venue)
    assert (await load(books, job_id)).status is JobStatus.OPEN


async def test_money_that_was_locked_just_before_the_kill_is_not_locked_twice(
    books: Books, venue: Venue, clock: HandClock
) -> None:
    now = books.clock()
    signed = sign(venue, SHIPPER, market.LIST, job_terms(venue, now), now)
    async with books.writing() as uow:
        job_id = await market.list_job(uow, signed, venue)
    terms = (await load(books, job_id)).terms
    await venue.submit(*read_opening(terms.opening))
    before = balance(venue, SHIPPER)
    clock.advance(seconds=5)
    await work(books, venue)
    assert (await load(books, job_id)).status is JobStatus.OPEN
    assert balance(venue, SHIPPER) == before


async def test_the_same_statement_lists_once(books: Books, venue: Venue) -> None:
    now = books.clock()
    signed = sign(venue, SHIPPER, market.LIST, job_terms(venue, now), now)
    async with books.writing() as uow:
        await market.list_job(uow, signed, venue)
    with pytest.raises(Replayed):
        async with books.writing() as uow:
            await market.list_job(uow, signed, venue)


async def test_an_id_is_listed_once_and_belongs_to_its_shipper(books: Books, venue: Venue) -> None:
    first = await list_job(books, venue)
    await refused(
        books,
        venue,
        ListedBefore,
        id=first.terms.id,
        opening=opening(venue, SHIPPER, first.terms.id, books.clock()),
    )


@pytest.mark.parametrize(
    "fields",
    [
        {"budget": BUDGET + 1},
        {"coordinator": read_key(ADA.public)},
        {"award_by": 1_905_264_000},
    ],
    ids=["budget", "coordinator", "award-by"],
)
async def test_refuses_an_opening_for_another_bargain(
    books: Books, venue: Venue, fields: dict[str, Any]
) -> None:
    """D-18: what is locked is what was listed, or nothing is listed."""
    now = books.clock()
    terms = job_terms(venue, now)
    await refused(
        books, venue, OpeningUnfit,
        id=terms["id"], opening=opening(venue, SHIPPER, terms["id"], now, **fields),
    )  # fmt: skip


async def test_refuses_an_opening_of_somebody_else(books: Books, venue: Venue) -> None:
    terms = job_terms(venue, books.clock())
    theirs = opening(venue, ADA, terms["id"], books.clock())
    await refused(books, venue, OpeningUnfit, id=terms["id"], opening=theirs)
    await refused(books, venue, OpeningUnfit, opening={"envelope": "AAAA", "signature": "1" * 64})


@pytest.mark.parametrize(
    "fields",
    [
        {"budget": -1}, {"budget": 0}, {"budget": 1.5}, {"budget": 2**53 - 1}, {"budget": "9"},
        {"origin": {"latitude_e6": 90_000_001, "longitude_e6": 0}}, {"legs_max": 9},
        {"description": ""}, {"description": "a\u202eb"}, {"more": 1}, {"weight_grams": 0},
        {"id": "AB" * 16}, {"id": "ab"},
    ],
    ids=str,
)  # fmt: skip
async def test_refuses_terms_that_do_not_fit(
    books: Books, venue: Venue, fields: dict[str, Any]
) -> None:
    """D-35: negative, fractional and overflowing amounts never come in."""
    await refused(books, venue, TermsUnfit, **fields)


async def test_refuses_times_that_leave_nobody_a_chance(
    books: Books, venue: Venue, clock: HandClock
) -> None:
    now = seconds(clock)
    await refused(books, venue, JobUnfit, window={"bids_until": now + 1})
    await refused(books, venue, JobUnfit, ready_at=now + 9_000, deliver_by=now + 9_000)
    await refused(books, venue, JobUnfit, deliver_by=now + 30)
    await refused(books, venue, JobUnfit, deliver_by=now + 30 * 86_400 - 899)
    await refused(
        books, venue, JobUnfit, destination={"latitude_e6": 48_100_000, "longitude_e6": 11_500_000}
    )


async def test_of_twenty_who_send_the_same_statement_at_once_one_lists(
    books: Books, venue: Venue
) -> None:
    now = books.clock()
    signed = sign(venue, SHIPPER, market.LIST, job_terms(venue, now), now)

    async def send() -> str | None:
        try:
            async with books.writing() as uow:
                return await market.list_job(uow, signed, venue)
        except Replayed:
            return None

    listed = await asyncio.gather(*(send() for _ in range(20)))
    assert len([one for one in listed if one]) == 1
