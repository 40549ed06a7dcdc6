"""Rooms in this process: who follows which topic, and what waits to be sent to them.

A subscriber that cannot keep up loses its queue and is told to fetch everything anew: nothing is
ever lost silently, and no slow phone holds memory or the others back.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from kitchenasty.kit.live.messages import Message, encode_message, encode_resync, frame_of

QUEUE_MAX = 256

WriteNow = Callable[[bytes], bool]
"""Takes whole frames. False when the client is behind or gone: nothing was written then."""


@dataclass(frozen=True, slots=True)
class Frame:
    """A message with its one encoding, bare and as a WebSocket carries it."""

    message: Message
    text: bytes
    framed: bytes


def frame_message(message: Message) -> Frame:
    text = encode_message(message)
    return Frame(message, text, frame_of(text))


@dataclass(eq=False, slots=True)
class Subscriber:
    """Somebody's queue. Between `hold` and `release` a topic's frames wait for its replay.

    With `write_now` a message skips the queue while nothing else is queued or on its way.
    """

    queue_max: int = QUEUE_MAX
    write_now: WriteNow | None = None
    overflows: int = 0
    _queue: deque[Frame | bytes] = field(default_factory=deque)
    _held: dict[str, deque[Frame]] = field(default_factory=dict)
    _lost: dict[str, int] = field(default_factory=dict)
    _known: dict[str, int] = field(default_factory=dict)
    _bell: asyncio.Event = field(default_factory=asyncio.Event)
    _is_idle: bool = False
    """Whoever sends has sent everything and waits in `next`."""

    def put(self, frame: Frame) -> None:
        """Queue a message once. A full queue is emptied, its topics are to be fetched anew."""
        topic = frame.message.topic
        if frame.message.seq <= self._known.get(topic, 0):
            return
        self._known[topic] = frame.message.seq
        held = self._held.get(topic)
        if topic in self._lost:
            self._lost[topic] = frame.message.seq
        elif held is not None and len(held) < self.queue_max:
            held.append(frame)
        elif held is None and self._write(frame):
            return
        elif held is None and len(self._queue) < self.queue_max:
            self._queue.append(frame)
        else:
            self._overflow(frame)
        self._bell.set()

    def _write(self, frame: Frame) -> bool:
        """Write past the queue, but never past what is still in it or in the sender's hands."""
        if self.write_now is None or not self._is_idle or self._queue or self._lost:
            return False
        return self.write_now(frame.framed)

    def _overflow(self, frame: Frame) -> None:
        self.overflows += 1
        kept: deque[Frame | bytes] = deque()
        for waiting in self._queue:
            if isinstance(waiting, Frame):
                self._lost[waiting.message.topic] = waiting.message.seq
            else:
                kept.append(waiting)
        self._queue = kept
        self._lost[frame.message.topic] = frame.message.seq

    def say(self, text: bytes) -> None:
        """Queue an answer or a heartbeat; these are few and never dropped."""
        self._queue.append(text)
        self._bell.set()

    def hold(self, topic: str) -> None:
        self._held[topic] = deque()

    def lacks_some(self, topic: str, *, after: int) -> bool:
        """Tell whether a message between `after` and those that wait was not told here yet."""
        held = self._held.get(topic)
        fresh = [frame.message.seq for frame in held or () if frame.message.seq > after]
        return bool(fresh) and min(fresh) > after + 1

    def release(self, topic: str, *, after: int) -> None:
        """The replay up to `after` is queued: let newer messages follow it."""
        self._known[topic] = after
        for frame in self._held.pop(topic, ()):
            self.put(frame)

    def forget(self, topic: str) -> None:
        """Drop what still waits for a topic that was left."""
        self._held.pop(topic, None)
        self._lost.pop(topic, None)
        self._known.pop(topic, None)
        self._queue = deque(
            waiting
            for waiting in self._queue
            if not (isinstance(waiting, Frame) and waiting.message.topic == topic)
        )

    async def next(self) -> Frame | bytes:
        """The next thing to send; waits for one. A lost topic gives its resync."""
        while not self._queue and not self._lost:
            self._bell.clear()
            self._is_idle = True
            await self._bell.wait()
        self._is_idle = False
        if self._queue:
            return self._queue.popleft()
        topic, seq = self._lost.popitem()
        return encode_resync(topic, seq)

    @property
    def waiting(self) -> int:
        return len(self._queue)


@dataclass(eq=False, slots=True)
class Room:
    """Who follows a topic. `head` is the seq published last, None while we have seen none."""

    subscribers: set[Subscriber] = field(default_factory=set)
    head: int | None = None


Recheck = Callable[[str, str], None]
"""Told whose rights changed: the kind and the id of the subject."""


class Hub:
    """All rooms of one process."""

    def __init__(self) -> None:
        self._rooms: dict[str, Room] = {}
        self._watchers: set[Recheck] = set()

    def join(self, subscriber: Subscriber, topic: str) -> None:
        self._rooms.setdefault(topic, Room()).subscribers.add(subscriber)

    def leave(self, subscriber: Subscriber, topic: str) -> None:
        room = self._rooms.get(topic)
        if room is None:
            return
        room.subscribers.discard(subscriber)
        subscriber.forget(topic)
        if not room.subscribers:
            del self._rooms[topic]

    def is_followed(self, topic: str) -> bool:
        return topic in self._rooms

    def head(self, topic: str) -> int | None:
        room = self._rooms.get(topic)
        return room.head if room else None

    def publish(self, message: Message) -> None:
        """Hand a message to everybody in its room; one that came before is ignored."""
        room = self._rooms.get(message.topic)
        if room is None or (room.head is not None and message.seq <= room.head):
            return
        room.head = message.seq
        frame = frame_message(message)
        for subscriber in room.subscribers:
            subscriber.put(frame)

    def is_next(self, message: Message) -> bool:
        """Tell whether nothing is missing before it; true also where nobody listens."""
        head = self.head(message.topic)
        return head is None or message.seq <= head + 1

    def note_head(self, topic: str, seq: int) -> None:
        """A replay told how far the topic has come. Of two joiners the earlier view counts: what
        one of them has not seen must still be published, and the other one ignores it.
        """
        room = self._rooms.get(topic)
        if room is not None:
            room.head = seq if room.head is None else min(room.head, seq)

    def resync(self, topic: str, head: int) -> None:
        """Too much was missed: everybody in the room is to fetch the state anew."""
        room = self._rooms.get(topic)
        if room is not None:
            room.head = max(room.head or 0, head)
            for subscriber in room.subscribers:
                subscriber.say(encode_resync(topic, head))

    def topics(self) -> list[str]:
        return list(self._rooms)

    def watch_rights(self, recheck: Recheck) -> None:
        self._watchers.add(recheck)

    def stop_watching_rights(self, recheck: Recheck) -> None:
        self._watchers.discard(recheck)

    def control(self, subject_kind: str, subject_id: str) -> None:
        """Somebody's rights changed: every connection of theirs asks again for its rooms."""
        for recheck in tuple(self._watchers):
            recheck(subject_kind, subject_id)

    def count_followers(self) -> int:
        """Everybody who is in a room, each of them once."""
        return len(set[Subscriber]().union(*(room.subscribers for room in self._rooms.values())))

    def count_subscribers(self, topic: str) -> int:
        room = self._rooms.get(topic)
        return len(room.subscribers) if room else 0
