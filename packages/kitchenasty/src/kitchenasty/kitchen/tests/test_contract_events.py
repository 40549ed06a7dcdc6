"""What the field's clients are told over Socket.IO: which order moved, and whose it is."""

from __future__ import annotations

import pytest

from basis.kit.data.outbox import StoredEvent
from kitchenasty import guests, kitchen, orders
from kitchenasty.kit.books import Books
from kitchenasty.kit.live import Message
from kitchenasty.kitchen.subscriptions import order_words
from kitchenasty.kitchen.tests.builders import add_kitchen, place

PLACED = {"id", "orderNumber", "status", "orderType", "version"}


@pytest.mark.parametrize(
    ("topic", "event", "keys"),
    [
        ("order.placed", "order:new", PLACED),
        ("order.moved", "order:statusUpdate", PLACED | {"customerId"}),
    ],
)
async def test_sockets_say_which_order_and_whose(
    books: Books, topic: str, event: str, keys: set[str]
) -> None:
    async with books.writing() as uow:
        newcomer = guests.NewGuest(email="anna@guest.example", name="Anna")
        guest = await guests.register_guest(uow, newcomer, password_hash="none")
        placed = await place(uow, await add_kitchen(uow), customer_id=guest.id)
        ticket = (await orders.load_tickets(uow, [placed.id]))[placed.id]
        payload = {"order_id": placed.id, "version": 2, "after": "CONFIRMED"}
        stored = StoredEvent("1", topic, payload, uow.now, "SYSTEM")
    words = order_words(stored, ticket)
    translated = kitchen.translate(Message("kitchen:x", 1, topic, {"order": words}))
    assert translated is not None
    assert translated[0] == event
    assert translated[1].keys() == keys
    assert (translated[1]["id"], translated[1]["orderType"]) == (placed.id, "PICKUP")
    assert translated[1].get("customerId", guest.id) == guest.id
