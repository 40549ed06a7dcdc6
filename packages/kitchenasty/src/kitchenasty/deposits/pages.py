"""Where a guest pays a deposit: our page with the terms and the ways of paying, the way to the
provider's page, and the way back.
"""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from typing import Annotated, Any

import msgspec
from litestar import Controller, Response, get, post
from litestar.params import FromPath, URLEncodedBody

from basis.errors import DomainError
from basis.kit.http.wire import Form
from kitchenasty import locations, payments, reservations
from kitchenasty.deposits.attempts import begin, look_after_reservation
from kitchenasty.deposits.fates import Fate, fate_of
from kitchenasty.deposits.queries import list_open_attempts, load_deposit
from kitchenasty.deposits.views import Deposit
from kitchenasty.kit.books import Books, Look
from kitchenasty.kit.http.access import Access, access
from kitchenasty.kit.http.visits import entrance_of
from kitchenasty.kit.http.web import Actor, WebRequest, back_to, page, site_of
from kitchenasty.kit.limits import PAY_PER_ADDRESS
from kitchenasty.payments import IntentState, ProviderAway, ProviderRefused
from kitchenasty.reservation_terms import Agreed
from kitchenasty.reservations import Reservation, Status

ASK_AGAIN_SECONDS = 3
"""How soon a page that waits for the provider's word reads itself again."""
NO_STORE = {"cache-control": "no-store"}


class ChosenWay(Form, kw_only=True):
    method: Annotated[str, msgspec.Meta(max_length=20)] = ""


class DepositPages(Controller):
    path = "/r/{capability:str}/deposit"
    include_in_schema = False
    opt = access(Access.PUBLIC)

    @get()
    async def show_ways(self, request: WebRequest, capability: FromPath[str]) -> Response[Any]:
        async with books_of(request).reading() as look:
            opened = await reservations.open_reservation(look, capability)
            return await show(look, opened, capability)

    @post(status_code=200)
    async def leave(
        self,
        request: WebRequest,
        principal: Actor,
        capability: FromPath[str],
        data: URLEncodedBody[ChosenWay],
    ) -> Response[Any]:
        """Begin, and lead to the provider. A page that leads on by itself, and no redirect: our
        policy lets no form end at another site.
        """
        entrance_of(request).take(PAY_PER_ADDRESS, request.scope["state"]["address"])
        books = books_of(request)
        async with books.reading(principal) as look:
            opened = await reservations.open_reservation(look, capability)
            house = await locations.load_house(look, opened.house_id)
        try:
            method = payments.parse_method(data.method)
            _, begun = await begin(books, principal, opened.id, method, site=site_of(request))
        except DomainError as refusal:
            async with books.reading(principal) as look:
                opened = await reservations.open_reservation(look, capability)
                return await show(look, opened, capability, refusal=refusal)
        is_card = opened.agreed is not None and opened.agreed.is_card
        return plain("deposits/leaving.html", house=house, url=begun.url, is_card=is_card)

    @get("/paid")
    async def come_back(self, request: WebRequest, capability: FromPath[str]) -> Response[Any]:
        """The provider sends the guest here. We ask it ourselves, since its message may come later
        or never; until it knows, the page waits and asks again.
        """
        books = books_of(request)
        async with books.reading() as look:
            opened = await reservations.open_reservation(look, capability)
        with contextlib.suppress(ProviderAway, ProviderRefused):  # the page waits; jobs ask too
            await look_after_reservation(books, opened.id)
        async with books.reading() as look:
            opened = await reservations.open_reservation(look, capability)
            attempts = await list_open_attempts(look, opened.id)
            house = await locations.load_house(look, opened.house_id)
        if opened.awaits_deposit and any(one.provider_ref is not None for one in attempts):
            return plain(
                "deposits/waiting.html",
                house=house,
                capability=capability,
                is_card=opened.agreed is not None and opened.agreed.is_card,
                seconds=ASK_AGAIN_SECONDS,
            )
        return back_to(f"/r/{capability}")


async def show(
    look: Look, opened: Reservation, capability: str, *, refusal: DomainError | None = None
) -> Response[Any]:
    """The ways of paying; where nothing is due, the reservation's own page."""
    if not opened.awaits_deposit or opened.agreed is None:
        return back_to(f"/r/{capability}")
    keys = await payments.load_keys(look)
    offered = keys.card_keepers if opened.agreed.is_card else keys.offered
    deposit = await load_deposit(look, opened.id, opened.agreed.currency)
    return plain(
        "deposits/pay.html",
        house=await locations.load_house(look, opened.house_id),
        reservation=opened,
        capability=capability,
        methods=[method.value for method in offered if method.is_online],
        refusal=refusal,
        is_odd=bool(deposit.to_review),
        declined=bool(deposit.attempts) and deposit.attempts[-1].state is IntentState.FAILED,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """What the page of a reservation shows of its deposit. `template` is ours."""

    agreed: Agreed
    deposit: Deposit
    is_free_now: bool
    template: str = "deposits/beside.html"

    @property
    def lost_if_cancelled(self) -> int:
        """What a guest who cancels now does not get back, or may be charged."""
        if self.is_free_now:
            return 0
        if self.agreed.is_card:
            return self.agreed.amount_minor if self.deposit.kept_card else 0
        return self.deposit.account.left_minor


async def show_beside(look: Look, reservation: Reservation) -> Beside | None:
    """Nothing where no money was asked for."""
    agreed = reservation.agreed
    if agreed is None:
        return None
    fate = fate_of(agreed, Status.CANCELLED, look.now, is_by_house=False)
    return Beside(
        agreed=agreed,
        deposit=await load_deposit(look, reservation.id, agreed.currency),
        is_free_now=fate is Fate.RETURN,
    )


def plain(name: str, **values: Any) -> Response[Any]:
    answer = page(name, **values)
    answer.headers.update(NO_STORE)
    return answer


def books_of(request: WebRequest) -> Books:
    books: Books = request.app.state.books
    return books
