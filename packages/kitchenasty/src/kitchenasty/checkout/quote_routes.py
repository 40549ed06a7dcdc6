"""The API's door to signed quotes."""

from __future__ import annotations

from litestar import post
from litestar.params import JSONBody

from basis.kit.http.api import ApiController
from basis.kit.http.wire import Envelope, ok
from kitchenasty.checkout.quote_schemas import SignedQuoteView
from kitchenasty.checkout.quotes import sign_priced
from kitchenasty.checkout.routes import choose_house, price_guessed
from kitchenasty.checkout.schemas import QuoteForm, QuoteView, cart_of
from kitchenasty.kit.http.access import Access, access
from kitchenasty.kit.http.web import Reading, WebRequest


class QuotesApi(ApiController):
    path = "/api/quote"
    tags = ["Orders"]

    @post(opt=access(Access.PUBLIC), operation_id="SignQuote", status_code=200)
    async def sign(
        self, request: WebRequest, look: Reading, data: JSONBody[QuoteForm]
    ) -> Envelope[SignedQuoteView]:
        """The whole breakdown of a cart, signed for half an hour. An order that brings `quote` is
        charged exactly it, or refused with a new one.
        """
        house = await choose_house(look, data.location_id)
        priced = await price_guessed(request, look, cart_of(data, house))
        quote = sign_priced(request.app.state.books.secret, priced, look.now)
        return ok(SignedQuoteView.of(priced.breakdown, quote, QuoteView.of(priced)))
