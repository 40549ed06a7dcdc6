"""Statements about what was said of advertising."""

from __future__ import annotations

from sqlalchemy import bindparam, delete, select, update

from basis.kit.data.statements import Statement, insert_into, one_of
from kitchenasty.adverts.models import AdvertWordRow as Row
from kitchenasty.adverts.states import Said

NAMES = ("id", "way", "recipient", "customer_id", "said", "place", "wording", "said_at")
ADD = insert_into(Row)
COUNTING = Statement(
    select(Row.way, Row.recipient, Row.said, Row.counts_at).where(
        one_of(Row.recipient, "recipients"),
        Row.counts_at.is_not(None),
        Row.expires_at > bindparam("now", required=True),
    )
)
OPEN = Statement(
    select(Row.id).where(
        Row.way == bindparam("way", required=True),
        Row.recipient == bindparam("recipient", required=True),
        Row.said == Said.AGREED,
        Row.counts_at.is_(None),
        Row.expires_at > bindparam("now", required=True),
    )
)
ONE = Statement(
    select(Row.way, Row.recipient, Row.counts_at).where(
        Row.id == bindparam("word_id", required=True),
        Row.said == Said.AGREED,
        Row.expires_at > bindparam("now", required=True),
    )
)
CONFIRM = Statement(
    update(Row)
    .where(Row.id == bindparam("word_id", required=True), Row.counts_at.is_(None))
    .values(counts_at=bindparam("now", required=True), expires_at=bindparam("until", required=True))
)
SELL = Statement(
    update(Row)
    .where(one_of(Row.order_id, "order_ids"), Row.said == Said.TOLD, Row.counts_at.is_(None))
    .values(counts_at=bindparam("now", required=True), expires_at=bindparam("until", required=True))
)
WITHDRAW = Statement(
    delete(Row).where(
        Row.way == bindparam("way", required=True),
        Row.recipient == bindparam("recipient", required=True),
        Row.said == Said.AGREED,
        Row.counts_at.is_(None),
    )
)
FORGET = Statement(delete(Row).where(Row.expires_at < bindparam("before", required=True)))
