"""What an owner sets at one process holds at the other with the next order, on both databases."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from kitchenasty.kit.identity.sessions import SessionKind
from tests.reliability.shop import Shop, pause
from tests.reliability.test_two_servers import sign_in
from tests.server import Server

ROUNDS = 3
KNOWN_SECONDS_MAX = 30


@dataclass
class Two:
    """Two servers of one house, and an owner's token."""

    shop: Shop
    servers: tuple[Server, Server]
    bearer: dict[str, str]
    client: httpx.AsyncClient

    async def set(self, server: Server, group: str, **given: Any) -> None:
        path = f"{server.url}/api/settings/{group}"
        answer = await self.client.put(path, json=given, headers=self.bearer)
        assert answer.status_code == 200, answer.text

    async def order(self, server: Server) -> str:
        answer = await self.client.post(f"{server.url}/api/orders", json=self.shop.form("Anna"))
        return "placed" if answer.status_code == 201 else str(answer.json()["code"])

    async def wait_for_page(self, server: Server, status: int) -> None:
        """Pages may lag behind by a quarter of a second."""
        async with asyncio.timeout(KNOWN_SECONDS_MAX):
            while (await self.client.get(f"{server.url}/locations")).status_code != status:
                await pause(0.05)


@pytest.fixture(
    params=[
        pytest.param("shop", id="sqlite"),
        pytest.param("postgres_shop", id="postgresql", marks=pytest.mark.postgres),
    ]
)
def two(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Two]:
    shop: Shop = request.getfixturevalue(request.param)
    other = Server(tmp_path / "other", environment=shop.server.environment)
    other.start()
    tokens = asyncio.run(sign_in(shop.database_url))
    bearer = {"authorization": f"Bearer {tokens[SessionKind.API]}"}
    yield Two(shop, (shop.server, other), bearer, httpx.AsyncClient(timeout=60))
    other.kill()


async def test_a_switch_at_one_process_holds_at_the_other_with_the_next_order(two: Two) -> None:
    """Both have read house and settings, and keep them in memory."""
    one, other = two.servers
    for here, there in ((one, other), (other, one)) * ROUNDS:
        assert [await two.order(here), await two.order(there)] == ["placed", "placed"]
        await two.set(here, "order", enabled=False)
        assert await two.order(there) == "OrderingOff"
        await two.set(there, "order", enabled=True)
        assert await two.order(here) == "placed"

        await two.set(here, "advanced", maintenanceMode=True)
        # The door may not know yet; whoever places an order asks the books.
        assert await two.order(there) in ("UnderMaintenance", "OrderingOff")
        await two.wait_for_page(there, 503)
        await two.set(there, "advanced", maintenanceMode=False)
        await two.wait_for_page(here, 200)
    await two.client.aclose()
