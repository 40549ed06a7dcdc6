"""Valid coupons; a test names only what matters to it."""

from __future__ import annotations

from typing import Any

from kitchenasty import promotions
from kitchenasty.kit.books import UnitOfWork
from kitchenasty.promotions import Coupon, CouponDraft, CouponType


async def add_coupon(uow: UnitOfWork, **fields: Any) -> Coupon:
    """10 % off everywhere, for everybody, as often as they like."""
    defaults = {
        "code": "SUMMER",
        "type": CouponType.PERCENTAGE,
        "currency": "EUR",
        "rate_millionths": 100_000,
        "per_customer_max": 1_000,
    }
    return await promotions.add_coupon(uow, CouponDraft(**{**defaults, **fields}))


async def add_happy_hour(uow: UnitOfWork, **fields: Any) -> promotions.Promotion:
    """20 % off every dish, day and night."""
    defaults = {"name": "Happy hour", "currency": "EUR", "rate_millionths": 200_000}
    draft = promotions.PromotionDraft(**{**defaults, **fields})
    return await promotions.add_promotion(uow, draft)
