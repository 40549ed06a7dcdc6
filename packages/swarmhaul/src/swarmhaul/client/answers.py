"""What a market answers, as far as somebody who deals there reads it; others say more."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec

from swarmhaul.matching import Place

MILLION = 1_000_000


class AboutMarket(msgspec.Struct, frozen=True, kw_only=True):
    market: str
    coordinator: str
    arbiter: str
    rail: str
    treasury: str
    wallet_min: int
    award_seconds: int
    bids_live_max: int


class SpotTold(msgspec.Struct, frozen=True, kw_only=True):
    latitude_e6: int
    longitude_e6: int

    @property
    def place(self) -> Place:
        return Place(self.latitude_e6 / MILLION, self.longitude_e6 / MILLION)

    @classmethod
    def of(cls, place: Place) -> SpotTold:
        return cls(
            latitude_e6=round(place.latitude * MILLION),
            longitude_e6=round(place.longitude * MILLION),
        )


class WindowTold(msgspec.Struct, frozen=True, kw_only=True):
    bids_until: int


class WorkTerms(msgspec.Struct, frozen=True, kw_only=True):
    """What a shipper signed, read from the very bytes of the statement."""

    id: str
    origin: SpotTold
    destination: SpotTold
    description: str
    weight_grams: int
    volume_ml: int
    ready_at: int
    deliver_by: int
    budget: int
    window: WindowTold
    dwell_seconds: int = 120


class LegTold(msgspec.Struct, frozen=True, kw_only=True):
    number: int
    bid_id: str
    agent: str
    pay: int
    status: str


class JobTold(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    shipper: str
    status: str
    legs: list[LegTold]
    statement: str
    signature: str
    paid: int = 0


class JobsTold(msgspec.Struct, kw_only=True):
    jobs: list[JobTold]
    before: str | None


class BidTold(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    job_id: str
    agent: str
    status: str
    expires_at: datetime
    statement: str
    signature: str


class BidsTold(msgspec.Struct, kw_only=True):
    bids: list[BidTold]
    after: str | None


class BidTerms(msgspec.Struct, frozen=True, kw_only=True):
    """What an agent signed."""

    job: str
    pickup: SpotTold
    dropoff: SpotTold
    cost: int
    pickup_until: int
    arrives_by: int
    carries_grams: int
    carries_ml: int
    reasoning: str = ""


class RailLegTold(msgspec.Struct, frozen=True, kw_only=True):
    courier: str
    pay: int
    duration: int
    due: int
    state: str


class RailJobTold(msgspec.Struct, frozen=True, kw_only=True):
    status: str
    escrow: int
    paid: int
    accept_by: int
    done: int
    legs: list[RailLegTold]
    way_out: str
    way_out_after: int


class RailJobMaybe(msgspec.Struct, kw_only=True):
    job: RailJobTold | None


class EntryTold(msgspec.Struct, frozen=True, kw_only=True):
    seq: int
    envelope: str
    signature: str


class WalletTold(msgspec.Struct, frozen=True, kw_only=True):
    balance: int


SCORE_OF_ONE = 1_000_000_000_000


class StandingTold(msgspec.Struct, frozen=True, kw_only=True):
    """How somebody stands with an observer; `score` is in trillionths: SCORE_OF_ONE is 1."""

    subject: str
    score: int
    is_stranger: bool


class Happening(msgspec.Struct, frozen=True, kw_only=True):
    """One message of the stream."""

    seq: int
    topic: str
    payload: dict[str, Any]


class HappeningsTold(msgspec.Struct, kw_only=True):
    messages: list[Happening]
    seq: int


@dataclass(frozen=True, slots=True)
class Gap:
    """What happened up to number `seq` was not heard: read the jobs anew."""

    seq: int
