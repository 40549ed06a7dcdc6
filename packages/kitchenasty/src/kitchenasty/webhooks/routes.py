"""The API's doors to webhooks. Keys of programs read deliveries and send them again; only owners
make, change and try the receivers.
"""

from __future__ import annotations

from typing import Annotated

from litestar import delete, get, patch, post
from litestar.params import JSONBody, PathParameter, QueryParameter

from basis.kit.data.paging import Cursor, Keyset
from basis.kit.http.api import ApiController
from basis.kit.http.wire import Envelope, done, ok
from kitchenasty.kit.http.access import Access, access
from kitchenasty.kit.http.web import Actor, Reading, WebRequest, Work
from kitchenasty.kit.principals import Scope
from kitchenasty.webhooks import deliveries, service
from kitchenasty.webhooks.schemas import (
    Deliveries,
    DeliveryView,
    EndpointForm,
    EndpointPatch,
    MadeEndpoint,
    Replayed,
    TryView,
    WebhookView,
)
from kitchenasty.webhooks.sending import ping
from kitchenasty.webhooks.sent import Delivery, DeliveryFilter
from kitchenasty.webhooks.states import DeliveryState

LIST_LIMIT = 50
WebhookId = Annotated[str, PathParameter(max_length=64)]
DeliveryId = Annotated[str, PathParameter(max_length=64)]
StateAsked = Annotated[DeliveryState | None, QueryParameter(name="state")]
TopicName = Annotated[str | None, QueryParameter(max_length=80)]
After = Annotated[str | None, QueryParameter(max_length=200)]
READS = access(Access.MANAGER, every_house=True, key=Scope.WEBHOOKS_READ)
SENDS = access(Access.MANAGER, every_house=True, key=Scope.WEBHOOKS_WRITE)
OWNS = access(Access.SUPER_ADMIN, every_house=True)


class WebhooksApi(ApiController):
    path = "/api/webhooks"
    tags = ["Webhooks"]

    @get(opt=READS, operation_id="ListWebhooks")
    async def list_all(self, look: Reading) -> Envelope[list[WebhookView]]:
        """All receivers, in the order in which they were made."""
        return ok([WebhookView.of(one) for one in await service.list_endpoints(look)])

    @post(opt=OWNS, operation_id="MakeWebhook")
    async def make(
        self, request: WebRequest, uow: Work, data: JSONBody[EndpointForm]
    ) -> Envelope[MadeEndpoint]:
        """A new receiver. Its secret is in this answer and never again."""
        topics = request.app.state.webhook_topics
        made = await service.create_endpoint(uow, data.to_draft(), topics)
        return ok(MadeEndpoint(secret=made.secret, webhook=WebhookView.of(made.endpoint)))

    @patch("/{webhook_id:str}", opt=OWNS, operation_id="ChangeWebhook")
    async def change(
        self, request: WebRequest, uow: Work, webhook_id: WebhookId, data: JSONBody[EndpointPatch]
    ) -> Envelope[WebhookView]:
        """Whoever switches it on again begins with a clean sheet."""
        now = await service.load_endpoint(uow, webhook_id)
        topics = request.app.state.webhook_topics
        changed = await service.change_endpoint(uow, webhook_id, data.to_draft(now), topics)
        return ok(WebhookView.of(changed))

    @delete("/{webhook_id:str}", status_code=200, opt=OWNS, operation_id="RemoveWebhook")
    async def remove(self, uow: Work, webhook_id: WebhookId) -> Envelope[None]:
        """With the list of all that was sent there."""
        await service.remove_endpoint(uow, webhook_id)
        return done("Webhook removed")

    @post("/{webhook_id:str}/secret", opt=OWNS, operation_id="RenewWebhookSecret")
    async def renew(self, uow: Work, webhook_id: WebhookId) -> Envelope[MadeEndpoint]:
        """A new secret. For 24 hours both sign, so that the receiver has time to learn it."""
        made = await service.renew_secret(uow, webhook_id)
        return ok(MadeEndpoint(secret=made.secret, webhook=WebhookView.of(made.endpoint)))

    @post("/{webhook_id:str}/ping", status_code=200, opt=OWNS, operation_id="PingWebhook")
    async def try_out(
        self, request: WebRequest, principal: Actor, webhook_id: WebhookId
    ) -> Envelope[TryView]:
        """Send a body of the type `ping`, once, and say how it went."""
        state = request.app.state
        return ok(TryView.of(await ping(state.books, state.outgoing, principal, webhook_id)))

    @get("/{webhook_id:str}/deliveries", opt=READS, operation_id="ListWebhookDeliveries")
    async def list_deliveries(
        self,
        look: Reading,
        webhook_id: WebhookId,
        only: StateAsked = None,
        topic: TopicName = None,
        after: After = None,
    ) -> Envelope[Deliveries]:
        """What was sent there or waits, the newest first, fifty at a time."""
        place = Keyset(Cursor.parse(after) if after else None, LIST_LIMIT)
        wanted = DeliveryFilter(state=only, topic=topic)
        found = await deliveries.list_deliveries(look, webhook_id, wanted, place)
        views = [DeliveryView.of(one) for one in found]
        return ok(Deliveries(deliveries=views, next=next_of(found)))

    @post(
        "/{webhook_id:str}/deliveries/{delivery_id:str}/replay",
        status_code=200,
        opt=SENDS,
        operation_id="ReplayWebhookDelivery",
    )
    async def replay(
        self, uow: Work, webhook_id: WebhookId, delivery_id: DeliveryId
    ) -> Envelope[None]:
        """Send it once more, under the same id."""
        await deliveries.replay(uow, webhook_id, delivery_id)
        return done("On its way")

    @post(
        "/{webhook_id:str}/replay",
        status_code=200,
        opt=SENDS,
        operation_id="ReplayDeadWebhookDeliveries",
    )
    async def replay_dead(self, uow: Work, webhook_id: WebhookId) -> Envelope[Replayed]:
        """Begin again with all that was given up."""
        return ok(Replayed(count=await deliveries.replay_dead(uow, webhook_id)))


def next_of(found: list[Delivery]) -> str | None:
    if len(found) < LIST_LIMIT:
        return None
    return Cursor(found[-1].created_at, found[-1].id).to_text()
