"""For each setting of the office: how one sees from outside that it counts.

A probe is asked once with each of its values and must give the answer that stands beside it; the
answers differ, so a setting that nobody reads is found.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import httpx

from basis.ids import new_code
from kitchenasty import locations, settings
from kitchenasty.kit.data.books import Books
from kitchenasty.kit.limits import GENERAL_PER_ADDRESS, Limits
from kitchenasty.locations import House


@dataclass
class World:
    """A house and a guest in front of it."""

    books: Books
    client: httpx.AsyncClient
    house: House
    dish_id: str
    limits: Limits
    owner: dict[str, str]

    async def save(self, group: settings.Group, **given: settings.Value) -> None:
        async with self.books.writing() as uow:
            await settings.change(uow, group, given)

    async def order(self, **wish: Any) -> str:
        """The code of what a guest's order comes to, `placed` if it does."""
        whole = {
            "locationId": self.house.id,
            "orderType": "PICKUP",
            "items": [{"menuItemId": self.dish_id, "quantity": 1}],
            "guestName": "Anna",
            "guestPhone": "030 1",
        }
        answer = await self.client.post("/api/orders", json=whole | wish)
        return "placed" if answer.status_code == 201 else str(answer.json()["code"])

    async def take_tips(self, *percents: int) -> None:
        async with self.books.writing() as uow:
            charges = locations.Charges(takes_tips=True, tips=percents)
            await locations.set_charges(uow, self.house.id, charges)

    async def new_house(self) -> dict[str, Any]:
        """A house of which only the name and address are said."""
        said = {"name": "New", "slug": new_code(8).lower(), "address": "1 Lane", "city": "Ulm"}
        answer = await self.client.post(
            "/api/locations", json={**said, "postalCode": "89073"}, headers=self.owner
        )
        assert answer.status_code == 201, answer.text
        made: dict[str, Any] = answer.json()["data"]
        return made


Ask = Callable[[World], Awaitable[object]]


@dataclass(frozen=True)
class Probe:
    """`ask` gives `answers[0]` while the setting is `values[0]`, and the other for the other."""

    group: settings.Group
    name: str
    values: tuple[settings.Value, settings.Value]
    answers: tuple[object, object]
    ask: Ask


async def ask_for_now(world: World) -> str:
    return await world.order()


async def ask_for_later(world: World) -> str:
    later = world.books.clock() + timedelta(hours=3)
    return await world.order(scheduledAt=later.isoformat())


async def ask_with_a_tip(world: World) -> str:
    await world.take_tips()
    return await world.order(tip=1)


async def see_tips(world: World) -> tuple[int, ...]:
    """What guests of a house are offered that names no percentages."""
    await world.take_tips()
    async with world.books.reading() as look:
        return (await locations.load_house(look, world.house.id)).tips


def new_house_has(name: str) -> Ask:
    async def see(world: World) -> object:
        return (await world.new_house())[name]

    return see


async def knock(world: World) -> int:
    return (await world.client.get("/")).status_code


async def read_closed_door(world: World) -> bool:
    await world.save(settings.ADVANCED, maintenanceMode=True)
    return "New ovens" in (await world.client.get("/")).text


async def hurry(world: World) -> int:
    """One knock more than anybody may."""
    for _ in range(GENERAL_PER_ADDRESS.burst + 50):
        world.limits.take(GENERAL_PER_ADDRESS, "127.0.0.1")
    return (await world.client.get("/locations")).status_code


PROBES = [
    Probe(locations.ORDER, "enabled", (True, False), ("placed", "OrderingOff"), ask_for_now),
    Probe(
        locations.ORDER,
        "enableFutureOrdering",
        (True, False),
        ("placed", "ScheduleRefused"),
        ask_for_later,
    ),
    Probe(
        locations.ORDER, "enableTipping", (True, False), ("placed", "TipRefused"), ask_with_a_tip
    ),
    Probe(locations.ORDER, "tipOptions", ((), (7, 12)), ((), (7, 12)), see_tips),
    *(
        Probe(locations.ORDER, name, values, answers, new_house_has(shown))
        for name, values, answers, shown in (
            ("minOrderDelivery", ("12.50", "0"), (12.5, 0), "minOrderDelivery"),
            ("minOrderPickup", ("3", "0"), (3, 0), "minOrderPickup"),
            ("deliveryLeadTime", (20, 45), (20, 45), "deliveryLeadTime"),
            ("pickupLeadTime", (5, 25), (5, 25), "pickupLeadTime"),
            ("taxRate", ("7.5", "0"), (750, 0), "taxBasisPoints"),
        )
    ),
    Probe(
        locations.GENERAL,
        "timezone",
        ("UTC", "Asia/Tokyo"),
        ("UTC", "Asia/Tokyo"),
        new_house_has("timeZone"),
    ),
    Probe(
        locations.GENERAL,
        "defaultCurrency",
        ("EUR", "JPY"),
        ("EUR", "JPY"),
        new_house_has("currency"),
    ),
    Probe(settings.ADVANCED, "maintenanceMode", (True, False), (503, 200), knock),
    Probe(
        settings.ADVANCED,
        "maintenanceMessage",
        ("New ovens until noon.", ""),
        (True, False),
        read_closed_door,
    ),
    Probe(settings.ADVANCED, "enableRateLimiting", (True, False), (429, 200), hurry),
]
