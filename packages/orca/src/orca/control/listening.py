"""Where nodes connect: TLS with certificates of the cluster's own authority. A new node shows a
token and gets a certificate; with a certificate there is the link, and nothing else.
"""

from __future__ import annotations

import asyncio
import logging
import socket
import ssl
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

import msgspec
from aiohttp import WSMsgType, web
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from basis.errors import DomainError
from orca.control.control import Control
from orca.control.depot import Depot
from orca.control.handing import Handing
from orca.control.nodes import Link, Members
from orca.link import (
    BYTES_MAX,
    SILENCE_SECONDS_MAX,
    Answer,
    FromNode,
    Heard,
    Hello,
    Renewed,
    Reported,
    Said,
    encode,
    fingerprint_of,
    name_in,
    read_from_node,
)
from orca.planning import Join, described
from orca.scheduling import Node

logger = logging.getLogger(__name__)

REQUEST_BYTES_MAX = 65_536


class Wish(msgspec.Struct, forbid_unknown_fields=True):
    """What a new node shows."""

    chance: str
    request: str


@dataclass(frozen=True)
class Listener:
    """The doors of the nodes."""

    cluster: str
    control: Control
    members: Members
    depot: Depot | None = None
    """Where nodes fetch what they build from, and hand images to each other."""

    async def begin(self, listening: socket.socket) -> web.AppRunner:
        app = web.Application(client_max_size=REQUEST_BYTES_MAX)
        app.router.add_get("/authority", refusing(self.show_authority))
        app.router.add_post("/join", refusing(self.join))
        app.router.add_get("/link", self.link)
        if self.depot is not None:
            Handing(self.control, self.depot, self.member_of).open(app.router)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        context = self.members.authority.listening()
        await web.SockSite(runner, listening, ssl_context=context).start()
        return runner

    async def show_authority(self, request: web.Request) -> Any:
        """To whoever asks: the fingerprint in a token says whether it is the right one."""
        certificate = self.members.authority.certificate.public_bytes(Encoding.PEM)
        return {"certificate": certificate.decode()}

    async def join(self, request: web.Request) -> Any:
        wish = msgspec.json.decode(await request.read(), type=Wish)
        name, certificate = await self.members.admit(wish.chance, wish.request.encode())
        self.control.links.cut(name)
        return {"cluster": self.cluster, "node": name, "certificate": certificate.decode()}

    async def link(self, request: web.Request) -> web.StreamResponse:
        shown = await self.member_of(request)
        if shown is None:
            return web.json_response({"refusal": "Only a node of this cluster."}, status=403)
        name = name_in(shown)
        socket = web.WebSocketResponse(max_msg_size=BYTES_MAX)
        await socket.prepare(request)
        link = self.control.links.open(name)
        logger.info("%s is connected", name)
        speaking = asyncio.create_task(speak(socket, link))
        try:
            # Again, as it may have been forgotten before there was a link that could be dismissed.
            if await self.member_of(request) is not None:
                await self.listen(socket, link, shown)
        finally:
            self.control.links.close(name, link)
            speaking.cancel()
            await asyncio.wait([speaking])
            logger.info("%s is not connected any more", name)
            with suppress(TimeoutError):
                async with asyncio.timeout(1):
                    await socket.close()
        return socket

    async def member_of(self, request: web.Request) -> x509.Certificate | None:
        connection = request.transport.get_extra_info("ssl_object") if request.transport else None
        assert isinstance(connection, ssl.SSLObject)
        shown = connection.getpeercert(binary_form=True)
        if not shown:
            return None
        certificate = x509.load_der_x509_certificate(shown)
        fingerprint = fingerprint_of(certificate)
        is_member = await self.members.is_member(name_in(certificate), fingerprint)
        return certificate if is_member else None

    async def listen(
        self, socket: web.WebSocketResponse, link: Link, shown: x509.Certificate
    ) -> None:
        """Until it is closed, replaced, or silent for too long: then it may be dead."""
        closing = asyncio.create_task(link.closed.wait())
        try:
            while True:
                hearing = asyncio.create_task(socket.receive())
                await asyncio.wait(
                    [hearing, closing],
                    timeout=SILENCE_SECONDS_MAX,
                    return_when=asyncio.FIRST_COMPLETED,
                )
                if not hearing.done() or closing.done():
                    hearing.cancel()
                    await asyncio.wait([hearing])
                    return
                heard = hearing.result()
                if heard.type is not WSMsgType.TEXT:
                    return
                await self.take(link, shown, read_from_node(heard.data))
        except (msgspec.DecodeError, ConnectionError):
            logger.warning("%s said what cannot be read", name_in(shown))
        finally:
            closing.cancel()

    async def take(self, link: Link, shown: x509.Certificate, message: FromNode) -> None:
        """What is said of other nodes is not listened to."""
        name = name_in(shown)
        if isinstance(message, Answer):
            waiting = link.questions.get(message.number)
            if waiting and not waiting.done():
                waiting.set_result(message)
            return
        if isinstance(message, Said):
            if hear := link.hearers.get(message.number):
                await hear(message.lines)
            return
        try:
            if isinstance(message, Hello):
                await self.control.tell(Join(self.node_of(name, message)), link=link)
                await self.control.greet(name)
            elif isinstance(message, Reported):
                self.control.edges.obeyed[name] = message.edge
                await self.control.tell(replace(message.report, node=name), link=link)
                self.control.links.send(name, Heard(message.report.number))
            else:
                made = await self.members.renew(name, shown, message.request.encode())
                self.control.links.send(name, Renewed(made.decode()))
        except DomainError as error:
            logger.warning("%s was not listened to: %s", name, error)

    def node_of(self, name: str, hello: Hello) -> Node:
        """What it says of itself, and what only people know of it."""
        node = Node(name, hello.cpu_milli, hello.memory_bytes)
        return described(node, self.control.machine_of(name))


async def speak(socket: web.WebSocketResponse, link: Link) -> None:
    """A socket that takes nothing for so long is let go of."""
    try:
        while True:
            text = encode(await link.queue.get())
            async with asyncio.timeout(SILENCE_SECONDS_MAX):
                await socket.send_str(text)
            link.queue.task_done()
    except (ConnectionError, TimeoutError):
        link.closed.set()


Door = Callable[[web.Request], Awaitable[Any]]


def refusing(door: Door) -> Callable[[web.Request], Awaitable[web.Response]]:
    async def opened(request: web.Request) -> web.Response:
        try:
            return web.json_response(await door(request))
        except DomainError as error:
            return web.json_response({"refusal": str(error)}, status=403)
        except (msgspec.DecodeError, msgspec.ValidationError, ValueError):
            return web.json_response({"refusal": "That cannot be read."}, status=400)

    return opened
