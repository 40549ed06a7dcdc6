"""What is left on a gift card, for whoever has its code. No address of ours ever has the code."""

from __future__ import annotations

from typing import Any

from litestar import Controller, Response, get, post

from basis.errors import DomainError
from kitchenasty import gift_cards
from kitchenasty.kit.http.access import Access, access
from kitchenasty.kit.http.guesses import Guess
from kitchenasty.kit.http.web import Reading, WebRequest, page
from kitchenasty.kit.limits import GIFT_CARD_GUESS_PER_ADDRESS
from kitchenasty.storefront.checkout_form import line_of


class GiftCardBalancePages(Controller):
    path = "/gift-card"
    include_in_schema = False
    opt = access(Access.PUBLIC)

    @get()
    async def ask(self) -> Response[Any]:
        return show()

    @post(status_code=200)
    async def tell(self, look: Reading, request: WebRequest) -> Response[Any]:
        sent = line_of((await request.form()).get("code"))[: gift_cards.TYPED_LENGTH_MAX]
        wrong = gift_cards.GiftCardUnknown
        try:
            with Guess(request, GIFT_CARD_GUESS_PER_ADDRESS, sent, wrong=wrong):
                return show(card=await gift_cards.look_up(look, sent))
        except DomainError as refusal:
            return show(refusal=refusal, code=sent)


def show(
    *,
    card: gift_cards.GiftCard | None = None,
    refusal: DomainError | None = None,
    code: str = "",
) -> Response[Any]:
    answer = page(
        "storefront/gift_card.html",
        refusal=refusal,
        card=card,
        code=code,
        length_max=gift_cards.TYPED_LENGTH_MAX,
    )
    answer.headers["Cache-Control"] = "no-store"
    return answer
