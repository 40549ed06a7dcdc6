"""What happens to orders, as rules see it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, exists, select
from sqlalchemy.orm import aliased

from basis.facts import Fact, FactKind
from basis.kit.data.occasions import Loaded, Moment, Occasion, Schedule
from basis.kit.data.outbox import StoredEvent
from basis.kit.data.statements import Statement, one_of
from basis.sentences import word
from kitchenasty import guests, locations
from kitchenasty.kit.books import Look
from kitchenasty.orders.events import OrderCollected, OrderMoved, OrderPaid, OrderPlaced
from kitchenasty.orders.models import OrderLineRow, OrderRow
from kitchenasty.orders.states import OrderStatus, OrderType

TYPE_WORDS = {
    OrderType.DELIVERY: word("Delivery"),
    OrderType.PICKUP: word("Pickup"),
    OrderType.DINE_IN: word("At the table"),
}
STATUS_WORDS = {
    OrderStatus.PENDING: word("New"),
    OrderStatus.CONFIRMED: word("Confirmed"),
    OrderStatus.PREPARING: word("Preparing"),
    OrderStatus.READY: word("Ready"),
    OrderStatus.OUT_FOR_DELIVERY: word("On the way"),
    OrderStatus.DELIVERED: word("Delivered"),
    OrderStatus.PICKED_UP: word("Picked up"),
    OrderStatus.CANCELLED: word("Cancelled"),
}
K = FactKind
ORDER_FACTS = (
    Fact("order.id", K.TEXT, word("The order, as programs call it"), "0190-7a"),
    Fact("order.number", K.TEXT, word("The number of the order"), "K7-42"),
    Fact("order.status", K.CHOICE, word("Where the order is"), "READY", STATUS_WORDS),
    Fact("order.type", K.CHOICE, word("How the order gets to the guest"), "PICKUP", TYPE_WORDS),
    Fact("order.total", K.MONEY, word("What the order costs"), [6400, "EUR"]),
    Fact("order.tip", K.MONEY, word("The tip"), [300, "EUR"]),
    Fact("order.portions", K.NUMBER, word("How many portions it has"), 3),
    Fact("order.dishes", K.LIST, word("The dishes in it"), ["Soup", "Bread"]),
    Fact("order.note", K.TEXT, word("What the guest wrote"), "No onions, please", is_personal=True),
    Fact("order.placed", K.MOMENT, word("When it was placed"), "2026-11-22T18:20"),
    Fact("order.promised", K.MOMENT, word("When it was promised"), "2026-11-22T19:00"),
    Fact("order.payment", K.TEXT, word("How it is paid"), "CASH"),
    Fact("guest.id", K.TEXT, word("The account of the guest, as programs call it"), "0190-7d"),
    Fact("guest.name", K.TEXT, word("The name of the guest"), "Anna Berg", is_personal=True),
    Fact("guest.email", K.TEXT, word("The mail of the guest"), "a@guest.example", is_personal=True),
    Fact(
        "guest.phone", K.TEXT, word("The telephone of the guest"), "030 5550101", is_personal=True
    ),
    Fact("guest.tags", K.LIST, word("The tags of the guest"), ["regular"], is_personal=True),
    Fact("guest.has_account", K.FLAG, word("Whether the guest has an account"), True),
    Fact("guest.language", K.TEXT, word("The language of the guest"), "en_GB"),
    *locations.HOUSE_FACTS,
)
MOVED_FACTS = (
    *ORDER_FACTS,
    Fact("order.before", K.CHOICE, word("Where the order was before"), "PREPARING", STATUS_WORDS),
    Fact(
        "order.reason", K.TEXT, word("Why it was moved"), "The kitchen is closed", is_personal=True
    ),
)
NAMES = (
    "id",
    "house_id",
    "number",
    "status",
    "order_type",
    "customer_id",
    "guest_name",
    "guest_email",
    "guest_phone",
    "locale",
    "currency",
    "total_minor",
    "tip_minor",
    "note",
    "placed_at",
    "promised_at",
    "payment_method",
)
ORDERS = Statement(select(*(getattr(OrderRow, n) for n in NAMES)).where(one_of(OrderRow.id, "ids")))
DISHES = Statement(
    select(OrderLineRow.order_id, OrderLineRow.name, OrderLineRow.quantity)
    .where(one_of(OrderLineRow.order_id, "ids"))
    .order_by(OrderLineRow.order_id, OrderLineRow.position)
)
LATER = aliased(OrderRow)
COUNTS = OrderRow.status != OrderStatus.CANCELLED
LAST = Statement(
    select(OrderRow.id, OrderRow.placed_at, OrderRow.house_id)
    .where(
        OrderRow.placed_at > bindparam("since", required=True),
        OrderRow.placed_at <= bindparam("until", required=True),
        OrderRow.customer_id.is_not(None),
        COUNTS,
        ~exists().where(
            LATER.customer_id == OrderRow.customer_id,
            LATER.placed_at > OrderRow.placed_at,
            LATER.status != OrderStatus.CANCELLED,
        ),
    )
    .order_by(OrderRow.placed_at, OrderRow.id)
)
PLACED = OrderStatus.PENDING.value


async def load_facts(look: Look, events: Sequence[StoredEvent]) -> Loaded:
    """Of each event's order. Where it was is taken from the event: it may have moved on since."""
    found = await load_by_ids(look, [str(event.payload["order_id"]) for event in events])
    return {
        event.id: {**known, "order.status": PLACED, **facts_of_move(event.payload)}
        for event in events
        if (known := found.get(event.payload["order_id"])) is not None
    }


async def load_order_facts(look: Look, events: Sequence[StoredEvent]) -> Loaded:
    """Of each event's order, as it is when it is asked for: paying moves it nowhere."""
    found = await load_by_ids(look, [str(event.payload["order_id"]) for event in events])
    return {
        event.id: known
        for event in events
        if (known := found.get(event.payload["order_id"])) is not None
    }


async def load_by_ids(look: Look, order_ids: Sequence[str]) -> Loaded:
    """By the ids of the orders, as they are now."""
    ids = sorted(set(order_ids))
    found = [dict(zip(NAMES, row, strict=True)) for row in await look.rows(ORDERS, ids=ids)]
    dishes: defaultdict[str, list[tuple[str, int]]] = defaultdict(list)
    for order_id, name, quantity in await look.rows(DISHES, ids=ids):
        dishes[order_id].append((name, quantity))
    houses = await locations.load_houses(look, {one["house_id"] for one in found})
    tags = await guests.list_tags_of(
        look, {one["customer_id"] for one in found if one["customer_id"]}
    )
    return {
        one["id"]: {
            **facts_of(one, dishes[one["id"]], houses[one["house_id"]]),
            "guest.tags": tags.get(one["customer_id"], []),
        }
        for one in found
        if one["house_id"] in houses
    }


def facts_of(
    order: Mapping[str, Any], dishes: Sequence[tuple[str, int]], house: locations.House
) -> dict[str, Any]:
    return {
        "order.id": order["id"],
        "order.number": order["number"],
        "order.status": OrderStatus(order["status"]).value,
        "order.type": OrderType(order["order_type"]).value,
        "order.total": [order["total_minor"], order["currency"]],
        "order.tip": [order["tip_minor"], order["currency"]],
        "order.portions": sum(quantity for _, quantity in dishes),
        "order.dishes": [name for name, _ in dishes],
        "order.note": order["note"],
        "order.placed": locations.on_the_wall(order["placed_at"], house),
        "order.promised": locations.on_the_wall(order["promised_at"], house),
        "order.payment": order["payment_method"],
        "guest.id": order["customer_id"],
        "guest.name": order["guest_name"],
        "guest.email": order["guest_email"],
        "guest.phone": order["guest_phone"],
        "guest.has_account": order["customer_id"] is not None,
        "guest.language": order["locale"],
        **locations.facts_of_house(house),
    }


def facts_of_move(payload: Mapping[str, Any]) -> dict[str, Any]:
    """What only the event knows."""
    if "after" not in payload:
        return {}
    return {
        "order.status": payload["after"],
        "order.before": payload["before"],
        "order.reason": payload["reason"],
    }


async def find_last(look: Look, since: datetime, until: datetime) -> list[Moment]:
    """Of each guest with an account the last order that was not cancelled, if it lies there."""
    zones = {one.id: one.zone for one in await locations.list_houses(look, only_active=False)}
    rows = await look.rows(LAST, since=since, until=until)
    return [Moment(row[0], row[1], zones[row[2]], row[1]) for row in rows]


OCCASIONS = (
    Occasion(OrderPlaced.topic, word("An order comes in"), ORDER_FACTS, load_facts),
    Occasion(OrderMoved.topic, word("An order goes on"), MOVED_FACTS, load_facts),
    Occasion(OrderPaid.topic, word("An order is paid online"), ORDER_FACTS, load_order_facts),
    Occasion(
        OrderCollected.topic,
        word("An order is paid at the counter or the door"),
        ORDER_FACTS,
        load_order_facts,
    ),
    Schedule(
        "order.last",
        word("The last order of a guest with an account"),
        ORDER_FACTS,
        find_last,
        load_by_ids,
        is_known_before=False,
        wins_back=True,
    ),
)
