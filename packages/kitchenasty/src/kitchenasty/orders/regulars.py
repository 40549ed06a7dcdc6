"""Guests by what they ordered: how often, for how much, and whose guests they are."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, exists, func, select, union_all
from sqlalchemy.sql import Select

from basis.kit.data.statements import Statement, one_of
from basis.kit.texts import phone_key
from kitchenasty.kit.books import Look
from kitchenasty.orders.models import OrderRow
from kitchenasty.orders.states import OrderStatus
from kitchenasty.orders.views import Order

PHONE_DIGITS_MIN = 6
"""Fewer digits are nobody's number."""
EARLIER_MAX = 1_000

COUNTS = (OrderRow.status != OrderStatus.CANCELLED, OrderRow.awaits_payment_until.is_(None))
OF_HOUSES = one_of(OrderRow.house_id, "house_ids")
BY_GUEST = (
    select(OrderRow.customer_id, func.count(), func.max(OrderRow.placed_at).label("last"))
    .where(one_of(OrderRow.customer_id, "ids"), *COUNTS)
    .group_by(OrderRow.customer_id)
)
SPEND = (
    select(OrderRow.currency, func.count(), func.sum(OrderRow.total_minor))
    .where(OrderRow.customer_id == bindparam("of_customer", required=True), *COUNTS)
    .group_by(OrderRow.currency)
    .order_by(OrderRow.currency)
)
ANYWHERE, IN_HOUSES = 0, 1
SUMMARIES = (Statement(BY_GUEST), Statement(BY_GUEST.where(OF_HOUSES)))
SPENDS = (Statement(SPEND), Statement(SPEND.where(OF_HOUSES)))


@dataclass(frozen=True, slots=True)
class Regular:
    """How often a guest ordered, cancelled orders left out, and when last."""

    orders: int
    last_at: datetime


@dataclass(frozen=True, slots=True)
class Spend:
    """What a guest ordered for in one currency, cancelled orders left out."""

    currency: str
    orders: int
    total_minor: int


def has_ordered_at(customer_id: ColumnElement[Any]) -> ColumnElement[bool]:
    """A condition for a list of guests: they ordered at one of `house_ids`, a parameter."""
    return exists(
        select(OrderRow.id)
        .where(OrderRow.customer_id == customer_id, OF_HOUSES)
        .correlate_except(OrderRow)
    )


async def summarise(look: Look, customer_ids: Collection[str]) -> dict[str, Regular]:
    """By the guest's id, for those who ordered; of staff, in the houses that they may see."""
    if not customer_ids:
        return {}
    houses = look.actor.house_ids
    values = {"ids": list(customer_ids)} | ({} if houses is None else {"house_ids": sorted(houses)})
    rows = await look.rows(SUMMARIES[ANYWHERE if houses is None else IN_HOUSES], **values)
    return {customer_id: Regular(count, instant(last)) for customer_id, count, last in rows}


async def list_spends(look: Look, customer_id: str) -> list[Spend]:
    """What a guest ordered for; of staff, in the houses that they may see."""
    houses = look.actor.house_ids
    values: dict[str, Any] = {} if houses is None else {"house_ids": sorted(houses)}
    statement = SPENDS[ANYWHERE if houses is None else IN_HOUSES]
    rows = await look.rows(statement, of_customer=customer_id, **values)
    return [Spend(currency, int(count), int(total)) for currency, count, total in rows]


async def count_earlier(look: Look, order: Order) -> int:
    """How often whoever placed this order had ordered before, in the houses that the acting person
    may see: known by the account, by the phone number, or by the address where there is no number.
    Counted up to a thousand.
    """
    ways = ways_of(order)
    if not ways:
        return 0
    houses = look.actor.house_ids
    values: dict[str, Any] = {"this": order.id, **ways}
    if houses is not None:
        values["house_ids"] = sorted(houses)
    shape = (*sorted(ways), *(() if houses is None else ("house_ids",)))
    return int(await look.value(EARLIER[shape], **values))


def ways_of(order: Order) -> dict[str, str]:
    """What this order tells of its guest."""
    digits = phone_key(order.contact.phone)
    ways = {}
    if order.customer_id is not None:
        ways["customer_id"] = order.customer_id
    if len(digits) >= PHONE_DIGITS_MIN:
        ways["phone_key"] = digits
    elif not digits and order.contact.email:
        ways["guest_email"] = order.contact.email
    return ways


def earlier(*shape: str) -> Statement:
    """Each way through its index; an order that is found twice counts once."""
    narrow = [OF_HOUSES] if "house_ids" in shape else []
    parts = [way(name, narrow) for name in shape if name != "house_ids"]
    found = union_all(*(select(part.subquery().c.id) for part in parts)).subquery()
    return Statement(select(func.count(found.c.id.distinct())))


def way(name: str, narrow: list[one_of]) -> Select[Any]:
    column = getattr(OrderRow, name)
    known = column == bindparam(name, required=True)
    if name == "guest_email":
        known = and_(known, OrderRow.phone_key == "", OrderRow.guest_email.is_not(None))
    return (
        select(OrderRow.id)
        .where(
            known,
            # Ids are made in the order of time.
            OrderRow.id < bindparam("this", required=True),
            *COUNTS,
            *narrow,
        )
        .limit(EARLIER_MAX)
    )


EARLIER = {
    shape: earlier(*shape)
    for base in (
        ("customer_id",),
        ("phone_key",),
        ("guest_email",),
        ("customer_id", "phone_key"),
        ("customer_id", "guest_email"),
    )
    for shape in (base, (*base, "house_ids"))
}


def instant(value: Any) -> datetime:
    """The function of a column comes back as SQLite keeps instants: as text."""
    return datetime.fromisoformat(value) if isinstance(value, str) else value
