"""Whoever deals on a market: what they may ask, and what they sign."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import secrets
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

import httpx
import msgspec

from basis.clock import Clock, system_clock
from basis.escrow import NONCE_BYTES, Command, Envelope, encode_envelope
from basis.kit.signing import SigningKey, read_key, sign_statement, write_signature
from swarmhaul.client.answers import (
    AboutMarket,
    BidsTold,
    BidTold,
    EntryTold,
    Gap,
    Happening,
    HappeningsTold,
    JobsTold,
    JobTold,
    RailJobMaybe,
    RailJobTold,
    StandingTold,
    WalletTold,
)
from swarmhaul.client.calls import TRIES, Calls, MarketAway, MarketRefuses, decode, pause
from swarmhaul.client.messages import message_on
from swarmhaul.client.proofs import BIDS, LISTS, REFERS, WITHDRAWS, MarketLies, withdrawal_of

T = TypeVar("T")

COMMAND_SECONDS = 600
QUIET_SECONDS_MAX = 35.0
"""A stream gives a sign of life every ten seconds; without one it is begun anew."""


@dataclass(frozen=True, slots=True)
class Expected:
    """The market that one means to deal on. What is not said is not compared."""

    market: str | None = None
    rail: str | None = None
    coordinator: str | None = None

    def check(self, about: AboutMarket) -> None:
        """Raises MarketLies."""
        for name in ("market", "rail", "coordinator"):
            wanted, found = getattr(self, name), getattr(about, name)
            if wanted is not None and wanted != found:
                raise MarketLies(f"Expected {name} {wanted} there, and it is {found}.")


ANY_MARKET = Expected()


@dataclass(frozen=True, slots=True)
class Dealer:
    """A key, and the market that it deals on."""

    calls: Calls
    key: SigningKey
    about: AboutMarket
    clock: Clock = system_clock

    @property
    def me(self) -> str:
        return self.key.public

    def now(self) -> int:
        return int(self.clock().timestamp())

    async def list_jobs(self, status: str) -> list[JobTold]:
        """All of a status."""
        found: list[JobTold] = []
        query: dict[str, Any] = {"status": status, "limit": 100}
        while True:
            page = await self.calls.read("/api/jobs", JobsTold, **query)
            found += page.jobs
            if page.before is None:
                return found
            query["before"] = page.before

    async def load_job(self, job_id: str) -> JobTold:
        return await self.calls.read(f"/api/jobs/{job_id}", JobTold)

    async def find_rail_job(self, job_id: str) -> RailJobTold | None:
        """As the rail has it; None when it was never opened or has ended."""
        return (await self.calls.read(f"/api/rail/jobs/{job_id}", RailJobMaybe)).job

    async def list_bids(self, job_id: str) -> list[BidTold]:
        """All of a job."""
        found: list[BidTold] = []
        query: dict[str, Any] = {}
        while True:
            page = await self.calls.read(f"/api/jobs/{job_id}/bids", BidsTold, **query)
            found += page.bids
            if page.after is None:
                return found
            query["after"] = page.after

    async def load_bid(self, bid_id: str) -> BidTold:
        return await self.calls.read(f"/api/bids/{bid_id}", BidTold)

    async def read_balance(self, key: str | None = None) -> int:
        return (await self.calls.read(f"/api/rail/wallets/{key or self.me}", WalletTold)).balance

    async def list_job(self, terms: Mapping[str, Any]) -> JobTold | None:
        return await self._state("/api/jobs", LISTS, terms, JobTold, lives_seconds=600)

    async def place_bid(self, terms: Any, *, lives_seconds: int) -> BidTold | None:
        """None: it was taken before its answer was lost; it is among the bids of its job."""
        told: dict[str, Any] = msgspec.to_builtins(terms)
        return await self._state("/api/bids", BIDS, told, BidTold, lives_seconds=lives_seconds)

    async def withdraw_bid(self, bid: BidTold) -> BidTold | None:
        """Raises MarketLies for a bid that we did not sign."""
        terms = self.withdrawal_of(bid)
        return await self._state(
            "/api/bids/withdrawals", WITHDRAWS, terms, BidTold, lives_seconds=300
        )

    async def refer(self, subject: str) -> StandingTold:
        """Say that we know somebody whom the market does not. Answers how they stand there now."""
        told = await self._state(
            "/api/reputation/referrals", REFERS, {"subject": subject}, StandingTold,
            lives_seconds=600,
        )  # fmt: skip
        if told is not None:
            return told
        return await self.calls.read(f"/api/reputation/{subject}", StandingTold)

    def withdrawal_of(self, bid: BidTold) -> dict[str, str]:
        """The terms that take our bid back. Raises MarketLies."""
        return withdrawal_of(bid, me=self.me, market=self.about.market)

    async def _state(
        self, path: str, purpose: str, terms: Mapping[str, Any], kind: type[T], *,
        lives_seconds: int,
    ) -> T | None:  # fmt: skip
        """Sign it once and send it until it is answered. Raises MarketAway, MarketRefuses."""
        signed = sign_statement(
            self.key,
            terms,
            market=self.about.market,
            purpose=purpose,
            now=self.clock(),
            lives_seconds=lives_seconds,
        )
        try:
            body, _ = await self.calls.call(
                "POST",
                path,
                content=signed.text.encode(),
                headers={"x-signature": signed.signature, "content-type": "application/json"},
            )
        except MarketRefuses as refused:
            # An attempt whose answer was lost did it.
            if refused.code == "Replayed" and refused.told.get("attempt"):
                return None
            raise
        return decode(body, kind)

    def seal(self, command: Command) -> dict[str, str]:
        """The envelope of a command and our signature under what we built ourselves."""
        envelope = Envelope(
            command=command,
            signer=read_key(self.me),
            expires_at=self.now() + COMMAND_SECONDS,
            nonce=secrets.token_bytes(NONCE_BYTES),
        )
        return {
            "envelope": base64.b64encode(encode_envelope(envelope)).decode(),
            "signature": write_signature(self.key.sign_raw(message_on(self.about, envelope))),
        }

    async def give(self, command: Command) -> EntryTold:
        """Have the rail carry it out, once. Raises MarketAway, MarketRefuses, MarketLies."""
        sealed = self.seal(command)
        body, _ = await self.calls.call(
            "POST",
            "/api/rail/commands",
            content=msgspec.json.encode(sealed),
            headers={"content-type": "application/json"},
        )
        entry = decode(body, EntryTold)
        if (entry.envelope, entry.signature) != (sealed["envelope"], sealed["signature"]):
            raise MarketLies("The rail answers with another command than was given.")
        return entry

    async def newest(self) -> int:
        """The number of the newest message of the stream."""
        since = 0
        try:
            told = await self.calls.read("/api/events", HappeningsTold, since=since, limit=1)
        except MarketRefuses as refused:
            if refused.code != "EventsForgotten":
                raise
            since = int(refused.told["oldest"]) - 1
            told = await self.calls.read("/api/events", HappeningsTold, since=since, limit=1)
        return told.seq

    async def follow(self, since: int | None = None) -> AsyncGenerator[Happening | Gap]:
        """What happens from number `since` on, for ever and without a gap that is not told; with
        None the first thing told is where we begin. Raises MarketRefuses.
        """
        seq, attempt = since, 0
        while True:
            try:
                if seq is None:
                    seq = await self.newest()
                    yield Gap(seq)
                async with contextlib.aclosing(self._stream(seq)) as messages:
                    async for message in messages:
                        seq, attempt = message.seq, 0
                        yield message
            except MarketRefuses as refused:
                if refused.code != "EventsForgotten":
                    raise
                seq = None
            except (MarketAway, httpx.TransportError):
                attempt = min(attempt + 1, 8)
            await asyncio.sleep(pause(attempt))

    async def _stream(self, since: int) -> AsyncGenerator[Happening]:
        """One connection, until it ends."""
        timeout = httpx.Timeout(QUIET_SECONDS_MAX)
        async with self.calls.http.stream(
            "GET", "/api/events/stream", params={"since": since}, timeout=timeout
        ) as answer:
            if answer.status_code != 200:
                await answer.aread()
                problem = decode(answer.content, dict[str, Any])
                if problem.get("code") == "EventsForgotten":
                    raise MarketRefuses(
                        "Forgotten", refusal="EventsForgotten", status=answer.status_code
                    )
                raise MarketAway(f"The stream answers {answer.status_code}.")
            async for line in answer.aiter_lines():
                data = line.removeprefix("data:").strip() if line.startswith("data:") else ""
                if data:  # or it is a sign of life
                    yield decode(data.encode(), Happening)


@contextlib.asynccontextmanager
async def open_dealer(
    url: str,
    key: SigningKey,
    *,
    expected: Expected = ANY_MARKET,
    clock: Clock = system_clock,
    tries: int = TRIES,
) -> AsyncIterator[Dealer]:
    """Ask the market what it is, before anything is signed. Raises MarketLies, MarketAway."""
    calls = Calls(url, tries=tries)
    try:
        about = await calls.read("/api/market", AboutMarket)
        expected.check(about)
        yield Dealer(calls, key, about, clock)
    finally:
        await calls.close()
