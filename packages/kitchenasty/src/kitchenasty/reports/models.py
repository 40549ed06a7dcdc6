"""What is counted, day by day and month by month, and what of it each order is."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from basis.kit.data.columns import Id, Json, Minor
from kitchenasty.kit.tables import Model
from kitchenasty.reports.entries import KEY_LENGTH_MAX


class FigureRow(Model):
    """A sum over the orders of one house and day: `entries.Figure` at its `entries.Place`. Of
    guests, who have no currency, it is empty.
    """

    __tablename__ = "figures"

    house_id: Mapped[Id] = mapped_column(
        ForeignKey("locations.id", ondelete="CASCADE"), primary_key=True
    )
    kind: Mapped[str] = mapped_column(String(16), primary_key=True)
    day: Mapped[str] = mapped_column(String(10), primary_key=True)
    key: Mapped[str] = mapped_column(String(KEY_LENGTH_MAX), primary_key=True)
    currency: Mapped[str] = mapped_column(String(3), primary_key=True)
    times: Mapped[int]
    units: Mapped[int] = mapped_column(BigInteger)
    minor: Mapped[Minor]
    tax_minor: Mapped[Minor]


class MonthFigureRow(Model):
    """The same sums over whole months (`2026-11`), so that a year is read in months and not in
    days; written together with those of the days.
    """

    __tablename__ = "month_figures"

    house_id: Mapped[Id] = mapped_column(
        ForeignKey("locations.id", ondelete="CASCADE"), primary_key=True
    )
    kind: Mapped[str] = mapped_column(String(16), primary_key=True)
    month: Mapped[str] = mapped_column(String(7), primary_key=True)
    key: Mapped[str] = mapped_column(String(KEY_LENGTH_MAX), primary_key=True)
    currency: Mapped[str] = mapped_column(String(3), primary_key=True)
    times: Mapped[int]
    units: Mapped[int] = mapped_column(BigInteger)
    minor: Mapped[Minor]
    tax_minor: Mapped[Minor]


class GuestDayRow(Model):
    """A day on which a guest bought something in a house, and how many sales that were. From the
    days of one guest follows on which they were new and on which they came again.
    """

    __tablename__ = "guest_days"

    house_id: Mapped[Id] = mapped_column(
        ForeignKey("locations.id", ondelete="CASCADE"), primary_key=True
    )
    guest: Mapped[str] = mapped_column(String(32), primary_key=True)
    day: Mapped[str] = mapped_column(String(10), primary_key=True)
    sales: Mapped[int]


class CountedOrderRow(Model):
    """What an order has added to the figures, so that it can be taken away again when it changes.
    `guest` names whoever ordered without saying who they are; empty where nobody can know, and for
    what is no sale.
    """

    __tablename__ = "counted_orders"

    order_id: Mapped[Id] = mapped_column(
        ForeignKey("orders.id", ondelete="CASCADE"), primary_key=True
    )
    house_id: Mapped[Id]
    day: Mapped[str] = mapped_column(String(10))
    guest: Mapped[str | None] = mapped_column(String(32))
    figures: Mapped[Any] = mapped_column(Json)
    """[[day, kind, key, times, units, minor, tax_minor]]"""


class UncountedOrderRow(Model):
    """An order that is new or has changed since it was counted."""

    __tablename__ = "uncounted_orders"

    order_id: Mapped[Id] = mapped_column(primary_key=True)
    changed_at: Mapped[datetime]
