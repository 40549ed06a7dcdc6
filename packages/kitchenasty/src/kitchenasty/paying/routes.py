"""The API's doors for paying: for apps with their own fields for cards, and the contract's clients.
Who may see an order may pay it, and nobody else begins to.
"""

from __future__ import annotations

from typing import Annotated

from litestar import get, post
from litestar.params import HeaderParameter, JSONBody

from basis.kit.http.api import ApiController
from basis.kit.http.wire import Envelope, bounded_minor, ok
from kitchenasty import orders, payments
from kitchenasty.kit.books import Books, Look
from kitchenasty.kit.http.access import Access, NotAllowed, SignInNeeded, access
from kitchenasty.kit.http.visits import entrance_of
from kitchenasty.kit.http.web import Actor, Reading, WebRequest, Work, site_of
from kitchenasty.kit.limits import PAY_PER_ADDRESS
from kitchenasty.kit.principals import ANONYMOUS, Principal, Scope
from kitchenasty.paying.attempts import DEALINGS, begin, look_after_order
from kitchenasty.paying.counter import collect
from kitchenasty.paying.schemas import (
    CounterPayment,
    IntentView,
    OrderToPay,
    PaymentState,
    PayPalApproved,
    PayPalOrderView,
    SessionView,
    WaysToPay,
)
from kitchenasty.payments import Begun, NothingDue, PaymentMethod

Capability = Annotated[
    str | None, HeaderParameter(name="X-Order-Capability", required=False, max_length=200)
]
"""The secret of the order's tracking link, for guests without an account."""


class PayingApi(ApiController):
    path = "/api/payments"
    tags = ["Payments"]
    opt = access(Access.PUBLIC)

    @get("/config", operation_id="ListWaysToPay")
    async def show_config(self, look: Reading) -> Envelope[WaysToPay]:
        """The ways of paying that are switched on, and the key that Stripe's fields need."""
        keys = await payments.load_keys(look)
        publishable = keys.values["stripePublishableKey"]
        return ok(
            WaysToPay(
                methods=[method.value for method in keys.offered],
                stripe_publishable_key=str(publishable) if publishable else None,
                hold_minutes=int(keys.hold.total_seconds() // 60),
            )
        )

    @post("/create-intent", status_code=200, operation_id="CreatePaymentIntent")
    async def create_intent(
        self,
        request: WebRequest,
        principal: Actor,
        data: JSONBody[OrderToPay],
        capability: Capability = None,
    ) -> Envelope[IntentView]:
        """A Stripe PaymentIntent of the order's amount. Asked again, it is the same one."""
        order_id = await permitted(request, principal, data.order_id, capability)
        begun = await begin_at(request, principal, order_id, PaymentMethod.STRIPE, hosted=False)
        assert begun.client_secret is not None
        return ok(IntentView(client_secret=begun.client_secret))

    @post("/create-checkout-session", status_code=200, operation_id="CreateCheckoutSession")
    async def create_session(
        self,
        request: WebRequest,
        principal: Actor,
        data: JSONBody[OrderToPay],
        capability: Capability = None,
    ) -> Envelope[SessionView]:
        """A page of Stripe's on which the order is paid; it leads back to the order's own page."""
        order_id = await permitted(request, principal, data.order_id, capability)
        begun = await begin_at(request, principal, order_id, PaymentMethod.STRIPE, hosted=True)
        assert begun.url is not None
        return ok(SessionView(url=begun.url, session_id=begun.ref))

    @post("/confirm", status_code=200, operation_id="ConfirmPayment")
    async def confirm(
        self,
        request: WebRequest,
        principal: Actor,
        data: JSONBody[OrderToPay],
        capability: Capability = None,
    ) -> Envelope[PaymentState]:
        """Ask the provider how it stands now, for a client that comes back from paying."""
        order_id = await permitted(request, principal, data.order_id, capability)
        await look_after_order(books_of(request), order_id)
        return ok(await state_of(books_of(request), order_id))

    @post("/paypal/create", status_code=200, operation_id="CreatePayPalOrder")
    async def create_paypal_order(
        self,
        request: WebRequest,
        principal: Actor,
        data: JSONBody[OrderToPay],
        capability: Capability = None,
    ) -> Envelope[PayPalOrderView]:
        """An order at PayPal of the order's amount, and the page on which the guest approves it."""
        order_id = await permitted(request, principal, data.order_id, capability)
        begun = await begin_at(request, principal, order_id, PaymentMethod.PAYPAL, hosted=True)
        assert begun.url is not None
        return ok(PayPalOrderView(paypal_order_id=begun.ref, approval_url=begun.url))

    @post("/paypal/capture", status_code=200, operation_id="CapturePayPalOrder")
    async def capture_paypal_order(
        self,
        request: WebRequest,
        principal: Actor,
        data: JSONBody[PayPalApproved],
        capability: Capability = None,
    ) -> Envelope[PaymentState]:
        """Take what the guest approved. What was approved for another order is refused."""
        order_id = await permitted(request, principal, data.order_id, capability)
        books = books_of(request)
        async with books.reading(principal) as look:
            attempt = await payments.find_attempt_by_ref(
                look, PaymentMethod.PAYPAL, data.paypal_order_id
            )
        if attempt is None or attempt.order_id != order_id:
            raise NothingDue("This PayPal order does not belong to this order.")
        await DEALINGS.look_after(books, attempt)
        return ok(await state_of(books, order_id))

    @post(
        "/cash",
        opt=access(Access.STAFF, key=Scope.ORDERS_WRITE),
        status_code=201,
        operation_id="PayAtTheCounter",
    )
    async def pay_at_the_counter(
        self, uow: Work, data: JSONBody[CounterPayment]
    ) -> Envelope[orders.PaymentView]:
        """What is due was paid in cash, with the change to give back, or by card at the counter."""
        order = await orders.load_visible(uow, data.order_id)
        tendered = None
        if data.tendered is not None:
            tendered = bounded_minor(data.tendered, order.currency)
        method = PaymentMethod(data.method)
        paid = await collect(uow, order, method, tendered_minor=tendered)
        return ok(orders.PaymentView.of(paid))


async def permitted(
    request: WebRequest, principal: Principal, order_id: str, capability: str | None
) -> str:
    """The id of the order, if this principal may see it.

    Raises OrderNotFound, SignInNeeded, NotAllowed.
    """
    entrance_of(request).take(PAY_PER_ADDRESS, request.scope["state"]["address"])
    async with books_of(request).reading(principal) as look:
        order = await orders.load_order(look, orders.checked_id(order_id))
        if await orders.may_open(look, order, capability):
            return order.id
    if principal == ANONYMOUS:
        raise SignInNeeded("Authentication required")
    raise NotAllowed("Access denied")


async def begin_at(
    request: WebRequest, principal: Principal, order_id: str, method: PaymentMethod, *, hosted: bool
) -> Begun:
    _, begun = await begin(
        books_of(request), principal, order_id, method, hosted=hosted, site=site_of(request)
    )
    return begun


async def state_of(books: Books, order_id: str) -> PaymentState:
    async with books.reading() as look:
        return PaymentState(status=await status_of_order(look, order_id))


async def status_of_order(look: Look, order_id: str) -> str:
    order = await orders.load_order(look, order_id)
    if await payments.sum_paid(look, order_id) >= order.total_minor:
        return "COMPLETED"
    return "PENDING" if await payments.list_open_attempts(look, order_id) else "FAILED"


def books_of(request: WebRequest) -> Books:
    books: Books = request.app.state.books
    return books
