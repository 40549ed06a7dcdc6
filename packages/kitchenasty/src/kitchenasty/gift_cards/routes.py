"""The API's doors to gift cards."""

from __future__ import annotations

from typing import Annotated

from litestar import get, post
from litestar.params import FromQuery, JSONBody, PathParameter

from basis.kit.data.paging import Page
from basis.kit.http.api import ApiController
from basis.kit.http.wire import Envelope, listed, ok
from kitchenasty.gift_cards import queries, service
from kitchenasty.gift_cards.rules import GiftCard, GiftCardUnknown
from kitchenasty.gift_cards.schemas import (
    CardBalance,
    GiftCardCode,
    GiftCardView,
    IssuedGiftCard,
    NewGiftCard,
    VoidGiftCard,
)
from kitchenasty.kit.books import Look
from kitchenasty.kit.http.access import Access, access
from kitchenasty.kit.http.guesses import Guess
from kitchenasty.kit.http.web import Reading, WebRequest, Work
from kitchenasty.kit.limits import GIFT_CARD_GUESS_PER_ADDRESS
from kitchenasty.kit.principals import Scope

CardId = Annotated[str, PathParameter(max_length=64)]


class GiftCardsApi(ApiController):
    path = "/api/gift-cards"
    tags = ["Gift cards"]

    @post(
        "/balance", opt=access(Access.PUBLIC), status_code=200, operation_id="ShowGiftCardBalance"
    )
    async def show_balance(
        self, request: WebRequest, look: Reading, data: JSONBody[GiftCardCode]
    ) -> Envelope[CardBalance]:
        """What is left on a card, for whoever has its code."""
        return ok(CardBalance.of(await guess_card(request, look, data.code)))

    @get(
        opt=access(Access.MANAGER, every_house=True, key=Scope.OFFERS_READ),
        operation_id="ListGiftCards",
    )
    async def list_cards(
        self, look: Reading, page: FromQuery[int] = 1, limit: FromQuery[int] = 20
    ) -> Envelope[list[GiftCardView]]:
        """The newest first, without their entries."""
        shown = Page.of(page, limit)
        cards, total = await queries.list_cards(look, shown)
        views = [GiftCardView.of(card, []) for card in cards]
        return listed(views, page=shown.number, limit=shown.limit, total=total)

    @post(
        opt=access(Access.MANAGER, every_house=True, key=Scope.OFFERS_WRITE),
        operation_id="IssueGiftCard",
    )
    async def issue(self, uow: Work, data: JSONBody[NewGiftCard]) -> Envelope[IssuedGiftCard]:
        """A new card. Its code is in this answer and never again."""
        issued = await service.issue(uow, data.to_amount(), note=data.note)
        return ok(IssuedGiftCard(code=issued.code, card=await view_of(uow, issued.card.id)))

    @get(
        "/{card_id:str}",
        opt=access(Access.MANAGER, every_house=True, key=Scope.OFFERS_READ),
        operation_id="ShowGiftCard",
    )
    async def show_card(self, look: Reading, card_id: CardId) -> Envelope[GiftCardView]:
        """One card with its movements, the newest first."""
        return ok(await view_of(look, card_id))

    @post(
        "/{card_id:str}/void",
        opt=access(Access.MANAGER, every_house=True, key=Scope.OFFERS_WRITE),
        status_code=200,
        operation_id="VoidGiftCard",
    )
    async def void(
        self, uow: Work, card_id: CardId, data: JSONBody[VoidGiftCard]
    ) -> Envelope[GiftCardView]:
        """Nothing can be paid with the card any more."""
        await service.void(uow, card_id, reason=data.reason)
        return ok(await view_of(uow, card_id))


async def guess_card(request: WebRequest, look: Look, code: str) -> GiftCard:
    """Raises TooManyTries, GiftCardMistyped, GiftCardUnknown."""
    with Guess(request, GIFT_CARD_GUESS_PER_ADDRESS, code, wrong=GiftCardUnknown):
        return await queries.look_up(look, code)


async def view_of(look: Look, card_id: str) -> GiftCardView:
    card = await queries.load_card(look, card_id)
    return GiftCardView.of(card, await queries.list_entries(look, card_id))
