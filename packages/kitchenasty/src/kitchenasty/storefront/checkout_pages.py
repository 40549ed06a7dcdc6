"""The checkout: one page, one form, kept whatever is refused; the total shown is the total due."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
from litestar import Controller, Response, get, post
from litestar.params import FromPath

from basis.errors import DomainError, TooMany
from basis.ids import hash_capability, new_id
from basis.kit.data.idempotency import answer_once, find_last_answer
from kitchenasty import adverts, checkout, gift_cards, guests, orders, payments, promotions
from kitchenasty.kit.books import Look, UnitOfWork
from kitchenasty.kit.http.access import Access, access
from kitchenasty.kit.http.guesses import Guess
from kitchenasty.kit.http.i18n import translate
from kitchenasty.kit.http.visits import entrance_of
from kitchenasty.kit.http.web import (
    Actor,
    Reading,
    WebRequest,
    back_to,
    page,
    writing_for,
)
from kitchenasty.kit.limits import (
    COUPON_GUESS_PER_ADDRESS,
    GIFT_CARD_GUESS_PER_ADDRESS,
    PLACE_ORDER_PER_ADDRESS,
)
from kitchenasty.locations import House
from kitchenasty.orders import OrderType, sums_of_breakdown
from kitchenasty.storefront.checkout_form import (
    LENGTH_MAX,
    CheckoutForm,
    cart_draft,
    filled_in,
    first_form,
    order_draft,
    problems_of,
    read_form,
    typed_address,
    with_chosen,
)
from kitchenasty.storefront.pages import frame_of, house_of
from kitchenasty.storefront.queries import find_cart
from kitchenasty.storefront.rules import Cart
from kitchenasty.storefront.service import change_cart
from kitchenasty.storefront.visitor import visitor_of

SLOTS_MAX = 300
AHEAD_MAX = timedelta(days=8)
JUST_ORDERED = timedelta(hours=1)
"""So long, whoever comes back to a checkout that has nothing left is shown what they ordered."""


class CheckoutPages(Controller):
    path = "/at/{house:str}/checkout"
    include_in_schema = False
    opt = access(Access.PUBLIC)

    @get()
    async def show_checkout(
        self, look: Reading, principal: Actor, request: WebRequest, house: FromPath[str]
    ) -> Response[Any]:
        found = await house_of(look, house)
        return await show_form(look, request, found, await opened_form(look, found))

    @post("/look", status_code=200)
    async def look_again(
        self, look: Reading, request: WebRequest, house: FromPath[str]
    ) -> Response[Any]:
        """The same form with the total and the times of another choice. From the cart comes a
        coupon and nothing else: then the form is opened with it.
        """
        found = await house_of(look, house)
        sent = await request.form()
        form = with_chosen(read_form(sent), await addresses_of(look))
        if "order_type" not in sent:
            form = replace(await opened_form(look, found), coupon=form.coupon)
        try:
            with guess(request, form) as coupon, guess_gift(request, form) as gift:
                priced = await price_shown(
                    look, found, form, await find_cart(look, visitor_of(request), found.id)
                )
                coupon.tell(priced.coupon_refusal)
                gift.tell(priced.gift_refusal)
        except TooMany as refusal:
            return await show_form(look, request, found, without_codes(form), refusal=refusal)
        return await show_form(look, request, found, form)

    @post(status_code=200)
    async def order(
        self, principal: Actor, request: WebRequest, house: FromPath[str]
    ) -> Response[Any]:
        """Order, and go to the order's own page. A refusal undoes everything and shows the form
        again as it was typed, so the transactions are opened here and not at the edge.
        """
        entrance_of(request).take(PLACE_ORDER_PER_ADDRESS, request.scope["state"]["address"])
        form = read_form(await request.form())
        books = request.app.state.books
        try:
            with guess(request, form), guess_gift(request, form):
                async with writing_for(request, principal) as uow:
                    found = await house_of(uow, house)
                    capability = await place_once(uow, visitor_of(request), found, form)
        except DomainError as refusal:
            if isinstance(refusal, TooMany):
                form = without_codes(form)
            async with books.reading(principal) as look:
                found = await house_of(look, house)
                return await show_form(look, request, found, form, refusal=refusal)
        is_online = payments.parse_method(form.method).is_online
        return back_to(f"/t/{capability}/pay" if is_online else f"/t/{capability}")


async def opened_form(look: Look, house: House) -> CheckoutForm:
    """The form with what the account of whoever asks knows."""
    form = first_form(house)
    if not look.actor.is_customer or look.actor.id is None:
        return form
    guest = await guests.load_guest(look, look.actor.id)
    return filled_in(form, guest, await guests.list_addresses(look, guest.id))


def guess(request: WebRequest, form: CheckoutForm) -> Guess:
    return Guess(request, COUPON_GUESS_PER_ADDRESS, form.coupon, wrong=promotions.CouponUnknown)


def guess_gift(request: WebRequest, form: CheckoutForm) -> Guess:
    wrong = gift_cards.GiftCardUnknown
    return Guess(request, GIFT_CARD_GUESS_PER_ADDRESS, form.gift_card, wrong=wrong)


def without_codes(form: CheckoutForm) -> CheckoutForm:
    """Whoever tried too many codes is not told by the total whether this one was right."""
    return replace(form, coupon="", gift_card="")


async def place_once(uow: UnitOfWork, visitor: str | None, house: House, form: CheckoutForm) -> str:
    """The capability of the order, the same one however often the form is sent."""
    visitor = visitor or ""

    async def act() -> tuple[int, bytes]:
        cart = await find_cart(uow, visitor, house.id)
        customer_id = uow.actor.id if uow.actor.is_customer else None
        placed = await checkout.place_order(
            uow, order_draft(form, house, cart, customer_id=customer_id)
        )
        await hear_adverts(uow, form, placed.id)
        if form.keep and customer_id is not None and form.order_type is OrderType.DELIVERY:
            await guests.keep_address(uow, customer_id, typed_address(form))
        await change_cart(uow, visitor, house.id, lambda _: Cart())
        return 303, placed.id.encode()

    answer = await answer_once(
        uow,
        scope=scope_of(visitor),
        key=form.key,
        body=msgspec.json.encode([house.id, form]),
        act=act,
    )
    return orders.capability_of(uow.secret, answer.content.decode())


async def hear_adverts(uow: UnitOfWork, form: CheckoutForm, order_id: str) -> None:
    """What the guest said about advertising, as the page asked it."""
    contact = (await orders.load_order(uow, order_id)).contact
    own = None
    if uow.actor.is_customer and uow.actor.id is not None:
        guest = await guests.load_guest(uow, uow.actor.id)
        own = guest.email if guest.is_confirmed else None
    await adverts.hear_checkout(uow, form.hint, order_id, contact, is_ticked=form.ticked, own=own)


def scope_of(visitor: str) -> str:
    return f"checkout {hash_capability(visitor)[:32]}"


async def address_without_cart(look: Look, request: WebRequest, house: House) -> str:
    """Where a checkout of an empty cart leads: to the order that emptied it, by the back button,
    by a reload or in another tab, else to the cart.
    """
    visitor = visitor_of(request)
    if visitor:
        since = look.now - JUST_ORDERED
        found = await find_last_answer(look, scope_of(visitor), since=since)
        if found and (await orders.load_order(look, found.decode())).house_id == house.id:
            return f"/t/{orders.capability_of(request.app.state.books.secret, found.decode())}"
    return f"/at/{house.slug}/cart"


async def show_form(
    look: Look,
    request: WebRequest,
    house: House,
    form: CheckoutForm,
    *,
    refusal: DomainError | None = None,
) -> Response[Any]:
    cart = await find_cart(look, visitor_of(request), house.id)
    if not cart.lines:
        return back_to(await address_without_cart(look, request, house))
    priced = await price_shown(look, house, form, cart)
    told = problems_of(form, refusal or priced.refusal)
    there = house if priced.reach.zone is None else house.at(priced.reach.zone)
    answer = page(
        "storefront/checkout.html",
        **await frame_of(look, request, house),
        form=form,
        refusal=refusal,
        **prices_of(there, form, priced),
        asap=await soonest(look, form, house, cart, priced),
        quote=checkout.sign_priced(request.app.state.books.secret, priced, look.now),
        days=await list_times(look, there, form, work=priced.work_minutes),
        told=told,
        wrong=next(iter(told), None),
        **await address_book_of(look),
        hint=(await adverts.find_hint(look)).value,
        agree_by_mail=adverts.AGREE_BY_MAIL,
        may_object=adverts.MAY_OBJECT,
        knows_guest=look.actor.is_customer,
        methods=[method.value for method in (await payments.load_keys(look)).offered],
        key=new_id(),
        length_max=LENGTH_MAX,
    )
    # Whoever comes back after ordering shall not find the cart that was ordered.
    answer.headers.update({"Cache-Control": "no-store"})
    return answer


def prices_of(there: House, form: CheckoutForm, priced: checkout.PricedCart) -> dict[str, Any]:
    """What the page shows of the prices; `there` is the house as it stands to the address."""
    return {
        "priced": priced,
        "sums": sums_of_breakdown(priced.breakdown),
        "problems": {problem.position: problem.message for problem in priced.problems},
        "least_minor": least_minor(there, form.order_type, priced.reach),
        "least_fee_minor": there.least_fee_minor,
    }


def least_minor(there: House, order_type: OrderType, reach: checkout.Reach) -> int:
    """The smallest order; 0 where it depends on an address that is not known yet."""
    if order_type is not OrderType.DELIVERY:
        return there.min_pickup_minor
    return 0 if reach.refusal is not None else there.min_delivery_minor


async def address_book_of(look: Look) -> dict[str, Any]:
    """The addresses that one can choose, and the words of the choices."""
    addresses = await addresses_of(look)
    choices = [(one.id, words_of(one)) for one in addresses]
    return {
        "addresses": addresses,
        "address_choices": [*choices, ("", translate("Another address"))],
    }


async def addresses_of(look: Look) -> list[guests.Address]:
    """The address book of whoever asks."""
    actor = look.actor
    if not actor.is_customer or actor.id is None:
        return []
    return await guests.list_addresses(look, actor.id)


def words_of(address: guests.Address) -> str:
    place = f"{address.line1}, {address.postal_code} {address.city}"
    return f"{address.label}: {place}" if address.label else place


async def price_shown(
    look: Look, house: House, form: CheckoutForm, cart: Cart
) -> checkout.PricedCart:
    """Prices for the time that was chosen; for a time that is none, for now."""
    try:
        draft = cart_draft(form, house, cart)
    except checkout.ScheduleRefused:
        draft = cart_draft(replace(form, when="", tip=""), house, cart)
    except checkout.TipRefused as refusal:
        draft = cart_draft(replace(form, tip=""), house, cart)
        return replace(await checkout.price_cart(look, draft), tip_refusal=refusal)
    return await checkout.price_cart(look, draft)


async def soonest(
    look: Look, form: CheckoutForm, house: House, cart: Cart, priced: checkout.PricedCart
) -> datetime | None:
    """What as soon as possible means with the kitchen as full as it is, whatever was chosen."""
    if form.when:
        priced = await price_shown(look, house, replace(form, when=""), cart)
    return None if priced.promise is None else priced.promise.promised_at


async def list_times(
    look: Look, house: House, form: CheckoutForm, *, work: int
) -> list[tuple[Any, list[tuple[str, Any]]]]:
    """The times one can order for, by local day: (an instant of the day, [(value, instant)])."""
    loads = await orders.list_loads(
        look, house.id, orders.quarter_of(look.now), look.now + AHEAD_MAX
    )
    slots = checkout.list_slots(house, form.order_type, look.now, loads, work=work)[:SLOTS_MAX]
    zone = ZoneInfo(house.zone)
    by_day = groupby(slots, key=lambda slot: slot.astimezone(zone).date())
    return [
        (times[0], [(slot.isoformat(), slot) for slot in times])
        for times in (list(found) for _, found in by_day)
    ]
