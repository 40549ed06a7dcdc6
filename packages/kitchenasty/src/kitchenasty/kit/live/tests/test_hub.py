"""Rooms: each hears its own, in order, and a slow follower is told so."""

import asyncio
import json
import random

from kitchenasty.kit.live.hub import Frame, Hub, Subscriber
from kitchenasty.kit.live.messages import Message


def message(topic: str, seq: int) -> Message:
    return Message(topic, seq, "said", {"seq": seq})


async def everything_in(subscriber: Subscriber) -> list[tuple[str, int] | str]:
    heard: list[tuple[str, int] | str] = []
    while subscriber.waiting or subscriber._lost:
        item = await asyncio.wait_for(subscriber.next(), 1)
        if isinstance(item, Frame):
            heard.append((item.message.topic, item.message.seq))
        else:
            heard.append(json.loads(item).get("resync", "said"))
    return heard


async def test_a_room_hears_only_its_own() -> None:
    hub, chance = Hub(), random.Random(7)
    topics = [f"order:{number}" for number in range(20)]
    followers = {topic: Subscriber(queue_max=10_000) for topic in topics}
    for topic, follower in followers.items():
        hub.join(follower, topic)
    seqs = dict.fromkeys(topics, 0)
    for _ in range(10_000):
        topic = chance.choice(topics)
        seqs[topic] += 1
        hub.publish(message(topic, seqs[topic]))
    foreign = 0
    for topic, follower in followers.items():
        heard = await everything_in(follower)
        foreign += sum(1 for item in heard if item[0] != topic)
        assert heard == [(topic, seq) for seq in range(1, seqs[topic] + 1)]
    print(f"O1: 10000 events in 20 rooms, {foreign} foreign messages")
    assert foreign == 0


async def test_a_slow_follower_is_told_to_fetch_everything() -> None:
    hub, slow, quick = Hub(), Subscriber(queue_max=3), Subscriber()
    hub.join(slow, "kitchen:a")
    hub.join(quick, "kitchen:a")
    for seq in range(1, 11):
        hub.publish(message("kitchen:a", seq))
    assert await everything_in(slow) == ["kitchen:a"]
    assert await everything_in(quick) == [("kitchen:a", seq) for seq in range(1, 11)]
    hub.publish(message("kitchen:a", 11))
    assert await everything_in(slow) == [("kitchen:a", 11)]


async def test_what_is_told_during_a_replay_follows_it_once() -> None:
    hub, follower = Hub(), Subscriber()
    follower.hold("kitchen:a")
    hub.join(follower, "kitchen:a")
    hub.publish(message("kitchen:a", 5))
    hub.publish(message("kitchen:a", 6))
    assert follower.waiting == 0
    follower.release("kitchen:a", after=5)
    assert await everything_in(follower) == [("kitchen:a", 6)]


async def test_two_joiners_with_different_views_both_hear_everything() -> None:
    hub, early, late = Hub(), Subscriber(), Subscriber()
    for follower, after in ((early, 5), (late, 6)):
        follower.hold("kitchen:a")
        hub.join(follower, "kitchen:a")
        hub.note_head("kitchen:a", after)
        follower.release("kitchen:a", after=after)
    hub.publish(message("kitchen:a", 6))
    assert await everything_in(early) == [("kitchen:a", 6)]
    assert await everything_in(late) == []


async def test_leaving_forgets_what_still_waits() -> None:
    hub, follower = Hub(), Subscriber()
    hub.join(follower, "kitchen:a")
    hub.publish(message("kitchen:a", 1))
    hub.leave(follower, "kitchen:a")
    assert follower.waiting == 0
    assert not hub.is_followed("kitchen:a")


class Line:
    """A way to a client that is free or not."""

    def __init__(self, *, is_free: bool = True) -> None:
        self.is_free = is_free
        self.written: list[bytes] = []

    def write_now(self, frames: bytes) -> bool:
        if self.is_free:
            self.written.append(frames)
        return self.is_free


async def waiting_sender(follower: Subscriber) -> asyncio.Task[Frame | bytes]:
    """Whoever sends has nothing left to send."""
    sender = asyncio.ensure_future(follower.next())
    await asyncio.sleep(0)
    assert not sender.done()
    return sender


async def test_an_idle_follower_is_written_to_without_its_queue() -> None:
    hub, line = Hub(), Line()
    follower = Subscriber(write_now=line.write_now)
    hub.join(follower, "kitchen:a")
    sender = await waiting_sender(follower)
    hub.publish(message("kitchen:a", 1))
    assert [json.loads(frame[2:])["seq"] for frame in line.written] == [1]
    assert (follower.waiting, sender.done()) == (0, False)
    sender.cancel()


async def test_nothing_overtakes_what_is_queued_or_being_sent() -> None:
    hub, line = Hub(), Line(is_free=False)
    follower = Subscriber(write_now=line.write_now)
    hub.join(follower, "kitchen:a")
    sender = await waiting_sender(follower)
    hub.publish(message("kitchen:a", 1))
    line.is_free = True
    hub.publish(message("kitchen:a", 2))  # 1 is queued
    first = await sender
    assert isinstance(first, Frame)
    assert first.message.seq == 1
    assert await everything_in(follower) == [("kitchen:a", 2)]
    hub.publish(message("kitchen:a", 3))  # 2 is in the sender's hands
    assert await everything_in(follower) == [("kitchen:a", 3)]
    assert line.written == []


async def test_a_follower_that_lags_is_written_to_again_only_after_its_resync() -> None:
    hub, line = Hub(), Line(is_free=False)
    follower = Subscriber(queue_max=2, write_now=line.write_now)
    hub.join(follower, "kitchen:a")
    sender = await waiting_sender(follower)
    for seq in range(1, 5):
        hub.publish(message("kitchen:a", seq))
    line.is_free = True
    hub.publish(message("kitchen:a", 5))
    assert json.loads(bytes(await sender)) == {"resync": "kitchen:a", "seq": 5}  # type: ignore[arg-type]
    sender = await waiting_sender(follower)
    hub.publish(message("kitchen:a", 6))
    assert [json.loads(frame[2:])["seq"] for frame in line.written] == [6]
    sender.cancel()
