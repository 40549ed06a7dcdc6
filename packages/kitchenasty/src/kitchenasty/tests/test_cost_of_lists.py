"""The price of a list does not grow with what is in it: no page asks a question for each row."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import httpx
import pytest
from litestar import Litestar
from sqlalchemy import Engine, event

from basis.kit.data.database import Connection
from basis.kit.testing import HandClock
from kitchenasty import locations, settings
from kitchenasty.availability.tests.builders import FRIDAY, WAITER, open_restaurant, wish
from kitchenasty.kit.books import Books
from kitchenasty.kit.testing import AlwaysOpen
from kitchenasty.menu.tests.builders import SIZE, add_dish
from kitchenasty.promotions.tests.builders import add_coupon
from kitchenasty.reservations.tests.builders import book
from kitchenasty.tests.access_table import TABLE
from kitchenasty.tests.scene import Scene, Thing, knock

PEOPLE = ("owner", "customer_a")
MORE = 3


class Statements:
    """Counts what the database is asked, by both ways into it."""

    count = 0

    def heard(self, *_: Any) -> None:
        self.count += 1

    def taken(self) -> int:
        count, self.count = self.count, 0
        return count


@pytest.fixture
def statements(monkeypatch: pytest.MonkeyPatch) -> Iterator[Statements]:
    asked = Statements()
    for name in ("rows", "run", "many", "together"):
        watch(monkeypatch, name, asked)
    event.listen(Engine, "before_cursor_execute", asked.heard)
    yield asked
    event.remove(Engine, "before_cursor_execute", asked.heard)


def watch(monkeypatch: pytest.MonkeyPatch, name: str, asked: Statements) -> None:
    real = getattr(Connection, name)

    async def counted(self: Connection, *args: Any, **kwargs: Any) -> Any:
        asked.heard()
        return await real(self, *args, **kwargs)

    monkeypatch.setattr(Connection, name, counted)


async def grow(scene: Scene, name: str) -> None:
    """More of everything that lists show."""
    for number in range(MORE):
        placed = await scene.place_order()
        await scene.refund_part(placed.order)
        await scene.add_staff(f"{name}{number}@house.example")
        async with scene.books.writing() as uow:
            await add_dish(uow, name=f"{name} {number}", options=(SIZE,))
            await add_coupon(uow, code=f"{name}{number}")


async def price(
    client: httpx.AsyncClient, scene: Scene, statements: Statements, route: str, principal: str
) -> int | None:
    """How many statements the list takes; None for whom it is not."""
    statements.taken()
    answer = await knock(client, scene, route, principal, Thing({}))
    return statements.taken() if answer.status_code == 200 else None


@pytest.fixture
def app(app: Litestar) -> Litestar:
    """Whether anything was set is asked now and then, whatever is shown."""
    app.state.standing = AlwaysOpen()
    return app


async def test_no_list_asks_a_question_for_each_row(
    client: httpx.AsyncClient, scene: Scene, statements: Statements
) -> None:
    routes = [route for route in TABLE if route.startswith("GET ") and "{" not in route]
    doors = [(route, principal) for route in routes for principal in PEOPLE]
    await grow(scene, "first")
    few = {door: await price(client, scene, statements, *door) for door in doors}
    await grow(scene, "second")
    dearer = []
    for door, before in few.items():
        if before is None:
            continue
        after = await price(client, scene, statements, *door)
        if after is not None and after > before:
            # What is done once in a while (a cache filled, a session noted) is not its price.
            after = await price(client, scene, statements, *door)
        if after is None or after > before:
            dearer.append(f"{door}: {before}, then {after}")
    asked = [before for before in few.values() if before is not None]
    assert len(asked) >= 40
    assert sum(asked) > 2 * len(asked), "the statements are heard"
    assert "\n".join(dearer) == ""


async def test_a_month_of_days_costs_the_same_whatever_is_booked(
    client: httpx.AsyncClient, books: Books, clock: HandClock, statements: Statements
) -> None:
    clock.now = clock.now.replace(day=16, hour=10)
    house = await open_restaurant(books)
    path = f"/at/{house.slug}/reserve?party=2&month=2030-05"
    prices = []
    for days in range(5):
        for shown in ("18:00", "20:30"):
            await book(books, wish(house, shown, day=FRIDAY + timedelta(days=days)), actor=WAITER)
        # The first knock also fills what is remembered.
        for _ in range(2):
            statements.taken()
            assert (await client.get(path)).status_code == 200
        prices.append(statements.taken())
    assert 0 < prices[0] <= 15
    assert prices == prices[:1] * 5


async def test_what_owners_set_costs_an_order_no_statement_more(
    scene: Scene, statements: Statements
) -> None:
    """What was set for all houses is known by its revision, which comes with the house."""
    await scene.place_order()
    statements.taken()
    await scene.place_order()
    plain = statements.taken()
    async with scene.books.writing() as uow:
        await settings.change(uow, locations.ORDER, {"tipOptions": (5, 10)})
        await settings.change(uow, settings.ADVANCED, {"maintenanceMessage": "Soon."})
    await scene.place_order()
    statements.taken()
    await scene.place_order()
    assert 0 < statements.taken() <= plain
