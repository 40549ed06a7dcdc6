"""The API from outside: what it shows, what it says of itself, and what it refuses."""

from __future__ import annotations

from typing import Any

import httpx
from litestar import Litestar

from basis.kit.background.dispatcher import Dispatcher
from basis.kit.http.doors import GENERAL_PER_ADDRESS
from basis.kit.limits import Limits
from basis.kit.testing import HandClock
from swarmhaul import market
from swarmhaul.identity import SigningKey, sign_statement
from swarmhaul.kit.books import Books
from swarmhaul.main import SUBSCRIPTIONS
from swarmhaul.market import JobView, Venue
from swarmhaul.market.tests.builders import (
    ADA,
    BEN,
    HOUR,
    MARKET_KEY,
    SHIPPER,
    bid_terms,
    carry,
    first_half,
    job_terms,
    load,
    second_half,
    work,
)

PATHS = {market.LIST: "/api/jobs", market.BID: "/api/bids"}


async def send(
    client: httpx.AsyncClient, key: SigningKey, purpose: str, terms: Any, clock: HandClock
) -> dict[str, Any]:
    lives = HOUR if purpose == market.BID else 120
    signed = sign_statement(
        key, terms, market="test-market", purpose=purpose, now=clock(), lives_seconds=lives
    )
    headers = {"X-Signature": signed.signature}
    answer = await client.post(PATHS[purpose], content=signed.text.encode(), headers=headers)
    assert answer.status_code == 201, answer.text
    told: dict[str, Any] = answer.json()
    return told


async def test_a_job_from_listing_to_the_last_hand_over(
    client: httpx.AsyncClient, books: Books, venue: Venue, clock: HandClock
) -> None:
    listed = await send(client, SHIPPER, market.LIST, job_terms(venue, clock()), clock)
    assert listed["status"] == "open"
    job: JobView = await load(books, listed["id"])
    await send(client, ADA, market.BID, first_half(job, 100_000), clock)
    second = await send(client, BEN, market.BID, second_half(job, 200_000), clock)
    shown = (await client.get(f"/api/jobs/{job.id}/bids")).json()["bids"]
    assert [one["agent"] for one in shown] == [ADA.public, BEN.public]
    assert (await client.get(f"/api/bids/{second['id']}")).json() == second
    clock.advance(seconds=10)
    await work(books, venue)
    rail = (await client.get(f"/api/rail/jobs/{job.id}")).json()["job"]
    assert (rail["status"], rail["escrow"], len(rail["legs"])) == ("awarded", 1_000_000, 2)
    await carry(books, venue, await load(books, job.id), ADA, BEN)
    done = (await client.get(f"/api/jobs/{job.id}")).json()
    assert (done["status"], done["paid"]) == ("delivered", 300_000)
    assert (await client.get("/api/economy")).json() == {"jobs": {"delivered": 1}, "paid": 300_000}
    best = (await client.get("/api/reputation")).json()
    assert best["observer"] == MARKET_KEY.public
    assert {one["subject"] for one in best["standings"]} == {ADA.public, BEN.public}
    log = (await client.get("/api/observations")).json()
    assert (log["seq"], len(log["lines"])) == (2, 2)
    wallet = (await client.get(f"/api/rail/wallets/{ADA.public}")).json()
    assert wallet["balance"] == 100_000


async def test_what_happened_is_told_in_order(
    client: httpx.AsyncClient, books: Books, venue: Venue, clock: HandClock
) -> None:
    listed = await send(client, SHIPPER, market.LIST, job_terms(venue, clock()), clock)
    job = await load(books, listed["id"])
    await send(client, ADA, market.BID, bid_terms(job), clock)
    while await Dispatcher(books, SUBSCRIPTIONS).run_once():
        pass
    told = (await client.get("/api/events")).json()
    assert [(one["seq"], one["topic"]) for one in told["messages"]] == [
        (1, "job.listed"),
        (2, "bid.placed"),
    ]
    assert told["seq"] == 2
    later = (await client.get("/api/events?since=1")).json()["messages"]
    assert [one["seq"] for one in later] == [2]


async def test_jobs_are_listed_in_pages_the_newest_first(
    client: httpx.AsyncClient, venue: Venue, clock: HandClock
) -> None:
    ids = []
    for _ in range(3):
        told = await send(client, SHIPPER, market.LIST, job_terms(venue, clock()), clock)
        ids.append(told["id"])
    first = (await client.get("/api/jobs?limit=2")).json()
    assert [job["id"] for job in first["jobs"]] == [ids[2], ids[1]]
    rest = (await client.get(f"/api/jobs?limit=2&before={first['before']}")).json()
    assert [job["id"] for job in rest["jobs"]] == [ids[0]]
    assert rest["before"] is None
    assert (await client.get("/api/jobs?status=delivered")).json()["jobs"] == []


async def test_it_says_what_one_needs_to_sign(client: httpx.AsyncClient) -> None:
    told = (await client.get("/api/market")).json()
    assert (told["market"], told["coordinator"]) == ("test-market", MARKET_KEY.public)
    purposes = {one["purpose"]: f"{one['method']} {one['path']}" for one in told["purposes"]}
    assert purposes == {
        "job.list": "POST /api/jobs",
        "bid.place": "POST /api/bids",
        "bid.withdraw": "POST /api/bids/withdrawals",
        "reputation.seen": "POST /api/observations",
        "reputation.refer": "POST /api/reputation/referrals",
    }


async def test_the_description_holds_every_door_with_its_statement(
    client: httpx.AsyncClient,
) -> None:
    document = (await client.get("/api/openapi.json")).json()
    assert document["openapi"].startswith("3.1")
    operation = document["paths"]["/api/bids"]["post"]
    body = operation["requestBody"]["content"]["application/json"]["schema"]
    assert body["properties"]["purpose"] == {"const": "bid.place"}
    assert body["properties"]["terms"] == {"$ref": "#/components/schemas/PlaceBid"}
    assert any(one["name"] == "X-Signature" for one in operation["parameters"])
    text = str(document)
    missing = [
        name.partition("'")[0]
        for name in text.split("#/components/schemas/")[1:]
        if name.partition("'")[0] not in document["components"]["schemas"]
    ]
    assert missing == []


REFUSED = {
    "/api/jobs/00000000-0000-7000-8000-000000000000": 404,
    "/api/jobs/nothing": 404,
    "/api/bids/nothing": 404,
    "/api/rail/jobs/nothing": 404,
    "/api/jobs?limit=0": 400,
    "/api/jobs?limit=999": 400,
    "/api/jobs?status=elsewhere": 400,
    "/api/events?since=-1": 400,
    "/api/rail/entries?since=-1": 400,
    "/api/rail/wallets/nobody": 400,
    "/api/rail/message?envelope=AAAA": 400,
    "/nowhere": 404,
}


async def test_refusals_are_sentences_with_codes(client: httpx.AsyncClient) -> None:
    for path, status in REFUSED.items():
        answer = await client.get(path)
        assert (path, answer.status_code) == (path, status)
        told = answer.json()
        assert told["success"] is False
        assert told["code"]
        assert told["error"]


async def test_it_is_ready_when_books_and_rail_are(client: httpx.AsyncClient) -> None:
    assert (await client.get("/health/live")).json() == {"status": "ok"}
    ready = await client.get("/health/ready")
    assert (ready.status_code, ready.json()["rail"]) == (200, "ok")


async def test_who_asks_without_end_has_to_wait_and_cannot_say_it_is_somebody_else(
    client: httpx.AsyncClient, app: Litestar
) -> None:
    """D-23: the limit is not keyed on what the client sends."""
    app.state.limits = Limits(monotonic=lambda: 0.0)
    for number in range(GENERAL_PER_ADDRESS.burst):
        headers = {"X-Forwarded-For": f"10.1.{number // 250}.{number % 250}"}
        assert (await client.get("/health/live", headers=headers)).status_code == 200
    refused = await client.get("/health/live", headers={"X-Forwarded-For": "10.9.9.9"})
    assert refused.status_code == 429
    assert int(refused.headers["retry-after"]) >= 1
    assert "access-control-allow-origin" not in refused.headers


async def test_large_and_deep_bodies_are_refused(client: httpx.AsyncClient) -> None:
    large = await client.post("/api/bids", content=b"x" * 100_000)
    assert large.status_code in (400, 401, 413)
    deep = await client.post("/api/rail/commands", content=b"[" * 15_000)
    assert deep.status_code == 400
