"""A3 for programs: a key follows orders if its scope says so, until it is revoked or too old."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
import socketio
from litestar import Litestar

from basis.kit.outgoing import Outgoing
from basis.kit.testing import HandClock
from kitchenasty import api_keys, locations
from kitchenasty.kit.books import Books
from kitchenasty.kit.live.tests.house import serving
from kitchenasty.kit.principals import Scope
from kitchenasty.main import background_work

LOST_SECONDS_MAX = 20.0  # this machine may be busy


@pytest.fixture
async def port(running_app: Litestar, books: Books) -> AsyncIterator[int]:
    async with background_work(books, Outgoing()), serving(running_app) as listening:
        yield listening


async def make(books: Books, scope: Scope, days: int | None = None) -> api_keys.NewKey:
    draft = api_keys.KeyDraft(name="Screen", scopes=frozenset({scope}), days=days)
    async with books.writing() as uow:
        return await api_keys.create_key(uow, draft)


async def listen(port: int, text: str) -> tuple[socketio.AsyncClient, asyncio.Event]:
    refused = asyncio.Event()
    field = socketio.AsyncClient(reconnection=False)

    async def on_refused(_payload: Any) -> None:
        refused.set()

    field.on("join:refused", on_refused)
    origin = f"http://127.0.0.1:{port}"
    await field.connect(origin, transports=["websocket"], auth={"token": text}, wait_timeout=10)
    return field, refused


@pytest.mark.parametrize("way", ["revoked", "too old"])
async def test_an_open_socket_loses_the_room_with_its_key(
    books: Books, house: locations.House, port: int, clock: HandClock, way: str
) -> None:
    made = await make(books, Scope.ORDERS_LIVE, days=1)
    field, refused = await listen(port, made.text)
    try:
        assert (await field.call("join:kitchen", house.id, timeout=10))["ok"]
        if way == "revoked":
            async with books.writing() as uow:
                await api_keys.revoke_key(uow, made.key.id)
        else:
            clock.advance(days=1, seconds=1)
        async with asyncio.timeout(LOST_SECONDS_MAX):
            await refused.wait()
    finally:
        await field.disconnect()


async def test_a_key_without_the_scope_hears_nothing(
    books: Books, house: locations.House, port: int
) -> None:
    made = await make(books, Scope.ORDERS_WRITE)
    field, refused = await listen(port, made.text)
    try:
        assert not (await field.call("join:kitchen", house.id, timeout=10))["ok"]
        assert refused.is_set()
    finally:
        await field.disconnect()
