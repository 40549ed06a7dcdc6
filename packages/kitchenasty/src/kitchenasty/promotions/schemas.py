"""Coupons on the wire: the shapes of the contract, and a superset of them."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import msgspec
from msgspec import UNSET, UnsetType

from basis.kit.http.wire import Amount, Form, Price, Stamp, WireStruct, amount, bounded_minor, stamp
from basis.money import Rate
from kitchenasty.promotions.rules import (
    CODE_LENGTH_MAX,
    USES_MAX,
    Coupon,
    CouponDraft,
    CouponType,
    rate_of,
    wall_of,
)

Code = Annotated[str, msgspec.Meta(max_length=CODE_LENGTH_MAX)]
Moment = Annotated[str, msgspec.Meta(max_length=40)]
Uses = Annotated[int, msgspec.Meta(ge=1, le=USES_MAX)]
IdText = Annotated[str, msgspec.Meta(max_length=36)]


class NewCoupon(Form, kw_only=True):
    """A coupon. `value` is percent or an amount, by its type. A date without a time is a whole day
    of the house: the coupon holds from its morning, or to its midnight. An empty code is made up.
    """

    code: Code = ""
    type: CouponType
    value: Price = Decimal(0)
    min_order: Price = Decimal(0)
    max_discount: Price | None = None
    usage_limit: Uses | None = None
    per_customer: Uses = 1
    starts_at: Moment | None = None
    expires_at: Moment | None = None
    is_active: bool = True
    location_id: IdText | None = None

    def to_draft(self, *, currency: str, zone: str) -> CouponDraft:
        """Raises BadAmount, CouponRefused."""
        most = self.max_discount
        return CouponDraft(
            code=self.code,
            type=self.type,
            currency=currency,
            house_id=self.location_id or None,
            min_order_minor=bounded_minor(self.min_order, currency),
            cap_minor=None if most is None else bounded_minor(most, currency),
            uses_max=self.usage_limit,
            per_customer_max=self.per_customer,
            starts=wall_of(self.starts_at, zone),
            ends=wall_of(self.expires_at, zone, is_end=True),
            is_active=self.is_active,
            **worth_of(self.type, self.value, currency),
        )


class CouponPatch(Form, kw_only=True):
    """What is left out stays."""

    code: Annotated[str, msgspec.Meta(min_length=1, max_length=50)] | UnsetType = UNSET
    type: CouponType | UnsetType = UNSET
    value: Price | UnsetType = UNSET
    min_order: Price | UnsetType = UNSET
    max_discount: Price | UnsetType | None = UNSET
    usage_limit: Uses | UnsetType | None = UNSET
    per_customer: Uses | UnsetType = UNSET
    starts_at: Moment | UnsetType | None = UNSET
    expires_at: Moment | UnsetType | None = UNSET
    is_active: bool | UnsetType = UNSET

    def to_changes(self, coupon: Coupon, *, zone: str) -> dict[str, Any]:
        """Raises BadAmount, CouponRefused."""
        money = coupon.currency
        changes: dict[str, Any] = {
            "code": self.code,
            "uses_max": self.usage_limit,
            "per_customer_max": self.per_customer,
            "is_active": self.is_active,
            "type": self.type,
        }
        if self.min_order is not UNSET:
            changes["min_order_minor"] = bounded_minor(self.min_order, money)
        if self.max_discount is not UNSET:
            most = self.max_discount
            changes["cap_minor"] = None if most is None else bounded_minor(most, money)
        if self.starts_at is not UNSET:
            changes["starts"] = wall_of(self.starts_at, zone)
        if self.expires_at is not UNSET:
            changes["ends"] = wall_of(self.expires_at, zone, is_end=True)
        if self.value is not UNSET or self.type is not UNSET:
            kind = coupon.type if self.type is UNSET else self.type
            value = value_of(coupon) if self.value is UNSET else self.value
            changes |= worth_of(kind, value, money)
        return {name: value for name, value in changes.items() if value is not UNSET}


class CouponView(WireStruct, kw_only=True):
    """`startsAt` and `expiresAt` are the instants at the coupon's house; other houses count the
    same hours by their own clocks.
    """

    id: str
    code: str
    type: CouponType
    value: Amount
    min_order: Amount
    max_discount: Amount | None
    usage_limit: int | None
    usage_count: int
    per_customer: int
    starts_at: Stamp | None
    expires_at: Stamp | None
    is_active: bool
    currency: str
    location_id: str | None
    created_at: Stamp
    updated_at: Stamp

    @classmethod
    def of(cls, coupon: Coupon, zone: str) -> CouponView:
        money = coupon.currency
        return cls(
            id=coupon.id,
            code=coupon.code,
            type=coupon.type,
            value=value_of(coupon),
            min_order=amount(coupon.min_order_minor, money),
            max_discount=None if coupon.cap_minor is None else amount(coupon.cap_minor, money),
            usage_limit=coupon.uses_max,
            usage_count=coupon.uses,
            per_customer=coupon.per_customer_max,
            starts_at=stamp_of(coupon.starts, zone),
            expires_at=stamp_of(coupon.ends, zone),
            is_active=coupon.is_active,
            currency=money,
            location_id=coupon.house_id,
            created_at=stamp(coupon.created_at),
            updated_at=stamp(coupon.updated_at),
        )


class CouponCheck(Form, kw_only=True):
    """A code, and what the dishes cost: `subtotal`, or `orderTotal` as older clients call it."""

    code: Annotated[str, msgspec.Meta(min_length=1, max_length=50)]
    subtotal: Price | None = None
    order_total: Price | None = None
    location_id: IdText | None = None


class CouponWorth(WireStruct, kw_only=True):
    """What a code would take off dishes of this price."""

    valid: bool
    code: str
    type: CouponType
    value: Amount
    discount: Amount
    free_delivery: bool
    currency: str


class CouponKind(WireStruct, kw_only=True):
    id: str
    type: CouponType
    value: Amount


def value_of(coupon: Coupon) -> Decimal:
    """Percent or an amount in major units, by type."""
    if coupon.type is CouponType.PERCENTAGE:
        return Decimal(Rate(coupon.rate_millionths).to_text())
    return amount(coupon.amount_minor, coupon.currency)


def worth_of(kind: CouponType, value: Decimal, currency: str) -> dict[str, int]:
    """Raises BadAmount, CouponRefused."""
    if kind is CouponType.PERCENTAGE:
        return {"rate_millionths": rate_of(value).millionths, "amount_minor": 0}
    is_fixed = kind is CouponType.FIXED
    return {
        "rate_millionths": 0,
        "amount_minor": bounded_minor(value, currency) if is_fixed else 0,
    }


def stamp_of(wall: str | None, zone: str) -> str | None:
    if wall is None:
        return None
    return stamp(datetime.fromisoformat(wall).replace(tzinfo=ZoneInfo(zone)))
