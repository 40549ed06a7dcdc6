"""A receiver on this machine that says what a test wants, and endpoints that lead to it."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import hashlib
import hmac
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field
from ipaddress import ip_network
from typing import Any, ClassVar, Protocol

import msgspec
from aiohttp import web

from basis.events import Event
from basis.ids import new_id
from basis.kit.background.dispatcher import Dispatcher
from basis.kit.data.paging import Keyset
from basis.kit.outgoing import Outgoing
from kitchenasty import webhooks
from kitchenasty.kit.books import Books, Look, UnitOfWork
from kitchenasty.kit.principals import Kind, Principal, Role
from kitchenasty.webhooks import DeliveryState
from kitchenasty.webhooks.deliveries import row_of
from kitchenasty.webhooks.queries import BUSY, QUEUE
from kitchenasty.webhooks.subscriptions import listen

HERE = (ip_network("127.0.0.0/8"),)
OWNER = Principal(kind=Kind.STAFF, id=None, name="Ada", role=Role.SUPER_ADMIN)


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed(Event):
    """An order, as the slice above would tell it."""

    topic: ClassVar[str] = "order.placed"
    order_id: str
    house_id: str
    number: str


class PlacedFacts(webhooks.PublicFacts, kw_only=True):
    order_id: str
    house_id: str
    number: str


async def tell_placed(_look: Look, payload: Mapping[str, Any]) -> webhooks.PublicFacts:
    return PlacedFacts(**payload)


PLACED = Placed.topic
VOCABULARY = webhooks.Vocabulary(
    [
        webhooks.Topic(PLACED, "An order was placed", PlacedFacts, tell_placed),
        webhooks.Topic("order.paid", "An order was paid", PlacedFacts, tell_placed),
    ]
)


class SomeHouse(Protocol):
    """A house of the slice above."""

    id: str


@dataclass
class Received:
    """A request as it came."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def id(self) -> str:
        return self.headers["webhook-id"]

    @property
    def said(self) -> Any:
        return msgspec.json.decode(self.body)


@dataclass
class Receiver:
    """`answer` is asked for each request: a status, or a whole answer."""

    url: str = ""
    got: list[Received] = field(default_factory=list)
    answer: Callable[[Received], int | web.Response] = lambda _: 204
    open: asyncio.Event = field(default_factory=asyncio.Event)
    """While it is not set, nothing under /hang is answered."""

    came: asyncio.Condition = field(default_factory=asyncio.Condition)

    async def until(self, is_so: Callable[[], bool]) -> None:
        """Wait for requests until it is so, at most half a minute."""
        async with asyncio.timeout(30), self.came:
            await self.came.wait_for(is_so)

    def at(self, path: str) -> list[Received]:
        return [one for one in self.got if one.path == path]


@contextlib.asynccontextmanager
async def receiving() -> AsyncIterator[Receiver]:
    receiver = Receiver()

    async def take(request: web.Request) -> web.StreamResponse:
        headers = {name.lower(): value for name, value in request.headers.items()}
        one = Received(request.path, headers, await request.read())
        async with receiver.came:
            receiver.got.append(one)
            receiver.came.notify_all()
        if request.path.startswith("/hang"):
            await receiver.open.wait()
        said = receiver.answer(one)
        return web.Response(status=said) if isinstance(said, int) else said

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", take)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    receiver.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield receiver
    finally:
        receiver.open.set()
        await runner.cleanup()


def is_signed(one: Received, secret: str) -> bool:
    """The check that a receiver makes, written down once more from the specification."""
    signed = b".".join([one.id.encode(), one.headers["webhook-timestamp"].encode(), one.body])
    key = base64.b64decode(secret.removeprefix("whsec_"))
    expected = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    given = one.headers["webhook-signature"].split(" ")
    return any(hmac.compare_digest(f"v1,{expected}", signature) for signature in given)


async def add_endpoint(books: Books, url: str, **fields: Any) -> webhooks.NewEndpoint:
    draft = webhooks.EndpointDraft(**{"url": url, "topics": (PLACED,), **fields})
    async with books.writing(OWNER) as uow:
        return await webhooks.create_endpoint(uow, draft, VOCABULARY)


async def a_webhook(uow: UnitOfWork) -> tuple[str, str]:
    """One in this machine, where nobody is called, and a delivery that was given up: their ids. The
    house has room for some.
    """
    for older in (await webhooks.list_endpoints(uow))[:-3]:
        await webhooks.remove_endpoint(uow, older.id)
    draft = webhooks.EndpointDraft(url="https://127.0.0.1/", topics=(PLACED,), description="Till")
    made = await webhooks.create_endpoint(uow, draft, VOCABULARY)
    row = row_of(uow, made.endpoint.id, new_id(), PLACED, "{}")
    dead = {"state": DeliveryState.DEAD, "settled_at": uow.now}
    await uow.run(QUEUE, **row | dead)
    return made.endpoint.id, row["id"]


def order_placed(house_id: str | None = None, number: str = "K7-42") -> Placed:
    return Placed(order_id=new_id(), house_id=house_id or new_id(), number=number)


async def happen(books: Books, *events: Any) -> None:
    """Have it happened, and told to whoever listens."""
    async with books.writing() as uow:
        for event in events:
            uow.emit(event)
    dispatcher = Dispatcher(books, [listen(VOCABULARY)])
    while await dispatcher.run_once():
        pass


def room_of(books: Books, **more: Any) -> webhooks.SendingRoom:
    return webhooks.SendingRoom(books, Outgoing(HERE, **more))


async def send_all(books: Books, room: webhooks.SendingRoom | None = None) -> None:
    """Until nothing is due any more."""
    room = room or room_of(books)
    while await count_due(books):
        await room.run_due()


async def count_due(books: Books) -> int:
    async with books.reading() as look:
        return len(await look.rows(BUSY, now=look.now))


async def deliveries_of(books: Books, endpoint_id: str) -> list[webhooks.Delivery]:
    everything, place = webhooks.DeliveryFilter(), Keyset(None, 1_000)
    async with books.reading(OWNER) as look:
        return await webhooks.list_deliveries(look, endpoint_id, everything, place)


async def endpoint_now(books: Books, endpoint_id: str) -> webhooks.Endpoint:
    async with books.reading(OWNER) as look:
        return await webhooks.load_endpoint(look, endpoint_id)
