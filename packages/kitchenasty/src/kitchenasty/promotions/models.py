from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from basis.kit.data.columns import Id, Json, Minor, choice
from kitchenasty.kit.tables import Model, Record
from kitchenasty.promotions.rules import CouponType
from kitchenasty.promotions.windows import NAME_LENGTH_MAX


class CouponRow(Record):
    """A coupon. `uses` counts the orders that have it; it is only ever changed by conditional
    updates.
    """

    __tablename__ = "coupons"
    __table_args__ = (
        CheckConstraint("uses >= 0", name="uses"),
        CheckConstraint("rate_millionths BETWEEN 0 AND 1000000", name="rate"),
        CheckConstraint("amount_minor >= 0 AND min_order_minor >= 0", name="amounts"),
    )

    code: Mapped[str] = mapped_column(String(50), unique=True)
    """As `rules.code_key` spells it."""
    type: Mapped[CouponType] = mapped_column(choice(CouponType))
    house_id: Mapped[Id | None] = mapped_column(ForeignKey("locations.id", ondelete="CASCADE"))
    """The one house that takes it; None: every house of this currency."""
    currency: Mapped[str] = mapped_column(String(3))
    rate_millionths: Mapped[int]
    amount_minor: Mapped[Minor]
    min_order_minor: Mapped[Minor]
    cap_minor: Mapped[Minor | None]
    uses: Mapped[int]
    uses_max: Mapped[int | None]
    per_customer_max: Mapped[int]
    starts: Mapped[str | None] = mapped_column(String(19))
    """Wall clock of the house, ISO text to the second; it holds from here on."""
    ends: Mapped[str | None] = mapped_column(String(19))
    """The first moment at which it does not hold any more."""
    is_active: Mapped[bool]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]


class CouponPersonRow(Model):
    """How often somebody has used a coupon, by each sign that we know them by (hashed)."""

    __tablename__ = "coupon_people"
    __table_args__ = (CheckConstraint("uses >= 0", name="uses"),)

    coupon_id: Mapped[Id] = mapped_column(
        ForeignKey("coupons.id", ondelete="CASCADE"), primary_key=True
    )
    person: Mapped[str] = mapped_column(String(64), primary_key=True)
    uses: Mapped[int]


class CouponUseRow(Record):
    """The coupon of one order, and whether it was given back."""

    __tablename__ = "coupon_uses"

    order_id: Mapped[Id] = mapped_column(ForeignKey("orders.id", ondelete="CASCADE"), unique=True)
    coupon_id: Mapped[Id] = mapped_column(ForeignKey("coupons.id", ondelete="CASCADE"), index=True)
    people: Mapped[Any] = mapped_column(Json)
    used_at: Mapped[datetime]
    given_back_at: Mapped[datetime | None]


class PromotionRow(Record):
    """A promotion that holds by the clock; times are minutes after midnight of the house's wall."""

    __tablename__ = "promotions"
    __table_args__ = (
        CheckConstraint("rate_millionths BETWEEN 0 AND 1000000", name="rate"),
        CheckConstraint("amount_minor >= 0", name="amount"),
        CheckConstraint("starts >= 0 AND ends > starts AND ends <= 2880", name="hours"),
    )

    name: Mapped[str] = mapped_column(String(NAME_LENGTH_MAX))
    house_id: Mapped[Id | None] = mapped_column(ForeignKey("locations.id", ondelete="CASCADE"))
    currency: Mapped[str] = mapped_column(String(3))
    rate_millionths: Mapped[int]
    amount_minor: Mapped[Minor]
    is_per_portion: Mapped[bool]
    category_ids: Mapped[Any] = mapped_column(Json)
    dish_ids: Mapped[Any] = mapped_column(Json)
    days: Mapped[Any] = mapped_column(Json)
    starts: Mapped[int]
    ends: Mapped[int]
    priority: Mapped[int]
    combines: Mapped[bool]
    is_active: Mapped[bool]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
