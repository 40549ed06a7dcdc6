"""The office's webhooks: a new one whose secret is shown once, trying it out, what was sent."""

from __future__ import annotations

from typing import Annotated, Any

from litestar import Controller, Response, get, post
from litestar.params import PathParameter

from basis.errors import DomainError
from kitchenasty import locations, webhooks
from kitchenasty.dashboard.shell import office_page
from kitchenasty.dashboard.webhooks.form import STATES, TROUBLES, WebhookForm
from kitchenasty.dashboard.webhooks.shown import HERE, News, show_endpoint, show_list, zone_of
from kitchenasty.kit.books import UnitOfWork
from kitchenasty.kit.http.access import Access, access
from kitchenasty.kit.http.keeping import keep_or_show_again
from kitchenasty.kit.http.ticked import read_ticked
from kitchenasty.kit.http.visits import entrance_of
from kitchenasty.kit.http.web import Actor, Reading, WebRequest, Work, back_to, writing_for

WebhookId = Annotated[str, PathParameter(max_length=64)]
DeliveryId = Annotated[str, PathParameter(max_length=64)]


class WebhookPages(Controller):
    path = HERE
    include_in_schema = False
    opt = access(Access.SUPER_ADMIN, every_house=True)

    @get("/")
    async def show_all(self, request: WebRequest, look: Reading, principal: Actor) -> Response[Any]:
        return await show_list(request, look, principal)

    @post("/", status_code=200, opt=access(Access.SUPER_ADMIN, every_house=True, reads=WebhookForm))
    async def make(self, request: WebRequest, principal: Actor) -> Response[Any]:
        """The answer is the page with the secret, since no address may have it. A refusal shows the
        form again as it was filled in, so the transaction is opened here.
        """
        data = await read_ticked(request, WebhookForm)
        refusal, made = None, None
        try:
            async with writing_for(request, principal) as uow:
                await check_house(uow, data)
                topics = request.app.state.webhook_topics
                made = await webhooks.create_endpoint(uow, data.to_draft(), topics)
        except DomainError as error:
            refusal = error
        async with entrance_of(request).books.reading(principal) as look:
            if made is not None:
                news = News(secret=made.secret)
                return await show_endpoint(request, look, principal, made.endpoint.id, news)
            return await show_list(request, look, principal, refusal=refusal, form=data)

    @get("/{webhook_id:str}")
    async def show(
        self, request: WebRequest, look: Reading, principal: Actor, webhook_id: WebhookId
    ) -> Response[Any]:
        return await show_endpoint(request, look, principal, webhook_id)

    @post("/{webhook_id:str}", opt=access(Access.SUPER_ADMIN, every_house=True, reads=WebhookForm))
    async def change(
        self, request: WebRequest, principal: Actor, webhook_id: WebhookId
    ) -> Response[Any]:
        data = await read_ticked(request, WebhookForm)
        topics = request.app.state.webhook_topics

        async def keep(uow: UnitOfWork) -> str:
            await check_house(uow, data)
            await webhooks.change_endpoint(uow, webhook_id, data.to_draft(), topics)
            return f"{HERE}/{webhook_id}?told=changed"

        return await keep_or_show_again(
            request,
            principal,
            keep,
            lambda look, said: show_endpoint(
                request, look, principal, webhook_id, News(refusal=said, form=data)
            ),
            refused=webhooks.EndpointRefused,
        )

    @post("/{webhook_id:str}/secret", status_code=200)
    async def renew(
        self, request: WebRequest, principal: Actor, webhook_id: WebhookId
    ) -> Response[Any]:
        async with writing_for(request, principal) as uow:
            made = await webhooks.renew_secret(uow, webhook_id)
        async with entrance_of(request).books.reading(principal) as look:
            return await show_endpoint(
                request, look, principal, webhook_id, News(secret=made.secret)
            )

    @post("/{webhook_id:str}/ping", status_code=200)
    async def ping(
        self, request: WebRequest, principal: Actor, webhook_id: WebhookId
    ) -> Response[Any]:
        """Outside any transaction: the receiver may take its time."""
        state = request.app.state
        tried = await webhooks.ping(state.books, state.outgoing, principal, webhook_id)
        async with state.books.reading(principal) as look:
            return await show_endpoint(request, look, principal, webhook_id, News(tried=tried))

    @post("/{webhook_id:str}/remove")
    async def remove(self, uow: Work, webhook_id: WebhookId) -> Response[Any]:
        await webhooks.remove_endpoint(uow, webhook_id)
        return back_to(f"{HERE}?told=removed")

    @post("/{webhook_id:str}/replay")
    async def replay_dead(self, uow: Work, webhook_id: WebhookId) -> Response[Any]:
        await webhooks.replay_dead(uow, webhook_id)
        return back_to(f"{HERE}/{webhook_id}?told=again")

    @get("/{webhook_id:str}/deliveries/{delivery_id:str}")
    async def show_delivery(
        self,
        request: WebRequest,
        look: Reading,
        principal: Actor,
        webhook_id: WebhookId,
        delivery_id: DeliveryId,
    ) -> Response[Any]:
        return office_page(
            "dashboard/webhooks/delivery.html",
            request,
            principal,
            endpoint=await webhooks.load_endpoint(look, webhook_id),
            delivery=await webhooks.load_delivery(look, webhook_id, delivery_id),
            states=STATES,
            troubles=TROUBLES,
            zone=await zone_of(look),
        )

    @post("/{webhook_id:str}/deliveries/{delivery_id:str}/replay")
    async def replay(
        self, uow: Work, webhook_id: WebhookId, delivery_id: DeliveryId
    ) -> Response[Any]:
        await webhooks.replay(uow, webhook_id, delivery_id)
        return back_to(f"{HERE}/{webhook_id}/deliveries/{delivery_id}")


async def check_house(uow: UnitOfWork, data: WebhookForm) -> None:
    """Raises HouseNotFound."""
    if data.house:
        await locations.load_house(uow, data.house)
