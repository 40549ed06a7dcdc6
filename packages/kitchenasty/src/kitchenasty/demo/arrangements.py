"""What an owner has arranged and not switched on yet: a demo writes to nobody and calls nobody."""

from __future__ import annotations

from collections.abc import Iterable

from kitchenasty import automation, orders, printing, webhooks
from kitchenasty.kit.books import UnitOfWork

RECEIVER = webhooks.EndpointDraft(
    url="https://bookkeeping.example/kitchenasty",
    description="The bookkeeper's program",
    topics=(orders.OrderPlaced.topic,),
    is_on=False,
)
PASS = printing.PrinterDraft(name="Pass", address="192.168.1.50", is_on=False)


async def arrange(uow: UnitOfWork, house_ids: Iterable[str]) -> None:
    """Two rules and a webhook, and a printer in each house."""
    for house_id in house_ids:
        await printing.add_printer(uow, house_id, PASS)
    for preset in automation.PRESETS[:2]:
        await automation.add_rule(uow, preset.name, preset.written)
    await webhooks.create_endpoint(uow, RECEIVER, known=RECEIVER.topics)
