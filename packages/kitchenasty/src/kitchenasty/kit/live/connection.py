"""One client on `/live`, whatever carries its texts: joins, leaves, replays, beats, rechecks."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import msgspec

from basis.clock import Clock
from basis.errors import Unavailable
from basis.kit.limits import Limits, Policy
from kitchenasty.kit.live.hub import Frame, Hub, Subscriber
from kitchenasty.kit.live.messages import (
    DECODER,
    Heard,
    Join,
    Message,
    encode_beat,
    encode_joined,
    encode_message,
    encode_refused,
    encode_resync,
    is_sound,
)
from kitchenasty.kit.live.ports import Gatekeeper, Journal, Recognise, TooOld
from kitchenasty.kit.principals import Principal

TEXT_LENGTH_MAX = 4_096
TOPICS_MAX = 32
BEAT_SECONDS = 10.0
STALE_BEATS = 2.4  # 24 s at the usual heartbeat: told before 25 s have passed
RECHECK_BEATS = 6  # a session that ran out is noticed within a minute
SEND_SECONDS_MAX = 20.0
TALK = Policy("live-talk", burst=60, interval_seconds=0.25)

CLOSE_TOO_BIG = 1009
CLOSE_POLICY = 1008
CLOSE_SLOW = 1013
CLOSE_TRY_LATER = 1013


def heard() -> asyncio.Event:
    """The state of books that can be read."""
    event = asyncio.Event()
    event.set()
    return event


@dataclass(frozen=True, slots=True)
class Rooms:
    """What every connection shares."""

    hub: Hub
    gatekeeper: Gatekeeper
    journal: Journal
    clock: Clock
    beat_seconds: float = BEAT_SECONDS
    books_heard: asyncio.Event = field(default_factory=heard)
    """Set while the books can be read. Without them no heart beats: a screen that cannot learn what
    is new must say so, and it does when it hears nothing.
    """

    @property
    def stale_seconds(self) -> float:
        """After so long a silence a page says that it may be out of date."""
        return self.beat_seconds * STALE_BEATS


class Wire(Protocol):
    async def receive(self) -> str | None:
        """The next text, None when the client is gone."""
        ...

    async def send(self, text: bytes) -> None: ...

    async def close(self, code: int) -> None: ...


class Broken(Exception):
    """The client does not keep to the rules; `code` is the WebSocket's closing code."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


@dataclass(eq=False, slots=True)
class LiveConnection:
    rooms: Rooms
    wire: Wire
    recognise: Recognise
    principal: Principal
    queue: Subscriber = field(default_factory=Subscriber)
    topics: dict[str, str | None] = field(default_factory=dict)
    """The joined topics, each with the capability that opened it."""
    _rights_changed: asyncio.Event = field(default_factory=asyncio.Event)

    async def run(self) -> None:
        """Serve until the client leaves, breaks a rule or falls silent on a dead cable."""
        self.rooms.hub.watch_rights(self._on_rights)
        parts: tuple[Callable[[], Awaitable[None]], ...] = (
            self._listen,
            self._send,
            self._beat,
            self._recheck_when_told,
        )
        tasks = [asyncio.ensure_future(part()) for part in parts]
        try:
            finished, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in finished:
                task.result()
        except Broken as broken:
            await self.wire.close(broken.code)
        except Unavailable:
            await self.wire.close(CLOSE_TRY_LATER)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            self.rooms.hub.stop_watching_rights(self._on_rights)
            for topic in tuple(self.topics):
                self._leave(topic)

    async def _listen(self) -> None:
        limits = Limits()
        while (text := await self.wire.receive()) is not None:
            if len(text) > TEXT_LENGTH_MAX:
                raise Broken(CLOSE_TOO_BIG)
            if not limits.take(TALK, "").allowed:
                raise Broken(CLOSE_POLICY)
            await self._obey(decode(text))

    async def _obey(self, heard: Heard) -> None:
        if heard.join is not None:
            await self._join(heard.join)
        elif heard.leave is not None:
            self._leave(heard.leave)

    async def _join(self, join: Join) -> None:
        topic, hub = join.topic, self.rooms.hub
        if topic not in self.topics and len(self.topics) >= TOPICS_MAX:
            self._refuse(topic, "TooManyTopics", "This connection follows enough already.")
            return
        if not await self.rooms.gatekeeper.may_join(self.principal, topic, join.capability):
            self._leave(topic)
            self._refuse(topic, "NotAllowed", "You may not follow this here. Please sign in.")
            return
        self._leave(topic)
        self.topics[topic] = join.capability
        # First the room, then the journal: what is told in between waits in the hold.
        self.queue.hold(topic)
        hub.join(self.queue, topic)
        known = await self._replay(topic, join.since)
        if self.queue.lacks_some(topic, after=known):
            # What was told meanwhile came before its elders, which another process told: those
            # stand in the journal by now.
            known = await self._catch_up(topic, known)
        hub.note_head(topic, known)
        self.queue.release(topic, after=known)

    async def _replay(self, topic: str, since: int | None) -> int:
        """Queue the answer to a join and what was missed; the seq that is then known."""
        journal = self.rooms.journal
        if since is None:
            head = await journal.head(topic)
            self.queue.say(encode_joined(topic, head))
            return head
        try:
            missed = await journal.since(topic, since)
        except TooOld as too_old:
            self.queue.say(encode_joined(topic, too_old.head))
            self.queue.say(encode_resync(topic, too_old.head))
            return too_old.head
        self.queue.say(encode_joined(topic, since))
        return self._say_missed(missed, since)

    async def _catch_up(self, topic: str, since: int) -> int:
        """Queue what the journal has learnt after `since`; the seq that is then known."""
        try:
            return self._say_missed(await self.rooms.journal.since(topic, since), since)
        except TooOld as too_old:
            self.queue.say(encode_resync(topic, too_old.head))
            return too_old.head

    def _say_missed(self, missed: Sequence[Message], since: int) -> int:
        for message in missed:
            self.queue.say(encode_message(message))
        return missed[-1].seq if missed else since

    def _leave(self, topic: str) -> None:
        if topic in self.topics:
            del self.topics[topic]
            self.rooms.hub.leave(self.queue, topic)

    def _refuse(self, topic: str, code: str, sentence: str) -> None:
        self.queue.say(encode_refused(topic, code, sentence))

    async def _send(self) -> None:
        while True:
            item = await self.queue.next()
            text = item.text if isinstance(item, Frame) else item
            try:
                async with asyncio.timeout(SEND_SECONDS_MAX):
                    await self.wire.send(text)
            except TimeoutError:
                raise Broken(CLOSE_SLOW) from None

    async def _beat(self) -> None:
        number = 0
        while True:
            number += 1
            await self.rooms.books_heard.wait()
            self.queue.say(encode_beat(number, self.rooms.clock()))
            await asyncio.sleep(self.rooms.beat_seconds)
            if number % RECHECK_BEATS == 0:
                self._rights_changed.set()

    def _on_rights(self, subject_kind: str, subject_id: str) -> None:
        if self.principal.kind == subject_kind and self.principal.id == subject_id:
            self._rights_changed.set()

    async def _recheck_when_told(self) -> None:
        while True:
            await self._rights_changed.wait()
            self._rights_changed.clear()
            self.principal = await self.recognise()
            for topic, capability in tuple(self.topics.items()):
                if not await self.rooms.gatekeeper.may_join(self.principal, topic, capability):
                    self._leave(topic)
                    self._refuse(topic, "NotAllowed", "You may not follow this any longer.")


def decode(text: str) -> Heard:
    """What a client said. Raises Broken for what is no sentence of ours."""
    try:
        heard = DECODER.decode(text)
    except (msgspec.MsgspecError, UnicodeEncodeError):
        raise Broken(CLOSE_POLICY) from None
    if not is_sound(heard):
        raise Broken(CLOSE_POLICY)
    return heard
