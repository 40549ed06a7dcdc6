"""The doors at which Stripe and PayPal tell us what happened. docs/operators/payments.md."""

from __future__ import annotations

from litestar import post

from basis.kit.http.api import ApiController
from basis.kit.http.wire import WireStruct
from kitchenasty.kit.http.access import Access, access
from kitchenasty.kit.http.guesses import Guess
from kitchenasty.kit.http.web import WebRequest
from kitchenasty.kit.limits import FORGED_MESSAGE_PER_ADDRESS
from kitchenasty.paying import hearing
from kitchenasty.payments import SignatureWrong

MESSAGE_BYTES_MAX = 262_144
"""Ten times the longest that was seen."""
SIGNATURE = "stripe-signature"


class Received(WireStruct):
    """The provider need not say it again; `received` is the contract's word for it."""

    success: bool = True
    message: str = "Received"
    received: bool = True


class ProviderMessagesApi(ApiController):
    path = "/api/payments"
    tags = ["Payments"]
    opt = access(Access.PUBLIC)

    @post("/webhook", status_code=200, operation_id="HearStripe",
          request_max_body_size=MESSAGE_BYTES_MAX)  # fmt: skip
    async def hear_stripe(self, request: WebRequest) -> Received:
        """What Stripe tells us, signed by it within the last five minutes. 400 SignatureWrong,
        MessageOld or MessageUnreadable; a message that came before is taken and changes nothing.
        """
        signatures = request.headers.getall(SIGNATURE, [])
        await hearing.hear_stripe(request.app.state.books, await request.body(), signatures)
        return Received()

    @post("/paypal/webhook", status_code=200, operation_id="HearPayPal",
          request_max_body_size=MESSAGE_BYTES_MAX)  # fmt: skip
    async def hear_paypal(self, request: WebRequest) -> Received:
        """What PayPal tells us; PayPal is asked whether it did. 503 when it cannot be asked."""
        # Each forged message costs a question to PayPal.
        with Guess(request, FORGED_MESSAGE_PER_ADDRESS, "message", wrong=SignatureWrong):
            body = await request.body()
            await hearing.hear_paypal(request.app.state.books, body, request.headers)
        return Received()
