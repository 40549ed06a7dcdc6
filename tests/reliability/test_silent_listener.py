"""A line to PostgreSQL that swallows everything: what other processes tell is late, never lost."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

from basis.clock import system_clock
from basis.kit.data.engines import open_database
from basis.kit.testing import SECRET_KEY, PostgresCluster
from kitchenasty.kit.books import open_books
from kitchenasty.kit.live import Announcer, DatabaseJournal, Hub, append
from kitchenasty.kit.live.hub import Frame, Subscriber
from kitchenasty.kit.schema import SCHEMA
from tests.reliability.fault_proxy import BLACK_HOLE, NONE, fault_proxy
from tests.reliability.shop import pause

pytestmark = pytest.mark.postgres

TOPIC = "kitchen:a"
PROOF_SECONDS = 0.2
PATIENCE_SECONDS = 20


async def until(is_so: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not is_so():
            await pause(0.01)


async def test_what_was_told_into_a_dead_line_is_heard_when_it_is_noticed(
    own_cluster: PostgresCluster,
) -> None:
    own_cluster.create_database("house")
    await SCHEMA.migrate(own_cluster.url("house"))
    database = open_database(own_cluster.url("house"))
    await database.start()
    other = open_books(database, system_clock, SECRET_KEY)
    async with fault_proxy(str(own_cluster.folder / ".s.PGSQL.5432")) as line:
        far = open_database(f"postgresql://postgres@127.0.0.1:{line.port}/house")
        hub, follower, journal = Hub(), Subscriber(), DatabaseJournal(other)
        ours = open_books(far, system_clock, SECRET_KEY)
        announcer = Announcer(ours, hub, journal, proof_seconds=PROOF_SECONDS)
        running = asyncio.create_task(announcer.run_forever())
        await until(announcer.listening.is_set)
        hub.join(follower, TOPIC)
        hub.note_head(TOPIC, 0)
        line.fault = BLACK_HOLE
        async with other.writing() as uow:
            await append(uow, TOPIC, "said", {})
        await until(lambda: not announcer.listening.is_set())
        assert follower.waiting == 0
        line.fault = NONE
        heard = await asyncio.wait_for(follower.next(), PATIENCE_SECONDS)
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
    await database.stop()
    assert isinstance(heard, Frame)
    assert heard.message.seq == 1
