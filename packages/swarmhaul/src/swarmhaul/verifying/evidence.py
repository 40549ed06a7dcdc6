"""What a market shows, and what is found wrong with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field

from basis.escrow import Key
from swarmhaul.market import BidView, JobView
from swarmhaul.reputation import Line


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """One entry of a rail's log, as it is shown."""

    seq: int
    at: int
    body: bytes
    signature: bytes
    proof: bytes
    moves: Mapping[Key, int]
    """What wallets gained or gave."""
    hash: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """Everything that is needed to do it again."""

    market: str
    coordinator: str
    rail: str
    treasury: Key
    wallet_min: int
    entries: Sequence[Taken]
    jobs: Sequence[JobView] = ()
    bids: Mapping[str, Sequence[BidView]] = field(default_factory=dict)
    told: Mapping[str, AbstractSet[str]] = field(default_factory=dict)
    """The bids that the stream of events told of when they were placed, by their job."""
    lines: Sequence[Line] = ()
    """The market's own log of what it saw: the scores that it chose by."""
    balances: Mapping[Key, int] = field(default_factory=dict)
    """What the market says that wallets hold."""


@dataclass(frozen=True, slots=True)
class Finding:
    """`name` is stable; `where` is an entry, a job, a bid or a line."""

    name: str
    where: str
    why: str

    def __str__(self) -> str:
        return f"{self.name}: {self.where}: {self.why}"
