"""How a house hands its deliveries over, as it is set and as it stands. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    latitude: float
    longitude: float


@dataclass(frozen=True, slots=True, kw_only=True)
class TermsDraft:
    """Amounts are lamports. `places` are of postal codes, for addresses without coordinates;
    after `confirm_seconds` of silence an arrival is taken for a delivery.
    """

    is_on: bool = False
    market_url: str = ""
    base: int = 5_000_000
    per_km: int = 5_000_000
    most: int = 50_000_000
    weight_grams: int = 3_000
    volume_ml: int = 20_000
    bid_seconds: int = 120
    confirm_seconds: int = 300
    places: Mapping[str, Place] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Market:
    """What a market said of itself when it was first spoken to. It is held to it."""

    name: str
    coordinator: str
    arbiter: str
    rail: str
    wallet_min: int
    award_seconds: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """How a house hands over, and how it went with the market last."""

    house_id: str
    draft: TermsDraft
    market: Market | None
    key: str
    sealed_key: str
    version: int
    seq: int
    balance: int | None
    spoke_at: datetime | None
    trouble: str | None
    trouble_since: datetime | None
    tries: int

    @property
    def is_short(self) -> bool:
        """Whether the wallet does not hold the most that one delivery may cost."""
        least = self.draft.most + (self.market.wallet_min if self.market else 0)
        return self.balance is not None and self.balance < least
