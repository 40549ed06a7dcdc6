"""What an owner has arranged and not switched on yet: a demo writes to nobody and calls nobody."""

from __future__ import annotations

from kitchenasty import automation, orders, webhooks
from kitchenasty.kit.books import UnitOfWork

RECEIVER = webhooks.EndpointDraft(
    url="https://bookkeeping.example/kitchenasty",
    description="The bookkeeper's program",
    topics=(orders.OrderPlaced.topic,),
    is_on=False,
)


async def arrange(uow: UnitOfWork) -> None:
    """Two rules and a webhook."""
    for preset in automation.PRESETS[:2]:
        await automation.add_rule(uow, preset.name, preset.written)
    await webhooks.create_endpoint(uow, RECEIVER, known=RECEIVER.topics)
