"""Socket.IO with the client that the field uses, in the browser that it was made for."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest_asyncio
from playwright.async_api import Browser, Page

from kitchenasty import orders
from kitchenasty.kit.identity.sessions import SessionKind, open_session
from kitchenasty.kit.principals import Kind
from tests.browser.house import PATIENCE_MS, House
from tests.browser.visitor import evaluate, watch

CLIENT = Path(__file__).parents[1] / "assets" / "socket.io.min.js"
# As the field's clients call it, but joining again whenever the line is new.
CALL = """
([options, joins]) => {
  window.heard = [];
  window.answers = [];
  window.socket = io({ path: "/socket.io", reconnectionDelay: 100, ...options });
  socket.onAny((event, payload) => heard.push([event, payload]));
  socket.on("connect", async () => {
    for (const join of joins) answers.push(await socket.emitWithAck(...join));
  });
}
"""
LINE_WENT_DEAD = r"ERR_CONNECTION|WebSocket|Failed to load resource"

Joins = list[list[Any]]


@dataclass
class Listener:
    """A page with the client in it."""

    page: Page

    async def answers(self, count: int) -> list[dict[str, Any]]:
        """What the server said to the first `count` joins."""
        await self.page.wait_for_function("count => answers.length >= count", arg=count)
        said: list[dict[str, Any]] = await self.page.evaluate("answers")
        return said

    async def hears(self, count: int) -> list[tuple[str, dict[str, Any]]]:
        """The first `count` events."""
        await self.page.wait_for_function("count => heard.length >= count", arg=count)
        return await self.heard_so_far()

    async def heard_so_far(self) -> list[tuple[str, dict[str, Any]]]:
        """All events that were sent before now: an answer comes behind them on the same line."""
        await self.page.evaluate("() => socket.emitWithAck('leave:order', 'none')")
        return [(event, payload) for event, payload in await self.page.evaluate("heard")]


Listen = Callable[..., Awaitable[Listener]]


@pytest_asyncio.fixture(loop_scope="session")
async def listen(browser: Browser) -> AsyncIterator[Listen]:
    """A way to open pages of our own origin, under our own policy, that call Socket.IO."""
    async with AsyncExitStack() as stack:
        heard = []

        async def open_one(
            house: House, joins: Joins, *, cook: bool = False, forgive: str = "", **options: Any
        ) -> Listener:
            context = await browser.new_context()
            stack.push_async_callback(context.close)
            context.set_default_timeout(PATIENCE_MS)
            if cook:
                await house.let_in(context)
            complaints = await watch(context)
            if forgive:
                complaints.forgive(forgive)
            heard.append(complaints)
            page = await context.new_page()
            await page.goto(house.server.url)
            # Through the debugger, since the page's policy, which stays, lets no script in.
            devtools = await context.new_cdp_session(page)
            await evaluate(devtools, CLIENT.read_text(encoding="utf-8") + "; true")
            await page.evaluate(CALL, [options, joins])
            return Listener(page)

        yield open_one
    assert [text for complaints in heard for text in complaints.left()] == []


async def test_a_cook_hears_of_orders_in_the_words_of_the_contract(
    house: House, listen: Listen
) -> None:
    """As the field's kitchen screens do it: no proof but the cookie, and no argument."""
    for transport in ("websocket", "polling"):
        cook = await listen(house, [["join:kitchen"]], cook=True, transports=[transport])
        assert await cook.answers(1) == [{"ok": True}]
        placed = await house.place()
        await house.move(placed.id, orders.OrderStatus.CONFIRMED)
        (new, told), (update, told_later) = await cook.hears(2)
        assert (new, update) == ("order:new", "order:statusUpdate")
        words = {"id": placed.id, "orderNumber": placed.number, "orderType": "PICKUP"}
        assert told == words | {"status": "PENDING", "version": 1}
        assert told_later == words | {"status": "CONFIRMED", "version": 2, "customerId": None}


async def test_a_token_opens_the_room_where_there_is_no_cookie(
    house: House, listen: Listen
) -> None:
    async with house.books.writing() as uow:
        token = await open_session(
            uow,
            kind=SessionKind.API,
            subject_kind=Kind.STAFF,
            subject_id=house.kitchen.cook_id,
        )
    right = await listen(house, [["join:kitchen", house.kitchen.house_id]], auth={"token": token})
    wrong = await listen(
        house, [["join:kitchen", house.kitchen.house_id]], auth={"token": token[:-2]}
    )
    assert [answer["ok"] for answer in await right.answers(1) + await wrong.answers(1)] == [
        True,
        False,
    ]


async def test_a_stranger_hears_nothing_and_a_guest_only_of_their_order(
    house: House, listen: Listen
) -> None:
    own, other = await house.place(), await house.place()
    kitchen = ["join:kitchen", house.kitchen.house_id]
    cook = await listen(house, [["join:kitchen"]], cook=True)
    stranger = await listen(house, [["join:kitchen"], kitchen, ["join:order", own.id]])
    keys = [{"id": order.id, "capability": own.capability} for order in (own, other)]
    guest = await listen(house, [["join:order", key] for key in keys])
    assert await cook.answers(1) == [{"ok": True}]
    assert [answer["ok"] for answer in await stranger.answers(3)] == [False, False, False]
    assert [answer["ok"] for answer in await guest.answers(2)] == [True, False]
    for order in (other, own):
        await house.move(order.id, orders.OrderStatus.CONFIRMED)
    last = await house.place()
    moved = ("order:statusUpdate", own.id)
    await cook.page.wait_for_function(
        "id => heard.some(([event, told]) => event === 'order:new' && told.id === id)",
        arg=last.id,
    )
    assert [event for event, _ in await stranger.heard_so_far()] == ["join:refused"] * 3
    heard = await guest.heard_so_far()
    assert [event for event, _ in heard].count("join:refused") == 1
    assert [(event, told["id"]) for event, told in heard if event != "join:refused"] == [moved]


async def test_the_kitchen_hears_on_after_a_restart(house_apart: House, listen: Listen) -> None:
    cook = await listen(house_apart, [["join:kitchen"]], cook=True, forgive=LINE_WENT_DEAD)
    await cook.answers(1)
    house_apart.server.stop()
    await cook.page.wait_for_function("() => !socket.connected")
    house_apart.server.start()
    assert (await cook.answers(2))[1] == {"ok": True}
    placed = await house_apart.place()
    ((event, told),) = await cook.hears(1)
    assert (event, told["id"]) == ("order:new", placed.id)
