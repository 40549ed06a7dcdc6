"""Who brings what a house delivers: its own couriers, or those of a market, and on which terms."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from litestar import Controller, Response, get, post
from litestar.params import PathParameter, URLEncodedBody

from basis.errors import Conflict, DomainError, Invalid
from basis.kit.http.wire import Form
from basis.kit.outgoing import ElsewhereAway
from basis.sentences import word
from kitchenasty import handoff, locations
from kitchenasty.dashboard.houses.frame import HERE, Tab, house_page
from kitchenasty.dashboard.typed_numbers import whole_in
from kitchenasty.kit.books import Look, UnitOfWork
from kitchenasty.kit.http.access import Access, access
from kitchenasty.kit.http.keeping import keep_or_show_again
from kitchenasty.kit.http.web import Actor, Reading, WebRequest, back_to

HouseId = Annotated[str, PathParameter(max_length=64)]
Short = Annotated[str, msgspec.Meta(max_length=20)]
GRAMS, MILLILITRES = 1_000, 1_000
TROUBLES = {
    "ODD": word("What answers there is not the market that was met first. Is the address right?"),
    "NAME": word("Nobody knows this address."),
    "CONNECTION": word("Nobody answers there."),
    "TIME": word("It takes too long to answer."),
    "SIZE": word("It answers with more than a market should."),
    "PRIVATE": word(
        "Whoever keeps the server has to name this network first: KITCHENASTY_OUTGOING_NETWORKS."
    ),
    "SECRET": word("The server's secret has changed, so the key of this house cannot be read."),
}
OTHER_TROUBLE = word("It refuses what we ask for.")


class CouriersTyped(Form, kw_only=True):
    """Terms as typed: kilograms, litres, seconds, minutes and lamports."""

    PARAGRAPHS = frozenset({"places"})

    is_on: Short = ""
    market_url: Annotated[str, msgspec.Meta(max_length=300)] = ""
    base: Short = "5000000"
    per_km: Short = "5000000"
    most: Short = "50000000"
    weight: Short = "3"
    volume: Short = "20"
    bid_seconds: Short = "120"
    confirm_minutes: Short = "5"
    places: Annotated[str, msgspec.Meta(max_length=8_000)] = ""
    version: Short = "0"

    def to_draft(self) -> handoff.TermsDraft:
        """Raises NumberUnreadable, PlacesUnreadable."""
        return handoff.TermsDraft(
            is_on=bool(self.is_on),
            market_url=self.market_url.strip(),
            base=whole_in(self.base),
            per_km=whole_in(self.per_km),
            most=whole_in(self.most),
            weight_grams=whole_in(self.weight) * GRAMS,
            volume_ml=whole_in(self.volume) * MILLILITRES,
            bid_seconds=whole_in(self.bid_seconds),
            confirm_seconds=whole_in(self.confirm_minutes) * 60,
            places=handoff.read_places(self.places),
        )


class CourierPages(Controller):
    path = f"{HERE}/{{house_id:str}}/couriers"
    include_in_schema = False
    opt = access(Access.MANAGER)

    @get("/")
    async def show_terms(
        self, request: WebRequest, look: Reading, house_id: HouseId
    ) -> Response[Any]:
        return await show(request, look, house_id)

    @post("/")
    async def set_terms(
        self,
        request: WebRequest,
        principal: Actor,
        house_id: HouseId,
        data: URLEncodedBody[CouriersTyped],
    ) -> Response[Any]:
        return await keep_or_show_again(
            request,
            principal,
            lambda uow: keep(uow, house_id, data),
            lambda look, said: show(request, look, house_id, typed=data, refusal=said),
            refused=(Invalid, Conflict),
        )

    @post("/talk", status_code=303)
    async def talk(self, request: WebRequest, principal: Actor, house_id: HouseId) -> Response[Any]:
        """Outside any transaction: a market may take its time."""
        state = request.app.state
        try:
            await handoff.talk(state.books, state.outgoing, principal, house_id)
        except (ElsewhereAway, handoff.MarketRefuses, handoff.TermsRefused) as refusal:
            async with state.books.reading(principal) as look:
                return await show(request, look, house_id, refusal=refusal)
        return back_to(f"{HERE}/{house_id}/couriers?told=talked")


async def keep(uow: UnitOfWork, house_id: str, form: CouriersTyped) -> str:
    house = await locations.load_own_house(uow, house_id)
    await handoff.set_terms(uow, house.id, form.to_draft(), version=whole_in(form.version))
    return f"{HERE}/{house_id}/couriers?told=saved"


async def show(
    request: WebRequest,
    look: Look,
    house_id: str,
    *,
    typed: CouriersTyped | None = None,
    refusal: DomainError | None = None,
) -> Response[Any]:
    house = await locations.load_own_house(look, house_id)
    terms = await handoff.find_terms(look, house.id)
    count, paid = await handoff.sum_paid(look, house.id)
    trouble = None if terms is None or terms.trouble is None else terms.trouble
    return house_page(
        request,
        look,
        house,
        Tab.COURIERS,
        refusal=refusal,
        terms=terms,
        form=typed or form_of(terms),
        trouble=None if trouble is None else TROUBLES.get(trouble, OTHER_TROUBLE),
        paid=spaced(paid),
        paid_count=count,
        balance=None if terms is None or terms.balance is None else spaced(terms.balance),
        has_place=house.latitude is not None,
        told=request.query_params.get("told", ""),
    )


def form_of(terms: handoff.Terms | None) -> CouriersTyped:
    if terms is None:
        return CouriersTyped()
    draft = terms.draft
    return CouriersTyped(
        is_on="on" if draft.is_on else "",
        market_url=draft.market_url,
        base=str(draft.base),
        per_km=str(draft.per_km),
        most=str(draft.most),
        weight=str(draft.weight_grams // GRAMS),
        volume=str(draft.volume_ml // MILLILITRES),
        bid_seconds=str(draft.bid_seconds),
        confirm_minutes=str(draft.confirm_seconds // 60),
        places=handoff.write_places(draft.places),
        version=str(terms.version),
    )


def spaced(number: int) -> str:
    """1 250 000: the same in every language."""
    return f"{number:,}".replace(",", "\N{NARROW NO-BREAK SPACE}")
