"""A house with everybody in it, served by the real program, for those who attack it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from basis.clock import system_clock
from basis.kit.data.engines import open_database
from basis.kit.testing import SECRET_KEY
from kitchenasty import checkout, locations, staff
from kitchenasty.checkout.tests.builders import draft_of
from kitchenasty.kit.books import open_books
from kitchenasty.kit.identity.sessions import SessionKind, open_session
from kitchenasty.kit.principals import Kind, Role
from kitchenasty.kit.schema import SCHEMA
from kitchenasty.locations.tests.builders import add_house
from kitchenasty.menu.tests.builders import add_dish
from tests.server import Server


@dataclass(frozen=True, slots=True)
class Target:
    """A running server, and what its owner's devices hold."""

    server: Server
    house: locations.House
    dish_id: str
    order: checkout.AcceptedOrder
    owner_token: str
    owner_cookie: str


@pytest.fixture
def target(tmp_path: Path) -> Iterator[Target]:
    server = Server(tmp_path / "house", environment={"KITCHENASTY_RATE_LIMITS": "off"})
    server.data.mkdir()
    found = asyncio.run(furnish(server))
    server.start()
    yield found
    server.kill()


async def furnish(server: Server) -> Target:
    """An open house that sells one dish, with an owner who is signed in."""
    url = f"sqlite:///{server.data}/kitchenasty.db"
    await SCHEMA.migrate(url)
    database = open_database(url)
    await database.start()
    async with open_books(database, system_clock, SECRET_KEY).writing() as uow:
        house = await add_house(uow)
        dish_id = await add_dish(uow)
        order = await checkout.place_order(
            uow, draft_of(house.id, checkout.CartLine(dish_id=dish_id, quantity=1))
        )
        newcomer = staff.NewMember(email="owner@house.example", name="Ada", role=Role.SUPER_ADMIN)
        owner = await staff.add_member(uow, newcomer, password_hash="none")
        token, cookie = [
            await open_session(uow, kind=door, subject_kind=Kind.STAFF, subject_id=owner.id)
            for door in (SessionKind.API, SessionKind.PAGE)
        ]
    await database.stop()
    return Target(server, house, dish_id, order, token, cookie)
