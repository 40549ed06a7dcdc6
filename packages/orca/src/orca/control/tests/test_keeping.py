"""The plan's state in the store: whole, written as it changes, and by one process alone."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from orca.control.keeping import HEAD, Keeper
from orca.planning import Declaration, Deploy, Event, Join, Report, Scale, State, Tick, step
from orca.scheduling import Node
from orca.spec import Service
from orca.store import ChangedMeanwhile, SqliteStore

GIB = 1 << 30


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[SqliteStore]:
    opened = SqliteStore(tmp_path / "orca.db")
    await opened.open()
    yield opened
    await opened.close()


def declared(name: str, image: str = "web:1") -> Declaration:
    return Declaration(f"shop/{name}", Service(name=name, image=image, replicas=2))


def history() -> list[State]:
    """States as they follow each other, from nothing."""
    state, states = State(), []
    events: list[Event] = [
        Join(Node("a", 4_000, 8 * GIB)),
        Deploy((declared("web"), declared("api"))),
        Tick(),
        Scale("shop/web", 3),
        Deploy((declared("web", "web:2"),), is_whole=True),
        Tick(),
    ]
    for number, event in enumerate(events):
        state, _ = step(state, event, 1_000 * number)
        states.append(state)
    return states


def without_hearing(state: State) -> State:
    """What is not kept: when a node was heard, which counts from the start of the next process;
    and whether all rests, since that process looks once itself.
    """
    nodes = {
        name: replace(node, heard=state.clock, last=(0, 0)) for name, node in state.nodes.items()
    }
    return replace(state, nodes=nodes, rests=False)


async def test_every_state_comes_back_as_it_was_written(store: SqliteStore) -> None:
    keeper, reached = Keeper(store), State()
    await keeper.load()
    for state in history():
        before = (await store.range("")).revision
        await keeper.save(state)
        if (await store.range("")).revision > before:
            reached = state
        assert await Keeper(store).load() == without_hearing(reached)


async def test_a_node_that_says_the_same_again_is_not_written_again(store: SqliteStore) -> None:
    """It does every second, for ever; and who dies after each thing that it wrote gets on."""
    keeper, state = Keeper(store), history()[-1]
    await keeper.load()
    for edge in ("", "its port is taken"):
        written = []
        for number in range(1, 4):
            report = Report("a", 1, number + 10 * bool(edge), 0, 0, edge=edge)
            state, _ = step(state, report, 10_000 + 1_000 * (number + 10 * bool(edge)))
            await keeper.save(state)
            written.append((await store.range("")).revision)
        assert written[1] == written[2], edge


async def test_that_only_time_went_on_is_not_written(store: SqliteStore) -> None:
    keeper, last = Keeper(store), history()[-1]
    await keeper.load()
    await keeper.save(last)
    before = (await store.range("")).revision
    later = replace(last, clock=last.clock + 5_000, wall=9_999)
    heard = {name: replace(node, heard=later.clock) for name, node in later.nodes.items()}
    await keeper.save(replace(later, nodes=heard))
    assert (await store.range("")).revision == before


async def test_one_service_that_changes_is_written_alone(store: SqliteStore) -> None:
    keeper, last = Keeper(store), history()[1]
    await keeper.load()
    await keeper.save(last)
    before = (await store.range("")).revision
    await keeper.save(step(last, Scale("shop/api", 5), 2_000)[0])
    written = {entry.key for entry in (await store.range("")).entries if entry.revision > before}
    assert "plan/services/shop/api" in written
    assert "plan/services/shop/web" not in written
    assert HEAD in written


async def test_of_two_who_write_one_is_refused(store: SqliteStore) -> None:
    """Without the comparison of the head both would write, and each believe in its own."""
    states = history()
    first, second = Keeper(store), Keeper(store)
    await first.load()
    await second.load()
    await first.save(states[0])
    with pytest.raises(ChangedMeanwhile):
        await second.save(states[1])
    assert await Keeper(store).load() == without_hearing(states[0])
