"""What is signed about jobs and bids. Amounts are lamports, places millionths of a degree, instants
whole seconds since 1970: numbers that every language reads alike.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import msgspec
from msgspec import Meta

from swarmhaul.matching import Place

LIST = "job.list"
BID = "bid.place"
WITHDRAW = "bid.withdraw"
LIVES_SECONDS_MAX = {LIST: 600, BID: 7 * 86_400, WITHDRAW: 600}
"""A bid stands until its statement expires; the others are wishes for now."""

MILLION = 1_000_000

Instant = Annotated[int, Meta(ge=0, lt=1 << 40)]
Lamports = Annotated[int, Meta(ge=1, le=8_000_000_000_000)]
Cost = Annotated[int, Meta(ge=1, le=1_000_000_000_000)]
Grams = Annotated[int, Meta(ge=1, le=10_000_000)]
Millilitres = Annotated[int, Meta(ge=1, le=50_000_000)]
# What is signed is kept as it is, so what could not be shown is refused, not mended.
Line = r"^[^\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]*\Z"
UUID = r"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\Z"
UuidText = Annotated[str, Meta(pattern=UUID)]


class Terms(msgspec.Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """Exactly these fields: what is signed and not understood is refused, not ignored."""


class Spot(Terms, frozen=True, kw_only=True):
    latitude_e6: Annotated[int, Meta(ge=-90 * MILLION, le=90 * MILLION)]
    longitude_e6: Annotated[int, Meta(ge=-180 * MILLION, le=180 * MILLION)]

    @property
    def place(self) -> Place:
        return Place(self.latitude_e6 / MILLION, self.longitude_e6 / MILLION)


class Pricing(StrEnum):
    AS_BID = "as-bid"
    SHARED = "shared"


class Prices(Terms, frozen=True, kw_only=True):
    """How legs are paid: what they bid, or with `shared` basis points of the surplus on top, shared
    out by `fairness` (α).
    """

    policy: Pricing = Pricing.AS_BID
    shared: Annotated[int, Meta(ge=0, le=10_000)] = 10_000
    fairness: Annotated[int, Meta(ge=0, le=10_000)] = 7_000


class Window(Terms, frozen=True, kw_only=True):
    """Bids are taken until `bids_until`, or until it was quiet for so long while that many
    operators' bids cover the way.
    """

    bids_until: Instant
    quiet_seconds: Annotated[int, Meta(ge=1, le=86_400)] = 30
    operators_min: Annotated[int, Meta(ge=2, le=100)] = 3


class Opening(Terms, frozen=True, kw_only=True):
    """The rail's own command that locks the budget: its bytes in base64, and the signature under
    what the rail makes of it.
    """

    envelope: Annotated[str, Meta(min_length=1, max_length=2_000)]
    signature: Annotated[str, Meta(min_length=64, max_length=88)]


class ListJob(Terms, frozen=True, kw_only=True):
    """A load that is to be carried, and the money for it."""

    id: Annotated[str, Meta(pattern=r"^[0-9a-f]{32}\Z")]
    """The shipper's own, 16 bytes: the rail knows the job by it."""
    origin: Spot
    destination: Spot
    description: Annotated[str, Meta(min_length=1, max_length=200, pattern=Line)]
    weight_grams: Grams
    volume_ml: Millilitres
    ready_at: Instant
    deliver_by: Instant
    budget: Lamports
    window: Window
    opening: Opening
    prices: Prices = Prices()
    legs_max: Annotated[int, Meta(ge=1, le=8)] = 4
    radius_m: Annotated[int, Meta(ge=10, le=5_000)] = 250
    dwell_seconds: Annotated[int, Meta(ge=0, le=3_600)] = 120


class PlaceBid(Terms, frozen=True, kw_only=True):
    """A part of the way, carried for `cost` by somebody who waits at the pickup until
    `pickup_until` and is at the dropoff by `arrives_by`.
    """

    job: UuidText
    pickup: Spot
    dropoff: Spot
    cost: Cost
    pickup_until: Instant
    arrives_by: Instant
    carries_grams: Grams
    carries_ml: Millilitres
    reasoning: Annotated[str, Meta(max_length=500, pattern=Line)] = ""


class WithdrawBid(Terms, frozen=True, kw_only=True):
    """The bid by its name here, and by the SHA-256 of the statement that placed it, in hex: a
    market that gave the name to another bid has no withdrawal of that one.
    """

    bid: UuidText
    digest: Annotated[str, Meta(pattern=r"^[0-9a-f]{64}\Z")]
