"""Where a guest pays: our page with the ways of paying, the way to the provider's page, and the way
back. No card number is ever typed into a page of ours.
"""

from __future__ import annotations

import contextlib
from typing import Annotated, Any

import msgspec
from litestar import Controller, Response, get, post
from litestar.params import FromPath, URLEncodedBody

from basis.errors import DomainError
from basis.kit.http.wire import Form
from kitchenasty import locations, orders, payments
from kitchenasty.kit.books import Books, Look
from kitchenasty.kit.http.access import Access, access
from kitchenasty.kit.http.visits import entrance_of
from kitchenasty.kit.http.web import Actor, WebRequest, back_to, page, site_of
from kitchenasty.kit.limits import PAY_PER_ADDRESS
from kitchenasty.orders import Order
from kitchenasty.paying.attempts import begin, look_after_order
from kitchenasty.payments import Payment, ProviderAway, ProviderRefused

ASK_AGAIN_SECONDS = 3
"""How soon a page that waits for the provider's word reads itself again."""
NO_STORE = {"cache-control": "no-store"}


class ChosenMethod(Form, kw_only=True):
    method: Annotated[str, msgspec.Meta(max_length=20)] = ""


class PayPages(Controller):
    path = "/t/{capability:str}"
    include_in_schema = False
    opt = access(Access.PUBLIC)

    @get("/pay")
    async def show_ways(self, request: WebRequest, capability: FromPath[str]) -> Response[Any]:
        async with books_of(request).reading() as look:
            order = await orders.load_order_by_capability(look, capability)
            return await show(look, order, capability)

    @post("/pay", status_code=200)
    async def leave(
        self,
        request: WebRequest,
        principal: Actor,
        capability: FromPath[str],
        data: URLEncodedBody[ChosenMethod],
    ) -> Response[Any]:
        """Begin, and lead to the provider. A page that leads on by itself, and no redirect: our
        policy lets no form end at another site.
        """
        entrance_of(request).take(PAY_PER_ADDRESS, request.scope["state"]["address"])
        books = books_of(request)
        async with books.reading(principal) as look:
            order = await orders.load_order_by_capability(look, capability)
        try:
            method = payments.parse_method(data.method)
            _, begun = await begin(
                books, principal, order.id, method, hosted=True, site=site_of(request)
            )
        except DomainError as refusal:
            async with books.reading(principal) as look:
                order = await orders.load_order(look, order.id)
                return await show(look, order, capability, refusal=refusal)
        async with books.reading(principal) as look:
            house = await locations.load_house(look, order.house_id)
        return plain("paying/leaving.html", house=house, order=order, url=begun.url)

    @get("/paid")
    async def come_back(self, request: WebRequest, capability: FromPath[str]) -> Response[Any]:
        """The provider sends the guest here. We ask it ourselves, since its message may come later
        or never; until it knows, the page waits and asks again.
        """
        books = books_of(request)
        async with books.reading() as look:
            order = await orders.load_order_by_capability(look, capability)
        with contextlib.suppress(ProviderAway, ProviderRefused):  # the page waits; jobs ask too
            await look_after_order(books, order.id)
        async with books.reading() as look:
            order = await orders.load_order(look, order.id)
            is_waiting = await waits(look, order)
            house = await locations.load_house(look, order.house_id)
        if is_waiting:
            return plain(
                "paying/waiting.html",
                house=house,
                order=order,
                capability=capability,
                seconds=ASK_AGAIN_SECONDS,
            )
        return back_to(f"/t/{capability}/pay" if order.awaits_payment else f"/t/{capability}")


async def show(
    look: Look, order: Order, capability: str, *, refusal: DomainError | None = None
) -> Response[Any]:
    """The ways of paying; where nothing is due, the order's own page."""
    tenders = await payments.list_payments(look, order.id)
    due = order.total_minor - sum(one.amount_minor for one in tenders if one.counts_as_paid)
    if order.status in orders.FINAL_STATUSES or due <= 0:
        return back_to(f"/t/{capability}")
    offered = (await payments.load_keys(look)).offered
    return plain(
        "paying/pay.html",
        house=await locations.load_house(look, order.house_id),
        order=order,
        capability=capability,
        due_minor=due,
        methods=[method.value for method in offered if method.is_online],
        refusal=refusal,
        declined=was_declined(tenders),
    )


def was_declined(tenders: list[Payment]) -> bool:
    """Whether the last attempt that came to an end was refused by the bank."""
    online = [one for one in tenders if one.method.is_online]
    return bool(online) and online[-1].state is payments.IntentState.FAILED


async def waits(look: Look, order: Order) -> bool:
    """Whether money may still come for it."""
    if order.status in orders.FINAL_STATUSES:
        return False
    attempts = await payments.list_open_attempts(look, order.id)
    return any(attempt.provider_ref is not None for attempt in attempts)


def plain(name: str, *, status_code: int = 200, **values: Any) -> Response[Any]:
    answer = page(name, status_code=status_code, **values)
    answer.headers.update(NO_STORE)
    return answer


def books_of(request: WebRequest) -> Books:
    books: Books = request.app.state.books
    return books
