"""What is on its way to receivers: kept for each of them, listed, begun again, forgotten."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, bindparam, case, func, select, tuple_, update

from basis.ids import new_id
from basis.kit.data.columns import IdType, UtcDateTime
from basis.kit.data.outbox import StoredEvent
from basis.kit.data.paging import Keyset
from basis.kit.data.statements import Statement, one_of
from kitchenasty.kit.books import Look, UnitOfWork
from kitchenasty.webhooks import queries
from kitchenasty.webhooks.models import WebhookDeliveryRow, WebhookTryRow
from kitchenasty.webhooks.people import Endpoint
from kitchenasty.webhooks.sent import (
    Backlog,
    Delivery,
    DeliveryFilter,
    DeliveryNotFound,
    StillWaiting,
    Try,
)
from kitchenasty.webhooks.service import check_reader, load_endpoint, write_down
from kitchenasty.webhooks.states import TRIED_FOR, DeliveryState
from kitchenasty.webhooks.topics import Topic, Vocabulary, write_body

KEPT_DAYS = 30
TRIES_SHOWN_MAX = 100
LISTED = (
    WebhookDeliveryRow.id,
    WebhookDeliveryRow.event_id,
    WebhookDeliveryRow.topic,
    WebhookDeliveryRow.state,
    WebhookDeliveryRow.created_at,
    WebhookDeliveryRow.try_at,
    WebhookDeliveryRow.settled_at,
    WebhookDeliveryRow.tries,
)
OF_ENDPOINT = WebhookDeliveryRow.endpoint_id == bindparam("endpoint_id", required=True)
IS_DEAD = WebhookDeliveryRow.state == DeliveryState.DEAD
BY_ID = Statement(
    select(*LISTED, WebhookDeliveryRow.body).where(
        OF_ENDPOINT, WebhookDeliveryRow.id == bindparam("delivery_id", required=True)
    )
)
TRIES_OF = Statement(
    select(
        WebhookTryRow.delivery_id,
        WebhookTryRow.tried_at,
        WebhookTryRow.status,
        WebhookTryRow.trouble,
        WebhookTryRow.duration_ms,
        WebhookTryRow.answer,
    )
    .where(one_of(WebhookTryRow.delivery_id, "delivery_ids"))
    .order_by(WebhookTryRow.id.desc())
    .limit(bindparam("most", required=True))
)
LAST_TRIES = Statement(
    select(
        WebhookTryRow.delivery_id,
        WebhookTryRow.tried_at,
        WebhookTryRow.status,
        WebhookTryRow.trouble,
        WebhookTryRow.duration_ms,
        WebhookTryRow.answer,
    ).where(
        WebhookTryRow.id.in_(
            select(
                select(WebhookTryRow.id)
                .where(WebhookTryRow.delivery_id == WebhookDeliveryRow.id)
                .order_by(WebhookTryRow.id.desc())
                .limit(1)
                .correlate(WebhookDeliveryRow)
                .scalar_subquery()
            )
            .select_from(WebhookDeliveryRow)
            .where(one_of(WebhookDeliveryRow.id, "delivery_ids"))
        )
    )
)
AGAIN_VALUES = {
    "state": DeliveryState.WAITING,
    "try_at": queries.NOW,
    "until": bindparam("tried_until", required=True),
    "settled_at": None,
}
AGAIN = Statement(
    update(WebhookDeliveryRow)
    .where(
        OF_ENDPOINT,
        WebhookDeliveryRow.id == bindparam("delivery_id", required=True),
        WebhookDeliveryRow.state != DeliveryState.WAITING,
    )
    .values(**AGAIN_VALUES)
)
ALL_AGAIN = Statement(update(WebhookDeliveryRow).where(OF_ENDPOINT, IS_DEAD).values(**AGAIN_VALUES))
WAITING_COUNT = func.count(case((WebhookDeliveryRow.state == DeliveryState.WAITING, 1)))
TALLIES = Statement(
    select(WebhookDeliveryRow.endpoint_id, WAITING_COUNT, func.count(case((IS_DEAD, 1))))
    .where(WebhookDeliveryRow.state.in_([DeliveryState.WAITING, DeliveryState.DEAD]))
    .group_by(WebhookDeliveryRow.endpoint_id)
)


async def queue(uow: UnitOfWork, events: Sequence[StoredEvent], vocabulary: Vocabulary) -> None:
    """Keep each event once for each endpoint that wants it. Nothing more than one question is asked
    where nobody does.
    """
    endpoints = [queries.endpoint_of(row) for row in await uow.rows(queries.LISTENING)]
    for event in events:
        wanting = [one for one in endpoints if wants(one, event)]
        topic = vocabulary.get(event.topic)
        if not wanting or topic is None:
            continue
        body = await body_of(uow, event, topic)
        if body is not None:
            await uow.many(
                queries.QUEUE,
                [row_of(uow, one.id, event.id, event.topic, body) for one in wanting],
            )


def wants(endpoint: Endpoint, event: StoredEvent) -> bool:
    """An event of no house is every house's."""
    house_id = event.payload.get("house_id")
    is_there = endpoint.house_id is None or house_id in (None, endpoint.house_id)
    # What happened before somebody asked to hear of it is not told afterwards.
    return is_there and event.topic in endpoint.topics and event.emitted_at >= endpoint.created_at


async def body_of(look: Look, event: StoredEvent, topic: Topic) -> str | None:
    facts = await topic.tell(look, event.payload)
    return None if facts is None else write_body(topic.name, topic.version, event.emitted_at, facts)


def row_of(
    uow: UnitOfWork, endpoint_id: str, event_id: str, topic: str, body: str
) -> dict[str, Any]:
    return {
        "id": new_id(),
        "endpoint_id": endpoint_id,
        "event_id": event_id,
        "topic": topic,
        "body": body,
        "state": DeliveryState.WAITING,
        "created_at": uow.now,
        "try_at": uow.now,
        "until": uow.now + TRIED_FOR,
        "claimed_until": None,
        "tries": 0,
        "settled_at": None,
    }


async def list_deliveries(
    look: Look, endpoint_id: str, wanted: DeliveryFilter, place: Keyset
) -> list[Delivery]:
    """The newest after the cursor, each with its last try. Raises EndpointNotFound."""
    await load_endpoint(look, endpoint_id)
    given: dict[str, Any] = {"endpoint_id": endpoint_id, "most": place.limit}
    if wanted.state is not None:
        given["state"] = wanted.state
    if wanted.topic is not None:
        given["topic"] = wanted.topic
    if place.after is not None:
        given |= {"after_at": place.after.at, "after_id": place.after.id}
    rows = await look.rows(list_statement(frozenset(given)), **given)
    last = await look.rows(LAST_TRIES, delivery_ids=[row[0] for row in rows]) if rows else []
    tried = {delivery_id: (Try(*one),) for delivery_id, *one in last}
    return [delivery_of(row, tried=tried.get(row[0], ())) for row in rows]


async def load_delivery(look: Look, endpoint_id: str, delivery_id: str) -> Delivery:
    """With its body and its newest tries. Raises DeliveryNotFound, WebhooksForAllHouses."""
    check_reader(look.actor)
    row = await look.row(BY_ID, endpoint_id=endpoint_id, delivery_id=delivery_id)
    if row is None:
        raise DeliveryNotFound
    rows = await look.rows(TRIES_OF, delivery_ids=[delivery_id], most=TRIES_SHOWN_MAX)
    return delivery_of(row[:-1], body=row[-1], tried=tuple(Try(*one[1:]) for one in rows))


async def replay(uow: UnitOfWork, endpoint_id: str, delivery_id: str) -> None:
    """Send it once more, under the same id, and try for three days again.

    Raises DeliveryNotFound, StillWaiting, WebhooksForAllHouses.
    """
    await load_delivery(uow, endpoint_id, delivery_id)
    until = uow.now + TRIED_FOR
    if not await uow.run(
        AGAIN, endpoint_id=endpoint_id, delivery_id=delivery_id, now=uow.now, tried_until=until
    ):
        raise StillWaiting
    await write_down(uow, "replay", endpoint_id, after={"delivery": delivery_id})


async def replay_dead(uow: UnitOfWork, endpoint_id: str) -> int:
    """Begin again with all that was given up; how many. Raises EndpointNotFound."""
    await load_endpoint(uow, endpoint_id)
    until = uow.now + TRIED_FOR
    count = await uow.run(ALL_AGAIN, endpoint_id=endpoint_id, now=uow.now, tried_until=until)
    await write_down(uow, "replay", endpoint_id, after={"deliveries": count})
    return count


async def count_backlogs(look: Look) -> dict[str, Backlog]:
    """By endpoint; one without is left out."""
    return {one: Backlog(waiting, dead) for one, waiting, dead in await look.rows(TALLIES)}


async def forget_old_deliveries(uow: UnitOfWork, _payload: dict[str, Any]) -> None:
    """What has come to its end, however it ended, is kept for a while, tries and all."""
    await uow.run(queries.FORGET, before=uow.now - timedelta(days=KEPT_DAYS))


def delivery_of(
    row: tuple[Any, ...], *, body: str | None = None, tried: tuple[Try, ...] = ()
) -> Delivery:
    delivery_id, event_id, topic, state, created_at, try_at, settled_at, tries = row
    return Delivery(
        id=delivery_id,
        event_id=event_id,
        topic=topic,
        state=DeliveryState(state),
        created_at=created_at,
        try_at=try_at,
        settled_at=settled_at,
        tries=tries,
        body=body,
        tried=tried,
    )


def conditions() -> dict[str, ColumnElement[bool]]:
    """Each filter by the parameter that asks for it."""
    instant = UtcDateTime()
    return {
        "state": WebhookDeliveryRow.state == bindparam("state", required=True),
        "topic": WebhookDeliveryRow.topic == bindparam("topic", required=True),
        "after_at": tuple_(WebhookDeliveryRow.created_at, WebhookDeliveryRow.id)
        < tuple_(
            bindparam("after_at", required=True, type_=instant),
            bindparam("after_id", required=True, type_=IdType()),
        ),
    }


@lru_cache(32)
def list_statement(given: frozenset[str]) -> Statement:
    chosen = [one for name, one in conditions().items() if name in given]
    return Statement(
        select(*LISTED)
        .where(OF_ENDPOINT, *chosen)
        .order_by(WebhookDeliveryRow.created_at.desc(), WebhookDeliveryRow.id.desc())
        .limit(bindparam("most", required=True))
    )
