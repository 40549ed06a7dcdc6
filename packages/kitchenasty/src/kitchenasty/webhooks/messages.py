"""A message to one receiver that is no event of the house: what a rule of the owner tells it."""

from __future__ import annotations

from dataclasses import dataclass

from basis.errors import Conflict
from basis.ids import is_id
from kitchenasty.kit.books import UnitOfWork
from kitchenasty.webhooks import queries
from kitchenasty.webhooks.deliveries import row_of
from kitchenasty.webhooks.people import EndpointNotFound
from kitchenasty.webhooks.topics import VERSION, PublicFacts, write_body


class EndpointOff(Conflict):
    def __init__(self) -> None:
        super().__init__("This webhook is switched off.")


class EndpointOfAnotherHouse(Conflict):
    def __init__(self) -> None:
        super().__init__("This webhook hears of another house only.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """`id` names it for ever: the receiver gets it once, and knows it again on every try."""

    id: str
    topic: str
    house_id: str | None
    facts: PublicFacts


async def send_message(uow: UnitOfWork, endpoint_id: str, message: Message) -> None:
    """Have it posted exactly if this change happens. Who is told is the caller's to check.

    Raises EndpointNotFound, EndpointOff, EndpointOfAnotherHouse.
    """
    row = await uow.row(queries.BY_ID, endpoint_id=endpoint_id) if is_id(endpoint_id) else None
    if row is None:
        raise EndpointNotFound
    endpoint = queries.endpoint_of(row)
    if not endpoint.is_on:
        raise EndpointOff
    if endpoint.house_id not in (None, message.house_id):
        raise EndpointOfAnotherHouse
    body = write_body(message.topic, VERSION, uow.now, message.facts)
    await uow.run(queries.QUEUE, **row_of(uow, endpoint.id, message.id, message.topic, body))
