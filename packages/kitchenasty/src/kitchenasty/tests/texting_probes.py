"""For each setting of text messages: how one sees from outside that it counts."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from basis.ids import new_id
from basis.kit.background.dispatcher import Dispatcher
from kitchenasty import orders, reservations, settings, texting
from kitchenasty.main import REGULAR, SUBSCRIPTIONS
from kitchenasty.tests.reservation_probes import REMINDING, reserve
from kitchenasty.tests.setting_world import Ask, Probe, World, pair
from kitchenasty.texting.tests.builders import (
    ACCOUNT,
    ADA_E164,
    SENDER,
    TOKEN,
    ask,
    texts,
    worker,
)

OTHER_ACCOUNT = "AC" + "0b" * 16
TWILIO: dict[str, settings.Value] = {"account": ACCOUNT, "token": TOKEN, "sender": SENDER}
ON: dict[str, settings.Value] = {**TWILIO, "carrier": "twilio"}


async def send_one(world: World) -> str:
    """What becomes of a text; `none` if none is kept."""
    asked = await ask(world.books, new_id())
    await worker(world.books).run_due()
    return next((one.state.value for one in await texts(world.books) if one.id == asked), "none")


async def send_two(world: World) -> list[str]:
    return sorted([await send_one(world), await send_one(world)])


def account_has(name: str) -> Ask:
    """What Twilio is asked with."""

    async def see(world: World) -> object:
        await world.save(texting.TEXTING, **(TWILIO | await saved(world)))
        async with world.books.reading() as look:
            return getattr((await texting.load_text_terms(look)).twilio, name)

    return see


async def saved(world: World) -> dict[str, settings.Value]:
    async with world.books.reading() as look:
        found = await settings.load(look, texting.TEXTING)
    return {name: value for name, value in found.items() if value is not None}


async def make_an_order_ready(world: World) -> int:
    """How many texts that brings."""
    before = len(await texts(world.books))
    wish = {
        "locationId": world.house.id,
        "orderType": "PICKUP",
        "items": [{"menuItemId": world.dish_id, "quantity": 1}],
        "guestName": "Anna",
        "guestPhone": ADA_E164,
    }
    answer = await world.client.post("/api/orders", json=wish)
    order_id = answer.json()["data"]["id"]
    async with world.books.writing() as uow:
        for status in orders.FORWARD[orders.OrderType.PICKUP][1:4]:
            await orders.move_order(uow, order_id, status)
    told = [one for one in SUBSCRIPTIONS if one.name == "orders.texted"]
    await Dispatcher(world.books, told).run_once()
    return len(await texts(world.books)) - before


async def remind(world: World) -> bool:
    """Of a table in ten days, twelve hours before: whether that brings a text."""
    clock: Any = world.books.clock
    begun, before = clock.now, len(await texts(world.books))
    made: Any = await reserve(lambda told: told, days=10, guestPhone=ADA_E164)(world)
    async with world.books.reading() as look:
        found = await reservations.load_reservation(look, made["id"])
    clock.now = found.starts_at - timedelta(hours=12)
    [reminding] = [one.job for one in REGULAR if one.job.name == REMINDING]
    async with world.books.writing() as uow:
        await reminding.run(uow, {})
    clock.now = begun
    return len(await texts(world.books)) > before


PROBES = [
    Probe(texting.TEXTING, "carrier", ("off", "shown"), ("none", "SHOWN"), send_one),
    Probe(
        texting.TEXTING,
        "account",
        (ACCOUNT, OTHER_ACCOUNT),
        (ACCOUNT, OTHER_ACCOUNT),
        account_has("account"),
        {"token": TOKEN},
    ),
    pair(texting.TEXTING, "token", TOKEN, "leeks-and-onions", account_has("token")),
    pair(texting.TEXTING, "sender", SENDER, "Juniper", account_has("sender")),
    Probe(
        texting.TEXTING,
        "dailyLimit",
        (1, 3),
        (["GIVEN_UP", "SENT"], ["SENT", "SENT"]),
        send_two,
        ON,
    ),
    Probe(texting.TEXTING, "orderReady", (False, True), (0, 1), make_an_order_ready, ON),
    Probe(texting.TEXTING, "reminders", (False, True), (False, True), remind, ON),
]
