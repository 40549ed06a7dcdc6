"""What an agent says while its engine says nothing, and that nobody waits for who answers late."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from orca.agent.tests.builders import WITHIN_SECONDS, Node, agent_of, wanted
from orca.planning import Report, Route, Seen, Upstream
from orca.runtime import EngineAway, Executed, MemoryEngine, MemoryImage, MemoryRuntime
from orca.scheduling import CopyId

FIRST = "shop/web.0.g1"
SILENT = "the engine does not answer"
OFTEN = {"tcp": True, "interval_secs": 1, "failure_threshold": 1}


@pytest.fixture
def door() -> socket.socket:
    """Stands for a container that serves: what its engine does is nothing to it."""
    return socket.create_server(("127.0.0.1", 0))


@pytest.fixture
async def node(door: socket.socket, tmp_path: Path) -> AsyncIterator[Node]:
    port = door.getsockname()[1]
    engine = MemoryEngine({"test/web:1": MemoryImage(listens=port, commands={"well": WELL})})
    made = node_with(engine, tmp_path)
    yield made
    await made.agent.close()
    door.close()


WELL = Executed(0, "")


def node_with(engine: MemoryEngine, folder: Path) -> Node:
    reach = partial(MemoryRuntime, engine)
    return Node(reach, "c1", folder, agent_of(reach(), "c1", folder))


def engine_of(node: Node) -> MemoryEngine:
    assert isinstance(node.agent.runtime, MemoryRuntime)
    return node.agent.runtime._engine


async def without_engine(node: Node, is_so: Callable[[Report], bool]) -> Report:
    """Rounds in which it does not answer."""
    async with asyncio.timeout(WITHIN_SECONDS):
        while True:
            with pytest.raises(EngineAway):
                await node.agent.work()
            report = node.agent.report()
            if is_so(report):
                return report
            await asyncio.sleep(0.05)


def only(report: Report) -> Seen:
    [seen] = report.running
    return seen


@pytest.mark.parametrize("fields", [{"readiness": OFTEN}, {}, {"readiness": {"command": ["well"]}}])
async def test_what_serves_without_its_engine_is_asked_by_its_port(
    node: Node, door: socket.socket, fields: dict[str, Any]
) -> None:
    """Said to be ready for ever it would get requests long after it ended."""
    node.want(wanted(**fields))
    await node.all_ready(FIRST)
    before = await node.started()
    engine_of(node).go_away()
    report = await without_engine(node, lambda report: report.engine != "")
    assert report.engine == SILENT
    assert (only(report).is_ready, only(report).reason) == (True, SILENT)
    door.close()
    report = await without_engine(node, lambda report: not only(report).is_ready)
    assert only(report).reason == SILENT
    engine_of(node).is_away = False
    seen = await node.until(lambda _: not node.agent.report().engine)
    assert {*seen} == {FIRST}
    assert await node.started() == before


async def test_what_has_no_port_stays_what_it_was(node: Node) -> None:
    """Nothing is concluded from what cannot be seen."""
    node.want(wanted(port=None))
    await node.all_ready(FIRST)
    engine_of(node).go_away()
    for _ in range(3):
        report = await without_engine(node, lambda report: report.engine != "")
        assert (only(report).is_ready, only(report).reason) == (True, SILENT)


async def test_an_agent_that_has_seen_nothing_says_so(node: Node) -> None:
    """Were it to say that nothing runs, requests would be led away from all that serves."""
    node.want(wanted(readiness=OFTEN))
    await node.all_ready(FIRST)
    assert not node.agent.report().is_blind
    await node.restart_agent()
    report = node.agent.report()
    assert (report.is_blind, report.running) == (True, ())
    await node.agent.work()
    [first] = node.agent.report().running
    assert first.is_ready or not first.is_asked
    await node.all_ready(FIRST)
    assert only(node.agent.report()).is_asked


async def test_an_agent_that_begins_without_its_engine_asks_where_requests_are_led(
    node: Node, door: socket.socket
) -> None:
    node.want(wanted(readiness=OFTEN))
    seen = await node.all_ready(FIRST)
    led = Upstream(CopyId("shop/web", 0, 1), "n1", 10_000, seen[FIRST].address)
    node.agent.hear(Route("n1", 1, {"shop/web": (led,)}))
    await node.restart_agent()
    engine_of(node).go_away()
    report = await without_engine(node, lambda report: report.running != ())
    assert report.is_blind
    assert only(report).is_ready
    door.close()
    report = await without_engine(node, lambda report: not only(report).is_ready)
    assert only(report).address == seen[FIRST].address


async def test_twenty_probes_that_hang_hold_up_nobody(tmp_path: Path) -> None:
    """A round that waits for them would bring back nothing for a minute."""
    hangs = {"command": ["hang"], "interval_secs": 1, "timeout_secs": 60}
    engine = MemoryEngine(
        {"test/stuck:1": MemoryImage(hangs="hang"), "test/web:1": MemoryImage()},
    )
    node = node_with(engine, tmp_path)
    stuck = [wanted("test/stuck:1", slot=slot, liveness=hangs) for slot in range(1, 21)]
    node.want(wanted(), *stuck)
    seen = await node.until(lambda seen: len(seen) == 21 and all(s.is_ready for s in seen.values()))
    assert seen[FIRST].crashes == 0
    async with asyncio.timeout(WITHIN_SECONDS / 2):
        engine.kill("c1.shop.web.0.g1")
        seen = await node.until(lambda seen: seen[FIRST].crashes == 1 and seen[FIRST].is_ready)
    assert len(seen) == 21
    await node.agent.close()
