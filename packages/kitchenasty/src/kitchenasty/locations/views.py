"""A house as other slices see it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from kitchenasty.locations.hours import WeekHours


class BusyMode(StrEnum):
    """NONE: as usual. SLOWER: promises take longer. PAUSED: no orders for now."""

    NONE = "NONE"
    SLOWER = "SLOWER"
    PAUSED = "PAUSED"


@dataclass(frozen=True, slots=True, kw_only=True)
class TaxRate:
    """A rate of a tax on a category of goods. `dining` None: however the meal is had; the days are
    the first and the last on which it holds, None meaning until further notice.
    """

    tax: str
    category: str
    millionths: int
    dining: str | None = None
    valid_from: date = date.min
    valid_until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """One house. Amounts are in minor units of its currency, times in its zone."""

    id: str
    slug: str
    name: str
    description: str | None
    phone: str | None
    email: str | None
    address: str
    city: str
    state: str | None
    postal_code: str
    country: str
    legal_name: str | None
    tax_id: str | None
    latitude: float | None
    longitude: float | None
    image: str | None
    is_active: bool
    zone: str
    currency: str
    delivery_enabled: bool
    pickup_enabled: bool
    min_delivery_minor: int
    min_pickup_minor: int
    delivery_fee_minor: int
    delivery_lead_minutes: int
    pickup_lead_minutes: int
    busy_mode: BusyMode
    busy_message: str | None
    busy_extra_minutes: int
    kitchen_minutes_per_quarter: int | None
    tax_basis_points: int
    prices_include_tax: bool
    rounding_policy: str
    tax_rates: tuple[TaxRate, ...]
    """Without any, everything is taxed at `tax_basis_points`."""
    guest_may_cancel_until: str
    version: int
    hours: WeekHours

    @property
    def is_paused(self) -> bool:
        return self.busy_mode is BusyMode.PAUSED
