"""The one form of the checkout: read as sent, kept when refused, turned into an order's draft."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from basis.errors import DomainError
from basis.kit.http.wire import BadAmount, bounded_minor
from basis.kit.texts import AMOUNT_DIGITS_MAX, one_line, whole_in
from basis.sentences import word
from kitchenasty import adverts, gift_cards, loyalty, payments, promotions
from kitchenasty.checkout import (
    QUOTE_LENGTH_MAX,
    AddressNeeded,
    CartDraft,
    CartLine,
    ContactNeeded,
    HouseClosed,
    OrderDraft,
    ScheduleRefused,
    SlotFull,
    TipRefused,
    TipWish,
)
from kitchenasty.guests import Address, AddressDraft, Guest
from kitchenasty.kit.http.i18n import say, translate
from kitchenasty.kit.identity.sign_in import check_email
from kitchenasty.locations import House, Whereabouts
from kitchenasty.orders import Contact, OrderType
from kitchenasty.storefront.rules import Cart

LENGTH_MAX = {
    "name": 120,
    "phone": 40,
    "email": 200,
    "line1": 200,
    "line2": 200,
    "city": 120,
    "postal_code": 20,
    "note": 500,
    "coupon": 50,
    "gift_card": 60,
    "tip_amount": 12,
}
ADDRESS_WORDS = {
    "line1": word("Please tell us the street and the number."),
    "postal_code": word("Please tell us the postal code."),
    "city": word("Please tell us the city."),
}
FIELD_OF: dict[str, tuple[type[DomainError], ...]] = {
    "when": (ScheduleRefused, HouseClosed, SlotFull),
    "tip_amount": (TipRefused,),
    "coupon": (promotions.CouponProblem,),
    "points": (loyalty.PointsProblem,),
    "gift_card": (gift_cards.GiftCardProblem,),
    "method": (payments.PaymentMethodOff,),
}
"""The field that a refusal is about."""
OTHER_TIP = "other"
PERCENT_MAX = 100
NEVER_SHOWN = -1
"""A total that no order has: whoever sends none has seen none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckoutForm:
    """What the guest typed. `when` is empty for as soon as possible, else an instant in ISO."""

    order_type: OrderType
    when: str = ""
    name: str = ""
    phone: str = ""
    email: str = ""
    line1: str = ""
    line2: str = ""
    city: str = ""
    postal_code: str = ""
    note: str = ""
    coupon: str = ""
    tip: str = ""
    """Percent that were suggested, or "other" for what stands in `tip_amount`; empty: none."""
    tip_amount: str = ""
    points: str = ""
    """How many shall be used, as the page offered them; empty for none."""
    gift_card: str = ""
    gift_shown: str = ""
    """What the page said that the card pays, in minor units."""
    method: str = "CASH"
    saved: str = ""
    """The address of the guest's book that was chosen, and the one that is filled in."""
    filled: str = ""
    keep: bool = False
    ticked: bool = False
    """The box beside the address: a yes or a no, by what `hint` says that the page showed."""
    hint: adverts.Hint = adverts.Hint.NONE
    total: str = ""
    promised: str = ""
    quote: str = ""
    key: str = ""


def first_form(house: House) -> CheckoutForm:
    """The form as it is opened by somebody whom we do not know."""
    order_type = OrderType.PICKUP if house.pickup_enabled else OrderType.DELIVERY
    return CheckoutForm(order_type=order_type, city=house.city)


def read_form(sent: Any) -> CheckoutForm:
    """The form as sent; what is too long is cut where its field ends."""
    given = {name: line_of(sent.get(name))[:most] for name, most in LENGTH_MAX.items()}
    chosen = sent.get("order_type")
    return CheckoutForm(
        order_type=OrderType.DELIVERY if chosen == OrderType.DELIVERY else OrderType.PICKUP,
        when=line_of(sent.get("when"))[:40],
        tip=line_of(sent.get("tip"))[:5],
        method=line_of(sent.get("method"))[:20] or "CASH",
        saved=line_of(sent.get("saved"))[:40],
        filled=line_of(sent.get("filled"))[:40],
        keep=bool(sent.get("keep")),
        ticked=bool(sent.get("adverts")),
        hint=read_hint(line_of(sent.get("hint"))),
        points=line_of(sent.get("points"))[:7],
        gift_shown=line_of(sent.get("gift_shown"))[:15],
        total=line_of(sent.get("total"))[:15],
        promised=line_of(sent.get("promised"))[:40],
        quote=line_of(sent.get("quote"))[:QUOTE_LENGTH_MAX],
        key=line_of(sent.get("key"))[:80],
        **given,
    )


def filled_in(form: CheckoutForm, guest: Guest, addresses: Sequence[Address]) -> CheckoutForm:
    """The form with what the guest's account knows, before anything was typed."""
    known = replace(form, name=guest.name, email=guest.email, phone=guest.phone or "")
    return with_address(known, addresses[0]) if addresses else known


def with_chosen(form: CheckoutForm, addresses: Sequence[Address]) -> CheckoutForm:
    """The form with the address that was chosen just now; what was typed since stays."""
    if form.saved == form.filled:
        return form
    chosen = next((address for address in addresses if address.id == form.saved), None)
    if chosen is None:
        return replace(form, filled=form.saved, line1="", line2="", postal_code="")
    return with_address(form, chosen)


def with_address(form: CheckoutForm, address: Address) -> CheckoutForm:
    return replace(
        form,
        saved=address.id,
        filled=address.id,
        line1=address.line1,
        line2=address.line2 or "",
        city=address.city,
        postal_code=address.postal_code,
    )


def typed_address(form: CheckoutForm) -> AddressDraft:
    """What was typed, to be kept in the book."""
    return AddressDraft(
        line1=form.line1, line2=form.line2, city=form.city, postal_code=form.postal_code
    )


def read_hint(text: str) -> adverts.Hint:
    return next((one for one in adverts.Hint if one == text), adverts.Hint.NONE)


def line_of(value: object) -> str:
    return one_line(value) if isinstance(value, str) else ""


def cart_draft(form: CheckoutForm, house: House, cart: Cart) -> CartDraft:
    """Raises ScheduleRefused for a time that is none."""
    return CartDraft(
        house_id=house.id,
        order_type=form.order_type,
        lines=tuple(
            CartLine(line.dish_id, line.quantity, line.options, line.note or None)
            for line in cart.lines
        ),
        scheduled_at=read_instant(form.when),
        coupon_code=form.coupon or None,
        points=read_count(form.points),
        gift_card=form.gift_card or None,
        tip=read_tip(form, house),
        where=Whereabouts(form.postal_code),
    )


def order_draft(
    form: CheckoutForm, house: House, cart: Cart, *, customer_id: str | None
) -> OrderDraft:
    """Raises ScheduleRefused, PaymentMethodOff, EmailRefused."""
    is_delivery = form.order_type is OrderType.DELIVERY
    return OrderDraft(
        cart=cart_draft(form, house, cart),
        contact=Contact(
            name=form.name,
            email=check_email(form.email) if form.email else None,
            phone=form.phone or None,
        ),
        payment_method=payments.parse_method(form.method),
        address=address_of(form, house) if is_delivery else None,
        note=form.note or None,
        customer_id=customer_id,
        shown_total_minor=read_total(form.total),
        shown_promise_at=read_shown(form.promised),
        shown_gift_minor=read_count(form.gift_shown) if form.gift_shown else None,
        quote=form.quote or None,
    )


def address_of(form: CheckoutForm, house: House) -> dict[str, Any]:
    return {
        "line1": form.line1,
        "line2": form.line2 or None,
        "city": form.city,
        "postalCode": form.postal_code,
        "country": house.country,
    }


def read_tip(form: CheckoutForm, house: House) -> TipWish | None:
    """Raises TipRefused."""
    if form.tip != OTHER_TIP:
        percent = whole_in(form.tip)
        return None if percent is None or percent > PERCENT_MAX else TipWish(percent=percent)
    if not form.tip_amount:
        return None
    try:
        typed = Decimal(form.tip_amount.replace(",", "."))
        return TipWish(minor=bounded_minor(typed, house.currency))
    except (InvalidOperation, BadAmount) as error:
        raise TipRefused("Please write the tip as an amount, like 2.50.") from error


def read_total(text: str) -> int:
    shown = whole_in(text, digits=AMOUNT_DIGITS_MAX)
    return NEVER_SHOWN if shown is None else shown


def read_count(text: str) -> int:
    """Nothing, and what is no number, is nought."""
    return whole_in(text, digits=AMOUNT_DIGITS_MAX) or 0


def read_shown(text: str) -> datetime | None:
    """The time that was on the page; None when there was none to be seen."""
    try:
        return read_instant(text)
    except ScheduleRefused:
        return None


def problems_of(form: CheckoutForm, refusal: DomainError | None) -> dict[str, str]:
    """The fields that a refusal is about, in the order of the page, each with its sentence."""
    for name, kinds in FIELD_OF.items():
        if refusal is not None and isinstance(refusal, kinds):
            return {name: say(refusal)}
    if isinstance(refusal, ContactNeeded | AddressNeeded):
        return {name: translate(words) for name, words in missing_in(form)}
    return {}


def missing_in(form: CheckoutForm) -> Iterator[tuple[str, str]]:
    if form.order_type is OrderType.DELIVERY:
        for name, words in ADDRESS_WORDS.items():
            if not getattr(form, name):
                yield name, words
    if not form.name:
        yield "name", word("Please tell us your name.")
    if not form.phone and not form.email:
        yield "phone", word("Please leave a phone number or an e-mail address.")


def read_instant(text: str) -> datetime | None:
    """Empty is as soon as possible. Raises ScheduleRefused."""
    if not text:
        return None
    try:
        instant = datetime.fromisoformat(text)
        # The first and the last year have instants that no other zone can tell.
        in_utc = instant.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise ScheduleRefused("Please choose a time from the list.") from error
    if instant.tzinfo is None:
        raise ScheduleRefused("Please choose a time from the list.")
    return in_utc
