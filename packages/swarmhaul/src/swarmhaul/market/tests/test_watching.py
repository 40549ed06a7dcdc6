"""What the market keeps of the rail's log, and what the matcher would have done."""

from __future__ import annotations

from typing import Any

import httpx

from basis.kit.testing import HandClock
from swarmhaul import market
from swarmhaul.identity import write_key
from swarmhaul.kit.books import Books
from swarmhaul.market import JobView, Venue
from swarmhaul.market.tests.builders import (
    ADA,
    BEN,
    BUDGET,
    CYD,
    bid,
    bid_terms,
    carry,
    first_half,
    list_job,
    load,
    second_half,
    withdraw,
    work,
)


async def carried(books: Books, venue: Venue, clock: HandClock) -> JobView:
    """A relay of Ada and Ben: what the market knows of names, it knows from here."""
    job = await list_job(books, venue)
    await bid(books, venue, ADA, first_half(job, 100_000))
    await bid(books, venue, BEN, second_half(job, 200_000))
    clock.advance(seconds=10)
    await work(books, venue)
    await carry(books, venue, await load(books, job.id), ADA, BEN)
    return await load(books, job.id)


async def ask(client: httpx.AsyncClient, job: JobView, **screws: int) -> dict[str, Any]:
    answer = await client.get(f"/api/jobs/{job.id}/simulation", params=screws)
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


async def test_a_job_keeps_its_own_lines_of_the_rails_log(
    books: Books, venue: Venue, clock: HandClock
) -> None:
    other = await list_job(books, venue)
    job = await carried(books, venue, clock)
    async with books.reading() as look:
        kept = await market.list_job_entries(look, job.id)
        others = await market.list_job_entries(look, other.id)
    by_seq = {entry.seq: entry for entry in venue.rail.list_entries()}
    assert [entry.command for entry in others] == ["Open"]
    assert [entry.command for entry in kept] == [
        "Open", "Award", "Accept", "Accept", "Arrive", "Confirm", "Arrive", "Confirm",
    ]  # fmt: skip
    for entry in kept:
        told = by_seq[entry.seq]
        assert entry.digest == told.hash.hex()
        assert entry.signer == write_key(told.envelope.signer)
        assert entry.moves == {write_key(move.wallet): move.amount for move in told.moves}
    assert sum(sum(entry.moves.values()) for entry in kept) == -BUDGET + 300_000


async def test_the_usual_screws_choose_what_was_chosen(
    books: Books, venue: Venue, clock: HandClock, client: httpx.AsyncClient
) -> None:
    job = await carried(books, venue, clock)
    told = await ask(client, job)
    assert told["is_as_awarded"] is True
    assert [leg["bid_id"] for leg in told["legs"]] == [leg.bid_id for leg in job.legs]
    assert (told["paid"], told["back"]) == (300_000, BUDGET - 300_000)


async def test_a_name_tips_the_scales_when_it_counts_more(
    books: Books, venue: Venue, clock: HandClock, client: httpx.AsyncClient
) -> None:
    await carried(books, venue, clock)
    job = await list_job(books, venue)
    known = await bid(books, venue, ADA, bid_terms(job, 100_100))
    stranger = await bid(books, venue, CYD, bid_terms(job, 100_000))
    clock.advance(seconds=60)
    await work(books, venue)
    chosen = [(await ask(client, job, strength=gamma))["legs"][0]["bid_id"] for gamma in (0, 2_000)]
    assert chosen == [stranger, known]


async def test_what_is_shared_out_is_shared_to_the_lamport(
    books: Books, venue: Venue, clock: HandClock, client: httpx.AsyncClient
) -> None:
    job = await carried(books, venue, clock)
    all_of_it = await ask(client, job, shared=10_000, fairness=0)
    assert (all_of_it["paid"], all_of_it["back"]) == (BUDGET, 0)
    evenly = await ask(client, job, shared=10_000, fairness=10_000)
    bonuses = [leg["pay"] - leg["cost"] for leg in evenly["legs"]]
    assert bonuses == [350_000, 350_000]
    half = await ask(client, job, shared=5_000)
    assert half["paid"] + half["back"] == BUDGET
    assert half["paid"] == 650_000


async def test_bids_that_were_gone_are_not_tried(
    books: Books, venue: Venue, clock: HandClock, client: httpx.AsyncClient
) -> None:
    job = await list_job(books, venue)
    gone = await bid(books, venue, CYD, bid_terms(job, 1))
    await bid(books, venue, ADA, bid_terms(job, 400_000))
    await withdraw(books, venue, CYD, gone)
    clock.advance(seconds=60)
    await work(books, venue)
    told = await ask(client, job)
    assert (told["bids"], told["legs"][0]["agent"]) == (1, ADA.public)


async def test_while_bids_are_taken_nothing_is_tried(
    books: Books, venue: Venue, client: httpx.AsyncClient
) -> None:
    job = await list_job(books, venue)
    await bid(books, venue, ADA, bid_terms(job))
    answer = await client.get(f"/api/jobs/{job.id}/simulation")
    assert (answer.status_code, answer.json()["code"]) == (409, "StillBidFor")


async def test_trying_changes_nothing_and_has_bounds(
    books: Books, venue: Venue, clock: HandClock, client: httpx.AsyncClient
) -> None:
    job = await carried(books, venue, clock)
    before = (await client.get(f"/api/jobs/{job.id}")).json(), venue.rail.head()
    await ask(client, job, strength=0, shared=10_000)
    assert ((await client.get(f"/api/jobs/{job.id}")).json(), venue.rail.head()) == before
    for screws in ({"strength": 2_001}, {"shared": 10_001}, {"fairness": -1}):
        answer = await client.get(f"/api/jobs/{job.id}/simulation", params=screws)
        assert (screws, answer.status_code) == (screws, 400)
    missing = await client.get("/api/jobs/nothing/simulation")
    assert missing.status_code == 404


async def test_nobody_keeps_the_matcher_busy(
    books: Books, venue: Venue, clock: HandClock, client: httpx.AsyncClient
) -> None:
    job = await carried(books, venue, clock)
    path = f"/api/jobs/{job.id}/simulation"
    answers = [(await client.get(path)).status_code for _ in range(60)]
    assert answers[0] == 200
    assert answers[-1] == 429
