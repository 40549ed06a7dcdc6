"""Placing an order: everything is checked, priced, taken and written in one transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from datetime import date, datetime
from functools import partial
from zoneinfo import ZoneInfo

from basis.errors import DomainError
from basis.money import Money
from kitchenasty import locations, loyalty, menu, orders, paying, promotions
from kitchenasty.checkout import discounts, gifts, happy_hours
from kitchenasty.checkout.checks import (
    check_contact,
    check_minimum,
    check_ordering,
    check_shown_total,
    check_time,
)
from kitchenasty.checkout.discounts import Reductions, Refused
from kitchenasty.checkout.drafts import (
    AcceptedOrder,
    CartDraft,
    OrderDraft,
    PricedCart,
)
from kitchenasty.checkout.kitchen_time import (
    check_shown_promise,
    estimate_promise,
    reserve_kitchen,
)
from kitchenasty.checkout.lines import read_lines, read_shown_lines, take_stock
from kitchenasty.checkout.points import find_offer
from kitchenasty.checkout.pricing import LineToPrice, PricedLines, line_of, price, terms_of
from kitchenasty.checkout.promise import Promise, lead_time
from kitchenasty.checkout.quotes import check_quote
from kitchenasty.checkout.reach import at_shown_zone, at_zone, reach_of
from kitchenasty.checkout.tips import TipRefused, suggest, tip_of
from kitchenasty.kit.books import Look, UnitOfWork
from kitchenasty.orders import OrderType

KEPT_SUMS = (
    "subtotal_minor",
    "delivery_fee_minor",
    "discount_minor",
    "tax_minor",
    "tip_minor",
    "total_minor",
    "tax_is_included",
)
"""What an order has in columns of its own; the rest is in its explanation."""


async def place_order(
    uow: UnitOfWork, draft: OrderDraft, house: locations.House | None = None
) -> AcceptedOrder:
    """Turn a draft into an order at the menu's prices, or say why not; then nothing is written.
    `house` is the cart's, where it was loaded in this unit of work already.

    Raises the classes of refusals.py, QuoteForged, QuoteStale, those of menu (options, SoldOut),
    of promotions (coupons), of loyalty (points), of gift_cards and of locations (HouseNotFound,
    WhereaboutsNeeded, OutsideZones), CartRefused, TipRefused, PaymentMethodOff.
    """
    cart = draft.cart
    house = house or await locations.load_house(uow, cart.house_id)
    check_ordering(house, draft, uow.actor)
    check_contact(draft)
    house = at_zone(house, cart)
    served_at = check_time(house, cart, uow.now)
    left = await menu.load_availability(uow, {line.dish_id for line in cart.lines})
    book = await menu.load_menu(uow, house.id)
    lines = read_lines(house, book, cart, left, served_at)
    timed = await happy_hours.find(uow, house, book, lines, served_at)
    found = await discounts.find(uow, house, cart, timed)
    priced, found = price_best(house, cart, lines, uow.now, found)
    discounts.check(found, priced.breakdown)
    check_minimum(house, cart.order_type, priced.breakdown)
    check_shown(uow, draft, priced.breakdown)
    taken = await take_stock(uow, lines, left)
    used = await discounts.take(uow, found, draft, priced.breakdown)
    promise = await reserve_kitchen(uow, house, cart, priced.work_minutes)
    check_shown_promise(draft, house, promise)
    total = Money(priced.breakdown.total_minor, house.currency)
    gift = await gifts.take(uow, cart.gift_card, total, draft.shown_gift_minor)
    due_now = gifts.left_of(total, gift)
    held = await paying.hold_for(uow, draft.payment_method, due_now)
    agreed = agree(house, draft, priced, promise=promise, taken=taken, held=held)
    placed = await orders.record_order(uow, agreed)
    await discounts.keep(uow, used, placed.order)
    paid = await gifts.keep(uow, gift, placed.order)
    due = await paying.record_due(uow, placed.order.id, held, due_now)
    sums = orders.sums_of_breakdown(priced.breakdown)
    return AcceptedOrder(placed.order, house.name, due, sums, placed.capability, paid)


def check_shown(uow: UnitOfWork, draft: OrderDraft, breakdown: orders.totals.Breakdown) -> None:
    """Raises QuoteForged, QuoteStale, PriceChanged: what the guest was shown is what is charged."""
    if draft.quote is not None:
        check_quote(uow.secret, draft.quote, draft.cart, breakdown, uow.now)
    check_shown_total(draft, breakdown)


async def price_cart(look: Look, cart: CartDraft) -> PricedCart:
    """Prices and the time for the pages, with the lines that cannot be ordered and why.

    Raises HouseNotFound.
    """
    house, refusal_there = at_shown_zone(await locations.load_house(look, cart.house_id), cart)
    book = await menu.load_menu(look, house.id)
    left = await menu.load_availability(look, {line.dish_id for line in cart.lines})
    served_at = cart.scheduled_at or look.now
    lines, problems = read_shown_lines(house, book, left, cart, served_at)
    to_price = list(lines.values())
    timed = await happy_hours.find(look, house, book, to_price, served_at)
    found, refused = await discounts.find_shown(look, house, cart, timed)
    priced, found, refused = price_shown(
        house, replace(cart, tip=None), to_price, look.now, found, refused
    )
    tips, tip_refusal = suggest(house, priced.breakdown), None
    if cart.tip is not None:
        priced, tip_refusal = price_tipped(house, cart, to_price, look.now, found)
    promise = await estimate_promise(look, house, cart, priced.work_minutes)
    total = Money(priced.breakdown.total_minor, house.currency)
    gift, gift_refusal = await gifts.find_shown(look, cart.gift_card, total)
    return PricedCart(
        cart=cart,
        breakdown=priced.breakdown,
        work_minutes=priced.work_minutes,
        problems=problems,
        positions=tuple(lines),
        promise=promise,
        coupon_refusal=refused.coupon,
        points_refusal=refused.points,
        gift=gift,
        gift_refusal=gift_refusal,
        points=await find_offer(look, house, priced.breakdown, found.points),
        reach=reach_of(house, cart, priced.breakdown, refusal_there),
        tip_refusal=tip_refusal,
        tips=tips,
        cash_minor=cash_for(house, gift.due_minor if gift else total.minor),
    )


def cash_for(house: locations.House, due_minor: int) -> int:
    """What is laid on the counter for it, in coins that the house has."""
    return orders.totals.round_cash(due_minor, house.charges.cash_step_minor)


def price_shown(  # a cart is priced against all of these
    house: locations.House,
    cart: CartDraft,
    lines: Sequence[LineToPrice],
    now: datetime,
    found: Reductions,
    refused: Refused,
) -> tuple[PricedLines, Reductions, Refused]:
    """The price without what turns out to take nothing off, and why it does not."""
    while True:
        try:
            priced, taken = price_best(house, cart, lines, now, found)
            discounts.check(taken, priced.breakdown)
        except promotions.CouponProblem as idle:
            found, refused = replace(found, coupon=None), replace(refused, coupon=idle)
        except loyalty.PointsProblem as idle:
            found, refused = replace(found, points=None), replace(refused, points=idle)
        else:
            return priced, taken, refused


def price_best(
    house: locations.House,
    cart: CartDraft,
    lines: Sequence[LineToPrice],
    now: datetime,
    found: Reductions,
) -> tuple[PricedLines, Reductions]:
    """Where a coupon and a promotion cannot be had together, the cheaper of the two.

    Raises CouponBeaten: a coupon that makes it dearer is not used up.
    """
    if found.coupon is None or found.beside_coupon == found:
        return price_at(house, cart, lines, now, found), found
    beside = found.beside_coupon
    with_coupon = price_at(house, cart, lines, now, beside)
    without = price_at(house, cart, lines, now, replace(found, coupon=None))
    if without.breakdown.total_minor < with_coupon.breakdown.total_minor:
        raise promotions.CouponBeaten
    return with_coupon, beside


def price_tipped(
    house: locations.House,
    cart: CartDraft,
    lines: Sequence[LineToPrice],
    now: datetime,
    found: Reductions,
) -> tuple[PricedLines, DomainError | None]:
    """The price with the tip, or without it and why."""
    try:
        return price_at(house, cart, lines, now, found), None
    except TipRefused as refusal:
        return price_at(house, replace(cart, tip=None), lines, now, found), refusal


def price_at(
    house: locations.House,
    cart: CartDraft,
    lines: Sequence[LineToPrice],
    now: datetime,
    found: Reductions,
) -> PricedLines:
    """The lines at the house's terms, for the day on which the meal is had. Raises TipRefused."""
    price_with = partial(
        price,
        lines,
        terms_of(house),
        order_type=cart.order_type,
        day=meal_day(house, cart, now),
        discounts=found.discounts,
    )
    priced = price_with()
    tip = tip_of(house, cart.tip, priced.breakdown)
    return priced if tip is None else price_with(tip=tip)


def meal_day(house: locations.House, cart: CartDraft, now: datetime) -> date:
    """The day of supply, which decides about rates: of a scheduled order its own day, else the
    day on which it can be handed over, in the house's zone.
    """
    supplied_at = cart.scheduled_at or now + lead_time(house, cart.order_type)
    return supplied_at.astimezone(ZoneInfo(house.zone)).date()


def agree(
    house: locations.House,
    draft: OrderDraft,
    priced: PricedLines,
    *,
    promise: Promise,
    taken: Mapping[str, int],
    held: paying.Held,
) -> orders.AgreedOrder:
    """The order as it will stand in the books."""
    breakdown = priced.breakdown
    is_reserved = promise.quarter is not None and priced.work_minutes > 0
    return orders.AgreedOrder(
        house_id=house.id,
        zone=house.zone,
        order_type=draft.cart.order_type,
        customer_id=draft.customer_id,
        contact=draft.contact,
        address=draft.address if draft.cart.order_type is OrderType.DELIVERY else None,
        currency=house.currency,
        **{name: getattr(breakdown, name) for name in KEPT_SUMS},
        rounding_policy=breakdown.policy,
        explanation=orders.totals.explain(breakdown),
        payment_method=held.method,
        awaits_payment_until=held.until,
        scheduled_at=draft.cart.scheduled_at,
        promised_at=promise.promised_at,
        fire_at=promise.fire_at,
        note=draft.note,
        guest_may_cancel_until=orders.OrderStatus(house.guest_may_cancel_until),
        stock_taken=taken,
        kitchen_slot=promise.quarter if is_reserved else None,
        work_minutes=priced.work_minutes if is_reserved else 0,
        **({} if draft.seated is None else asdict(draft.seated)),
        lines=tuple(
            line_of(line, one.unit_minor)
            for line, one in zip(priced.lines, breakdown.lines, strict=True)
        ),
    )
