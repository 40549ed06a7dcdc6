from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, Date, Float, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from basis.kit.data.columns import Id, Json, Minor, choice
from kitchenasty.kit.tables import Record
from kitchenasty.locations.views import BusyMode


class HouseRow(Record):
    """A house. `version` grows with every change, its hours included."""

    __tablename__ = "locations"
    __table_args__ = (
        CheckConstraint("min_delivery_minor >= 0 AND min_pickup_minor >= 0", name="minimums"),
        CheckConstraint("delivery_fee_minor >= 0", name="delivery_fee"),
        CheckConstraint("tax_basis_points BETWEEN 0 AND 10000", name="tax"),
    )

    slug: Mapped[str] = mapped_column(String(80), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    description: Mapped[str | None] = mapped_column(String(2000))
    phone: Mapped[str | None] = mapped_column(String(40))
    email: Mapped[str | None] = mapped_column(String(254))
    address: Mapped[str] = mapped_column(String(200))
    city: Mapped[str] = mapped_column(String(120))
    state: Mapped[str | None] = mapped_column(String(120))
    postal_code: Mapped[str] = mapped_column(String(20))
    country: Mapped[str] = mapped_column(String(2))
    legal_name: Mapped[str | None] = mapped_column(String(160))
    """Who sells, as receipts name them, where that is not the house's own name."""
    tax_id: Mapped[str | None] = mapped_column(String(40))
    # Coordinates are measurements, not money: a float is what they are.
    latitude: Mapped[float | None] = mapped_column(Float)
    longitude: Mapped[float | None] = mapped_column(Float)
    image: Mapped[str | None] = mapped_column(String(300))
    is_active: Mapped[bool]
    zone: Mapped[str] = mapped_column(String(64))
    currency: Mapped[str] = mapped_column(String(3))
    delivery_enabled: Mapped[bool]
    pickup_enabled: Mapped[bool]
    min_delivery_minor: Mapped[Minor]
    min_pickup_minor: Mapped[Minor]
    delivery_fee_minor: Mapped[Minor]
    free_delivery_from_minor: Mapped[Minor | None]
    delivery_lead_minutes: Mapped[int]
    pickup_lead_minutes: Mapped[int]
    busy_mode: Mapped[BusyMode] = mapped_column(choice(BusyMode))
    busy_message: Mapped[str | None] = mapped_column(String(300))
    busy_extra_minutes: Mapped[int]
    busy_until: Mapped[datetime | None]
    """When `busy_mode` ends by itself; NULL: when somebody ends it."""
    kitchen_minutes_per_quarter: Mapped[int | None]
    tax_basis_points: Mapped[int]
    prices_include_tax: Mapped[bool]
    rounding_policy: Mapped[str] = mapped_column(String(32))
    guest_may_cancel_until: Mapped[str] = mapped_column(String(32))
    charges: Mapped[Any] = mapped_column(Json, nullable=True)
    """`charges.Charges`, read and written as a whole; NULL: none."""
    version: Mapped[int]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]


class OpeningIntervalRow(Record):
    """Open every week from `opens` to `closes`, in minutes after midnight of the weekday."""

    __tablename__ = "opening_intervals"
    __table_args__ = (
        CheckConstraint("weekday BETWEEN 0 AND 6", name="weekday"),
        CheckConstraint(
            "opens >= 0 AND opens < 1440 AND closes > opens AND closes <= opens + 1440",
            name="span",
        ),
    )

    house_id: Mapped[Id] = mapped_column(ForeignKey("locations.id", ondelete="CASCADE"), index=True)
    weekday: Mapped[int]
    opens: Mapped[int]
    closes: Mapped[int]


class OpeningExceptionRow(Record):
    """A date on which other hours hold; a row without times means closed."""

    __tablename__ = "opening_exceptions"
    __table_args__ = (UniqueConstraint("house_id", "day", "opens"),)

    house_id: Mapped[Id] = mapped_column(ForeignKey("locations.id", ondelete="CASCADE"), index=True)
    day: Mapped[date] = mapped_column(Date)
    opens: Mapped[int | None]
    closes: Mapped[int | None]
    note: Mapped[str | None] = mapped_column(String(200))


class DeliveryZoneRow(Record):
    """A zone with its tariff; what is NULL is as the house has it."""

    __tablename__ = "delivery_zones"
    __table_args__ = (
        CheckConstraint(
            "fee_minor >= 0 AND min_order_minor >= 0 AND free_from_minor >= 0", name="amounts"
        ),
        CheckConstraint("minutes BETWEEN 0 AND 1440", name="minutes"),
    )

    house_id: Mapped[Id] = mapped_column(ForeignKey("locations.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(80))
    rank: Mapped[int]
    fee_minor: Mapped[Minor]
    min_order_minor: Mapped[Minor | None]
    free_from_minor: Mapped[Minor | None]
    minutes: Mapped[int | None]
    postal_codes: Mapped[Any] = mapped_column(Json)
    """A list of codes as `zones.read_code` spells them."""
    boundary: Mapped[Any] = mapped_column(Json, nullable=True)
    """GeoJSON, longitude first, as `areas.read_area` accepted it."""
    is_active: Mapped[bool]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]


class TableRow(Record):
    """A table; its name is used once in a house."""

    __tablename__ = "tables"
    __table_args__ = (
        UniqueConstraint("house_id", "name"),
        CheckConstraint("seats >= 1 AND seats_min BETWEEN 1 AND seats", name="seats"),
    )

    house_id: Mapped[Id] = mapped_column(ForeignKey("locations.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(40))
    area: Mapped[str] = mapped_column(String(40))
    seats: Mapped[int]
    seats_min: Mapped[int]
    position: Mapped[int]
    is_active: Mapped[bool]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]


class TaxRateRow(Record):
    """One rate of one tax, from its first day to its last (none: until further notice)."""

    __tablename__ = "tax_rates"
    __table_args__ = (
        CheckConstraint("millionths BETWEEN 0 AND 1000000", name="rate"),
        CheckConstraint("valid_until >= valid_from", name="days"),
    )

    house_id: Mapped[Id] = mapped_column(ForeignKey("locations.id", ondelete="CASCADE"), index=True)
    tax: Mapped[str] = mapped_column(String(40))
    category: Mapped[str] = mapped_column(String(40))
    dining: Mapped[str | None] = mapped_column(String(16))
    millionths: Mapped[int]
    valid_from: Mapped[date] = mapped_column(Date)
    valid_until: Mapped[date | None] = mapped_column(Date)
