"""Every route by every kind of caller: what the table says, and nothing else, happens."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from litestar import Litestar, post

from basis.kit.http.doors import doors_of
from basis.kit.limits import Limits
from basis.kit.testing import HandClock
from swarmhaul import market
from swarmhaul.api.access import Needs, check_declared, needs
from swarmhaul.identity import Signed, SigningKey, sign_statement, write_signature
from swarmhaul.kit.books import Books
from swarmhaul.market import Venue
from swarmhaul.market.tests.builders import (
    ADA,
    BEN,
    CYD,
    MARKET_KEY,
    SHIPPER,
    bid,
    bid_terms,
    envelope,
    job_terms,
    list_job,
    rail_key,
    withdrawal,
)
from swarmhaul.reputation import REFER, SEEN, Deed, SeenKind, note
from swarmhaul.settlement import Expire, encode_envelope

NEEDS = {
    "GET /": Needs.NOTHING,
    "GET /jobs": Needs.NOTHING,
    "GET /jobs/{job_id}": Needs.NOTHING,
    "GET /agents": Needs.NOTHING,
    "GET /agents/{agent}": Needs.NOTHING,
    "GET /model": Needs.NOTHING,
    "GET /economy": Needs.NOTHING,
    "GET /style.css": Needs.NOTHING,
    "GET /static/{file_path:path}": Needs.NOTHING,
    "GET /static/observatory/{file_path:path}": Needs.NOTHING,
    "GET /api/jobs/{job_id}/simulation": Needs.NOTHING,
    "GET /health/live": Needs.NOTHING,
    "GET /health/ready": Needs.NOTHING,
    "GET /api/openapi.json": Needs.NOTHING,
    "GET /api/openapi": Needs.NOTHING,
    "GET /api/openapi/openapi.json": Needs.NOTHING,
    "GET /api/openapi/{path}": Needs.NOTHING,
    "GET /api/market": Needs.NOTHING,
    "GET /api/economy": Needs.NOTHING,
    "GET /api/jobs": Needs.NOTHING,
    "GET /api/jobs/{job_id}": Needs.NOTHING,
    "GET /api/jobs/{job_id}/bids": Needs.NOTHING,
    "POST /api/jobs": Needs.STATEMENT,
    "GET /api/bids/{bid_id}": Needs.NOTHING,
    "POST /api/bids": Needs.STATEMENT,
    "POST /api/bids/withdrawals": Needs.STATEMENT,
    "GET /api/rail/message": Needs.NOTHING,
    "GET /api/rail/entries": Needs.NOTHING,
    "GET /api/rail/jobs/{job_id}": Needs.NOTHING,
    "GET /api/rail/wallets/{key}": Needs.NOTHING,
    "POST /api/rail/commands": Needs.COMMAND,
    "GET /api/reputation": Needs.NOTHING,
    "GET /api/reputation/{subject}": Needs.NOTHING,
    "POST /api/reputation/referrals": Needs.STATEMENT,
    "GET /api/observations": Needs.NOTHING,
    "POST /api/observations": Needs.STATEMENT,
    "GET /api/events": Needs.NOTHING,
    "GET /api/events/stream": Needs.NOTHING,
    "WS /api/events/live": Needs.NOTHING,
    "POST /mcp": Needs.TOOL,
    "POST /mcp/call": Needs.TOOL,
    "GET /mcp/tools": Needs.NOTHING,
}
STATEMENTS = sorted(name for name, what in NEEDS.items() if what is Needs.STATEMENT)


@dataclass(frozen=True, slots=True)
class World:
    """A job with a bid of Ada's, and what each door would be given by the right key."""

    venue: Venue
    clock: HandClock
    client: httpx.AsyncClient
    signer: dict[str, SigningKey]
    terms: dict[str, dict[str, Any]]
    purpose: dict[str, str]

    def sign(self, door: str, **fields: Any) -> Signed:
        given: dict[str, Any] = {
            "market": self.venue.name, "purpose": self.purpose[door], "now": self.clock()
        }  # fmt: skip
        return sign_statement(self.signer[door], self.terms[door], **(given | fields))

    async def send(self, door: str, signed: Signed, **headers: str) -> httpx.Response:
        path = door.partition(" ")[2]
        given = {"X-Signature": signed.signature} | headers
        return await self.client.post(path, content=signed.text.encode(), headers=given)


@pytest.fixture
async def world(books: Books, venue: Venue, clock: HandClock, client: httpx.AsyncClient) -> World:
    job = await list_job(books, venue)
    bid_id = await bid(books, venue, ADA, bid_terms(job))
    async with books.reading() as look:
        withdrawn = await withdrawal(look, bid_id)
    carried = Deed(
        subject=CYD.public, counterparty=SHIPPER.public, kind=SeenKind.COMPLETED, about="job/0"
    )
    async with books.writing() as uow:
        await note(uow, venue.pen, carried)
    seen = {
        "seq": 1, "previous": "0" * 64, "subject": ADA.public, "counterparty": SHIPPER.public,
        "kind": "completed", "about": "job/1",
    }  # fmt: skip
    doors = {
        "POST /api/jobs": (SHIPPER, market.LIST, job_terms(venue, clock())),
        "POST /api/bids": (BEN, market.BID, bid_terms(job)),
        "POST /api/bids/withdrawals": (ADA, market.WITHDRAW, withdrawn),
        "POST /api/observations": (BEN, SEEN, seen),
        "POST /api/reputation/referrals": (CYD, REFER, {"subject": ADA.public}),
    }
    return World(
        venue,
        clock,
        client,
        {door: key for door, (key, _, _) in doors.items()},
        {door: terms for door, (_, _, terms) in doors.items()},
        {door: purpose for door, (_, purpose, _) in doors.items()},
    )


def test_the_table_names_every_door(app: Litestar) -> None:
    found = {
        f"{method} {path}": handler.opt["needs"]
        for method, path, handler in doors_of(app)
        if method != "HEAD"
    }
    assert {name.replace(":str", ""): what for name, what in found.items()} == NEEDS


def test_a_door_that_changes_something_names_a_key() -> None:
    """D-13, D-22: without a declaration the server does not start."""

    @post("/mute")
    async def mute() -> None: ...

    @post("/open", opt=needs(Needs.NOTHING))
    async def wide_open() -> None: ...

    for handler in (mute, wide_open):
        with pytest.raises(RuntimeError, match=r"POST /(mute|open)"):
            check_declared(Litestar([handler], openapi_config=None))


@pytest.mark.parametrize("door", STATEMENTS)
async def test_the_right_key_opens_its_door(world: World, door: str) -> None:
    answer = await world.send(door, world.sign(door))
    assert answer.status_code == 201, answer.text


FORGERIES: dict[str, tuple[Callable[[World, str], dict[str, Any]], int, str]] = {
    "another market": (lambda *_: {"market": "elsewhere"}, 403, "WrongMarket"),
    "another purpose": (lambda *_: {"purpose": "something.else"}, 403, "WrongPurpose"),
    "expired": (lambda w, _: {"now": w.clock.now.replace(year=2029)}, 401, "Expired"),
    "of the future": (lambda w, _: {"now": w.clock.now.replace(hour=23)}, 401, "NotYet"),
    "for ever": (lambda *_: {"lives_seconds": 2 * 10**9}, 400, "LivesTooLong"),
}


@pytest.mark.parametrize("door", STATEMENTS)
async def test_a_statement_for_something_else_opens_nothing(world: World, door: str) -> None:
    for name, (fields, status, code) in FORGERIES.items():
        given = fields(world, door)
        if code == "Expired":
            given["lives_seconds"] = 1
        answer = await world.send(door, world.sign(door, **given))
        assert (name, answer.status_code, answer.json()["code"]) == (name, status, code)


@pytest.mark.parametrize("door", STATEMENTS)
async def test_without_its_signature_a_statement_opens_nothing(world: World, door: str) -> None:
    """D-13, D-14, D-15: whoever sends it is nobody; who signed is who acts."""
    signed, path = world.sign(door), door.partition(" ")[2]
    bare = await world.client.post(path, content=signed.text.encode())
    assert (bare.status_code, bare.json()["code"]) == (401, "Unsigned")
    other = await world.send(door, signed, **{"X-Signature": MARKET_KEY.sign(b"else")})
    assert (other.status_code, other.json()["code"]) == (401, "SignatureWrong")
    spaced = signed.text.replace(":", ": ").encode()
    respelled = await world.client.post(
        path, content=spaced, headers={"X-Signature": signed.signature}
    )
    assert (respelled.status_code, respelled.json()["code"]) == (400, "NotCanonical")
    nothing = await world.client.post(path, headers={"X-Signature": signed.signature})
    assert (nothing.status_code, nothing.json()["code"]) == (400, "StatementUnfit")


@pytest.mark.parametrize("door", STATEMENTS)
async def test_a_statement_opens_its_door_once(world: World, door: str) -> None:
    signed = world.sign(door)
    assert (await world.send(door, signed)).status_code == 201
    again = await world.send(door, signed)
    # A withdrawn bid and a line that is there say so themselves, before the nonce does.
    assert again.json()["code"] in ("Replayed", "BidBound", "LogMoved", "TooManyBids")
    assert again.status_code == 409


ODD: list[Any] = [
    None, True, -1, 0, 2**53 - 1, 0.5, "", "\0", "\ud7ff\U0010ffff", "a" * 9_000, [], [[]],
    {}, {"a": {}},
]  # fmt: skip


def odd_variants(terms: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The terms with one field gone, or with something else in it, also of what is inside."""
    for name, value in terms.items():
        yield {key: kept for key, kept in terms.items() if key != name}
        for odd in ODD:
            yield terms | {name: odd}
        if isinstance(value, dict):
            for inner in odd_variants(value):
                yield terms | {name: inner}


@pytest.mark.parametrize("door", STATEMENTS)
async def test_no_odd_field_makes_the_server_fall(world: World, app: Litestar, door: str) -> None:
    """X3: signed well, and nonsense."""
    app.state.limits = Limits(enabled=False)
    for terms in odd_variants(world.terms[door]):
        signed = sign_statement(
            world.signer[door],
            terms,
            market=world.venue.name,
            purpose=world.purpose[door],
            now=world.clock(),
        )
        answer = await world.send(door, signed)
        assert answer.status_code < 500, (terms, answer.text)


async def test_no_odd_address_makes_the_server_fall(client: httpx.AsyncClient) -> None:
    """X3: every door that reads, with what no id and no number is."""
    for door in NEEDS:
        method, path = door.split(" ")
        if method != "GET" or path.endswith("/stream"):
            continue
        for odd in ("%00", "%F0%9F%8D%9C", "..", "-1", "1e400", "a" * 300, "%ED%A0%80"):
            filled = re.sub(r"\{\w+\}", odd, path)
            query = "&".join(
                f"{name}={odd}"
                for name in ("since", "limit", "before", "status", "observer", "envelope")
            )
            for address in (filled, f"{path}?{query}"):
                answer = await client.get(address)
                assert answer.status_code < 500 or "health" in path, (address, answer.text)


async def test_another_key_withdraws_nothing(world: World) -> None:
    door = "POST /api/bids/withdrawals"
    theirs = sign_statement(
        BEN, world.terms[door], market=world.venue.name, purpose=market.WITHDRAW, now=world.clock()
    )
    answer = await world.send(door, theirs)
    assert (answer.status_code, answer.json()["code"]) == (404, "NoSuchBid")


async def test_the_rail_asks_for_its_own_key(
    books: Books, venue: Venue, client: httpx.AsyncClient
) -> None:
    """D-03, D-08: the shipper takes the money back; the market need not agree."""
    job = await list_job(books, venue)

    async def ask(key: SigningKey, signed_by: SigningKey) -> httpx.Response:
        told, _ = envelope(venue, key, Expire(job=rail_key(job)), books.clock())
        signature = signed_by.sign_raw(venue.rail.message(told))
        body = {
            "envelope": base64.b64encode(encode_envelope(told)).decode(),
            "signature": write_signature(signature),
        }
        return await client.post("/api/rail/commands", json=body)

    early = await ask(ADA, ADA)
    assert (early.status_code, early.json()["code"]) == (409, "ExpireTooEarly")
    forged = await ask(SHIPPER, ADA)
    assert (forged.status_code, forged.json()["code"]) == (403, "NotSigned")
    done = await ask(SHIPPER, SHIPPER)
    assert done.status_code == 201, done.text
    assert done.json()["command"] == "Expire"
    seen = await client.get(f"/api/jobs/{job.id}")
    assert seen.json()["status"] == "refunded"


async def test_what_is_no_command_is_refused(client: httpx.AsyncClient) -> None:
    bodies: list[Any] = [
        {}, {"envelope": "", "signature": ""}, {"envelope": "%%", "signature": "1" * 64},
        {"envelope": "AAAA", "signature": "1" * 64}, {"envelope": "AAAA", "signature": "x" * 64},
        [], None, 7,
    ]  # fmt: skip
    for body in bodies:
        answer = await client.post("/api/rail/commands", json=body)
        assert (body, answer.status_code) == (body, 400)
        assert answer.json()["success"] is False


async def test_a_body_that_is_missing_is_asked_for_in_words(client: httpx.AsyncClient) -> None:
    answer = await client.post("/api/rail/commands")
    assert (answer.status_code, answer.json()["code"]) == (400, "Validation")
    assert answer.json()["error"] == "This needs a body, and none came."
