"""What may be asked of a key that is kept here, in plain words, and what is signed for it. There is
no wish that takes money off the rail.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from basis.escrow import NOBODY, Accept, Arrive, Command, Confirm, Dispute, Expire, JobKey, Open
from basis.kit.signing import read_key, sign_statement
from swarmhaul.client import Dealer, MarketLies, read_work
from swarmhaul.protocol import Arguments

LISTS, BIDS, WITHDRAWS = "job.list", "bid.place", "bid.withdraw"
LIVES_SECONDS = 300
AWARD_SPARE_SECONDS = 60
SECONDS_MAX = 7 * 86_400

UUID = r"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\Z"
Package = Annotated[str, Meta(pattern=UUID, description="The id of a job, as lists show it")]
Lamports = Annotated[int, Meta(ge=1, le=8_000_000_000_000, description="Lamports")]
Seconds = Annotated[int, Meta(ge=10, le=SECONDS_MAX, description="Seconds from now")]
Instant = Annotated[int, Meta(ge=0, lt=1 << 40, description="Seconds since 1970")]
Leg = Annotated[int, Meta(ge=0, le=7, description="The number of the leg, from 0")]


class Point(Arguments, frozen=True, kw_only=True):
    """A place, in millionths of a degree."""

    latitude_e6: Annotated[int, Meta(ge=-90_000_000, le=90_000_000)]
    longitude_e6: Annotated[int, Meta(ge=-180_000_000, le=180_000_000)]


class Wish(Arguments, frozen=True, kw_only=True):
    """What somebody wants to be signed; `locks` and `names` are lamports."""

    @property
    def locks(self) -> int:
        return 0

    @property
    def names(self) -> int:
        return 0


class WishToList(Wish, frozen=True, kw_only=True):
    origin: Point
    destination: Point
    description: Annotated[str, Meta(min_length=1, max_length=200)]
    weight_grams: Annotated[int, Meta(ge=1, le=10_000_000)]
    volume_ml: Annotated[int, Meta(ge=1, le=50_000_000)]
    budget: Lamports
    deliver_within: Seconds
    ready_in: Seconds | None = None
    """Left out: now."""
    bids_for: Seconds = 600
    operators_min: Annotated[int, Meta(ge=2, le=100)] = 3

    @property
    def locks(self) -> int:
        return self.budget


class WishToBid(Wish, frozen=True, kw_only=True):
    package: Package
    pickup: Point
    dropoff: Point
    cost: Lamports
    pickup_until: Instant
    arrives_by: Instant
    carries_grams: Annotated[int, Meta(ge=1, le=10_000_000)]
    carries_ml: Annotated[int, Meta(ge=1, le=50_000_000)]
    stands_for: Seconds = 3_600
    reasoning: Annotated[str, Meta(max_length=500)] = ""

    @property
    def names(self) -> int:
        return self.cost


class WishToWithdraw(Wish, frozen=True, kw_only=True):
    bid: Package


class AboutPackage(Wish, frozen=True, kw_only=True):
    package: Package


class AboutLeg(Wish, frozen=True, kw_only=True):
    package: Package
    leg: Leg


class WishToDispute(Wish, frozen=True, kw_only=True):
    package: Package
    leg: Leg
    reason: Annotated[str, Meta(min_length=1, max_length=500)]


async def sign_listing(dealer: Dealer, wish: WishToList) -> dict[str, str]:
    now, rail_id = dealer.now(), secrets.token_bytes(16)
    bids_until = now + wish.bids_for
    opening = Open(
        job=JobKey(read_key(dealer.me), rail_id),
        budget=wish.budget,
        award_by=bids_until + dealer.about.award_seconds + AWARD_SPARE_SECONDS,
        coordinator=read_key(dealer.about.coordinator),
        arbiter=read_key(dealer.about.arbiter),
    )
    terms = {
        "id": rail_id.hex(),
        "origin": msgspec.to_builtins(wish.origin),
        "destination": msgspec.to_builtins(wish.destination),
        "description": wish.description,
        "weight_grams": wish.weight_grams,
        "volume_ml": wish.volume_ml,
        "ready_at": now + (wish.ready_in or 0),
        "deliver_by": now + wish.deliver_within,
        "budget": wish.budget,
        "window": {"bids_until": bids_until, "operators_min": wish.operators_min},
        "opening": dealer.seal(opening),
    }
    return stated(dealer, LISTS, terms)


async def sign_bid(dealer: Dealer, wish: WishToBid) -> dict[str, str]:
    terms: dict[str, Any] = msgspec.to_builtins(wish)
    stands_for = terms.pop("stands_for")
    terms["job"] = terms.pop("package")
    return stated(dealer, BIDS, terms, lives_seconds=stands_for)


async def sign_withdrawal(dealer: Dealer, wish: WishToWithdraw) -> dict[str, str]:
    bid = await dealer.load_bid(wish.bid)
    return stated(dealer, WITHDRAWS, dealer.withdrawal_of(bid))


async def sign_acceptance(dealer: Dealer, wish: AboutLeg) -> dict[str, str]:
    return dealer.seal(Accept(job=await job_key(dealer, wish.package), leg=wish.leg))


async def sign_arrival(dealer: Dealer, wish: AboutLeg) -> dict[str, str]:
    return dealer.seal(Arrive(job=await job_key(dealer, wish.package), leg=wish.leg))


async def sign_confirmation(dealer: Dealer, wish: AboutLeg) -> dict[str, str]:
    """Who is paid is who carries the leg as the rail has it."""
    key = await job_key(dealer, wish.package)
    on_rail = await dealer.find_rail_job(wish.package)
    if on_rail is None or wish.leg >= len(on_rail.legs):
        raise MarketLies("The rail has no such leg of this job.")
    courier = read_key(on_rail.legs[wish.leg].courier)
    return dealer.seal(Confirm(job=key, leg=wish.leg, courier=courier))


async def sign_dispute(dealer: Dealer, wish: WishToDispute) -> dict[str, str]:
    reason = hashlib.sha256(wish.reason.encode()).digest()
    command: Command = Dispute(job=await job_key(dealer, wish.package), leg=wish.leg, reason=reason)
    return dealer.seal(command)


async def sign_refund(dealer: Dealer, wish: AboutPackage) -> dict[str, str]:
    """Before the award; afterwards the rail brings the money back when a time is over."""
    return dealer.seal(Expire(job=await job_key(dealer, wish.package), courier=NOBODY))


async def job_key(dealer: Dealer, package: str) -> JobKey:
    """As its shipper signed it, whatever the market says. Raises MarketLies."""
    job = await dealer.load_job(package)
    work = read_work(job, market=dealer.about.market)
    return JobKey(read_key(job.shipper), bytes.fromhex(work.id))


def stated(
    dealer: Dealer, purpose: str, terms: Mapping[str, Any], *, lives_seconds: int = LIVES_SECONDS
) -> dict[str, str]:
    """As tools take it."""
    signed = sign_statement(
        dealer.key,
        terms,
        market=dealer.about.market,
        purpose=purpose,
        now=dealer.clock(),
        lives_seconds=lives_seconds,
    )
    return {"statement": signed.text, "signature": signed.signature}
