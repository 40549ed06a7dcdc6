"""Carries committed messages to this process's rooms: its own at once, those of others when woken.

A message that is not the next one of its topic is not published alone: what lies between is read
from the journal first, so followers see every topic in order and complete.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

import asyncpg
import structlog

from basis.errors import Unavailable
from basis.kit.data.outbox import StoredEvent, Subscription
from kitchenasty.kit.books import Books, UnitOfWork
from kitchenasty.kit.live.hub import Hub
from kitchenasty.kit.live.log import CHANNEL, append
from kitchenasty.kit.live.messages import Message
from kitchenasty.kit.live.ports import Journal, TooOld

logger = structlog.get_logger(__name__)

CONTROL = "control"
RETRY_SECONDS = 1.0
PROOF_SECONDS = 5.0
POSTGRES = "postgresql"


class Announcer:
    """Publishes after commits. `run_forever` fills gaps and, on PostgreSQL, listens to others.

    So often the line to PostgreSQL is asked whether it lives, and so long it may take to answer:
    `proof_seconds`. A line that swallows everything is not closed, and looks as if all were quiet.
    """

    def __init__(
        self, books: Books, hub: Hub, journal: Journal, *, proof_seconds: float = PROOF_SECONDS
    ) -> None:
        self._books = books
        self._hub = hub
        self._journal = journal
        self._proof_seconds = proof_seconds
        self._woken: asyncio.Queue[tuple[str, int]] = asyncio.Queue()
        self.listening = asyncio.Event()
        books.tell = self.tell

    def tell(self, messages: Sequence[Message]) -> None:
        """These were just committed by this process."""
        for message in messages:
            if message.topic == CONTROL:
                self._obey(message)
            elif self._hub.is_next(message):
                self._hub.publish(message)
            else:
                self.wake(message.topic, message.seq)

    def wake(self, topic: str, seq: int) -> None:
        """Somebody committed up to `seq`; it is read if anybody here follows the topic."""
        head = self._hub.head(topic)
        if seq == 0:
            return  # nothing was ever told there
        if topic == CONTROL or (self._hub.is_followed(topic) and (head is None or head < seq)):
            self._woken.put_nowait((topic, seq))

    async def run_forever(self) -> None:
        parts = [self._fill_forever()]
        if self._books.database.dialect.name != POSTGRES:
            self.listening.set()  # there are no other processes to hear
        else:
            parts.append(self._listen_forever())
        await asyncio.gather(*parts)

    async def _fill_forever(self) -> None:
        while True:
            topic, seq = await self._woken.get()
            try:
                await self._fill(topic, seq)
            except Unavailable:
                logger.warning("live.journal_away", topic=topic)
                await asyncio.sleep(RETRY_SECONDS)
                self._woken.put_nowait((topic, seq))

    async def _fill(self, topic: str, seq: int) -> None:
        head = self._hub.head(topic)
        known = seq - 1 if head is None else head
        if known >= seq:
            return
        try:
            missed = await self._journal.since(topic, known)
        except TooOld as too_old:
            self._hub.resync(topic, too_old.head)
            return
        for message in missed:
            if topic == CONTROL:
                self._obey(message)
            else:
                self._hub.publish(message)

    def _obey(self, message: Message) -> None:
        self._hub.control(message.body["subject_kind"], message.body["subject_id"])

    async def _listen_forever(self) -> None:
        """Keep one connection that hears NOTIFY; after each new start look for what was missed."""
        while True:
            try:
                await self._listen()
            except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, Unavailable):
                logger.warning("live.listener_lost")
            await asyncio.sleep(RETRY_SECONDS)

    async def _listen(self) -> None:
        ended = asyncio.Event()
        raw = await asyncpg.connect(self._books.database.url, timeout=5)
        try:
            raw.add_termination_listener(lambda _: ended.set())
            await raw.add_listener(CHANNEL, self._on_notify)
            for topic in self._hub.topics():
                self.wake(topic, await self._journal.head(topic))
            self.listening.set()
            while not await comes_within(self._proof_seconds, ended):
                await raw.execute("SELECT 1", timeout=self._proof_seconds)
        finally:
            self.listening.clear()
            await raw.close(timeout=2)

    def _on_notify(self, *heard: Any) -> None:
        topic, _, seq = str(heard[3]).rpartition(" ")
        self.wake(topic, int(seq))


async def comes_within(seconds: float, event: asyncio.Event) -> bool:
    try:
        async with asyncio.timeout(seconds):
            return await event.wait()
    except TimeoutError:
        return False


async def announce_revocations(uow: UnitOfWork, events: Sequence[StoredEvent]) -> None:
    """Rights changed: every process looks again at the connections of that person."""
    for event in events:
        await append(uow, CONTROL, event.topic, event.payload)


REVOCATIONS = Subscription("live.revocations", ("principal.revoked",), announce_revocations)
