"""The journal in the database: seqs without gaps, replay, and what is too old."""

import asyncio
import json
from collections.abc import AsyncIterator

import pytest

from basis.kit.testing import HandClock
from kitchenasty.kit.books import Books, open_books
from kitchenasty.kit.live.announcer import Announcer
from kitchenasty.kit.live.hub import Frame, Hub, Subscriber
from kitchenasty.kit.live.log import DatabaseJournal, append, forget_old_messages
from kitchenasty.kit.live.messages import Message
from kitchenasty.kit.live.ports import REPLAY_MAX, TooOld


class ChangedMind(Exception): ...


async def tell_and_regret(books: Books) -> None:
    async with books.writing() as uow:
        await append(uow, "kitchen:a", "said", {})
        raise ChangedMind


@pytest.fixture
def journal(books: Books) -> DatabaseJournal:
    return DatabaseJournal(books)


async def tell(books: Books, topic: str, count: int = 1) -> None:
    async with books.writing() as uow:
        for number in range(count):
            await append(uow, topic, "said", {"number": number})


async def test_each_topic_counts_for_itself(books: Books, journal: DatabaseJournal) -> None:
    await tell(books, "kitchen:a", 3)
    await tell(books, "kitchen:b")
    assert [message.seq for message in await journal.since("kitchen:a", 1)] == [2, 3]
    assert await journal.head("kitchen:b") == 1
    assert await journal.since("kitchen:c", 0) == []


async def test_what_was_rolled_back_leaves_no_gap(books: Books, journal: DatabaseJournal) -> None:
    await tell(books, "kitchen:a")
    with pytest.raises(ChangedMind):
        await tell_and_regret(books)
    await tell(books, "kitchen:a")
    assert [message.seq for message in await journal.since("kitchen:a", 0)] == [1, 2]


async def test_concurrent_writers_leave_no_gap(books: Books, journal: DatabaseJournal) -> None:
    await asyncio.gather(*(tell(books, "kitchen:a") for _ in range(40)))
    assert [message.seq for message in await journal.since("kitchen:a", 0)] == list(range(1, 41))


async def test_what_is_forgotten_is_too_old(
    books: Books, journal: DatabaseJournal, clock: HandClock
) -> None:
    await tell(books, "kitchen:a", 2)
    clock.advance(days=2)
    await tell(books, "kitchen:a")
    async with books.writing() as uow:
        await forget_old_messages(uow, {})
    with pytest.raises(TooOld):
        await journal.since("kitchen:a", 1)
    assert [message.seq for message in await journal.since("kitchen:a", 2)] == [3]


async def test_a_seq_of_the_future_is_too_old(books: Books, journal: DatabaseJournal) -> None:
    """After a restore from a backup screens may know more than we do."""
    await tell(books, "kitchen:a")
    with pytest.raises(TooOld):
        await journal.since("kitchen:a", 9)


async def test_too_many_to_replay_is_too_old(books: Books, journal: DatabaseJournal) -> None:
    await tell(books, "kitchen:a", REPLAY_MAX + 1)
    with pytest.raises(TooOld):
        await journal.since("kitchen:a", 0)


@pytest.fixture
async def hub(books: Books, journal: DatabaseJournal) -> AsyncIterator[Hub]:
    """A running announcer's rooms."""
    rooms = Hub()
    announcer = Announcer(books, rooms, journal)
    task = asyncio.create_task(announcer.run_forever())
    await asyncio.wait_for(announcer.listening.wait(), 10)
    yield rooms
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def next_seq(follower: Subscriber) -> int:
    item = await asyncio.wait_for(follower.next(), 5)
    assert isinstance(item, Frame), json.loads(item)
    return item.message.seq


async def test_the_committed_is_published_and_the_undone_is_not(books: Books, hub: Hub) -> None:
    follower = Subscriber()
    hub.join(follower, "kitchen:a")
    with pytest.raises(ChangedMind):
        await tell_and_regret(books)
    assert follower.waiting == 0
    await tell(books, "kitchen:a")
    assert await next_seq(follower) == 1


async def test_a_gap_is_filled_from_the_journal(books: Books, hub: Hub) -> None:
    follower = Subscriber()
    hub.join(follower, "kitchen:a")
    await tell(books, "kitchen:a")
    announce, books.tell = books.tell, lambda _: None
    await tell(books, "kitchen:a")  # another process: its word never reaches us
    books.tell = announce
    announce([Message("kitchen:a", 3, "said", {})])
    await tell(books, "kitchen:a")
    assert [await next_seq(follower) for _ in range(3)] == [1, 2, 3]


async def test_another_process_is_heard_on_postgres(
    books: Books, hub: Hub, engine_name: str
) -> None:
    if engine_name != "postgresql":
        pytest.skip("one process has the file of SQLite; only PostgreSQL is shared")
    follower = Subscriber()
    hub.join(follower, "kitchen:a")
    other = open_books(books.database, books.clock, books.secret)  # has no announcer of its own
    deadline = asyncio.get_running_loop().time() + 5
    while not follower.waiting:
        assert asyncio.get_running_loop().time() < deadline
        await tell(other, "kitchen:a")
    assert await next_seq(follower) >= 1
