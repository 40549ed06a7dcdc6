"""A house as somebody wants it to be."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from kitchenasty.locations.areas import AxisOrder
from kitchenasty.locations.views import BusyMode

EXTRA_MINUTES_MAX = 240
LASTS_MINUTES_MAX = 1_440
"""How much longer a busy kitchen says it takes, and how long it can be busy by one tap."""


@dataclass(frozen=True, slots=True)
class IntervalDraft:
    """Hours as people write them: weekday 0 is Sunday, `opens` and `closes` like `18:30`. A closing
    time that is not after the opening time means the next day.
    """

    weekday: int
    opens: str
    closes: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HouseDraft:
    """A new house; what is left out has the defaults of the contract."""

    name: str
    slug: str
    address: str
    city: str
    postal_code: str
    description: str | None = None
    phone: str | None = None
    email: str | None = None
    state: str | None = None
    country: str = "US"
    legal_name: str | None = None
    tax_id: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    image: str | None = None
    is_active: bool = True
    zone: str = "UTC"
    currency: str = "EUR"
    delivery_enabled: bool = True
    pickup_enabled: bool = True
    min_delivery_minor: int = 0
    min_pickup_minor: int = 0
    delivery_fee_minor: int = 0
    free_delivery_from_minor: int | None = None
    delivery_lead_minutes: int = 30
    pickup_lead_minutes: int = 15
    busy_mode: BusyMode = BusyMode.NONE
    busy_message: str | None = None
    busy_extra_minutes: int = 15
    busy_until: datetime | None = None
    kitchen_minutes_per_quarter: int | None = None
    tax_basis_points: int = 0
    prices_include_tax: bool = True
    rounding_policy: str = "by-rate/half-up"
    guest_may_cancel_until: str = "CONFIRMED"


@dataclass(frozen=True, slots=True, kw_only=True)
class ZoneDraft:
    """A zone as somebody wants it. `codes` as typed, `boundary` as `areas.read_area` takes it."""

    name: str
    fee_minor: int = 0
    min_order_minor: int | None = None
    free_from_minor: int | None = None
    minutes: int | None = None
    codes: str = ""
    boundary: Any = None
    axis_order: AxisOrder | None = None
    rank: int | None = None
    """None: after all others."""
    is_active: bool = True
