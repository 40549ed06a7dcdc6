"""The price of a list does not grow with what is in it: no page asks a question for each row."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from sqlalchemy import Engine, event

from kitchenasty.kit.data.database import Connection
from kitchenasty.menu.tests.builders import SIZE, add_dish
from kitchenasty.promotions.tests.builders import add_coupon
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
    for name in ("rows", "run", "many"):
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


async def costs(
    client: httpx.AsyncClient, scene: Scene, statements: Statements
) -> dict[tuple[str, str], int]:
    """How many statements each list takes, for everybody who may see it."""
    routes = [route for route in TABLE if route.startswith("GET ") and "{" not in route]
    found = {}
    for route in routes:
        for principal in PEOPLE:
            statements.taken()
            answer = await knock(client, scene, route, principal, Thing({}))
            if answer.status_code == 200:
                found[route, principal] = statements.taken()
    return found


async def test_no_list_asks_a_question_for_each_row(
    client: httpx.AsyncClient, scene: Scene, statements: Statements
) -> None:
    await grow(scene, "first")
    few = await costs(client, scene, statements)
    await grow(scene, "second")
    many = await costs(client, scene, statements)
    dearer = [
        f"{route}: {few[route]}, then {many[route]}" for route in few if many[route] > few[route]
    ]
    assert len(few) >= 40
    assert sum(few.values()) > 2 * len(few), "the statements are heard"
    assert "\n".join(dearer) == ""
