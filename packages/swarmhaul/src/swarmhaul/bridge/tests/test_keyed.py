"""Tools in plain words, signed with a key that the program never sees, within limits."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import httpx
import pytest
from mcp import Client

from basis.kit.signing import SigningKey
from basis.kit.testing import HandClock
from swarmhaul import sessions
from swarmhaul.bridge import Desk, KeyedDesk, SigningLimits
from swarmhaul.client import AboutMarket, Calls, Dealer
from swarmhaul.kit.books import Books
from swarmhaul.market import Venue
from swarmhaul.market.tests.builders import (
    ADA,
    ARBITER,
    BUDGET,
    END,
    MARKET_KEY,
    SHIPPER,
    START,
    balance,
    load,
    work,
)
from swarmhaul.protocol import Answer, server_of
from swarmhaul.settlement import SettlementRail

HOUR = 3_600
TASK: dict[str, Any] = {
    "origin": START, "destination": END, "description": "Two boxes of soup",
    "weight_grams": 3_000, "volume_ml": 8_000, "budget": BUDGET, "deliver_within": 4 * HOUR,
    "bids_for": 60, "operators_min": 2,
}  # fmt: skip


@pytest.fixture
def venue(rail: SettlementRail) -> Venue:
    """It says which rail it has: who signs builds the message."""
    return Venue("test-market", MARKET_KEY, ARBITER.public, rail, "ledger")


@pytest.fixture
async def calls(client: httpx.AsyncClient) -> Calls:
    """To the market of this test."""
    made = Calls("http://market.example", tries=1)
    await made.close()
    made.http = client
    return made


async def shelf_of(calls: Calls, key: SigningKey, books: Books, **limits: int) -> KeyedDesk:
    given = {"total_max": 3 * BUDGET, "once_max": BUDGET, "bid_max": BUDGET} | limits
    about = await calls.read("/api/market", AboutMarket)
    dealer = Dealer(calls, key, about, books.clock)
    return KeyedDesk(Desk(calls.http), dealer, SigningLimits(**given))


def given(answer: Answer) -> Any:
    assert not answer.is_refusal, answer.text
    return json.loads(answer.text)


def code_of(answer: Answer) -> str:
    assert answer.is_refusal, answer.text
    code: str = json.loads(answer.text)["code"]
    return code


async def test_a_job_is_listed_carried_and_paid_in_plain_words(
    calls: Calls, books: Books, venue: Venue, clock: HandClock
) -> None:
    shipper = await shelf_of(calls, SHIPPER, books)
    ada = await shelf_of(calls, ADA, books)
    async with Client(server_of(shipper)) as ships, Client(server_of(ada)) as carries:

        async def use(client: Client, name: str, **arguments: Any) -> Any:
            result = await client.call_tool(f"swarmhaul_{name}", arguments)
            text = result.content[0].text  # type: ignore[union-attr]
            assert not result.is_error, text
            for key in (SHIPPER, ADA):
                assert key.seed.hex() not in text
            return json.loads(text)

        listed = await use(ships, "post_task", **TASK)
        begin = listed["terms"]["ready_at"]
        made = await use(
            carries, "submit_bid", package=listed["id"], pickup=START, dropoff=END, cost=400_000,
            pickup_until=begin + 600, arrives_by=begin + 1_800, carries_grams=10_000,
            carries_ml=40_000, reasoning="On my way anyway",
        )  # fmt: skip
        assert (made["agent"], made["terms"]["cost"]) == (ADA.public, 400_000)
        clock.advance(seconds=60)
        await work(books, venue)
        which = {"package": listed["id"], "leg": 0}
        assert (await use(carries, "accept_leg", **which))["command"] == "Accept"
        assert (await use(carries, "arrive", **which))["command"] == "Arrive"
        assert (await use(ships, "confirm_leg", **which))["moves"][ADA.public] == 400_000
        assert (await load(books, listed["id"])).status == "delivered"
        wallet = await use(carries, "my_wallet")
        assert (wallet["key"], wallet["balance"]) == (ADA.public, 400_000)
        assert (await use(ships, "my_wallet"))["left"] == 2 * BUDGET


async def test_nothing_is_signed_over_the_limits_also_by_many_at_once(
    calls: Calls, books: Books, venue: Venue
) -> None:
    """Past the first limit, ours, nothing goes to the market: what was signed could be used."""
    before, signed = balance(venue, SHIPPER), []

    async def note(request: httpx.Request) -> None:
        if b"statement" in request.content and b"post_task" in request.content:
            signed.append(request)

    calls.http.event_hooks["request"].append(note)
    shelf = await shelf_of(calls, SHIPPER, books, total_max=3 * BUDGET, bid_max=9)
    dear = await shelf.use("swarmhaul_post_task", TASK | {"budget": BUDGET + 1})
    assert code_of(dear) == "OverLimit"
    assert shelf.session is None
    answers = await asyncio.gather(*(shelf.use("swarmhaul_post_task", TASK) for _ in range(8)))
    assert sum(not one.is_refusal for one in answers) == 3
    assert {code_of(one) for one in answers if one.is_refusal} == {"OverLimit"}
    assert before - balance(venue, SHIPPER) == 3 * BUDGET
    assert len(signed) == 3
    job = given(answers[0])
    bids = {
        "package": job["id"], "pickup": START, "dropoff": END, "cost": 10, "pickup_until": 1,
        "arrives_by": 2, "carries_grams": 1, "carries_ml": 1,
    }  # fmt: skip
    assert code_of(await shelf.use("swarmhaul_submit_bid", bids)) == "OverLimit"


async def test_a_session_that_is_over_is_followed_by_one_for_what_is_left(
    calls: Calls, books: Books, clock: HandClock
) -> None:
    shelf = await shelf_of(calls, SHIPPER, books, total_max=2 * BUDGET)
    given(await shelf.use("swarmhaul_post_task", TASK))
    first = shelf.session
    clock.advance(seconds=sessions.IDLE_SECONDS)
    given(await shelf.use("swarmhaul_post_task", TASK))
    assert shelf.session != first
    assert code_of(await shelf.use("swarmhaul_post_task", TASK)) == "OverLimit"
    async with books.reading() as look:
        bound = await sessions.load_session(look, str(shelf.session))
    assert (bound.limits.total_max, bound.spent) == (BUDGET, BUDGET)


async def test_the_tools_take_plain_words_and_no_signature(calls: Calls, books: Books) -> None:
    shelf = await shelf_of(calls, ADA, books)
    tools = {tool["name"]: tool for tool in await shelf.list_tools()}
    assert {"swarmhaul_list_packages", "swarmhaul_leaderboard", "swarmhaul_my_wallet"} <= set(tools)
    for tool in tools.values():
        assert not {"signature", "statement", "envelope"} & set(tool["inputSchema"]["properties"])
        assert r"\Z" not in json.dumps(tool)
    for name in ("swarmhaul_give_command", "swarmhaul_bind_session"):
        assert name not in tools


async def test_no_tool_takes_money_off_the_rail(calls: Calls, books: Books) -> None:
    """A program that was talked into it has no words for it."""
    shelf = await shelf_of(calls, ADA, books)
    names = {tool["name"] for tool in await shelf.list_tools()}
    assert not {name for name in names if "withdraw" in name} - {"swarmhaul_withdraw_bid"}


async def test_what_a_market_asks_to_sign_for_something_else_is_not_signed(
    calls: Calls, books: Books
) -> None:
    """A market that lies: its challenge is for a job."""
    asked: list[str] = []

    def lie(request: httpx.Request) -> httpx.Response:
        asked.append(json.loads(request.content)["tool"])
        challenge = {
            "session": "00000000-0000-7000-8000-000000000000", "challenge": "x" * 43,
            "market": "test-market", "purpose": "job.list", "until": "2030-01-01T00:00:00Z",
        }  # fmt: skip
        block = {"type": "text", "text": json.dumps(challenge)}
        return httpx.Response(200, json={"isError": False, "content": [block]})

    shelf = await shelf_of(calls, SHIPPER, books)
    async with httpx.AsyncClient(
        transport=httpx.MockTransport(lie), base_url="http://market.example"
    ) as liar:
        shelf.desk = Desk(liar)
        assert code_of(await shelf.use("swarmhaul_post_task", TASK)) == "MarketLies"
    assert asked == ["swarmhaul_ask_challenge"]


ODD: list[Any] = [None, True, -1, 2**63, 0.5, "", "\0", "a" * 600, [], {}, {"a": 1}]


async def test_no_odd_wish_makes_the_bridge_fall(calls: Calls, books: Books) -> None:
    """X3: refused with a code, whichever part of it is nonsense."""
    shelf = await shelf_of(calls, SHIPPER, books)
    which = {"package": "00000000-0000-7000-8000-000000000000", "leg": 0}
    wishes = {
        "post_task": TASK, "accept_leg": which, "confirm_leg": which,
        "dispute_leg": which | {"reason": "It was not there"}, "take_back": which, "my_wallet": {},
        "withdraw_bid": {"bid": which["package"]},
    }  # fmt: skip
    for name, whole in wishes.items():
        for field in [*whole, "more"]:
            for odd in ODD:
                answer = await shelf.use(f"swarmhaul_{name}", whole | {field: odd})
                if answer.is_refusal:
                    assert code_of(answer) != "InternalError", (name, field, odd)
