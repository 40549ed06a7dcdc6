"""A house as other slices see it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from kitchenasty.locations.hours import WeekHours


class BusyMode(StrEnum):
    """NONE: as usual. SLOWER: promises take longer. PAUSED: no orders for now."""

    NONE = "NONE"
    SLOWER = "SLOWER"
    PAUSED = "PAUSED"


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
    guest_may_cancel_until: str
    version: int
    hours: WeekHours

    @property
    def is_paused(self) -> bool:
        return self.busy_mode is BusyMode.PAUSED
