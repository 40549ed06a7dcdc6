"""One connection by itself, where chance would have to meet two processes and a busy machine."""

import asyncio
import json
from typing import Any

from basis.clock import system_clock
from kitchenasty.kit.live.connection import LiveConnection, Rooms
from kitchenasty.kit.live.hub import Hub
from kitchenasty.kit.live.messages import Message
from kitchenasty.kit.live.ports import MemoryJournal
from kitchenasty.kit.principals import ANONYMOUS, Principal

TOPIC = "kitchen:a"


class Wire:
    """A client in this process."""

    def __init__(self) -> None:
        self.said: asyncio.Queue[str | None] = asyncio.Queue()
        self.heard: asyncio.Queue[dict[str, Any]] = asyncio.Queue()

    async def receive(self) -> str | None:
        return await self.said.get()

    async def send(self, text: bytes) -> None:
        self.heard.put_nowait(json.loads(text))

    async def close(self, code: int) -> None:
        self.heard.put_nowait({"closed": code})

    async def hear(self) -> dict[str, Any]:
        while "beat" in (heard := await asyncio.wait_for(self.heard.get(), 5)):
            pass
        return heard


class Anybody:
    async def may_join(self, _principal: Principal, _topic: str, _capability: str | None) -> bool:
        return True


class SlowJournal(MemoryJournal):
    """While it reads, two messages are committed, and word of the later one comes first."""

    def __init__(self, hub: Hub) -> None:
        super().__init__()
        self._hub = hub

    async def head(self, topic: str) -> int:
        read = await super().head(topic)
        self.append(topic, "told by another process", {})
        self._hub.publish(self.append(topic, "told by this process", {}))
        return read


async def nobody() -> Principal:
    return ANONYMOUS


async def test_a_joiner_gets_what_another_process_told_before_what_this_one_told() -> None:
    hub, wire = Hub(), Wire()
    journal = SlowJournal(hub)
    journal.append(TOPIC, "told long ago", {})
    rooms = Rooms(hub, Anybody(), journal, system_clock)
    serving = asyncio.ensure_future(LiveConnection(rooms, wire, nobody, ANONYMOUS).run())
    await wire.said.put(json.dumps({"join": {"topic": TOPIC}}))
    assert await wire.hear() == {"joined": TOPIC, "seq": 1}
    assert [(await wire.hear())["seq"] for _ in range(2)] == [2, 3]
    hub.publish(Message(TOPIC, 4, "told now", {}))
    assert (await wire.hear())["seq"] == 4
    await wire.said.put(None)
    await asyncio.wait_for(serving, 5)
