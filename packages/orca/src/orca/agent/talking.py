"""The agent's end of its link: says what it sees, hears what is wanted, answers questions. A link
on which nothing is heard is let go of, and another one is tried, for ever.
"""

from __future__ import annotations

import asyncio
import logging
import os
import secrets
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from itertools import count

import aiohttp
import msgspec
from cryptography.hazmat.primitives.asymmetric import ec

from basis.clock import Clock, system_clock
from basis.errors import DomainError
from orca.agent.agent import Agent
from orca.agent.edging import Edging
from orca.agent.specs import volume_name
from orca.link import (
    BEAT_SECONDS,
    BYTES_MAX,
    CONTROL,
    SILENCE_SECONDS_MAX,
    Answer,
    Asked,
    Discard,
    FromNode,
    Hand,
    Heard,
    Hello,
    JoinRefused,
    Make,
    Membership,
    Renew,
    Renewed,
    Reported,
    Said,
    Seek,
    ToNode,
    ToRun,
    calling,
    encode,
    is_due,
    make_key,
    read_to_node,
    request_for,
)
from orca.planning import REASON_LENGTH_MAX
from orca.runtime import BuildFailed, name_of

logger = logging.getLogger(__name__)

AGAIN_SECONDS_MAX = 4.0
RENEWED_BEATS = 3_600
Socket = aiohttp.ClientWebSocketResponse


class LinkLost(Exception):
    """Nothing is heard any more, or nobody is there."""


@dataclass
class Talk:
    """One agent, and the control plane it belongs to."""

    agent: Agent
    address: str
    membership: Membership
    edging: Edging | None = None
    clock: Clock = system_clock
    coming: ec.EllipticCurvePrivateKey | None = field(default=None, repr=False)
    """The key of the certificate that was asked for."""
    answering: set[asyncio.Task[None]] = field(default_factory=set)

    async def go_on(self) -> None:
        """For ever."""
        while True:
            try:
                await self.once()
            except* (LinkLost, aiohttp.ClientError, OSError) as lost:
                [*errors] = lost.exceptions
                logger.info("no link: %s", str(errors[0]) or type(errors[0]).__name__)
            # A link that is lost at the moment in which we are to end swallows that we are to.
            if (task := asyncio.current_task()) and task.cancelling():
                raise asyncio.CancelledError
            # Not all at the same moment, when the control plane is back.
            await asyncio.sleep(secrets.randbelow(1_000) / 1_000 * AGAIN_SECONDS_MAX)

    async def once(self) -> None:
        """One link, until it is lost."""
        context = calling(self.membership.authority, self.membership.pair)
        timeout = aiohttp.ClientTimeout(total=None, sock_connect=SILENCE_SECONDS_MAX)
        async with aiohttp.ClientSession(timeout=timeout) as session:
            asked = session.ws_connect(
                f"https://{self.address}/link",
                ssl=context,
                server_hostname=CONTROL,
                max_msg_size=BYTES_MAX,
            )
            async with asyncio.timeout(SILENCE_SECONDS_MAX):
                socket = await asked
            async with socket, asyncio.TaskGroup() as both:
                await say(socket, hello())
                await self.renew(socket)
                speaking = both.create_task(self.speak(socket))
                try:
                    await self.listen(socket)
                finally:
                    speaking.cancel()

    async def renew(self, socket: Socket) -> None:
        """At the beginning of a link, and once an hour on one that lasts."""
        if is_due(self.membership.certificate, self.clock()):
            self.coming = make_key()
            _, name = self.membership.names()
            await say(socket, Renew(request_for(name, self.coming).decode()))

    async def speak(self, socket: Socket) -> None:
        for beat in count(1):
            with suppress(ConnectionError, TimeoutError):  # who listens notices
                await say(socket, self.reported())
                if beat % RENEWED_BEATS == 0:
                    await self.renew(socket)
            await asyncio.sleep(BEAT_SECONDS)

    def reported(self) -> Reported:
        """Where a proxy is, its routes count and not those that it was only told."""
        report = self.agent.report()
        if self.edging is None:
            return Reported(report)
        edging = self.edging
        seen = replace(report, routes=edging.routed, edge=edging.trouble)
        return Reported(seen, edging.obeyed)

    async def listen(self, socket: Socket) -> None:
        while True:
            try:
                heard = await socket.receive(timeout=SILENCE_SECONDS_MAX)
            except TimeoutError:
                raise LinkLost("nothing was heard on it") from None
            if heard.type is not aiohttp.WSMsgType.TEXT:
                raise LinkLost(f"it was closed ({heard.data})")
            try:
                self.take(socket, read_to_node(heard.data))
            except (msgspec.DecodeError, OSError):
                logger.exception("not obeyed")

    def take(self, socket: Socket, message: ToNode) -> None:
        """Raises OSError when orders cannot be kept; then they are not obeyed. Raises LinkLost when
        another link is to be made, with a new certificate.
        """
        if isinstance(message, Heard):
            return
        if isinstance(message, Asked):
            task = asyncio.create_task(self.answer(socket, message))
            self.answering.add(task)
            task.add_done_callback(self.answering.discard)
        elif isinstance(message, ToRun):
            self.agent.hear(message.run, message.env)
        elif isinstance(message, Renewed):
            self.turn(message)
        else:
            self.agent.hear(message.route)
            if self.edging is not None:
                self.edging.hear(message.route.revision, message.edge)

    def turn(self, renewed: Renewed) -> None:
        """To the new certificate: its first link is the end of the old one."""
        if self.coming is None:
            return
        try:
            self.membership.keep(self.coming, renewed.certificate.encode())
        except JoinRefused as error:
            logger.warning("not taken: %s", error)
            return
        self.coming = None
        raise LinkLost("the certificate is a new one")

    async def answer(self, socket: Socket, question: Asked) -> None:
        try:
            told = await self.found(socket, question)
        except BuildFailed as failed:
            told = Answer(question.number, code=1, refusal=str(failed)[-REASON_LENGTH_MAX:])
        except DomainError as error:
            told = Answer(question.number, refusal=str(error)[:REASON_LENGTH_MAX])
        with suppress(ConnectionError, TimeoutError):
            await say(socket, told)

    async def found(self, socket: Socket, question: Asked) -> Answer:
        runtime = self.agent.runtime
        if isinstance(question, Make | Hand):
            return await self.worked(socket, question)
        if isinstance(question, Seek):
            return Answer(question.number, await runtime.resolve(question.image))
        if isinstance(question, Discard):
            for volume, slot in question.volumes:
                name = volume_name(self.agent.cluster, question.service, volume, slot)
                await runtime.remove_volume(name)
            return Answer(question.number)
        name = name_of(self.agent.cluster, question.copy)
        if question.ask == "logs":
            return Answer(question.number, await runtime.logs(name, tail=question.tail))
        done = await runtime.execute(name, question.command)
        return Answer(question.number, done.output, done.code)

    async def worked(self, socket: Socket, question: Make | Hand) -> Answer:
        builds = self.agent.builds
        assert builds is not None
        if isinstance(question, Hand):
            await builds.hand(question.image)
            return Answer(question.number)

        async def tell(lines: Sequence[str]) -> None:
            with suppress(ConnectionError, TimeoutError):  # the build goes on
                await say(socket, Said(question.number, tuple(lines)))

        return Answer(question.number, await builds.make(question, tell))


async def say(socket: Socket, message: FromNode) -> None:
    """A socket that takes nothing any more must not hold us for ever."""
    async with asyncio.timeout(SILENCE_SECONDS_MAX):
        await socket.send_str(encode(message))


def hello() -> Hello:
    """What this machine has."""
    pages, size = os.sysconf("SC_PHYS_PAGES"), os.sysconf("SC_PAGE_SIZE")
    return Hello(cpu_milli=(os.cpu_count() or 1) * 1_000, memory_bytes=pages * size)
