"""A shipper, couriers, and a way of three places. Tests name what matters to them."""

from __future__ import annotations

import base64
import secrets
from datetime import datetime
from typing import Any

from basis.kit.background.worker import Worker
from basis.kit.testing import HandClock
from swarmhaul import market
from swarmhaul.identity import (
    Signed,
    SigningKey,
    digest_of,
    read_key,
    sign_statement,
    write_signature,
)
from swarmhaul.kit.books import Books, Look
from swarmhaul.market import JobView, Venue
from swarmhaul.market.jobs import errands_of
from swarmhaul.settlement import (
    NONCE_BYTES,
    Accept,
    Arrive,
    Command,
    Confirm,
    Deposit,
    Entry,
    Envelope,
    JobKey,
    Open,
    SettlementRail,
    encode_envelope,
)

MARKET_KEY = SigningKey.of_seed(b"m" * 32)
ARBITER = SigningKey.of_seed(b"r" * 32)
TREASURY = SigningKey.of_seed(b"t" * 32)
SHIPPER = SigningKey.of_seed(b"s" * 32)
ADA, BEN, CYD = (SigningKey.of_seed(letter * 32) for letter in (b"a", b"b", b"c"))
BUDGET = 1_000_000
HOUR = 3_600
START, MIDDLE, END = (
    {"latitude_e6": 48_100_000, "longitude_e6": 11_500_000},
    {"latitude_e6": 48_120_000, "longitude_e6": 11_530_000},
    {"latitude_e6": 48_140_000, "longitude_e6": 11_560_000},
)


def seconds(clock: HandClock) -> int:
    return int(clock().timestamp())


def envelope(
    venue: Venue, key: SigningKey, command: Command, now: datetime
) -> tuple[Envelope, bytes]:
    given = Envelope(
        command=command,
        signer=read_key(key.public),
        expires_at=int(now.timestamp()) + HOUR,
        nonce=secrets.token_bytes(NONCE_BYTES),
    )
    return given, key.sign_raw(venue.rail.message(given))


def fund(rail: SettlementRail, key: SigningKey, amount: int, now: datetime) -> None:
    """The treasury brings money onto the rail."""
    command = Deposit(wallet=read_key(key.public), amount=amount)
    told = Envelope(
        command=command,
        signer=read_key(TREASURY.public),
        expires_at=int(now.timestamp()) + HOUR,
        nonce=secrets.token_bytes(NONCE_BYTES),
    )
    rail.submit(told, TREASURY.sign_raw(rail.message(told)))


def balance(venue: Venue, key: SigningKey) -> int:
    return venue.rail.read_balance(read_key(key.public))


def opening(
    venue: Venue, key: SigningKey, rail_id: str, now: datetime, **fields: Any
) -> dict[str, str]:
    """The command that locks the budget, as it goes with the job."""
    given: dict[str, Any] = {
        "job": JobKey(read_key(key.public), bytes.fromhex(rail_id)),
        "budget": BUDGET,
        "award_by": int(now.timestamp()) + HOUR,
        "coordinator": venue.coordinator,
        "arbiter": read_key(ARBITER.public),
    } | fields
    told, signature = envelope(venue, key, Open(**given), now)
    return {
        "envelope": base64.b64encode(encode_envelope(told)).decode(),
        "signature": write_signature(signature),
    }


def job_terms(
    venue: Venue, now: datetime, *, key: SigningKey = SHIPPER, **fields: Any
) -> dict[str, Any]:
    """A load from START to END, bids for a minute."""
    rail_id, begin = secrets.token_hex(16), int(now.timestamp())
    return {
        "id": rail_id,
        "origin": START,
        "destination": END,
        "description": "Two boxes of soup",
        "weight_grams": 3_000,
        "volume_ml": 8_000,
        "ready_at": begin,
        "deliver_by": begin + 4 * HOUR,
        "budget": BUDGET,
        "window": {"bids_until": begin + 60, "quiet_seconds": 10, "operators_min": 2},
        "opening": opening(venue, key, rail_id, now),
    } | fields


def bid_terms(job: JobView, cost: int = 400_000, **fields: Any) -> dict[str, Any]:
    """All the way, unless other places are given."""
    begin = job.terms.ready_at
    return {
        "job": job.id,
        "pickup": START,
        "dropoff": END,
        "cost": cost,
        "pickup_until": begin + 600,
        "arrives_by": begin + 1_800,
        "carries_grams": 10_000,
        "carries_ml": 40_000,
    } | fields


def first_half(job: JobView, cost: int, **fields: Any) -> dict[str, Any]:
    return bid_terms(job, cost, dropoff=MIDDLE, **fields)


def second_half(job: JobView, cost: int, **fields: Any) -> dict[str, Any]:
    begin = job.terms.ready_at
    times = {"pickup_until": begin + 2_400, "arrives_by": begin + 3_600}
    return bid_terms(job, cost, pickup=MIDDLE, **times, **fields)


def sign(venue: Venue, key: SigningKey, purpose: str, terms: Any, now: datetime) -> Signed:
    return sign_statement(key, terms, market=venue.name, purpose=purpose, now=now)


async def list_job(books: Books, venue: Venue, **fields: Any) -> JobView:
    """A job whose budget is locked and that takes bids."""
    now = books.clock()
    signed = sign(venue, SHIPPER, market.LIST, job_terms(venue, now, **fields), now)
    async with books.writing() as uow:
        job_id = await market.list_job(uow, signed, venue)
    assert await market.open_escrow(books, venue, job_id) is None
    return await load(books, job_id)


async def bid(books: Books, venue: Venue, key: SigningKey, terms: dict[str, Any]) -> str:
    now = books.clock()
    # As long as the window of the usual job, and then some.
    signed = sign_statement(
        key, terms, market=venue.name, purpose=market.BID, now=now, lives_seconds=HOUR
    )
    async with books.writing() as uow:
        return await market.place_bid(uow, signed)


async def withdraw(books: Books, venue: Venue, key: SigningKey, bid_id: str) -> None:
    async with books.writing() as uow:
        signed = sign(venue, key, market.WITHDRAW, await withdrawal(uow, bid_id), books.clock())
        await market.withdraw_bid(uow, signed)


async def withdrawal(look: Look, bid_id: str) -> dict[str, str]:
    """The terms that take it back."""
    bid = await market.load_bid(look, bid_id)
    return {"bid": bid_id, "digest": digest_of(bid.statement)}


async def load(books: Books, job_id: str) -> JobView:
    async with books.reading() as look:
        return await market.load_job(look, job_id)


async def work(books: Books, venue: Venue) -> None:
    """Run what is due, and what comes of it."""
    worker = Worker(books, errands_of(venue))
    while await worker.run_due():
        await market.catch_up(books, venue)


async def give(books: Books, venue: Venue, key: SigningKey, command: Command) -> Entry:
    """A command on the rail, past the market's doors, and the market reads it."""
    entry = await venue.submit(*envelope(venue, key, command, books.clock()))
    await market.catch_up(books, venue)
    return entry


def rail_key(job: JobView) -> JobKey:
    return JobKey(read_key(job.shipper), bytes.fromhex(job.terms.id))


async def carry(books: Books, venue: Venue, job: JobView, *couriers: SigningKey) -> None:
    """Everybody accepts, arrives and is confirmed by whoever receives."""
    key = rail_key(job)
    for number, courier in enumerate(couriers):
        await give(books, venue, courier, Accept(job=key, leg=number))
    for number, courier in enumerate(couriers):
        await give(books, venue, courier, Arrive(job=key, leg=number))
        receiver = [*couriers, SHIPPER][number + 1]
        paid = read_key(courier.public)
        await give(books, venue, receiver, Confirm(job=key, leg=number, courier=paid))
