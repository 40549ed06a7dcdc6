"""What a probe of a setting stands before: a house, a guest in front of it, and the office."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx

from basis.ids import new_code
from basis.kit.background.dispatcher import Dispatcher
from basis.kit.limits import Limits
from kitchenasty import checkout, locations, notices, orders, settings
from kitchenasty.checkout.tests.builders import draft_of
from kitchenasty.kit.books import Books
from kitchenasty.kit.principals import Principal
from kitchenasty.locations import House
from kitchenasty.main import SUBSCRIPTIONS


@dataclass
class World:
    """A house and a guest in front of it."""

    books: Books
    client: httpx.AsyncClient
    house: House
    dish_id: str
    limits: Limits
    owner: dict[str, str]
    """Headers of an owner's program."""
    desk: dict[str, str]
    """Headers of an owner's browser in the office."""
    paypal_url: str

    async def save(self, group: settings.Group, **given: settings.Value) -> None:
        async with self.books.writing() as uow:
            await settings.change(uow, group, given)

    async def take_mail(self) -> None:
        """A mail server is set up, and the house says where to write to."""
        self.books.given = {
            "SMTP_HOST": "localhost",
            "SMTP_FROM": "house@bistro.example",
            "PUBLIC_URL": "https://bistro.example",
        }
        async with self.books.writing() as uow:
            await locations.change_house(uow, self.house.id, {"email": "us@bistro.example"})

    async def count_letters(self, kind: str) -> int:
        """How many wait to be sent, when everybody has heard of what happened."""
        told = [one for one in SUBSCRIPTIONS if one.name.endswith(".told")]
        await Dispatcher(self.books, told).run_once()
        async with self.books.reading() as look:
            return sum(one.kind == kind for one in await notices.list_notices(look))

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

    async def hand_over_an_order(self, guest: Principal) -> str:
        line = checkout.CartLine(dish_id=self.dish_id, quantity=1)
        async with self.books.writing(guest) as uow:
            draft = draft_of(self.house.id, line, customer_id=guest.id)
            placed = await checkout.place_order(uow, draft)
        async with self.books.writing() as uow:
            for status in orders.FORWARD[orders.OrderType.PICKUP][1:]:
                await orders.move_order(uow, placed.id, status)
        return placed.id

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
    beside: Mapping[str, settings.Value] = field(default_factory=dict)
    """What is saved together with it."""

    @property
    def id(self) -> str:
        return self.group.key(self.group.field(self.name))


def pair(
    group: settings.Group, name: str, one: settings.Value, other: settings.Value, ask: Ask
) -> Probe:
    """A probe whose answers are its values."""
    return Probe(group, name, (one, other), (one, other), ask)
