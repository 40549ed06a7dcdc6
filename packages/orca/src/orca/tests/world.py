"""A control plane without nodes: a real store, tokens of every role, and a client."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from copy import copy
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import httpx
from litestar import Litestar

from basis.kit.limits import Limits
from basis.kit.testing import HandClock
from orca.access import Issued, Journal, Role, Tokens
from orca.api import create_app, join_doors
from orca.certificates import Certificates
from orca.control import Control, Links, Members, open_depot
from orca.link import Authority
from orca.main import DOORS
from orca.metrics import Outcomes
from orca.secrets import Vault, open_vault
from orca.store import SqliteStore


@dataclass(frozen=True, slots=True)
class World:
    """What tests of the API look at."""

    folder: Path
    store: SqliteStore
    clock: HandClock
    tokens: Tokens
    journal: Journal
    vault: Vault
    app: Litestar
    client: httpx.AsyncClient
    issued: dict[Role, Issued]

    async def send(
        self, role: Role | None, method: str, path: str, **more: object
    ) -> httpx.Response:
        headers = {} if role is None else bearer(str(self.issued[role].token))
        return await self.client.request(method, path, headers=headers, **more)  # type: ignore[arg-type]


def bearer(token: str) -> dict[str, str]:
    return {"authorization": f"Bearer {token}"}


@cache
def joined() -> Litestar:
    """To join the doors takes longer than most tests."""
    return join_doors(DOORS)


@asynccontextmanager
async def opened_world(folder: Path, clock: HandClock) -> AsyncIterator[World]:
    store = SqliteStore(folder / "orca.db", clock=clock)
    await store.open()
    try:
        tokens, journal = Tokens(store, clock=clock), Journal(store, clock=clock)
        vault = await open_vault(store, folder / "secrets.key", clock=clock)
        control, authority = Control(store, vault, Links(), "quay"), Authority(folder)
        depot = open_depot(folder / "depot")
        issued = {role: await tokens.issue(role.value, role, days=1, by="test") for role in Role}
        app = create_app(
            copy(joined()),
            tokens=tokens,
            journal=journal,
            limits=Limits(enabled=False),
            vault=vault,
            certificates=Certificates(store, vault, None, clock=clock),
            control=control,
            members=Members(store, authority),
            depot=depot,
            outcomes=Outcomes(),
        )
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)  # type: ignore[arg-type]
        async with httpx.AsyncClient(transport=transport, base_url="http://orca.example") as client:
            yield World(folder, store, clock, tokens, journal, vault, app, client, issued)
    finally:
        await store.close()
