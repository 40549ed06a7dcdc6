"""Tools that change something: by the official SDK's client, in a session that a key bound."""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from litestar import Litestar

from basis.kit.limits import Limits
from basis.kit.testing import HandClock
from swarmhaul import market
from swarmhaul.api.access import Needs
from swarmhaul.identity import SigningKey, digest_of, write_signature
from swarmhaul.kit.books import Books
from swarmhaul.market import Venue
from swarmhaul.market.tests.builders import (
    ADA,
    BEN,
    BUDGET,
    SHIPPER,
    balance,
    bid_terms,
    envelope,
    job_terms,
    list_job,
    load,
    rail_key,
    work,
)
from swarmhaul.settlement import Accept, Command, Withdraw, encode_envelope
from swarmhaul.tools import TOOLS
from swarmhaul.tools.tests.talking import Person, connected, refused, use

NEEDS = {
    "list_packages": Needs.NOTHING,
    "get_package": Needs.NOTHING,
    "get_reputation": Needs.NOTHING,
    "leaderboard": Needs.NOTHING,
    "economy_stats": Needs.NOTHING,
    "get_wallet": Needs.NOTHING,
    "about_market": Needs.NOTHING,
    "list_events": Needs.NOTHING,
    "ask_challenge": Needs.NOTHING,
    "bind_session": Needs.STATEMENT,
    "show_session": Needs.NOTHING,
    "end_session": Needs.STATEMENT,
    "post_task": Needs.STATEMENT,
    "submit_bid": Needs.STATEMENT,
    "withdraw_bid": Needs.STATEMENT,
    "give_command": Needs.COMMAND,
}


@pytest.fixture
def ada(books: Books, venue: Venue) -> Person:
    return Person(ADA, books, venue)


@pytest.fixture
def ben(books: Books, venue: Venue) -> Person:
    return Person(BEN, books, venue)


@pytest.fixture
def shipper(books: Books, venue: Venue) -> Person:
    return Person(SHIPPER, books, venue)


def takes_back(made: dict[str, Any]) -> dict[str, str]:
    """The terms that withdraw a bid."""
    return {"bid": made["id"], "digest": digest_of(made["statement"])}


def command(venue: Venue, key: SigningKey, told: Command, books: Books) -> dict[str, str]:
    made, signature = envelope(venue, key, told, books.clock())
    return {
        "envelope": base64.b64encode(encode_envelope(made)).decode(),
        "signature": write_signature(signature),
    }


def test_the_table_names_every_tool() -> None:
    assert {name.removeprefix("swarmhaul_"): tool.needs for name, tool in TOOLS.items()} == NEEDS


def test_a_tool_that_changes_something_names_a_key() -> None:
    """Only the challenge itself is anybody's for the asking."""
    for name, tool in TOOLS.items():
        if tool.changes is not None and name != "swarmhaul_ask_challenge":
            assert tool.needs in (Needs.STATEMENT, Needs.COMMAND), name
        assert (tool.needs is Needs.STATEMENT) == (tool.ask is not None), name


async def test_a_job_is_listed_bid_for_and_taken_by_tools_alone(
    app: Litestar, books: Books, venue: Venue, clock: HandClock, ada: Person, shipper: Person
) -> None:
    async with connected(app) as client:
        theirs, mine = await shipper.begin(client), await ada.begin(client)
        terms = job_terms(venue, clock())
        listed = await use(
            client, "post_task", session=theirs, **shipper.signed(market.LIST, terms)
        )
        assert listed["status"] == "open"
        shown = await use(client, "show_session", session=theirs)
        assert (shown["key"], shown["spent"]) == (SHIPPER.public, BUDGET)
        job = await load(books, listed["id"])
        made = await use(
            client, "submit_bid", session=mine, **ada.signed(market.BID, bid_terms(job))
        )
        assert (made["agent"], made["status"]) == (ADA.public, "live")
        withdrawal = ada.signed(market.WITHDRAW, takes_back(made))
        gone = await use(client, "withdraw_bid", session=mine, **withdrawal)
        assert gone["status"] == "withdrawn"
        stands = ada.signed(market.BID, bid_terms(job), lives_seconds=3_600)
        await use(client, "submit_bid", session=mine, **stands)
        clock.advance(seconds=60)
        await work(books, venue)
        accepts = command(venue, ADA, Accept(job=rail_key(job), leg=0), books)
        done = await use(client, "give_command", session=mine, **accepts)
        assert done["command"] == "Accept"
        seen = await use(client, "get_package", package=job.id)
        assert [leg["status"] for leg in seen["package"]["legs"]] == ["accepted"]


FORGERIES: dict[str, tuple[Callable[[HandClock], dict[str, Any]], str]] = {
    "another market": (lambda _: {"market": "elsewhere"}, "WrongMarket"),
    "another purpose": (lambda _: {"purpose": "something.else"}, "WrongPurpose"),
    "expired": (
        lambda clock: {"now": clock.now.replace(year=2029), "lives_seconds": 1}, "Expired"
    ),
    "of the future": (lambda clock: {"now": clock.now.replace(hour=23)}, "NotYet"),
    "for ever": (lambda _: {"lives_seconds": 2 * 10**9}, "LivesTooLong"),
}  # fmt: skip


async def test_forged_expired_and_unsigned_statements_use_no_tool(
    app: Litestar, books: Books, venue: Venue, clock: HandClock, ada: Person, ben: Person
) -> None:
    """A2: by each tool that takes a statement."""
    job = await list_job(books, venue)
    async with connected(app) as client:
        session = await ada.begin(client)
        challenge = await use(client, "ask_challenge")
        bind_terms = json.loads(ada.answer(challenge)["statement"])["terms"]
        tools: dict[str, tuple[str, dict[str, Any]]] = {
            "bind_session": ("session.bind", bind_terms),
            "end_session": ("session.end", {"session": session}),
            "post_task": (market.LIST, job_terms(venue, clock(), key=ADA)),
            "submit_bid": (market.BID, bid_terms(job)),
            "withdraw_bid": (market.WITHDRAW, {"bid": job.id, "digest": "0" * 64}),
        }
        assert {f"swarmhaul_{name}" for name in tools} == {
            name for name, tool in TOOLS.items() if tool.ask is not None
        }
        for name, (purpose, terms) in tools.items():
            where = {} if name in ("bind_session", "end_session") else {"session": session}
            for forgery, (fields, code) in FORGERIES.items():
                given = {"purpose": purpose, "terms": terms} | fields(clock)
                told = await refused(client, name, **where, **ada.signed(**given))
                assert (name, forgery, told) == (name, forgery, code)
            good = ada.signed(purpose, terms)
            other = good | {"signature": ben.signed(purpose, terms)["signature"]}
            assert await refused(client, name, **where, **other) == "SignatureWrong"
            spaced = good | {"statement": good["statement"].replace(":", ": ")}
            assert await refused(client, name, **where, **spaced) == "NotCanonical"
            bare = {"statement": good["statement"]}
            assert await refused(client, name, **where, **bare) == "ArgumentsUnfit"


async def test_who_has_the_id_of_a_session_has_nothing(
    app: Litestar, books: Books, venue: Venue, clock: HandClock, ada: Person, ben: Person
) -> None:
    """A stolen id, an unbound one, and one that never was: by each tool that works in a session."""
    job = await list_job(books, venue)
    async with connected(app) as client:
        stolen = await ada.begin(client)
        unbound = (await use(client, "ask_challenge"))["session"]
        never = "00000000-0000-7000-8000-000000000000"
        mine = await ben.begin(client)
        made = await use(
            client, "submit_bid", session=mine, **ben.signed(market.BID, bid_terms(job))
        )
        codes = {stolen: "NotYourSession", unbound: "NotBound", never: "NoSuchSession"}
        for session, code in codes.items():
            tries = {
                "submit_bid": ben.signed(market.BID, bid_terms(job)),
                "withdraw_bid": ben.signed(market.WITHDRAW, takes_back(made)),
                "post_task": ben.signed(market.LIST, job_terms(venue, clock(), key=BEN)),
                "give_command": command(venue, BEN, Withdraw(amount=1), books),
            }
            for name, given in tries.items():
                assert (name, await refused(client, name, session=session, **given)) == (name, code)
        assert (
            await refused(client, "end_session", **ben.signed("session.end", {"session": stolen}))
            == "NotYourSession"
        )
        bids = (await use(client, "get_package", package=job.id))["bids"]
        assert [one["id"] for one in bids] == [made["id"]]


async def test_what_was_used_once_is_refused_and_counted_once(
    app: Litestar, books: Books, venue: Venue, ada: Person
) -> None:
    job = await list_job(books, venue)
    async with connected(app) as client:
        session = await ada.begin(client)
        given = ada.signed(market.BID, bid_terms(job))
        await use(client, "submit_bid", session=session, **given)
        assert await refused(client, "submit_bid", session=session, **given) == "Replayed"


async def test_over_its_limits_a_session_signs_in_vain(
    app: Litestar, books: Books, venue: Venue, clock: HandClock, ada: Person, shipper: Person
) -> None:
    """A job, a bid, and money taken off the rail; nothing of it happened."""
    job = await list_job(books, venue)
    before = balance(venue, SHIPPER)
    async with connected(app) as client:
        small = await shipper.begin(client, once_max=BUDGET - 1)
        dear = shipper.signed(market.LIST, job_terms(venue, clock()))
        assert await refused(client, "post_task", session=small, **dear) == "OverLimit"
        takes = command(venue, SHIPPER, Withdraw(amount=BUDGET), books)
        assert await refused(client, "give_command", session=small, **takes) == "OverLimit"
        mine = await ada.begin(client, bid_max=399_999)
        high = ada.signed(market.BID, bid_terms(job, 400_000))
        assert await refused(client, "submit_bid", session=mine, **high) == "OverLimit"
        assert (await use(client, "get_package", package=job.id))["bids"] == []
        assert len((await use(client, "list_packages", status=None))["packages"]) == 1
    assert balance(venue, SHIPPER) == before


async def test_of_fifty_clients_at_once_no_more_is_taken_than_the_session_may(
    app: Litestar, books: Books, venue: Venue, client: httpx.AsyncClient, shipper: Person
) -> None:
    """A6: whose rail it is has money for all of them; the limit is for ten."""
    before = balance(venue, SHIPPER)
    async with connected(app) as talking:
        session = await shipper.begin(talking, once_max=100, total_max=1_000)

    async def take() -> bool:
        given = command(venue, SHIPPER, Withdraw(amount=100), books)
        body = {"tool": "swarmhaul_give_command", "arguments": {"session": session, **given}}
        answer = await client.post("/mcp/call", json=body)
        told = json.loads(answer.json()["content"][0]["text"])
        assert answer.json()["isError"] is False or told["code"] == "OverLimit", told
        return not answer.json()["isError"]

    assert sum(await asyncio.gather(*(take() for _ in range(50)))) == 10
    assert before - balance(venue, SHIPPER) == 1_000


async def test_limits_outlive_the_process(
    app: Litestar, app_again: Litestar, books: Books, venue: Venue, shipper: Person
) -> None:
    """They are in the books: another application over the same ones counts on."""
    async with connected(app) as client:
        session = await shipper.begin(client, once_max=600, total_max=1_000)
        first = command(venue, SHIPPER, Withdraw(amount=600), books)
        await use(client, "give_command", session=session, **first)
    async with connected(app_again) as client:
        second = command(venue, SHIPPER, Withdraw(amount=401), books)
        assert await refused(client, "give_command", session=session, **second) == "OverLimit"
        # The same command again is neither carried out nor counted again.
        await use(client, "give_command", session=session, **first)
        assert (await use(client, "show_session", session=session))["spent"] == 600


async def test_nobody_confirms_a_leg_by_saying_so(
    app: Litestar, books: Books, venue: Venue
) -> None:
    """D-16: there is no tool that takes a name for a signature."""
    job = await list_job(books, venue)
    async with connected(app) as client:
        names = {tool.name for tool in (await client.list_tools()).tools}
        assert "swarmhaul_confirm_leg" not in names
        for tool in (await client.list_tools()).tools:
            if not tool.annotations or tool.annotations.read_only_hint:
                continue
            taken = set(tool.input_schema["properties"])
            assert taken <= {"session", "statement", "envelope", "signature"}, tool.name
            assert taken == set() or "signature" in taken, tool.name
    assert (await load(books, job.id)).status is market.JobStatus.OPEN


ODD: list[Any] = [
    None, True, -1, 0, 2**63, -(2**63), 0.5, "", "\0", "\ud7ff\U0010ffff", "a" * 3_000, [], [[]],
    {}, {"a": {}}, "1" * 64, "00000000-0000-7000-8000-000000000000",
]  # fmt: skip


async def test_no_odd_argument_makes_a_tool_fall(
    app: Litestar, client: httpx.AsyncClient, books: Books, venue: Venue, ada: Person
) -> None:
    """X3: each argument of each tool, gone, or with nonsense in it."""
    app.state.limits = Limits(enabled=False)
    job = await list_job(books, venue)
    async with connected(app) as talking:
        session = await ada.begin(talking)
    good: dict[str, Any] = {
        "package": job.id, "agent": ADA.public, "observer": ADA.public, "since": 0, "limit": 5,
        "status": "open", "before": job.id, "session": session,
        **ada.signed(market.BID, bid_terms(job)), "envelope": "AAAA",
        "bids": 3, "key": ADA.public,
    }  # fmt: skip
    for name, tool in TOOLS.items():
        fields = tool.takes.__struct_fields__
        whole = {field: good[field] for field in fields}
        bodies = [{f: v for f, v in whole.items() if f != gone} for gone in fields]
        bodies += [whole | {field: odd} for field in fields for odd in ODD]
        bodies.append(whole | {"more": 1})
        for body in bodies:
            answer = await client.post("/mcp/call", json={"tool": name, "arguments": body})
            assert answer.status_code == 200, (name, body, answer.text)
            told = answer.json()
            if told["isError"]:
                code = json.loads(told["content"][0]["text"])["code"]
                assert code != "InternalError", (name, body, answer.text)
    for odd in ODD:
        for body in ({"tool": odd}, {"tool": "swarmhaul_leaderboard", "arguments": odd}, odd):
            answer = await client.post("/mcp/call", json=body)
            assert answer.status_code < 500, (body, answer.text)


async def test_who_asks_for_challenges_without_end_has_to_wait(app: Litestar) -> None:
    async with connected(app) as client:
        for _ in range(50):
            await use(client, "ask_challenge")
        assert await refused(client, "ask_challenge") == "TooManySessions"
