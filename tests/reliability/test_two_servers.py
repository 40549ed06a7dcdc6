"""Two processes over one PostgreSQL are one house: what one is told, the other honours at once."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import pytest
from websockets.asyncio.client import ClientConnection, connect

from basis.clock import system_clock
from basis.kit.data.engines import open_database
from basis.kit.data.postgres import POOL_SIZE
from basis.kit.testing import SECRET_KEY
from kitchenasty import staff
from kitchenasty.kit.books import open_books
from kitchenasty.kit.identity.sessions import SessionKind, open_session
from kitchenasty.kit.principals import Kind, Role
from tests.reliability.shop import Shop
from tests.server import Server

pytestmark = pytest.mark.postgres

HEARD_SECONDS_MAX = 60


@dataclass
class Pair:
    """Two servers of one house, and an owner who is signed in at pages and at the API."""

    shop: Shop
    other: Server
    cookie: str
    bearer: dict[str, str]


@pytest.fixture
def pair(postgres_shop: Shop, tmp_path: Path) -> Iterator[Pair]:
    other = Server(tmp_path / "other", environment=postgres_shop.server.environment)
    other.start()
    tokens = asyncio.run(sign_in(postgres_shop.database_url))
    bearer = {"authorization": f"Bearer {tokens[SessionKind.API]}"}
    yield Pair(postgres_shop, other, f"session={tokens[SessionKind.PAGE]}", bearer)
    other.kill()


async def sign_in(url: str) -> dict[SessionKind, str]:
    database = open_database(url)
    await database.start()
    async with open_books(database, system_clock, SECRET_KEY).writing() as uow:
        newcomer = staff.NewMember(email="o@house.example", name="Orla", role=Role.SUPER_ADMIN)
        member = await staff.add_member(uow, newcomer, password_hash="none")
        tokens = {
            kind: await open_session(uow, kind=kind, subject_kind=Kind.STAFF, subject_id=member.id)
            for kind in SessionKind
        }
    await database.stop()
    return tokens


@asynccontextmanager
async def kitchen_at(server: Server, pair: Pair) -> AsyncIterator[ClientConnection]:
    """A board that follows the kitchen at this server."""
    headers = {"cookie": pair.cookie, "origin": server.url}
    address = server.url.replace("http", "ws", 1) + "/live"
    async with connect(address, additional_headers=headers) as socket:
        topic = f"kitchen:{pair.shop.house_id}"
        await socket.send(json.dumps({"join": {"topic": topic}}))
        await hear(socket, "joined")
        yield socket


async def hear(socket: ClientConnection, word: str) -> str:
    """The next text with this word in it; beats and everything else are passed over."""
    async with asyncio.timeout(HEARD_SECONDS_MAX):
        while True:
            text = str(await socket.recv())
            if word in text:
                return text


async def order(client: httpx.AsyncClient, server: Server, pair: Pair, **more: Any) -> Any:
    form = pair.shop.form("Anna") | more
    return await client.post(f"{server.url}/api/orders", json=form)


async def change(
    client: httpx.AsyncClient, server: Server, pair: Pair, path: str, **body: Any
) -> None:
    answer = await client.patch(f"{server.url}/api{path}", json=body, headers=pair.bearer)
    assert answer.status_code == 200, answer.text


async def test_two_servers_are_one_house(pair: Pair) -> None:
    one, two = pair.shop.server, pair.other
    dish, house = f"/menu/items/{pair.shop.dish_id}", f"/locations/{pair.shop.house_id}"
    async with httpx.AsyncClient(timeout=60) as client, kitchen_at(two, pair) as kitchen:
        for here, there in ((one, two), (two, one)):
            # Both have read menu and house, and keep them in memory.
            placed = (await order(client, here, pair)).json()["data"]
            assert (await order(client, there, pair)).status_code == 201
            await hear(kitchen, placed["id"])

            await change(client, here, pair, f"{dish}/availability", is86=True)
            assert (await order(client, there, pair)).json()["code"] == "SoldOut"
            await change(client, there, pair, f"{dish}/availability", is86=False)
            assert (await order(client, here, pair)).status_code == 201

            await change(client, here, pair, dish, price=19.9)
            answer = (await order(client, there, pair, shownTotal=placed["total"])).json()
            assert (answer["code"], answer["details"]["totalMinor"]) == ("PriceChanged", 3_980)
            await change(client, there, pair, dish, price=12.5)
            assert (await order(client, here, pair, shownTotal=25)).status_code == 201

            await change(client, here, pair, house, isBusy=True)
            assert (await order(client, there, pair)).json()["code"] == "HousePaused"
            await change(client, there, pair, house, isBusy=False)
            assert (await order(client, here, pair)).status_code == 201
    connections = await count_connections(pair.shop.database_url)
    assert connections <= 2 * (POOL_SIZE + 1) + 1, "a pool and a listener each, and this one"


async def count_connections(url: str) -> int:
    raw = await asyncpg.connect(url)
    try:
        count: int = await raw.fetchval(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
        )
    finally:
        await raw.close()
    return count


async def test_the_key_of_an_order_is_in_no_log(pair: Pair) -> None:
    """A tracking link opens the order, so its words are no more for the log than a password."""
    async with httpx.AsyncClient(timeout=60) as client:
        key = (await order(client, pair.other, pair)).json()["data"]["capability"]
        pages = f"{pair.other.url}/t/{key}"
        foreign = {"origin": "https://evil.example"}
        answers = [
            await client.get(pages),
            await client.get(f"{pages}/nothing-here"),
            await client.post(f"{pages}/cancel", headers=foreign),
            await client.post(f"{pages}/cancel", headers={"origin": pair.other.url}),
            await client.post(f"{pages}/cancel", headers={"origin": pair.other.url}),
            await client.request("PROPFIND", pages),
        ]
    assert [answer.status_code for answer in answers] == [200, 404, 403, 303, 409, 405]
    assert {answer.headers["referrer-policy"] for answer in answers} == {"same-origin"}
    log = pair.other.log.read_text()
    assert "/t/***" in log
    assert key not in log
