"""The API's door through which orders come in."""

from __future__ import annotations

from functools import partial
from typing import Annotated

import msgspec
from litestar import Response, post
from litestar.params import JSONBody, PathParameter

from basis.kit.data.idempotency import StoredAnswer, answer_once
from basis.kit.http.api import ApiController, WireResponse
from basis.kit.http.wire import ENCODER, Envelope, ok
from kitchenasty import gift_cards, guests, locations, orders, promotions
from kitchenasty.checkout import reorder, service
from kitchenasty.checkout.again_schemas import ReorderView
from kitchenasty.checkout.drafts import CartDraft, PricedCart
from kitchenasty.checkout.quote_schemas import tell_new_quote
from kitchenasty.checkout.quotes import QuoteStale
from kitchenasty.checkout.schemas import (
    AddressGiven,
    OrderForm,
    QuoteForm,
    QuoteView,
    cart_of,
    draft_of,
)
from kitchenasty.kit.books import Look, UnitOfWork
from kitchenasty.kit.http.access import Access, access, identify
from kitchenasty.kit.http.guesses import Guess
from kitchenasty.kit.http.once import IdempotencyKey
from kitchenasty.kit.http.visits import entrance_of
from kitchenasty.kit.http.web import Actor, Reading, WebRequest, writing_for
from kitchenasty.kit.limits import (
    COUPON_GUESS_PER_ADDRESS,
    GIFT_CARD_GUESS_PER_ADDRESS,
    PLACE_ORDER_PER_ADDRESS,
)
from kitchenasty.kit.principals import ANONYMOUS, Principal, Scope

OrderId = Annotated[str, PathParameter(max_length=64)]
PLACED = msgspec.json.Decoder(orders.OrderView)


class CheckoutApi(ApiController):
    path = "/api/orders"
    tags = ["Orders"]

    @post("/quote", opt=access(Access.PUBLIC), operation_id="QuoteOrder", status_code=200)
    async def quote(
        self, request: WebRequest, look: Reading, data: JSONBody[QuoteForm]
    ) -> Envelope[QuoteView]:
        """What a cart would cost, and when it would be ready with the kitchen as full as it is."""
        house = await choose_house(look, data.location_id)
        return ok(QuoteView.of(await price_guessed(request, look, cart_of(data, house))))

    @post(opt=access(Access.PUBLIC, key=Scope.ORDERS_WRITE), operation_id="PlaceOrder")
    async def place(
        self,
        request: WebRequest,
        data: JSONBody[OrderForm],
        idempotency_key: IdempotencyKey = None,
    ) -> Response[Envelope[orders.PlacedOrderView]]:
        """Place an order. The same Idempotency-Key with the same body gives the same answer, the
        same key with another body 422. Whoever signed out between two tries gets 409, not a
        second order.
        """
        entrance_of(request).take(PLACE_ORDER_PER_ADDRESS, request.scope["state"]["address"])
        # Opened here and not by the framework, which takes longer for it than some statements do.
        async with writing_for(request, await identify(request)) as uow:
            if idempotency_key is None:
                answer = StoredAnswer(*await place_form(request, uow, data), is_replay=False)
            else:
                answer = await answer_once(
                    uow,
                    scope=scope_of(uow.actor),
                    strangers_scope=scope_of(ANONYMOUS),
                    key=idempotency_key,
                    body=await request.body(),
                    act=partial(place_form, request, uow, data),
                )
        # What was kept for a repetition is the order without the key to it.
        order = PLACED.decode(answer.content)
        placed = orders.PlacedOrderView.of_placed(order, orders.capability_of(uow.secret, order.id))
        return WireResponse(ok(placed), status_code=answer.status)

    @post(
        "/{order_id:str}/reorder",
        opt=access(Access.CUSTOMER),
        operation_id="OrderAgain",
        status_code=200,
    )
    async def order_again(
        self, look: Reading, principal: Actor, order_id: OrderId
    ) -> Envelope[ReorderView]:
        """What an order of one's own would be now: each item with its price then and now, or why
        it cannot be had as it was. Nothing is ordered.
        """
        order = await orders.load_order(look, order_id)
        if principal.id is None or order.customer_id != principal.id:
            raise orders.OrderNotFound("There is no such order.")
        return ok(ReorderView.of(order, await reorder.order_again(look, order)))


def guess(request: WebRequest, code: str | None) -> Guess:
    """A coupon's code may be guessed wherever it is taken."""
    return Guess(request, COUPON_GUESS_PER_ADDRESS, code, wrong=promotions.CouponUnknown)


def guess_gift(request: WebRequest, code: str | None) -> Guess:
    """The same of a gift card's code."""
    return Guess(request, GIFT_CARD_GUESS_PER_ADDRESS, code, wrong=gift_cards.GiftCardUnknown)


async def price_guessed(request: WebRequest, look: Look, cart: CartDraft) -> PricedCart:
    """The cart's price; a wrong code is a guess. Raises TooManyTries, what price_cart raises."""
    with guess(request, cart.coupon_code) as coupon, guess_gift(request, cart.gift_card) as gift:
        priced = await service.price_cart(look, cart)
        coupon.tell(priced.coupon_refusal)
        gift.tell(priced.gift_refusal)
    return priced


def scope_of(actor: Principal) -> str:
    """Where the idempotency keys of this person's orders lie."""
    return f"{actor.label} POST /api/orders"


async def place_form(request: WebRequest, uow: UnitOfWork, form: OrderForm) -> tuple[int, bytes]:
    """The status and the body of the answer, without the key to the order."""
    with guess(request, form.coupon_code), guess_gift(request, form.gift_card_code):
        return 201, ENCODER.encode(await place_in(uow, form))


async def place_in(uow: UnitOfWork, form: OrderForm) -> orders.OrderView:
    house = await choose_house(uow, form.location_id)
    customer = uow.actor if uow.actor.is_customer else ANONYMOUS
    if form.address is None and form.address_id is not None and customer.id is not None:
        kept = await guests.load_address(uow, customer.id, form.address_id)
        form.address = AddressGiven.of(kept)
    try:
        accepted = await service.place_order(uow, draft_of(form, house, customer), house)
    except QuoteStale as stale:
        tell_new_quote(stale)
        raise
    return orders.OrderView.of(
        accepted.order,
        accepted.house_name,
        [*([accepted.paid] if accepted.paid else []), accepted.due],
        sums=accepted.sums,
        for_staff=uow.actor.may_see_house(house.id),
    )


async def choose_house(look: Look, house_id: str | None) -> locations.House:
    """The named house; without a name the first by name of those that are active.

    Raises HouseNotFound.
    """
    if house_id is not None:
        return await locations.load_house(look, house_id)
    houses = await locations.list_houses(look)
    if not houses:
        raise locations.HouseNotFound("No active location found")
    return houses[0]
