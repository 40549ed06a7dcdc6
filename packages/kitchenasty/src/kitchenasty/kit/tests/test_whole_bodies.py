"""Bodies arrive before anything is opened for them, or not at all."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from basis.kit.http.whole_bodies import WholeBodies

POST = {"type": "http", "method": "POST", "path": "/", "headers": []}


class Listener:
    """An application that notes what it is given, and a client that is told something."""

    def __init__(self) -> None:
        self.heard: list[bytes] = []
        self.told: list[dict[str, Any]] = []

    async def app(self, _scope: Any, receive: Any, send: Any) -> None:
        while True:
            message = await receive()
            self.heard.append(message.get("body", b""))
            if not message.get("more_body", False):
                break
        await send({"type": "http.response.start", "status": 200, "headers": []})

    async def send(self, message: Any) -> None:
        self.told.append(message)


def pieces(*messages: dict[str, Any]) -> Any:
    """A client that sends these and then nothing more, for ever."""
    waiting = iter(messages)

    async def receive() -> dict[str, Any]:
        for message in waiting:
            return message
        await asyncio.Event().wait()
        raise AssertionError

    return receive


def piece(body: bytes, *, more: bool) -> dict[str, Any]:
    return {"type": "http.request", "body": body, "more_body": more}


@pytest.fixture
def listener() -> Listener:
    return Listener()


async def run(listener: Listener, receive: Any, scope: Any = POST, **limits: Any) -> None:
    app: Any = WholeBodies(listener.app, **{"bytes_max": 10, "seconds_max": 5.0, **limits})
    await asyncio.wait_for(app(scope, receive, listener.send), 10)


async def test_a_body_in_pieces_is_handed_on_in_order(listener: Listener) -> None:
    await run(listener, pieces(piece(b"so", more=True), piece(b"up", more=False)))
    assert listener.heard == [b"so", b"up"]


async def test_a_body_that_never_ends_is_refused_in_words(listener: Listener) -> None:
    await run(listener, pieces(piece(b"so", more=True)), seconds_max=0.05)
    assert listener.heard == []
    assert listener.told[0]["status"] == 408
    assert b'"code":"BodyTooSlow"' in listener.told[1]["body"]


async def test_nobody_works_for_a_client_that_left(listener: Listener) -> None:
    await run(listener, pieces(piece(b"so", more=True), {"type": "http.disconnect"}))
    assert listener.heard == []
    assert listener.told == []


async def test_of_a_body_too_long_enough_is_read_to_refuse_it(listener: Listener) -> None:
    """The application says no by its own limit; here only waiting must end."""
    long = [piece(b"x" * 6, more=True), piece(b"x" * 6, more=True), piece(b"x", more=False)]
    await run(listener, pieces(*long))
    assert b"".join(listener.heard) == b"x" * 13


async def test_what_has_no_body_is_not_waited_for(listener: Listener) -> None:
    silent = pieces(piece(b"", more=False))
    await run(listener, silent, {**POST, "method": "GET"}, seconds_max=0.05)
    assert listener.told[0]["status"] == 200
