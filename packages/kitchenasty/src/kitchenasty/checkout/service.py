"""Placing an order: everything is checked, priced, taken and written in one transaction."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from basis.errors import DomainError
from basis.money import Money
from basis.sentences import Sentence, word
from kitchenasty import locations, menu, orders, payments, promotions
from kitchenasty.checkout import discounts
from kitchenasty.checkout.drafts import (
    LINES_MAX,
    QUANTITY_MAX,
    AcceptedOrder,
    CartDraft,
    CartLine,
    CartRefused,
    LineProblem,
    OrderDraft,
    PricedCart,
)
from kitchenasty.checkout.kitchen_time import estimate_promise, reserve_kitchen
from kitchenasty.checkout.pricing import LineToPrice, PricedLines, line_of, price, terms_of
from kitchenasty.checkout.promise import (
    AHEAD_MAX,
    SCHEDULE_AFTER_MIN,
    Promise,
    lead_time,
)
from kitchenasty.checkout.quotes import check_quote
from kitchenasty.checkout.refusals import (
    AddressNeeded,
    BelowMinimum,
    ContactNeeded,
    DishGone,
    HouseClosed,
    HousePaused,
    NotServedNow,
    OrderTypeOff,
    PriceChanged,
    PromiseMoved,
    ScheduleRefused,
)
from kitchenasty.checkout.taxes import category_at
from kitchenasty.kit.data.work import Look, UnitOfWork
from kitchenasty.orders import OrderType

PROMISE_SLACK = timedelta(minutes=15)
"""A form takes its time to be filled in; so much later is still what was shown."""
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


async def place_order(uow: UnitOfWork, draft: OrderDraft) -> AcceptedOrder:
    """Turn a draft into an order at the menu's prices, or say why not; then nothing is written.

    Raises the classes of refusals.py, QuoteForged, QuoteStale, those of menu (options, SoldOut)
    and of promotions (coupons), HouseNotFound, CartRefused.
    """
    cart = draft.cart
    house = await locations.load_house(uow, cart.house_id)
    check_contact(draft)
    served_at = check_time(house, cart, uow.now)
    left = await menu.load_availability(uow, {line.dish_id for line in cart.lines})
    lines = await read_lines(uow, house, cart, left, served_at)
    coupon = await discounts.find_coupon(uow, house, cart)
    priced = price_at(house, cart, lines, uow.now, coupon)
    discounts.check_coupon(coupon, priced.breakdown)
    check_minimum(house, cart.order_type, priced.breakdown)
    if draft.quote is not None:
        check_quote(uow.secret, draft.quote, cart, priced.breakdown, uow.now)
    check_shown_total(draft, priced.breakdown)
    taken = await take_stock(uow, lines, left)
    used = await discounts.take(uow, coupon, draft)
    promise = await reserve_kitchen(uow, house, cart, priced.work_minutes)
    check_shown_promise(draft, house, promise)
    placed = await orders.record_order(
        uow, agree(house, draft, priced, promise=promise, taken=taken)
    )
    await discounts.keep(uow, used, placed.order.id)
    total = Money(priced.breakdown.total_minor, house.currency)
    due = await payments.record_due(uow, placed.order.id, draft.payment_method, total)
    return AcceptedOrder(placed.order, house.name, due, priced.breakdown.taxes, placed.capability)


async def price_cart(look: Look, cart: CartDraft) -> PricedCart:
    """Prices and the time for the pages, with the lines that cannot be ordered and why.

    Raises HouseNotFound.
    """
    house = await locations.load_house(look, cart.house_id)
    book = await menu.load_menu(look, house.id)
    left = await menu.load_availability(look, {line.dish_id for line in cart.lines})
    lines, positions, problems = [], [], []
    for position, line in enumerate(cart.lines):
        try:
            lines.append(read_line(house, book, left, cart, line, cart.scheduled_at or look.now))
            positions.append(position)
        except DomainError as error:
            problems.append(LineProblem(position, error.code, error.sentence))
    coupon, refusal = await discounts.find_shown(look, house, cart)
    priced = price_at(house, cart, lines, look.now, coupon)
    try:
        discounts.check_coupon(coupon, priced.breakdown)
    except DomainError as idle:
        priced, refusal = price_at(house, cart, lines, look.now), idle
    promise = await estimate_promise(look, house, cart, priced.work_minutes)
    return PricedCart(
        cart=cart,
        breakdown=priced.breakdown,
        work_minutes=priced.work_minutes,
        problems=tuple(problems),
        positions=tuple(positions),
        promise=promise,
        coupon_refusal=refusal,
    )


def price_at(
    house: locations.House,
    cart: CartDraft,
    lines: Sequence[LineToPrice],
    now: datetime,
    coupon: promotions.Coupon | None = None,
) -> PricedLines:
    """The lines at the house's terms, for the day on which the meal is had."""
    day = meal_day(house, cart, now)
    return price(
        lines,
        terms_of(house),
        order_type=cart.order_type,
        day=day,
        discounts=discounts.discounts_of(coupon),
    )


def meal_day(house: locations.House, cart: CartDraft, now: datetime) -> date:
    """The day of supply, which decides about rates: of a scheduled order its own day, else the
    day on which it can be handed over, in the house's zone.
    """
    supplied_at = cart.scheduled_at or now + lead_time(house, cart.order_type)
    return supplied_at.astimezone(ZoneInfo(house.zone)).date()


def check_contact(draft: OrderDraft) -> None:
    contact = draft.contact
    if not contact.name.strip():
        raise ContactNeeded("Please tell us your name, so that we know whose order it is.")
    if not (contact.email or contact.phone):
        raise ContactNeeded("Please leave a phone number or an e-mail address.")
    if draft.cart.order_type is OrderType.DELIVERY:
        given = draft.address or {}
        if not all(str(given.get(name) or "").strip() for name in ("line1", "city", "postalCode")):
            raise AddressNeeded("Delivery address is required: street, postal code and city.")


def check_time(house: locations.House, cart: CartDraft, now: datetime) -> datetime:
    """The instant the order is for. Raises HousePaused, OrderTypeOff, HouseClosed,
    ScheduleRefused.
    """
    if not house.is_active:
        raise HouseClosed(Sentence.of("{house} takes no orders.", house=house.name))
    if house.is_paused:
        raise HousePaused(
            house.busy_message
            or word("The kitchen is very busy and takes no orders for the moment.")
        )
    is_offered = (
        house.delivery_enabled if cart.order_type is OrderType.DELIVERY else house.pickup_enabled
    )
    if not is_offered:
        raise OrderTypeOff(
            Sentence.of(
                "{house} does not offer {way} at the moment.",
                house=house.name,
                way=way_of(cart.order_type),
            )
        )
    if cart.scheduled_at is None:
        return check_open(house, now)
    earliest = now + max(SCHEDULE_AFTER_MIN, lead_time(house, cart.order_type))
    if not earliest <= cart.scheduled_at <= now + AHEAD_MAX:
        minutes = round((earliest - now).total_seconds() / 60)
        raise ScheduleRefused(
            Sentence.of(
                "Please choose a time between {minutes} minutes and {days} days from now.",
                minutes=minutes,
                days=AHEAD_MAX.days,
            )
        )
    return check_open(house, cart.scheduled_at)


def check_open(house: locations.House, instant: datetime) -> datetime:
    if not house.hours.is_open(instant):
        opening = house.hours.next_opening(instant)
        raise HouseClosed(
            f"{house.name} is closed then. Please choose a time within the opening hours.",
            nextOpening=None if opening is None else opening.isoformat(),
        )
    return instant


async def read_lines(
    uow: UnitOfWork,
    house: locations.House,
    cart: CartDraft,
    left: Mapping[str, menu.Availability],
    served_at: datetime,
) -> list[LineToPrice]:
    if not 1 <= len(cart.lines) <= LINES_MAX:
        raise CartRefused(f"An order has 1 to {LINES_MAX} lines.")
    book = await menu.load_menu(uow, house.id)
    return [read_line(house, book, left, cart, line, served_at) for line in cart.lines]


def read_line(  # a line is read against all of these
    house: locations.House,
    book: menu.MenuBook,
    left: Mapping[str, menu.Availability],
    cart: CartDraft,
    line: CartLine,
    served_at: datetime,
) -> LineToPrice:
    """One line against the menu. Raises DishGone, SoldOut, NotServedNow, OrderTypeOff, CartRefused
    and what menu.choose raises.
    """
    dish = book.dishes.get(line.dish_id)
    if dish is None:
        raise DishGone("A dish in your cart is not on the menu any more.", dishId=line.dish_id)
    if not 1 <= line.quantity <= QUANTITY_MAX:
        raise CartRefused(
            Sentence.of("{dish}: 1 to {most} portions, please.", dish=dish.name, most=QUANTITY_MAX)
        )
    check_left(dish, left.get(dish.id, menu.AVAILABLE), line.quantity)
    if not dish.is_offered_for(cart.order_type):
        raise OrderTypeOff(
            Sentence.of(
                "{dish} is not offered for {way}.", dish=dish.name, way=way_of(cart.order_type)
            )
        )
    check_served(dish, house, served_at)
    chosen = menu.choose(dish.name, dish.options, line.options)
    return LineToPrice(
        dish_id=dish.id,
        name=dish.name,
        base_minor=dish.price_minor,
        chosen=chosen,
        quantity=line.quantity,
        note=line.note,
        allergens=menu.unite(dish.allergens, (one.choice.allergens for one in chosen)),
        work_minutes=dish.work_minutes,
        tax_category=category_at(house, dish.tax_category),
    )


def check_served(dish: menu.Dish, house: locations.House, served_at: datetime) -> None:
    """Raises NotServedNow outside the mealtimes of the dish."""
    if not dish.is_served(served_at, house.zone):
        times = ", ".join(mealtime.name for mealtime in dish.mealtimes)
        raise NotServedNow(
            Sentence.of("{dish} is served at {times} only.", dish=dish.name, times=times),
            dishId=dish.id,
        )


def check_left(dish: menu.Dish, available: menu.Availability, wanted: int) -> None:
    """Raises SoldOut. Only a first look: the stock is taken later, by a conditional update."""
    if available.is_sold_out:
        raise menu.SoldOut(
            Sentence.of("{dish} is sold out.", dish=dish.name), dishId=dish.id, left=0
        )
    if available.stock is not None and available.stock < wanted:
        raise menu.SoldOut(
            Sentence.of("Only {left} of {dish} left.", left=available.stock, dish=dish.name),
            dishId=dish.id,
            left=available.stock,
        )


def check_minimum(
    house: locations.House, order_type: OrderType, breakdown: orders.totals.Breakdown
) -> None:
    least = house.min_delivery_minor if order_type is OrderType.DELIVERY else house.min_pickup_minor
    if breakdown.subtotal_minor < least:
        raise BelowMinimum(
            Sentence.of(
                "The smallest order for {way} is {least}.",
                way=way_of(order_type),
                least=Money(least, house.currency),
            ),
            minimumMinor=least,
            subtotalMinor=breakdown.subtotal_minor,
        )


def check_shown_total(draft: OrderDraft, breakdown: orders.totals.Breakdown) -> None:
    shown = draft.shown_total_minor
    if shown is not None and shown != breakdown.total_minor:
        raise PriceChanged(
            Sentence.of(
                "The total is now {total}. Please look at your order again.",
                total=Money(breakdown.total_minor, breakdown.currency),
            ),
            totalMinor=breakdown.total_minor,
            currency=breakdown.currency,
        )


def way_of(order_type: OrderType) -> Sentence:
    return Sentence.of("delivery" if order_type is OrderType.DELIVERY else "pickup")


async def take_stock(
    uow: UnitOfWork, lines: Sequence[LineToPrice], left: Mapping[str, menu.Availability]
) -> dict[str, int]:
    """Take what is counted. Two lines of one dish are taken together."""
    wanted: Counter[str] = Counter()
    for line in lines:
        wanted[line.dish_id] += line.quantity
    counted = {dish_id: wanted[dish_id] for dish_id in wanted if left[dish_id].stock is not None}
    return await menu.take_stock(uow, counted, {line.dish_id: line.name for line in lines})


def check_shown_promise(draft: OrderDraft, house: locations.House, promise: Promise) -> None:
    """The kitchen may have filled up since the time was shown; then it is asked again."""
    shown = draft.shown_promise_at
    if shown is None or draft.cart.scheduled_at is not None:
        return
    if promise.promised_at > shown + PROMISE_SLACK:
        at = promise.promised_at.astimezone(ZoneInfo(house.zone))
        raise PromiseMoved(
            f"The kitchen has filled up meanwhile: it would be {at:%H:%M}. "
            "If that suits you, please order again.",
            promisedAt=promise.promised_at.isoformat(),
        )


def agree(
    house: locations.House,
    draft: OrderDraft,
    priced: PricedLines,
    *,
    promise: Promise,
    taken: Mapping[str, int],
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
        payment_method=draft.payment_method,
        scheduled_at=draft.cart.scheduled_at,
        promised_at=promise.promised_at,
        fire_at=promise.fire_at,
        note=draft.note,
        guest_may_cancel_until=orders.OrderStatus(house.guest_may_cancel_until),
        stock_taken=taken,
        kitchen_slot=promise.quarter if is_reserved else None,
        work_minutes=priced.work_minutes if is_reserved else 0,
        lines=tuple(
            line_of(line, one.unit_minor)
            for line, one in zip(priced.lines, breakdown.lines, strict=True)
        ),
    )
