"""The order form on the wire. Redundant fields that clients send are read past: the menu alone
says what things are called and cost.
"""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import msgspec

from basis.kit.http.wire import Amount, Form, Price, Stamp, WireStruct, amount, bounded_minor, stamp
from kitchenasty import gift_cards, guests, locations, loyalty, orders, payments
from kitchenasty.checkout.drafts import (
    LINES_MAX,
    QUANTITY_MAX,
    CartDraft,
    CartLine,
    OrderDraft,
    PricedCart,
)
from kitchenasty.checkout.gifts import GiftUse
from kitchenasty.checkout.points import Offer
from kitchenasty.checkout.quotes import QUOTE_LENGTH_MAX
from kitchenasty.checkout.reach_schemas import ReachView, RefusalView, TipOption
from kitchenasty.checkout.refusals import AddressNeeded, ContactNeeded, ScheduleRefused
from kitchenasty.checkout.tips import TIP_PERCENT_MAX, TipRefused, TipWish
from kitchenasty.kit.identity.sign_in import check_email
from kitchenasty.kit.principals import Principal

ShortText = Annotated[str, msgspec.Meta(max_length=120)]
Note = Annotated[str, msgspec.Meta(max_length=500)]
LineNote = Annotated[str, msgspec.Meta(max_length=300)]
CouponCode = Annotated[str, msgspec.Meta(max_length=50)]
IdText = Annotated[str, msgspec.Meta(max_length=36)]
GiftCode = Annotated[str, msgspec.Meta(max_length=gift_cards.TYPED_LENGTH_MAX)]
PointCount = Annotated[int, msgspec.Meta(ge=0, le=loyalty.POINTS_MAX)]
TipPercent = Annotated[int, msgspec.Meta(ge=0, le=TIP_PERCENT_MAX)]
Quantity = Annotated[int, msgspec.Meta(ge=1, le=QUANTITY_MAX)]


class OptionWish(Form, kw_only=True):
    menu_option_value_id: IdText
    quantity: Annotated[int, msgspec.Meta(ge=1, le=20)] = 1


class ItemWish(Form, kw_only=True):
    menu_item_id: IdText
    quantity: Quantity
    comment: LineNote | None = None
    options: Annotated[list[OptionWish], msgspec.Meta(max_length=60)] = []


class AddressGiven(Form, kw_only=True):
    """`zip` and `postalCode` are the same; a country without states needs none."""

    line1: ShortText
    line2: ShortText | None = None
    city: ShortText
    state: ShortText | None = None
    zip: Annotated[str, msgspec.Meta(max_length=20)] | None = None
    postal_code: Annotated[str, msgspec.Meta(max_length=20)] | None = None
    country: Annotated[str, msgspec.Meta(max_length=60)] | None = None
    lat: Annotated[float, msgspec.Meta(ge=-90, le=90)] | None = None
    lng: Annotated[float, msgspec.Meta(ge=-180, le=180)] | None = None

    @classmethod
    def of(cls, kept: guests.Address) -> AddressGiven:
        """An address of the guest's own book."""
        return cls(
            line1=kept.line1,
            line2=kept.line2,
            city=kept.city,
            state=kept.state,
            postal_code=kept.postal_code,
            country=kept.country,
            lat=kept.lat,
            lng=kept.lng,
        )


class AddressHint(Form, kw_only=True):
    """What a quote needs to know of an address: its postal code, or its place."""

    zip: Annotated[str, msgspec.Meta(max_length=20)] | None = None
    postal_code: Annotated[str, msgspec.Meta(max_length=20)] | None = None
    lat: Annotated[float, msgspec.Meta(ge=-90, le=90)] | None = None
    lng: Annotated[float, msgspec.Meta(ge=-180, le=180)] | None = None


class OrderForm(Form, kw_only=True):
    """What POST /api/orders takes. `shownTotal` is what the guest saw; if it is not what is due,
    nothing is ordered and the answer has the new total. `addressId` is one of the guest's own book.
    `quote` is one of POST /api/quote. `giftCardAmount` is what the guest saw that their card pays;
    if less is left on it, nothing is ordered. `tip` is an amount, `tipPercent` a share of the items
    without their tax.
    """

    order_type: orders.OrderType
    items: Annotated[list[ItemWish], msgspec.Meta(min_length=1, max_length=LINES_MAX)]
    location_id: IdText | None = None
    comment: Note | None = None
    scheduled_at: Annotated[str, msgspec.Meta(max_length=40)] | None = None
    address: AddressGiven | None = None
    address_id: IdText | None = None
    guest_name: ShortText | None = None
    guest_email: Annotated[str, msgspec.Meta(max_length=254)] | None = None
    guest_phone: Annotated[str, msgspec.Meta(max_length=40)] | None = None
    payment_method: ShortText | None = None
    coupon_code: CouponCode | None = None
    loyalty_points_redeem: PointCount = 0
    gift_card_code: GiftCode | None = None
    gift_card_amount: Price | None = None
    tip: Price | None = None
    tip_percent: TipPercent | None = None
    shown_total: Price | None = None
    quote: Annotated[str, msgspec.Meta(max_length=QUOTE_LENGTH_MAX)] | None = None


class QuoteForm(Form, kw_only=True):
    """What POST /api/orders/quote takes: a cart and nothing about the person. `address` says where
    a delivery goes; houses with zones price it by that.
    """

    order_type: orders.OrderType
    items: Annotated[list[ItemWish], msgspec.Meta(min_length=1, max_length=LINES_MAX)]
    location_id: IdText | None = None
    scheduled_at: Annotated[str, msgspec.Meta(max_length=40)] | None = None
    coupon_code: CouponCode | None = None
    loyalty_points_redeem: PointCount = 0
    address: AddressHint | None = None
    gift_card_code: GiftCode | None = None
    tip: Price | None = None
    tip_percent: TipPercent | None = None


class ProblemView(WireStruct, kw_only=True):
    """Why an item cannot be ordered as it is; `position` counts from 0."""

    position: int
    code: str
    error: str


class DiscountView(WireStruct, kw_only=True):
    """Something that makes it cheaper, and by how much."""

    name: str
    amount: Amount


class GiftCardView(WireStruct, kw_only=True):
    """What a gift card pays of the total, what stays on it, and what is due otherwise."""

    amount: Amount
    stays: Amount
    due: Amount


class PointsView(WireStruct, kw_only=True):
    """The points of the guest who asks: `used` is what the discount takes, `earned` what the order
    brings when it is handed over.
    """

    balance: int
    usable: int
    used: int
    earned: int


class QuoteView(WireStruct, kw_only=True):
    """What the cart costs and when it would be ready if it were ordered now. Items with a problem
    are left out of the sums; `promisedAt` is null when the kitchen is full. A coupon with a problem
    takes nothing off.
    """

    currency: str
    subtotal: Amount
    delivery_fee: Amount
    discount: Amount
    discounts: list[DiscountView]
    tax: Amount
    tax_included: bool
    taxes: list[orders.TaxView]
    total: Amount
    promised_at: Stamp | None
    problems: list[ProblemView]
    coupon_problem: RefusalView | None
    points: PointsView | None
    points_problem: RefusalView | None
    delivery: ReachView
    gift_card: GiftCardView | None
    gift_card_problem: RefusalView | None
    tip: Amount
    service: Amount
    tip_options: list[TipOption]
    tip_problem: RefusalView | None
    cash_total: Amount

    @classmethod
    def of(cls, priced: PricedCart) -> QuoteView:
        due = priced.breakdown
        promise = priced.promise
        return cls(
            currency=due.currency,
            subtotal=amount(due.subtotal_minor, due.currency),
            delivery_fee=amount(due.delivery_fee_minor, due.currency),
            discount=amount(due.discount_minor, due.currency),
            discounts=[
                DiscountView(name=step.name, amount=amount(-step.minor, due.currency))
                for step in due.discount_steps
            ],
            tax=amount(due.tax_minor, due.currency),
            tax_included=due.tax_is_included,
            taxes=[orders.TaxView.of(one, due.currency) for one in due.taxes],
            total=amount(due.total_minor, due.currency),
            promised_at=None if promise is None else stamp(promise.promised_at),
            problems=[
                ProblemView(position=one.position, code=one.code, error=str(one.message))
                for one in priced.problems
            ],
            coupon_problem=RefusalView.of(priced.coupon_refusal),
            gift_card=None if priced.gift is None else gift_view(priced.gift, due.currency),
            gift_card_problem=RefusalView.of(priced.gift_refusal),
            points=None if priced.points is None else points_view(priced.points),
            points_problem=RefusalView.of(priced.points_refusal),
            delivery=ReachView.of(priced.reach, due.currency),
            tip=amount(due.tip_minor, due.currency),
            service=amount(due.service_minor, due.currency),
            tip_options=[
                TipOption(percent=percent, amount=amount(minor, due.currency))
                for percent, minor in priced.tips
            ],
            tip_problem=RefusalView.of(priced.tip_refusal),
            cash_total=amount(priced.cash_minor, due.currency),
        )


def gift_view(gift: GiftUse, currency: str) -> GiftCardView:
    return GiftCardView(
        amount=amount(gift.paid_minor, currency),
        stays=amount(gift.stays_minor, currency),
        due=amount(gift.due_minor, currency),
    )


def points_view(offer: Offer) -> PointsView:
    return PointsView(
        balance=offer.balance, usable=offer.usable, used=offer.used, earned=offer.earned
    )


def cart_of(form: QuoteForm | OrderForm, house: locations.House) -> CartDraft:
    """Raises ScheduleRefused."""
    return CartDraft(
        house_id=house.id,
        order_type=form.order_type,
        lines=tuple(line_of(item) for item in form.items),
        scheduled_at=instant_of(form.scheduled_at, house),
        coupon_code=form.coupon_code or None,
        points=form.loyalty_points_redeem,
        tip=tip_of(form.tip, form.tip_percent, house),
        where=where_of(form.address),
        gift_card=form.gift_card_code or None,
    )


def tip_of(given: Decimal | None, percent: int | None, house: locations.House) -> TipWish | None:
    """Raises TipRefused, BadAmount."""
    if given is not None and percent is not None:
        raise TipRefused("tip or tipPercent, not both.")
    if percent is not None:
        return TipWish(percent=percent)
    return None if given is None else TipWish(minor=bounded_minor(given, house.currency))


def where_of(given: AddressGiven | AddressHint | None) -> locations.Whereabouts:
    if given is None:
        return locations.Whereabouts()
    return locations.Whereabouts.of(given.postal_code or given.zip, given.lat, given.lng)


def draft_of(form: OrderForm, house: locations.House, customer: Principal) -> OrderDraft:
    """The form as a draft for this house. Raises ScheduleRefused, ContactNeeded, EmailRefused,
    PaymentMethodOff, BadAmount.
    """
    shown, gift = form.shown_total, form.gift_card_amount
    return OrderDraft(
        cart=cart_of(form, house),
        contact=contact_of(form, customer),
        payment_method=payments.parse_method(form.payment_method),
        address=address_of(form),
        note=form.comment,
        customer_id=customer.id if customer.is_customer else None,
        quote=form.quote,
        shown_gift_minor=None if gift is None else bounded_minor(gift, house.currency),
        shown_total_minor=None if shown is None else bounded_minor(shown, house.currency),
    )


def line_of(item: ItemWish) -> CartLine:
    options = tuple((wish.menu_option_value_id, wish.quantity) for wish in item.options)
    return CartLine(item.menu_item_id, item.quantity, options, (item.comment or "").strip() or None)


def contact_of(form: OrderForm, customer: Principal) -> orders.Contact:
    name = (form.guest_name or (customer.name if customer.is_customer else "")).strip()
    email = form.guest_email or (customer.email if customer.is_customer else None)
    if not name:
        raise ContactNeeded("Please tell us your name (guestName), so that we know whose it is.")
    return orders.Contact(
        name=name,
        email=check_email(email) if email else None,
        phone=(form.guest_phone or "").strip() or None,
    )


def address_of(form: OrderForm) -> dict[str, Any] | None:
    given = form.address
    if form.order_type is not orders.OrderType.DELIVERY:
        return None
    if given is None:
        raise AddressNeeded("Delivery address is required")
    return {
        "line1": given.line1.strip(),
        "line2": (given.line2 or "").strip() or None,
        "city": given.city.strip(),
        "state": given.state,
        "postalCode": (given.postal_code or given.zip or "").strip(),
        "country": given.country,
        "lat": given.lat,
        "lng": given.lng,
    }


def instant_of(text: str | None, house: locations.House) -> datetime | None:
    """A wished time; one without a zone is the wall clock of the house. Raises ScheduleRefused."""
    if not text:
        return None
    try:
        wished = datetime.fromisoformat(text)
        local = wished if wished.tzinfo else wished.replace(tzinfo=ZoneInfo(house.zone))
        # In UTC from here on: quarters of an hour counted in an odd offset such as +00:07 would be
        # other quarters than everybody else's, with a capacity of their own.
        return local.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise ScheduleRefused("scheduledAt: a time like 2030-05-17T18:30:00Z.") from error
