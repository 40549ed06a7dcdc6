"""A server with the two doors and a cast: ada cooks at house a, bob at b, mia owns, gus ate."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import uvicorn
from litestar import Litestar

from kitchenasty.kit.books import Books, Look
from kitchenasty.kit.live import Live, Message, append
from kitchenasty.kit.live.sockets import PromptProtocol
from kitchenasty.kit.principals import Kind, Principal, Role

BEAT_SECONDS = 0.2
CAPABILITY = "opens-order-1"


def cast() -> dict[str, Principal]:
    """Tokens and who holds them."""

    def staff(name: str, role: Role, houses: frozenset[str] | None) -> Principal:
        return Principal(kind=Kind.STAFF, id=name, role=role, house_ids=houses, name=name)

    return {
        "ada": staff("ada", Role.STAFF, frozenset({"a"})),
        "bob": staff("bob", Role.STAFF, frozenset({"b"})),
        "mia": staff("mia", Role.SUPER_ADMIN, None),
        "gus": Principal(kind=Kind.CUSTOMER, id="gus", name="gus"),
    }


@dataclass
class House:
    """The running server, and what a test may change about it."""

    books: Books
    live: Live
    port: int
    people: dict[str, Principal] = field(default_factory=cast)

    async def tell(self, topic: str, name: str = "said", **body: Any) -> None:
        async with self.books.writing() as uow:
            await append(uow, topic, name, body)


async def may_watch(look: Look, house_id: str, _capability: str | None) -> bool:
    return look.actor.may_see_house(house_id)


async def may_follow(look: Look, order_id: str, capability: str | None) -> bool:
    """Order 1 is gus's and was cooked in house a."""
    actor = look.actor
    owns = actor.is_customer and (actor.id, order_id) == ("gus", "1")
    return owns or (order_id, capability) == ("1", CAPABILITY) or actor.may_see_house("a")


async def list_houses(look: Look) -> list[str]:
    return [house_id for house_id in ("a", "b") if look.actor.may_see_house(house_id)]


def translate(message: Message) -> tuple[str, dict[str, Any]] | None:
    return f"order:{message.name}", message.body


@contextlib.asynccontextmanager
async def serving(app: Litestar) -> AsyncIterator[int]:
    """A real socket on a port that the system picked, in the test's own event loop."""
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    settings = uvicorn.Config(
        app, log_level="error", ws=PromptProtocol, timeout_graceful_shutdown=1
    )
    server = uvicorn.Server(settings)
    server.install_signal_handlers = lambda: None  # type: ignore[attr-defined]
    task = asyncio.create_task(server.serve(sockets=[listener]))
    while not server.started:
        assert not task.done(), task.exception()
        await asyncio.sleep(0)
    try:
        yield listener.getsockname()[1]
    finally:
        server.should_exit = True
        await task
        listener.close()
