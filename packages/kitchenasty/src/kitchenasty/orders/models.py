"""Orders as they were agreed: names, prices and the address are kept, whatever changes later."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from basis.kit.data.columns import Id, Json, Minor, choice
from kitchenasty.kit.tables import Model, Record
from kitchenasty.orders.states import OrderStatus, OrderType
from kitchenasty.orders.totals import BY_RATE

OPEN = "status IN ('PENDING', 'CONFIRMED', 'PREPARING', 'READY')"

AT_TABLE = "reservation_id IS NOT NULL"
"""Orders of guests who come for them, or have them brought, are not in this index."""

ONLY_EMAIL = "phone_key = '' AND guest_email IS NOT NULL"
"""Guests who leave a phone number are found by that: the index is for the others."""


class OrderRow(Record):
    """An order. `version` grows by one with every move and guards against two cooks at once."""

    __tablename__ = "orders"
    __table_args__ = (
        CheckConstraint("total_minor >= 0 AND subtotal_minor >= 0", name="totals"),
        CheckConstraint("length(number) > 0", name="number"),
        UniqueConstraint("house_id", "day", "number"),
        Index("ix_orders_placed_at_id", "placed_at", "id"),
        Index("ix_orders_house_id_placed_at", "house_id", "placed_at", "id"),
        Index("ix_orders_status_placed_at", "status", "placed_at", "id"),
        Index("ix_orders_customer_id_placed_at", "customer_id", "placed_at", "id"),
        Index("ix_orders_number", "number"),
        Index("ix_orders_name_key", "name_key"),
        Index("ix_orders_phone_key", "phone_key"),
        Index(
            "ix_orders_guest_email",
            "guest_email",
            sqlite_where=text(ONLY_EMAIL),
            postgresql_where=text(ONLY_EMAIL),
        ),
        Index(
            "ix_orders_kitchen",
            "house_id",
            "placed_at",
            sqlite_where=text(OPEN),
            postgresql_where=text(OPEN),
        ),
        Index(
            "ix_orders_reservation_id",
            "reservation_id",
            sqlite_where=text(AT_TABLE),
            postgresql_where=text(AT_TABLE),
        ),
    )

    house_id: Mapped[Id] = mapped_column(ForeignKey("locations.id"))
    day: Mapped[str] = mapped_column(String(10))
    """The house's own date at the moment of placing, ISO text."""
    number: Mapped[str] = mapped_column(String(12))
    status: Mapped[OrderStatus] = mapped_column(choice(OrderStatus))
    order_type: Mapped[OrderType] = mapped_column(choice(OrderType))
    version: Mapped[int]
    customer_id: Mapped[Id | None] = mapped_column(ForeignKey("customers.id", ondelete="SET NULL"))
    guest_name: Mapped[str] = mapped_column(String(120))
    guest_email: Mapped[str | None] = mapped_column(String(254))
    guest_phone: Mapped[str | None] = mapped_column(String(40))
    name_key: Mapped[str] = mapped_column(String(120))
    phone_key: Mapped[str] = mapped_column(String(40))
    address: Mapped[Any] = mapped_column(Json, nullable=True)
    currency: Mapped[str] = mapped_column(String(3))
    subtotal_minor: Mapped[Minor]
    delivery_fee_minor: Mapped[Minor]
    discount_minor: Mapped[Minor]
    tax_minor: Mapped[Minor]
    tip_minor: Mapped[Minor]
    total_minor: Mapped[Minor]
    tax_is_included: Mapped[bool]
    rounding_policy: Mapped[str] = mapped_column(String(32), server_default=BY_RATE.name)
    explanation: Mapped[Any] = mapped_column(Json, nullable=True)
    """How the total came about, as `totals.Explanation`. Orders older than the engine have none."""
    payment_method: Mapped[str] = mapped_column(String(16))
    placed_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    scheduled_at: Mapped[datetime | None]
    promised_at: Mapped[datetime]
    fire_at: Mapped[datetime]
    note: Mapped[str | None] = mapped_column(String(500))
    cancel_reason: Mapped[str | None] = mapped_column(String(300))
    guest_may_cancel_until: Mapped[OrderStatus] = mapped_column(choice(OrderStatus))
    locale: Mapped[str | None] = mapped_column(String(16))
    """The language it was placed in, for letters about it."""
    capability_hash: Mapped[str] = mapped_column(String(64), unique=True)
    stock_taken: Mapped[Any] = mapped_column(Json)
    """Dish id to portions that were taken from counted stock."""
    kitchen_slot: Mapped[datetime | None]
    work_minutes: Mapped[int]
    table_id: Mapped[Id | None]
    """No key into the tables: one that is taken away leaves its orders as they were."""
    table_name: Mapped[str | None] = mapped_column(String(40))
    """Where it is carried to, by the name that the table had."""
    reservation_id: Mapped[Id | None]
    """The party at the table; it has one order for each round."""
    awaits_payment_until: Mapped[datetime | None]
    """While it is set, nobody in the house is told of the order (docs/adr/0009)."""


class OrderLineRow(Record):
    """A line keeps the name and the price as they were shown."""

    __tablename__ = "order_lines"
    __table_args__ = (CheckConstraint("quantity > 0", name="quantity"),)

    order_id: Mapped[Id] = mapped_column(ForeignKey("orders.id", ondelete="CASCADE"), index=True)
    position: Mapped[int]
    dish_id: Mapped[Id] = mapped_column(ForeignKey("dishes.id"), index=True)
    name: Mapped[str] = mapped_column(String(120))
    quantity: Mapped[int]
    unit_minor: Mapped[Minor]
    total_minor: Mapped[Minor]
    note: Mapped[str | None] = mapped_column(String(300))
    allergens: Mapped[Any] = mapped_column(Json, nullable=True)
    """Codes of dish and options together; empty of value when unknown."""
    options: Mapped[Any] = mapped_column(Json)
    """[{id, group, name, quantity, modifierMinor}] as chosen; never edited, so one value."""


class OrderHistoryRow(Record):
    """Who moved the order from where to where, when and why. Append-only."""

    __tablename__ = "order_history"

    order_id: Mapped[Id] = mapped_column(ForeignKey("orders.id", ondelete="CASCADE"), index=True)
    happened_at: Mapped[datetime]
    actor: Mapped[str] = mapped_column(String(80))
    actor_name: Mapped[str] = mapped_column(String(120))
    before: Mapped[str | None] = mapped_column(String(32))
    after: Mapped[str] = mapped_column(String(32))
    reason: Mapped[str | None] = mapped_column(String(300))


class OrderCounterRow(Model):
    """The last number given out by a house on its own date."""

    __tablename__ = "order_counters"

    house_id: Mapped[Id] = mapped_column(
        ForeignKey("locations.id", ondelete="CASCADE"), primary_key=True
    )
    day: Mapped[str] = mapped_column(String(10), primary_key=True)
    last: Mapped[int]


class KitchenLoadRow(Model):
    """Minutes of work reserved in one quarter of an hour of one kitchen."""

    __tablename__ = "kitchen_load"
    __table_args__ = (CheckConstraint("reserved_minutes >= 0", name="reserved"),)

    house_id: Mapped[Id] = mapped_column(
        ForeignKey("locations.id", ondelete="CASCADE"), primary_key=True
    )
    starts_at: Mapped[datetime] = mapped_column(primary_key=True)
    reserved_minutes: Mapped[int]
