"""What makes an order cheaper: the coupon of the guest, as the price engine knows discounts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from basis.errors import DomainError
from basis.money import MILLION, Rate
from kitchenasty import locations, orders, promotions
from kitchenasty.checkout.drafts import CartDraft, OrderDraft
from kitchenasty.kit.data.work import Look, UnitOfWork
from kitchenasty.orders import OrderType
from kitchenasty.promotions import Coupon, CouponType


@dataclass(frozen=True, slots=True)
class Taken:
    """A use of a coupon that was counted for an order to come."""

    coupon: Coupon
    people: Sequence[str]


async def find_coupon(look: Look, house: locations.House, cart: CartDraft) -> Coupon | None:
    """The coupon that the guest named, if it holds here and now; None, and nothing is read, if they
    named none. Raises what promotions.find_coupon raises, CouponIdle.
    """
    if not cart.coupon_code:
        return None
    coupon = await promotions.find_coupon(look, cart.coupon_code, house)
    is_delivery = cart.order_type is OrderType.DELIVERY
    if coupon.type is CouponType.FREE_DELIVERY and not is_delivery:
        raise promotions.CouponIdle("This coupon is for deliveries. It takes nothing off a pickup.")
    return coupon


async def find_shown(
    look: Look, house: locations.House, cart: CartDraft
) -> tuple[Coupon | None, DomainError | None]:
    """The same for a page: the coupon, or why not."""
    try:
        return await find_coupon(look, house, cart), None
    except DomainError as refusal:
        return None, refusal


def discounts_of(coupon: Coupon | None) -> tuple[orders.totals.Discount, ...]:
    """A coupon takes something off the dishes; free delivery off the fee."""
    if coupon is None:
        return ()
    is_share = coupon.type is not CouponType.FIXED
    is_free_delivery = coupon.type is CouponType.FREE_DELIVERY
    rate = Rate(MILLION if is_free_delivery else coupon.rate_millionths)
    reach = orders.totals.Reach.DELIVERY if is_free_delivery else orders.totals.Reach.GOODS
    return (
        orders.totals.Discount(
            id=coupon.id,
            name=coupon.code,
            rate=rate if is_share else None,
            amount_minor=None if is_share else coupon.amount_minor,
            reach=reach,
            cap_minor=coupon.cap_minor,
        ),
    )


def check_coupon(coupon: Coupon | None, breakdown: orders.totals.Breakdown) -> None:
    """Raises CouponBelowMinimum, and CouponIdle rather than use it up for nothing."""
    if coupon is None:
        return
    promotions.check_minimum(coupon, breakdown.subtotal_minor)
    if not any(one.minor for one in breakdown.discounts if one.id == coupon.id):
        raise promotions.CouponIdle("This coupon takes nothing off this order.")


async def take(uow: UnitOfWork, coupon: Coupon | None, draft: OrderDraft) -> Taken | None:
    """Count one use, for all that the guest is known by. Raises CouponUsedUp."""
    if coupon is None:
        return None
    account = uow.actor.email if uow.actor.is_customer else None
    people = promotions.people_of(
        uow,
        customer_id=draft.customer_id,
        emails=(draft.contact.email, account),
        phone=draft.contact.phone,
    )
    await promotions.count_use(uow, coupon, people)
    return Taken(coupon, people)


async def keep(uow: UnitOfWork, taken: Taken | None, order_id: str) -> None:
    if taken is not None:
        await promotions.keep_use(uow, taken.coupon, taken.people, order_id)
