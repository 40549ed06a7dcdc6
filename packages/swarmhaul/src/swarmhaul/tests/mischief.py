"""Agents that try everything: good calls, and the same ones forged, altered, replayed and late."""

from __future__ import annotations

import base64
import random
import re
import secrets
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import httpx
import msgspec

from basis.escrow import (
    NONCE_BYTES,
    Accept,
    Arrive,
    Award,
    Close,
    Command,
    Confirm,
    Deposit,
    Dispute,
    Envelope,
    Expire,
    JobKey,
    Offer,
    Open,
    Release,
    Replace,
    Resolve,
    Withdraw,
    encode_envelope,
)
from basis.kit.signing import (
    SigningKey,
    digest_of,
    read_key,
    sign_statement,
    write_signature,
)
from basis.kit.signing.statements import PREFIX
from basis.kit.testing import HandClock
from swarmhaul import market
from swarmhaul.market import JobView, Venue
from swarmhaul.market.tests.builders import (
    ADA,
    BEN,
    BUDGET,
    CYD,
    HOUR,
    MARKET_KEY,
    SHIPPER,
    bid_terms,
    job_terms,
    rail_key,
)
from swarmhaul.reputation import SEEN

MALLORY = SigningKey.of_seed(b"x" * 32)
CROWD = (ADA, BEN, CYD, SHIPPER, MALLORY)
NOWHERE = "01890000-0000-7000-8000-000000000009"
ODD: tuple[Any, ...] = (
    -1, 0, 2**53 - 1, -(2**53) + 1, 0.5, "", "1", None, True, [], {}, "a" * 3_000, "\0", "\u202e",
    {"latitude_e6": 0, "longitude_e6": 0}, {"latitude_e6": 10**9, "longitude_e6": 0},
)  # fmt: skip
FAULTS = ("odd", "huge", "purpose", "market", "past", "forged", "cut", "bare")
NUMBER = re.compile(rb":\d+([,}])")
Call = tuple[str, bytes, str]
"""A path, a body and a signature."""


@dataclass
class Crowd:
    """`draw` decides everything, so a seed names the whole run."""

    client: httpx.AsyncClient
    venue: Venue
    clock: HandClock
    draw: random.Random
    jobs: list[JobView] = field(default_factory=list)
    bids: list[tuple[str, str]] = field(default_factory=list)
    """What was taken: its name, and the digest of its statement."""
    sent: list[Call] = field(default_factory=list)
    told: Counter[str] = field(default_factory=Counter)
    """How often each code was answered; "done" for what was taken."""

    async def act(self) -> httpx.Response:
        """One call of somebody. What was answered is counted, and ids are remembered."""
        tries: tuple[Callable[[], Call], ...] = (
            self.bid, self.bid, self.withdraw, self.list_job, self.observe, self.command,
            self.command, self.replay, self.gibber,
        )  # fmt: skip
        call = self.draw.choice(tries)()
        self.sent.append(call)
        path, body, signature = call
        answer = await self.client.post(path, content=body, headers={"X-Signature": signature})
        taken = answer.status_code == 201
        self.told["done" if taken else str(answer.json().get("code"))] += 1
        if taken and path == "/api/bids":
            placed = answer.json()
            self.bids.append((placed["id"], digest_of(placed["statement"])))
        if taken and path == "/api/jobs":
            self.jobs.append(msgspec.convert(answer.json(), JobView))
        return answer

    def one_of_the_last(self) -> JobView:
        """Old jobs have ended and prove little more; a few calls still ask for them."""
        return self.draw.choice(self.jobs if self.draw.random() < 0.1 else self.jobs[-3:])

    def bid(self) -> Call:
        terms = bid_terms(self.one_of_the_last(), self.draw.randint(1, BUDGET * 11 // 10))
        if self.draw.random() < 0.1:
            terms["job"] = NOWHERE
        return self.statement("/api/bids", market.BID, terms)

    def withdraw(self) -> Call:
        wanted = self.draw.choice([*self.bids[-5:], (NOWHERE, "0" * 64)])
        other = self.draw.choice([*self.bids[-5:], wanted])
        # Now and then by the name of one and the bytes of another.
        digest = (other if self.draw.random() < 0.1 else wanted)[1]
        terms = {"bid": wanted[0], "digest": digest}
        return self.statement("/api/bids/withdrawals", market.WITHDRAW, terms)

    def list_job(self) -> Call:
        key = self.draw.choice(CROWD)
        terms = job_terms(
            self.venue, self.clock(), key=key, budget=self.draw.choice((1, BUDGET, BUDGET))
        )
        return self.statement("/api/jobs", market.LIST, terms, key)

    def observe(self) -> Call:
        terms = {
            "seq": self.draw.randint(0, 5), "previous": "0" * 64, "subject": ADA.public,
            "counterparty": self.draw.choice(CROWD).public, "kind": "completed", "about": "job/1",
        }  # fmt: skip
        return self.statement("/api/observations", SEEN, terms)

    def statement(
        self, path: str, purpose: str, terms: dict[str, Any], key: SigningKey | None = None
    ) -> Call:
        """Signed by somebody, and half of the time not as it should be."""
        fault = self.draw.choice(("",) * 8 + FAULTS)
        if fault == "odd":
            terms = terms | {self.draw.choice(list(terms)): self.draw.choice(ODD)}
        who = key or self.draw.choice(CROWD)
        signed = sign_statement(
            who,
            terms,
            market="elsewhere" if fault == "market" else self.venue.name,
            purpose="something.else" if fault == "purpose" else purpose,
            now=self.clock().replace(year=2029) if fault == "past" else self.clock(),
            lives_seconds=self.draw.choice((120, 120, 600, HOUR)),
        )
        body, signature = signed.text.encode(), signed.signature
        if fault == "cut":
            body = self.cut(body)
        if fault == "huge":  # no canonical form: only who signs raw bytes can say it
            body = NUMBER.sub(rb":1000000000000000000\1", body, count=self.draw.randint(1, 3))
            signature = who.sign(PREFIX + body)
        if fault == "forged":
            signature = MARKET_KEY.sign(PREFIX + body)
        if fault == "bare":
            signature = ""
        return path, body, signature

    def cut(self, body: bytes) -> bytes:
        """One byte another, or the end gone."""
        place = self.draw.randrange(len(body))
        if self.draw.random() < 0.3:
            return body[:place]
        return body[:place] + bytes([body[place] ^ 1 << self.draw.randrange(8)]) + body[place + 1 :]

    def command(self) -> Call:
        key = self.draw.choice(CROWD)
        told = Envelope(
            command=self.any_command(),
            signer=read_key(key.public),
            expires_at=int(self.clock().timestamp()) + self.draw.choice((-1, 60, HOUR, HOUR)),
            nonce=secrets.token_bytes(NONCE_BYTES),
        )
        signer = self.draw.choice((key, key, key, key, MALLORY))
        raw = encode_envelope(told)
        if self.draw.random() < 0.1:
            raw = self.cut(raw)
        body = {
            "envelope": base64.b64encode(raw).decode(),
            "signature": write_signature(signer.sign_raw(self.venue.rail.message(told))),
        }
        return "/api/rail/commands", msgspec.json.encode(body), ""

    def any_command(self) -> Command:
        draw = self.draw
        job, leg = self.any_job(), draw.randint(0, 3)
        courier = read_key(draw.choice(CROWD).public)
        amount = draw.choice((0, 1, BUDGET, 2**63 - 1, 2**64 - 1))
        later = int(self.clock().timestamp()) + HOUR
        one = Offer(courier=courier, pay=amount, duration=HOUR)
        return draw.choice(
            (
                Accept(job=job, leg=leg), Accept(job=job, leg=leg), Accept(job=job, leg=0),
                Arrive(job=job, leg=leg), Arrive(job=job, leg=0),
                Confirm(job=job, leg=leg, courier=courier),
                Confirm(job=job, leg=0, courier=courier),
                Award(job=job, accept_by=later, legs=(one,) * draw.randint(1, 8)),
                Replace(job=job, leg=leg, courier=courier, pay=amount),
                Release(job=job, leg=leg, courier=courier),
                Dispute(job=job, leg=leg, reason=bytes(32)),
                Resolve(job=job, leg=leg, courier=courier, share=10_000, breach=True),
                Expire(job=job, courier=courier), Expire(job=job), Close(job=job),
                Open(job=job, budget=amount, award_by=later, coordinator=courier, arbiter=courier),
                Deposit(wallet=courier, amount=amount), Withdraw(amount=amount),
            )
        )  # fmt: skip

    def any_job(self) -> JobKey:
        if self.draw.random() < 0.1:
            return JobKey(read_key(MALLORY.public), secrets.token_bytes(16))
        return rail_key(self.one_of_the_last())

    def replay(self) -> Call:
        """What somebody sent before, and sometimes to another door."""
        path, body, signature = self.draw.choice(self.sent[-20:] or [self.gibber()])
        doors = ("/api/bids", "/api/jobs", "/api/bids/withdrawals", "/api/observations")
        return (self.draw.choice(doors) if self.draw.random() < 0.2 else path), body, signature

    def gibber(self) -> Call:
        noise = self.draw.choice(
            (b"", b"null", b"[" * 5_000, b"\xff\xfe", b'{"a":1e999}', self.draw.randbytes(200))
        )
        path = self.draw.choice(("/api/jobs", "/api/bids", "/api/rail/commands"))
        return path, noise, self.draw.choice(("", "1" * 64, "0Il" * 22, "z" * 88))
