"""Jobs, bids and legs as everybody may see them."""

from __future__ import annotations

from datetime import datetime

import msgspec

from swarmhaul.market.states import BidStatus, JobStatus, LegStatus
from swarmhaul.market.terms import ListJob, PlaceBid


class LegView(msgspec.Struct, frozen=True, kw_only=True):
    number: int
    bid_id: str
    agent: str
    pay: int
    duration_seconds: int
    status: LegStatus


class WithdrawalView(msgspec.Struct, frozen=True, kw_only=True):
    """What an agent signed to take a bid back."""

    statement: str
    signature: str


class BidView(msgspec.Struct, frozen=True, kw_only=True):
    """A bid, with the bytes and the signature that prove it. One that was withdrawn has those of
    the withdrawal too.
    """

    id: str
    job_id: str
    agent: str
    status: BidStatus
    placed_at: datetime
    expires_at: datetime
    terms: PlaceBid
    statement: str
    signature: str
    withdrawal: WithdrawalView | None = None


class JobEntryView(msgspec.Struct, frozen=True, kw_only=True):
    """What the rail carried out for a job. `moves` is what wallets gained or gave; `digest` covers
    the entry and all before it.
    """

    seq: int
    at: datetime
    command: str
    leg: int | None
    signer: str
    moves: dict[str, int]
    signature: str
    digest: str


class JobView(msgspec.Struct, frozen=True, kw_only=True):
    """A job. Amounts are lamports."""

    id: str
    shipper: str
    status: JobStatus
    listed_at: datetime
    terms: ListJob
    paid: int
    refusal: str | None
    legs: list[LegView]
    statement: str
    signature: str
