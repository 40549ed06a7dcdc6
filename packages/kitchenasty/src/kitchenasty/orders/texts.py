"""Text messages about an order that is ready, to guests who left a phone number."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import bindparam, select

from basis.kit.data.outbox import StoredEvent, Subscription
from basis.kit.data.statements import Statement
from basis.sentences import word
from kitchenasty import locations, texting
from kitchenasty.kit.books import UnitOfWork
from kitchenasty.notices import HOUSE, Area, Pattern, text_fact
from kitchenasty.orders.events import OrderMoved
from kitchenasty.orders.models import OrderRow
from kitchenasty.orders.queries import OrderNotFound, load_order
from kitchenasty.orders.states import OrderStatus, OrderType
from kitchenasty.texting import NumberRefused, Said, TextDraft

KIND = "orders.ready"
USEFUL_FOR = timedelta(hours=1)
"""Whoever is told later has come by then, or asked."""
PLACES = {
    "house": HOUSE,
    "number": text_fact("order.number", word("Number of the order"), "K7-42"),
}
IS_READY = Pattern(
    key=KIND,
    words=word("An order is ready"),
    area=Area.ORDERS,
    lines=(word("{house}: your order {number} is ready."),),
    places=PLACES,
    needs=frozenset({"order.number"}),
    is_text=True,
)
IS_UNDERWAY = Pattern(
    key="orders.underway",
    words=word("An order is on its way"),
    area=Area.ORDERS,
    lines=(word("{house}: your order {number} is on its way to you."),),
    places=PLACES,
    needs=frozenset({"order.number"}),
    is_text=True,
)
PATTERNS = (IS_READY, IS_UNDERWAY)
TOLD = {
    (OrderStatus.READY, OrderType.PICKUP): IS_READY,
    (OrderStatus.OUT_FOR_DELIVERY, OrderType.DELIVERY): IS_UNDERWAY,
}
REACHED = Statement(
    select(OrderRow.guest_phone, OrderRow.locale).where(
        OrderRow.id == bindparam("order_id", required=True), OrderRow.guest_phone.is_not(None)
    )
)


async def tell_guests(uow: UnitOfWork, events: Sequence[StoredEvent]) -> None:
    """In a house that sends texts about orders. One that was called back from the pass and is ready
    again is told once.
    """
    terms = await texting.load_text_terms(uow)
    if terms.is_off or not terms.tells_of_orders:
        return
    for event in events:
        facts = event.payload
        if (facts["after"], facts["order_type"]) in TOLD:
            await tell(uow, facts["order_id"], facts["house_id"], facts["after"])


async def tell(uow: UnitOfWork, order_id: str, house_id: str, after: str) -> None:
    reached = await uow.row(REACHED, order_id=order_id)
    if reached is None:
        return
    phone, locale = reached
    house = await locations.load_house(uow, house_id)
    # A number that nobody can write to was typed by its guest, and holds up nothing.
    with contextlib.suppress(NumberRefused):
        await texting.send_text(
            uow,
            TextDraft(
                kind=KIND,
                key=f"{KIND}:{order_id}:{after}",
                phone=phone,
                country=house.country,
                facts={"order_id": order_id, "after": after},
                useful_for=USEFUL_FOR,
                about_id=order_id,
                locale=locale,
            ),
        )


async def write_ready(uow: UnitOfWork, facts: dict[str, Any]) -> Said | None:
    """Nothing if it was handed over or called back before the text was sent."""
    try:
        order = await load_order(uow, facts["order_id"])
    except OrderNotFound:
        return None
    pattern = TOLD.get((order.status, order.order_type))
    if pattern is None or order.status != facts["after"]:
        return None
    house = await locations.load_house(uow, order.house_id)
    known = {"house": house.name, "number": order.number}
    return Said(pattern.say(known), pattern.key, pattern.facts_of(known))


READY = Subscription("orders.texted", (OrderMoved.topic,), tell_guests)
WRITERS = {KIND: write_ready}
