"""A house as other slices see it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from kitchenasty.locations.charges import NO_CHARGES, Charges
from kitchenasty.locations.hours import WeekHours
from kitchenasty.locations.ordering import AS_EVER, Ordering
from kitchenasty.locations.zones import Zone


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
    free_delivery_from_minor: int | None
    delivery_lead_minutes: int
    pickup_lead_minutes: int
    busy_mode: BusyMode
    busy_message: str | None
    busy_extra_minutes: int
    busy_until: datetime | None
    """When the busy mode ends by itself."""
    kitchen_minutes_per_quarter: int | None
    tax_basis_points: int
    prices_include_tax: bool
    rounding_policy: str
    tax_rates: tuple[TaxRate, ...]
    """Without any, everything is taxed at `tax_basis_points`."""
    guest_may_cancel_until: str
    version: int
    hours: WeekHours
    charges: Charges = NO_CHARGES
    ordering: Ordering = AS_EVER
    zones: tuple[Zone, ...] = ()
    """All of them, by rank. Without any that is used, the house brings everywhere for one fee."""
    delivery_zone: Zone | None = None
    """The zone of the address for which this is told; `at` sets it."""

    @property
    def is_paused(self) -> bool:
        return self.busy_mode is BusyMode.PAUSED

    @property
    def takes_tips(self) -> bool:
        return self.charges.takes_tips and self.ordering.takes_tips

    @property
    def tips(self) -> tuple[int, ...]:
        """The percentages that guests are offered."""
        return (self.charges.tips or self.ordering.tips) if self.takes_tips else ()

    @property
    def has_zones(self) -> bool:
        return any(zone.is_used for zone in self.zones)

    @property
    def least_fee_minor(self) -> int | None:
        """The smallest fee of the zones in use; None for a house that has one fee."""
        return min((zone.fee_minor for zone in self.zones if zone.is_used), default=None)

    def as_of(self, now: datetime) -> House:
        """What was busy until a moment that has passed is as usual again."""
        if self.busy_until is None or now < self.busy_until:
            return self
        return replace(self, busy_mode=BusyMode.NONE, busy_until=None)

    def at(self, zone: Zone) -> House:
        """The house as it stands to an address in this zone."""
        least, minutes = zone.min_order_minor, zone.minutes
        return replace(
            self,
            delivery_zone=zone,
            delivery_fee_minor=zone.fee_minor,
            free_delivery_from_minor=zone.free_from_minor,
            min_delivery_minor=self.min_delivery_minor if least is None else least,
            delivery_lead_minutes=self.delivery_lead_minutes if minutes is None else minutes,
        )
