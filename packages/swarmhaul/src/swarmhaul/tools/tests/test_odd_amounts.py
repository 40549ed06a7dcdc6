"""Amounts that are none, and commands that are somebody else's, old or used: at the API's doors and
at the tools of the protocol alike nothing changes, and nobody who follows is told of anything.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, replace

import httpx
import pytest
from litestar import Litestar
from mcp import Client

from basis.kit.background.dispatcher import Dispatcher
from basis.kit.data.outbox import Subscription
from basis.kit.limits import Limits
from basis.kit.signing.statements import PREFIX
from basis.kit.testing import HandClock
from swarmhaul import market, stream
from swarmhaul.identity import SigningKey, sign_statement, write_signature
from swarmhaul.kit.books import Books
from swarmhaul.market import Venue
from swarmhaul.market.tests.builders import (
    ADA,
    BEN,
    BUDGET,
    SHIPPER,
    balance,
    bid,
    bid_terms,
    envelope,
    job_terms,
    list_job,
)
from swarmhaul.settlement import Command, Envelope, Withdraw, encode_envelope
from swarmhaul.tools.tests.talking import Person, connected

STATEMENTS = {market.LIST: ("/api/jobs", "post_task"), market.BID: ("/api/bids", "submit_bid")}
ODD = (
    "-1", "0", "-5000000000", "9007199254740991", "9007199254740993", "18446744073709551616",
    "-9223372036854775809", "1e400", "0.5", "1.0", "-0", "NaN", '"7"', "null", "true",
)  # fmt: skip
"""As they would be written: some of them no library of canonical JSON would write."""
STREAM = Subscription("stream", market.TOPICS, stream.keep)
REFUSED = {"TermsUnfit", "NotCanonical", "StatementUnfit"}


@dataclass
class Way:
    """One of the two ways in: the API, or a client of the protocol in a session of its key."""

    client: httpx.AsyncClient
    agent: Client | None
    sessions: Mapping[str, str]

    async def state(self, purpose: str, key: SigningKey, text: str) -> str:
        path, tool = STATEMENTS[purpose]
        signature = key.sign(PREFIX + text.encode())
        if self.agent is not None:
            given = {"statement": text, "signature": signature}
            return await self.use(tool, key, given)
        answer = await self.client.post(
            path, content=text.encode(), headers={"X-Signature": signature}
        )
        return "done" if answer.is_success else str(answer.json()["code"])

    async def give(self, key: SigningKey, made: Envelope | bytes, signature: bytes) -> str:
        raw = made if isinstance(made, bytes) else encode_envelope(made)
        given = {
            "envelope": base64.b64encode(raw).decode(),
            "signature": write_signature(signature),
        }
        if self.agent is not None:
            return await self.use("give_command", key, given)
        answer = await self.client.post("/api/rail/commands", json=given)
        return "done" if answer.is_success else str(answer.json()["code"])

    async def use(self, tool: str, key: SigningKey, given: dict[str, str]) -> str:
        assert self.agent is not None
        whole = {"session": self.sessions[key.public], **given}
        result = await self.agent.call_tool(f"swarmhaul_{tool}", whole)
        told = json.loads(result.content[0].text)  # type: ignore[union-attr]
        return str(told["code"]) if result.is_error else "done"


Enter = Callable[[], AbstractAsyncContextManager[Way]]


@pytest.fixture(params=["api", "tools"])
def enter(
    request: pytest.FixtureRequest,
    app: Litestar,
    client: httpx.AsyncClient,
    books: Books,
    venue: Venue,
) -> Enter:
    app.state.limits = Limits(enabled=False)
    people = [Person(key, books, venue) for key in (ADA, BEN, SHIPPER)]

    @asynccontextmanager
    async def by_api() -> AsyncIterator[Way]:
        yield Way(client, None, {})

    @asynccontextmanager
    async def by_tools() -> AsyncIterator[Way]:
        async with connected(app) as agent:
            yield Way(client, agent, {one.key.public: await one.begin(agent) for one in people})

    return by_api if request.param == "api" else by_tools


async def state_of(books: Books, venue: Venue) -> tuple[object, ...]:
    """All that could have changed: jobs, bids, money, the rail's log, and what was told of it."""
    while await Dispatcher(books, [STREAM]).run_once():
        pass
    async with books.reading() as look:
        told = await stream.count_messages(look)
        counts = await market.count_jobs(look), await market.count_all_bids(look)
    return told, *counts, balance(venue, SHIPPER), balance(venue, ADA), venue.rail.head()


@pytest.mark.parametrize(
    ("purpose", "field"),
    [(market.LIST, "budget"), (market.LIST, "weight_grams"), (market.BID, "cost")],
)
async def test_an_amount_that_is_none_changes_nothing(
    enter: Enter, books: Books, venue: Venue, clock: HandClock, purpose: str, field: str
) -> None:
    async with enter() as way:
        job = await list_job(books, venue)
        key, terms = SHIPPER, job_terms(venue, clock())
        if purpose == market.BID:
            key, terms = ADA, bid_terms(job)
        before = await state_of(books, venue)
        for odd in ODD:
            signed = sign_statement(key, terms, market=venue.name, purpose=purpose, now=clock())
            text, changed = re.subn(rf'"{field}":\d+', f'"{field}":{odd}', signed.text)
            assert changed == 1
            assert (odd, await way.state(purpose, key, text)) in {(odd, code) for code in REFUSED}
        assert await state_of(books, venue) == before
        good = sign_statement(key, terms, market=venue.name, purpose=purpose, now=clock())
        assert await way.state(purpose, key, good.text) == "done"
        assert await state_of(books, venue) != before


async def test_more_than_there_is_leaves_no_wallet(
    enter: Enter, books: Books, venue: Venue, clock: HandClock
) -> None:
    async with enter() as way:
        before = await state_of(books, venue)
        codes = {"AmountInvalid", "InsufficientFunds", "OverLimit"}
        for amount in (0, 10 * BUDGET + 1, (1 << 63) - 1, 1 << 63, (1 << 64) - 1):
            made, signature = envelope(venue, SHIPPER, Withdraw(amount=amount), clock())
            assert (amount, await way.give(SHIPPER, made, signature)) in {
                (amount, code) for code in codes
            }
        assert await state_of(books, venue) == before


async def test_a_command_that_is_forged_old_or_used_moves_no_money(
    enter: Enter, books: Books, venue: Venue, clock: HandClock
) -> None:
    async with enter() as way:
        takes: Command = Withdraw(amount=100)
        made, signature = envelope(venue, SHIPPER, takes, clock())
        raw = encode_envelope(made)
        before = await state_of(books, venue)
        forged = BEN.sign_raw(venue.rail.message(made))
        assert await way.give(SHIPPER, made, forged) == "NotSigned"
        assert await way.give(SHIPPER, made, bytes(64)) == "NotSigned"
        more = replace(made, command=Withdraw(amount=101))
        assert await way.give(SHIPPER, more, signature) == "NotSigned"
        assert await way.give(SHIPPER, raw[:-1], signature) in {
            "CommandUnreadable",
            "MalformedCommand",
        }
        old = replace(made, expires_at=int(clock().timestamp()) - 1)
        late = SHIPPER.sign_raw(venue.rail.message(old))
        assert await way.give(SHIPPER, old, late) == "CommandExpired"
        assert await state_of(books, venue) == before
        assert await way.give(SHIPPER, made, signature) == "done"
        once = balance(venue, SHIPPER), venue.rail.head()
        assert once[0] == 10 * BUDGET - 100
        # The rail tells again what it did; it does not do it again.
        assert await way.give(SHIPPER, made, signature) == "done"
        assert (balance(venue, SHIPPER), venue.rail.head()) == once


async def test_a_bid_that_was_used_or_is_old_is_told_to_nobody(
    enter: Enter, books: Books, venue: Venue, clock: HandClock
) -> None:
    async with enter() as way:
        job = await list_job(books, venue)
        await bid(books, venue, BEN, bid_terms(job, 300_000))
        terms = bid_terms(job)
        signed = sign_statement(ADA, terms, market=venue.name, purpose=market.BID, now=clock())
        assert await way.state(market.BID, ADA, signed.text) == "done"
        before = await state_of(books, venue)
        assert await way.state(market.BID, ADA, signed.text) == "Replayed"
        assert await way.state(market.BID, BEN, signed.text) == "SignatureWrong"
        old = sign_statement(
            ADA, terms, market=venue.name, purpose=market.BID, now=clock(), lives_seconds=5
        )
        clock.advance(seconds=5)
        assert await way.state(market.BID, ADA, old.text) == "Expired"
        assert await state_of(books, venue) == before
