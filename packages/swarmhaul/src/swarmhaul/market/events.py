"""What happened on the market, as everybody may know it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from basis.events import Event
from swarmhaul.market.states import JobStatus, LegStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class JobListed(Event):
    """The budget is locked; bids are taken."""

    topic: ClassVar[str] = "job.listed"
    job_id: str
    shipper: str
    budget: int
    bids_until: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BidPlaced(Event):
    topic: ClassVar[str] = "bid.placed"
    job_id: str
    bid_id: str
    agent: str
    cost: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BidWithdrawn(Event):
    topic: ClassVar[str] = "bid.withdrawn"
    job_id: str
    bid_id: str
    agent: str


@dataclass(frozen=True, slots=True, kw_only=True)
class JobMoved(Event):
    """A job has another status; `reason` is the code of a refusal, if one was why."""

    topic: ClassVar[str] = "job.moved"
    job_id: str
    status: JobStatus
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LegMoved(Event):
    topic: ClassVar[str] = "leg.moved"
    job_id: str
    number: int
    agent: str
    status: LegStatus
    paid: int = 0


TOPICS = ("job.*", "bid.*", "leg.*")
