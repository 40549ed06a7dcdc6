"""What makes an order cheaper: coupon and points of the guest, as the price engine knows them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from basis.errors import DomainError
from basis.money import MILLION, Rate
from kitchenasty import locations, loyalty, orders, promotions
from kitchenasty.checkout import points
from kitchenasty.checkout.drafts import CartDraft, OrderDraft
from kitchenasty.checkout.happy_hours import HappyHour
from kitchenasty.checkout.points import Spending
from kitchenasty.kit.books import Look, UnitOfWork
from kitchenasty.orders import OrderType
from kitchenasty.promotions import Coupon, CouponType


@dataclass(frozen=True, slots=True)
class Reductions:
    """What a cart asks for to be cheaper, each already found to hold here and now."""

    coupon: Coupon | None = None
    points: Spending | None = None
    happy_hours: tuple[HappyHour, ...] = ()

    @property
    def discounts(self) -> tuple[orders.totals.Discount, ...]:
        timed = (one.discount for one in self.happy_hours)
        return (*timed, *discounts_of(self.coupon), *points.discounts_of(self.points))

    @property
    def beside_coupon(self) -> Reductions:
        """Without the promotions that no coupon can be used beside."""
        kept = tuple(one for one in self.happy_hours if one.promotion.combines)
        return replace(self, happy_hours=kept)


@dataclass(frozen=True, slots=True)
class Refused:
    """Why something that a cart asks for takes nothing off."""

    coupon: DomainError | None = None
    points: DomainError | None = None


@dataclass(frozen=True, slots=True)
class TakenUse:
    """A use of a coupon that was counted for an order to come."""

    coupon: Coupon
    people: Sequence[str]


@dataclass(frozen=True, slots=True)
class Taken:
    """Everything that was taken for an order to come."""

    use: TakenUse | None
    points: points.TakenPoints | None


async def find(
    look: Look, house: locations.House, cart: CartDraft, timed: tuple[HappyHour, ...]
) -> Reductions:
    """Raises what find_coupon and points.find raise."""
    coupon = await find_coupon(look, house, cart)
    return Reductions(coupon, await points.find(look, house, cart.points), timed)


async def find_shown(
    look: Look, house: locations.House, cart: CartDraft, timed: tuple[HappyHour, ...]
) -> tuple[Reductions, Refused]:
    """The same for a page: what holds, and why the rest does not."""
    found, refused = Reductions(happy_hours=timed), Refused()
    try:
        found = replace(found, coupon=await find_coupon(look, house, cart))
    except DomainError as refusal:
        refused = replace(refused, coupon=refusal)
    try:
        found = replace(found, points=await points.find(look, house, cart.points))
    except DomainError as refusal:
        refused = replace(refused, points=refusal)
    return found, refused


def check(found: Reductions, breakdown: orders.totals.Breakdown) -> None:
    """Raises CouponBelowMinimum, and CouponIdle or PointsIdle rather than take for nothing."""
    check_coupon(found.coupon, breakdown)
    points.check(found.points, breakdown)


async def take(
    uow: UnitOfWork, found: Reductions, draft: OrderDraft, breakdown: orders.totals.Breakdown
) -> Taken:
    """Raises CouponUsedUp, PointsShort."""
    use = await count_use(uow, found.coupon, draft)
    return Taken(use, await points.take(uow, found.points, breakdown))


async def keep(uow: UnitOfWork, taken: Taken, order: orders.Order) -> None:
    """Write down which order has what was taken, so that it can be given back."""
    if taken.use is not None:
        await promotions.keep_use(uow, taken.use.coupon, taken.use.people, order.id)
    if taken.points is not None:
        about = loyalty.About(order.id, order.number)
        await loyalty.spend(uow, taken.points.held, taken.points.count, about)


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


async def count_use(uow: UnitOfWork, coupon: Coupon | None, draft: OrderDraft) -> TakenUse | None:
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
    return TakenUse(coupon, people)
