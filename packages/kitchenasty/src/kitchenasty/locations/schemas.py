"""Houses on the wire: the shapes of the contract, and a superset of them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Literal

import msgspec
from msgspec import UNSET, UnsetType

from basis.kit.http.wire import (
    Amount,
    Form,
    PicturePath,
    Price,
    Stamp,
    WireStruct,
    amount,
    bounded_minor,
    stamp_or_none,
)
from kitchenasty.locations.drafts import (
    EXTRA_MINUTES_MAX,
    LASTS_MINUTES_MAX,
    HouseDraft,
    IntervalDraft,
)
from kitchenasty.locations.hours import show_wall
from kitchenasty.locations.table_schemas import TableView
from kitchenasty.locations.views import BusyMode, House
from kitchenasty.locations.zone_schemas import ZoneView

Short = Annotated[str, msgspec.Meta(min_length=1, max_length=120)]
Line = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
Minutes = Annotated[int, msgspec.Meta(ge=0, le=1_440)]
Wall = Annotated[str, msgspec.Meta(pattern=r"^\d\d:\d\d$")]
CancelUntil = Literal["PENDING", "CONFIRMED", "PREPARING", "READY"]

SAME = (
    "name", "description", "phone", "email", "address", "city", "state", "postal_code", "country",
    "image", "is_active", "delivery_enabled", "pickup_enabled", "busy_message",
    "busy_extra_minutes", "busy_mode", "kitchen_minutes_per_quarter", "prices_include_tax",
    "tax_basis_points", "currency", "legal_name", "tax_id", "guest_may_cancel_until",
)  # fmt: skip
RENAMED = {
    "lat": "latitude",
    "lng": "longitude",
    "time_zone": "zone",
    "delivery_lead_time": "delivery_lead_minutes",
    "pickup_lead_time": "pickup_lead_minutes",
}
PRICES = {
    "min_order_delivery": "min_delivery_minor",
    "min_order_pickup": "min_pickup_minor",
    "delivery_fee": "delivery_fee_minor",
    "free_delivery_from": "free_delivery_from_minor",
}


class HoursForm(Form, kw_only=True):
    """One interval; several for a day are welcome, and one may end after midnight."""

    day_of_week: Annotated[int, msgspec.Meta(ge=0, le=6)]
    open_time: Wall = "00:00"
    close_time: Wall = "00:00"
    is_closed: bool = False


class LocationPatch(Form, kw_only=True):
    """What is left out stays. `operatingHours` replace the whole week."""

    PARAGRAPHS = frozenset({"description"})

    name: Short | UnsetType = UNSET
    description: Annotated[str, msgspec.Meta(max_length=2000)] | UnsetType | None = UNSET
    phone: Annotated[str, msgspec.Meta(max_length=40)] | UnsetType | None = UNSET
    email: Annotated[str, msgspec.Meta(max_length=254)] | UnsetType | None = UNSET
    address: Line | UnsetType = UNSET
    city: Short | UnsetType = UNSET
    state: Annotated[str, msgspec.Meta(max_length=120)] | UnsetType | None = UNSET
    postal_code: Annotated[str, msgspec.Meta(min_length=1, max_length=20)] | UnsetType = UNSET
    country: Annotated[str, msgspec.Meta(min_length=2, max_length=2)] | UnsetType = UNSET
    legal_name: Annotated[str, msgspec.Meta(max_length=160)] | UnsetType | None = UNSET
    tax_id: Annotated[str, msgspec.Meta(max_length=40)] | UnsetType | None = UNSET
    lat: Annotated[float, msgspec.Meta(ge=-90, le=90)] | UnsetType | None = UNSET
    lng: Annotated[float, msgspec.Meta(ge=-180, le=180)] | UnsetType | None = UNSET
    image: PicturePath | UnsetType | None = UNSET
    is_active: bool | UnsetType = UNSET
    delivery_enabled: bool | UnsetType = UNSET
    pickup_enabled: bool | UnsetType = UNSET
    min_order_delivery: Price | UnsetType = UNSET
    min_order_pickup: Price | UnsetType = UNSET
    delivery_fee: Price | UnsetType = UNSET
    free_delivery_from: Price | UnsetType | None = UNSET
    delivery_lead_time: Minutes | UnsetType = UNSET
    pickup_lead_time: Minutes | UnsetType = UNSET
    is_busy: bool | UnsetType = UNSET
    busy_mode: BusyMode | UnsetType = UNSET
    busy_message: Annotated[str, msgspec.Meta(max_length=300)] | UnsetType | None = UNSET
    busy_extra_minutes: Minutes | UnsetType = UNSET
    kitchen_minutes_per_quarter: (
        Annotated[int, msgspec.Meta(ge=1, le=10_000)] | UnsetType | None
    ) = UNSET
    tax_basis_points: Annotated[int, msgspec.Meta(ge=0, le=10_000)] | UnsetType = UNSET
    prices_include_tax: bool | UnsetType = UNSET
    time_zone: Annotated[str, msgspec.Meta(max_length=64)] | UnsetType = UNSET
    currency: Annotated[str, msgspec.Meta(pattern="^[A-Z]{3}$")] | UnsetType = UNSET
    guest_may_cancel_until: CancelUntil | UnsetType = UNSET
    operating_hours: Annotated[list[HoursForm], msgspec.Meta(max_length=60)] | UnsetType = UNSET

    def to_changes(self, currency: str) -> dict[str, Any]:
        """The named fields as the house knows them."""
        pairs = [(name, name) for name in SAME] + list(RENAMED.items())
        changes = {
            ours: getattr(self, theirs)
            for theirs, ours in pairs
            if getattr(self, theirs) is not UNSET
        }
        for theirs, ours in PRICES.items():
            price = getattr(self, theirs)
            if price is not UNSET:
                known = changes.get("currency", currency)
                changes[ours] = None if price is None else bounded_minor(price, known)
        if self.is_busy is not UNSET and "busy_mode" not in changes:
            changes["busy_mode"] = BusyMode.PAUSED if self.is_busy else BusyMode.NONE
        if changes.get("email") == "":
            changes["email"] = None
        if "country" in changes:
            changes["country"] = changes["country"].upper()
        return changes

    def to_hours(self) -> list[IntervalDraft] | None:
        if self.operating_hours is UNSET:
            return None
        return [
            IntervalDraft(one.day_of_week, one.open_time, one.close_time)
            for one in self.operating_hours
            if not one.is_closed
        ]


class NewLocation(LocationPatch, kw_only=True):
    """A house to be opened."""

    name: Short
    slug: Annotated[str, msgspec.Meta(min_length=1, max_length=80)]
    address: Line
    city: Short
    postal_code: Annotated[str, msgspec.Meta(min_length=1, max_length=20)]

    def to_draft(self, beginnings: Mapping[str, Any]) -> HouseDraft:
        """What is left out is as the owner has it for new houses."""
        changes = self.to_changes(beginnings["currency"])
        return HouseDraft(slug=self.slug, **{**beginnings, **changes})


class ExceptionForm(Form, kw_only=True):
    """Other hours on a date, or on every date up to `until`; none means closed. Guests read the
    note.
    """

    hours: Annotated[list[tuple[Wall, Wall]], msgspec.Meta(max_length=6)]
    until: date | None = None
    note: Annotated[str, msgspec.Meta(max_length=200)] | None = None


class BusyForm(Form, kw_only=True):
    """How busy the kitchen is, for so many `minutes` or until further notice. What is left out
    stays as it is.
    """

    mode: BusyMode
    minutes: Annotated[int, msgspec.Meta(ge=1, le=LASTS_MINUTES_MAX)] | None = None
    extra_minutes: Annotated[int, msgspec.Meta(ge=1, le=EXTRA_MINUTES_MAX)] | None = None
    message: Annotated[str, msgspec.Meta(max_length=300)] | None = None


class HoursView(WireStruct, kw_only=True):
    id: str
    location_id: str
    day_of_week: int
    open_time: str
    close_time: str
    is_closed: bool


class ExceptionView(WireStruct, kw_only=True):
    date: str
    hours: list[tuple[str, str]]
    note: str | None = None


class LocationCounts(WireStruct, kw_only=True):
    """How many of each refer to the house, counted up to 1,000. Orders and reservations are told to
    its staff alone.
    """

    delivery_zones: int = 0
    tables: int = 0
    orders: int | UnsetType = UNSET
    reservations: int | UnsetType = UNSET
    menu_items: int = 0


class LocationView(WireStruct, kw_only=True):
    """`zip`, `acceptsDelivery` and `acceptsPickup` are what the stock storefront reads."""

    id: str
    name: str
    slug: str
    description: str | None
    phone: str | None
    email: str | None
    address: str
    city: str
    state: str | None
    postal_code: str
    zip: str
    country: str
    legal_name: str | None
    tax_id: str | None
    lat: float | None
    lng: float | None
    image: str | None
    is_active: bool
    delivery_enabled: bool
    pickup_enabled: bool
    accepts_delivery: bool
    accepts_pickup: bool
    min_order_delivery: Amount
    min_order_pickup: Amount
    delivery_fee: Amount
    free_delivery_from: Amount | None
    delivery_lead_time: int
    pickup_lead_time: int
    is_busy: bool
    busy_mode: BusyMode
    busy_message: str | None
    busy_extra_minutes: int
    busy_until: Stamp | None
    kitchen_minutes_per_quarter: int | None
    tax_basis_points: int
    prices_include_tax: bool
    guest_may_cancel_until: str
    time_zone: str
    currency: str
    operating_hours: list[HoursView]
    opening_exceptions: list[ExceptionView]
    delivery_zones: list[ZoneView]
    tables: list[TableView]
    counts: LocationCounts = msgspec.field(name="_count")

    @classmethod
    def of(cls, house: House, counts: LocationCounts) -> LocationView:
        values = {name: getattr(house, name) for name in SAME}
        values |= {theirs: getattr(house, ours) for theirs, ours in RENAMED.items()}
        values |= {
            theirs: amount_or_none(getattr(house, ours), house.currency)
            for theirs, ours in PRICES.items()
        }
        return cls(
            **values,
            id=house.id,
            slug=house.slug,
            zip=house.postal_code,
            accepts_delivery=house.delivery_enabled,
            accepts_pickup=house.pickup_enabled,
            is_busy=house.is_paused,
            busy_until=stamp_or_none(house.busy_until),
            operating_hours=hours_of(house),
            opening_exceptions=exceptions_of(house),
            delivery_zones=[],
            tables=[],
            counts=counts,
        )


def amount_or_none(minor: int | None, currency: str) -> Amount | None:
    return None if minor is None else amount(minor, currency)


def hours_of(house: House) -> list[HoursView]:
    """The week in the contract's shape; a day without hours is a closed one."""
    views = []
    for weekday in range(7):
        spans = [(i.opens, i.closes) for i in house.hours.week if i.weekday == weekday]
        views += [
            HoursView(
                id=f"{house.id}:{weekday}:{opens}",
                location_id=house.id,
                day_of_week=weekday,
                open_time=show_wall(opens),
                close_time=show_wall(closes),
                is_closed=opens == closes,
            )
            for opens, closes in spans or [(0, 0)]
        ]
    return views


def exceptions_of(house: House) -> list[ExceptionView]:
    return [
        ExceptionView(
            date=day.isoformat(),
            hours=[(show_wall(start), show_wall(end)) for start, end in spans],
            note=house.hours.notes.get(day),
        )
        for day, spans in sorted(house.hours.exceptions.items())
    ]
