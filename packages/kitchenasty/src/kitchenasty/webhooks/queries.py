"""Statements on endpoints and deliveries, and what they give."""

from __future__ import annotations

from sqlalchemy import and_, bindparam, delete, exists, func, or_, select, text, update

from basis.kit.data.columns import UtcDateTime
from basis.kit.data.statements import Row, Statement, insert_into, insert_unless_there
from kitchenasty.webhooks.models import (
    WAITING,
    WebhookDeliveryRow,
    WebhookEndpointRow,
    WebhookTryRow,
)
from kitchenasty.webhooks.people import Endpoint
from kitchenasty.webhooks.states import DeliveryState, OffReason

NAMES = (
    "id",
    "url",
    "description",
    "topics",
    "house_id",
    "is_on",
    "off_reason",
    "off_at",
    "failing_since",
    "old_until",
    "created_at",
    "created_by",
)
KNOWN = select(*(getattr(WebhookEndpointRow, name) for name in NAMES))
OF_ENDPOINT = WebhookEndpointRow.id == bindparam("endpoint_id", required=True)
NOW = bindparam("now", required=True, type_=UtcDateTime())

ADD = insert_unless_there(WebhookEndpointRow)
LIST = Statement(KNOWN.order_by(WebhookEndpointRow.id))
LISTENING = Statement(KNOWN.where(WebhookEndpointRow.is_on).order_by(WebhookEndpointRow.id))
BY_ID = Statement(KNOWN.where(OF_ENDPOINT))
COUNT = Statement(select(func.count()).select_from(WebhookEndpointRow))
CHANGE = Statement(
    update(WebhookEndpointRow)
    .where(OF_ENDPOINT)
    .values(
        url=bindparam("new_url", required=True),
        description=bindparam("new_description", required=True),
        topics=bindparam("new_topics", required=True),
        house_id=bindparam("new_house_id", required=True),
        is_on=bindparam("new_is_on", required=True),
        off_reason=bindparam("new_off_reason", required=True),
        off_at=bindparam("new_off_at", required=True),
        failing_since=bindparam("new_failing_since", required=True),
    )
)
ROTATE = Statement(
    update(WebhookEndpointRow)
    .where(OF_ENDPOINT)
    .values(
        old_secret=WebhookEndpointRow.secret,
        secret=bindparam("sealed", required=True),
        old_until=bindparam("overlap_until", required=True),
    )
)
REMOVE = Statement(delete(WebhookEndpointRow).where(OF_ENDPOINT))
BEGIN_FAILING = Statement(
    update(WebhookEndpointRow)
    .where(OF_ENDPOINT, WebhookEndpointRow.failing_since.is_(None))
    .values(failing_since=NOW)
)
END_FAILING = Statement(
    update(WebhookEndpointRow)
    .where(OF_ENDPOINT, WebhookEndpointRow.failing_since.is_not(None))
    .values(failing_since=None)
)
# Of several tries that find it gone, one switches it off and writes the letter.
SWITCH_OFF = Statement(
    update(WebhookEndpointRow)
    .where(OF_ENDPOINT, WebhookEndpointRow.is_on)
    .values(is_on=False, off_reason=bindparam("why", required=True), off_at=NOW)
)

QUEUE = insert_unless_there(WebhookDeliveryRow)
# The state is written out, so that the planner can use the partial index on what waits.
IS_DUE = and_(
    text(f"webhook_deliveries.{WAITING}"),
    WebhookDeliveryRow.try_at <= NOW,
    or_(WebhookDeliveryRow.claimed_until.is_(None), WebhookDeliveryRow.claimed_until < NOW),
)
BUSY = Statement(
    select(WebhookEndpointRow.id).where(
        WebhookEndpointRow.is_on,
        exists().where(WebhookDeliveryRow.endpoint_id == WebhookEndpointRow.id, IS_DUE),
    )
)
NEXT = Statement(
    select(WebhookDeliveryRow.id)
    .where(WebhookDeliveryRow.endpoint_id == bindparam("endpoint_id", required=True), IS_DUE)
    .order_by(WebhookDeliveryRow.try_at, WebhookDeliveryRow.id)
    .limit(1)
)
OF_DELIVERY = WebhookDeliveryRow.id == bindparam("delivery_id", required=True)
# A try counts from before it is made: what ends the whole process cannot be counted afterwards.
CLAIM = Statement(
    update(WebhookDeliveryRow)
    .where(OF_DELIVERY, IS_DUE)
    .values(
        claimed_until=bindparam("lease_until", required=True), tries=WebhookDeliveryRow.tries + 1
    )
)
CLAIMED = Statement(
    select(
        WebhookDeliveryRow.id,
        WebhookDeliveryRow.endpoint_id,
        WebhookDeliveryRow.event_id,
        WebhookDeliveryRow.topic,
        WebhookDeliveryRow.body,
        WebhookDeliveryRow.tries,
        WebhookDeliveryRow.until,
        WebhookEndpointRow.url,
        WebhookEndpointRow.secret,
        WebhookEndpointRow.old_secret,
        WebhookEndpointRow.old_until,
        WebhookEndpointRow.failing_since,
    )
    .join(WebhookEndpointRow, WebhookEndpointRow.id == WebhookDeliveryRow.endpoint_id)
    .where(OF_DELIVERY)
)
MARK = Statement(
    update(WebhookDeliveryRow)
    .where(OF_DELIVERY, WebhookDeliveryRow.state == DeliveryState.WAITING)
    .values(
        state=bindparam("after", required=True),
        try_at=bindparam("again_at", required=True),
        settled_at=bindparam("settled", required=True),
        claimed_until=None,
    )
)
NOTE_TRY = insert_into(WebhookTryRow)
WAKE = Statement(
    update(WebhookDeliveryRow)
    .where(
        WebhookDeliveryRow.endpoint_id == bindparam("endpoint_id", required=True),
        text(WAITING),
        WebhookDeliveryRow.try_at > NOW,
    )
    .values(try_at=NOW)
)
FORGET = Statement(
    delete(WebhookDeliveryRow).where(WebhookDeliveryRow.until < bindparam("before", required=True))
)


def endpoint_of(row: Row) -> Endpoint:
    values = dict(zip(NAMES, row, strict=True))
    values["topics"] = tuple(values["topics"])
    values["off_reason"] = None if values["off_reason"] is None else OffReason(values["off_reason"])
    return Endpoint(**values)
