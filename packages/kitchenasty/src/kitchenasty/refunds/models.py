"""What was given back, and how much of it a manager may decide alone."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from basis.kit.data.columns import Id, Json, Minor, choice
from kitchenasty.kit.tables import Model, Record
from kitchenasty.refunds.states import Cause


class RefundRow(Record):
    """A refund; never changed, never deleted. An order's account is the fold of its rows."""

    __tablename__ = "refunds"
    __table_args__ = (
        CheckConstraint("amount_minor > 0", name="amount"),
        UniqueConstraint("order_id", "position"),
    )

    order_id: Mapped[Id] = mapped_column(ForeignKey("orders.id"))
    house_id: Mapped[Id] = mapped_column(ForeignKey("locations.id"))
    position: Mapped[int]
    """1, 2, 3 of one order: each is computed from those before it."""
    cause: Mapped[Cause] = mapped_column(choice(Cause))
    amount_minor: Mapped[Minor]
    tax_minor: Mapped[Minor]
    """The tax inside the amount."""
    currency: Mapped[str] = mapped_column(String(3))
    reason: Mapped[str] = mapped_column(String(300))
    parts: Mapped[Any] = mapped_column(Json)
    """What went back for each line and charge, as `totals.Refund.parts`."""
    made_at: Mapped[datetime]
    made_by: Mapped[str] = mapped_column(String(80))
    made_by_name: Mapped[str] = mapped_column(String(200))


class RefundLimitRow(Model):
    """What the managers of a house may give back of one order without its owner."""

    __tablename__ = "refund_limits"
    __table_args__ = (CheckConstraint("most_minor >= 0", name="most"),)

    house_id: Mapped[Id] = mapped_column(
        ForeignKey("locations.id", ondelete="CASCADE"), primary_key=True
    )
    most_minor: Mapped[Minor]
    updated_at: Mapped[datetime]
