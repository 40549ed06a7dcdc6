"""What an agent makes of what it is told, on a real engine and on the twin in memory."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from basis.ids import new_id
from orca.agent import OrdersFile
from orca.agent.tests.builders import ASK_INSIDE, WITHIN_SECONDS, Node, agent_of, wanted
from orca.planning import COUNT_MAX, Orders, Run
from orca.runtime import (
    DockerRuntime,
    EngineAway,
    Executed,
    MemoryEngine,
    MemoryImage,
    MemoryRuntime,
    Runtime,
)
from orca.testing import RealEngine, ask

FIRST, SECOND = "shop/web.0.g1", "shop/web.0.g2"


def memory_engine() -> MemoryEngine:
    healthy = {" ".join(ASK_INSIDE["command"]): Executed(0, "ok\n")}
    web, ends = MemoryImage(commands=healthy), MemoryImage(exits=3, says="bad\n")
    return MemoryEngine({"test/web:1": web, "test/web:2": web, "test/ends:1": ends})


@pytest.fixture(params=["docker", "memory"])
async def node(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Node]:
    reach: Callable[[], Runtime]
    if request.param == "docker":
        engine: RealEngine = request.getfixturevalue("engine")
        reach = partial(DockerRuntime, engine.url)
    else:
        reach = partial(MemoryRuntime, memory_engine())
    cluster = f"c{new_id()[-12:]}"
    node = Node(reach, cluster, tmp_path, agent_of(reach(), cluster, tmp_path))
    yield node
    await node.agent.close()
    runtime = reach()
    for container in await runtime.list(cluster):
        await runtime.remove(container.name)
    await runtime.close()


async def test_runs_what_is_wanted_and_ends_what_is_not_and_leaves_the_rest(node: Node) -> None:
    first, other = wanted(readiness=ASK_INSIDE), wanted(slot=1, readiness=ASK_INSIDE)
    node.want(first, other)
    await node.all_ready(FIRST, "shop/web.1.g1")
    before = await node.started()
    node.want(wanted("test/web:2", generation=2, readiness=ASK_INSIDE), other)
    await node.all_ready(SECOND, "shop/web.1.g1")
    assert (await node.started())["shop/web.1.g1"] == before["shop/web.1.g1"]


async def test_an_agent_that_begins_again_finds_its_containers(node: Node) -> None:
    """Adoption: by labels, and by the orders on its disk, without anybody telling it anything."""
    node.want(wanted(readiness=ASK_INSIDE))
    await node.all_ready(FIRST)
    before, report = await node.started(), node.agent.report()
    await node.restart_agent()
    await node.all_ready(FIRST)
    assert await node.started() == before
    after = node.agent.report()
    assert after.start > report.start
    assert after.applied == report.applied


async def test_only_exactly_what_was_never_given_is_undone_by_a_word(node: Node) -> None:
    """What comes late and was said of another number must not undo what is obeyed by now."""
    first, other = wanted(), wanted(slot=1)
    node.agent.hear(Run("n1", 1 << 40, (first,)), {})
    node.agent.hear(Run("n1", 8, (other,)), {})
    assert node.agent.orders.applied == 1 << 40
    node.agent.hear(Run("n1", 8, (other,), instead_of=1 << 40), {str(other.copy): {"KEY": "new"}})
    assert (node.agent.orders.applied, node.agent.orders.wanted) == (8, (other,))
    assert node.agent.env == {str(other.copy): {"KEY": "new"}}
    node.agent.hear(Run("n1", 7, (first,), instead_of=1 << 40), {})
    assert node.agent.orders.applied == 8


@pytest.mark.parametrize(
    "spoiled", [b"", b"{", b"[]", b'{"applied":-1}', b'{"start":1%s}' % (b"0" * 40)]
)
async def test_orders_that_cannot_be_read_are_none_and_nothing_is_ended(
    tmp_path: Path, spoiled: bytes
) -> None:
    engine = memory_engine()
    node = Node(
        partial(MemoryRuntime, engine),
        "c1",
        tmp_path,
        agent_of(MemoryRuntime(engine), "c1", tmp_path),
    )
    node.want(wanted(readiness=ASK_INSIDE))
    await node.all_ready(FIRST)
    (tmp_path / "orders.json").write_bytes(spoiled)
    before = await node.started()
    await node.restart_agent()
    await node.agent.work()
    assert await node.started() == before
    assert node.agent.report().applied == 0
    await node.agent.close()


async def test_a_start_that_no_clock_comes_to_is_not_gone_on_from(tmp_path: Path) -> None:
    """The next one would be more than a message holds, and no link would ever stay open."""
    file = OrdersFile(tmp_path / "orders.json")
    file.save(Orders(start=COUNT_MAX))
    assert file.begin().start < 1 << 40


async def test_what_its_engine_says_of_a_gpu_is_what_is_reported(
    engine: RealEngine, tmp_path: Path
) -> None:
    """There is none here, and no driver that could hand it over."""
    cluster = f"c{new_id()[-12:]}"
    reach = partial(DockerRuntime, engine.url)
    node = Node(reach, cluster, tmp_path, agent_of(reach(), cluster, tmp_path))
    node.want(replace(wanted(), gpus=(0,)))
    seen = await node.until(lambda seen: any("nvidia" in each.reason for each in seen.values()))
    assert not seen[FIRST].is_ready
    node.want()
    await node.until(lambda seen: not seen)
    await node.agent.close()


async def test_orders_that_were_overtaken_take_no_secret_away(node: Node) -> None:
    copy = wanted()
    secrets = {str(copy.copy): {"KEY": "of now"}}
    node.agent.hear(Run("n1", 8, (copy,)), secrets)
    node.agent.hear(Run("n1", 7, ()), {})
    assert node.agent.env == secrets
    assert node.agent.orders.wanted == (copy,)
    node.agent.hear(Run("n1", 9, ()), {})
    assert node.agent.env == {}


async def test_networks_go_with_the_last_service_that_needs_them(node: Node) -> None:
    """And come back with the next one."""
    shop, office = f"{node.cluster}.shop", f"{node.cluster}.office"
    node.want(wanted(), wanted(slot=1, network="office"))
    await node.all_ready(FIRST, "shop/web.1.g1")
    assert await node.agent.runtime.list_networks(node.cluster) == [office, shop]
    node.want(wanted())
    await until_networks(node, shop)
    node.want()
    await until_networks(node)
    node.want(wanted(generation=2))
    await node.all_ready(SECOND)
    await node.restart_agent()
    await node.all_ready(SECOND)
    await until_networks(node, shop)


async def until_networks(node: Node, *names: str) -> None:
    async with asyncio.timeout(WITHIN_SECONDS):
        while await node.agent.runtime.list_networks(node.cluster) != [*names]:
            await node.agent.work()
            await asyncio.sleep(0.05)


async def test_an_agent_that_lost_its_disk_touches_nothing_until_it_is_told(node: Node) -> None:
    node.want(wanted())
    await node.all_ready(FIRST)
    before, start = await node.started(), node.agent.orders.start
    (node.folder / "orders.json").unlink()
    await node.restart_agent()
    await node.agent.work()
    assert await node.started() == before
    assert node.agent.report().applied == 0
    assert node.agent.orders.start >= start


async def test_an_image_that_is_nowhere_says_so_and_holds_up_nobody(node: Node) -> None:
    node.want(wanted("test/nowhere:1"), wanted(slot=1))
    seen = await node.until(
        lambda seen: (
            seen.get(FIRST) is not None and seen["shop/web.1.g1"].is_ready
            if "shop/web.1.g1" in seen
            else False
        )
    )
    assert not seen[FIRST].is_ready
    assert seen[FIRST].crashes >= 1
    assert "test/nowhere:1" in seen[FIRST].reason


async def test_what_ends_at_once_is_counted_and_says_its_last_words(node: Node) -> None:
    node.want(wanted("test/ends:1", port=None))
    seen = await node.until(
        lambda seen: FIRST in seen and seen[FIRST].crashes >= 1 and ": bad" in seen[FIRST].reason
    )
    assert not seen[FIRST].is_ready
    assert seen[FIRST].reason.startswith("it ended with 3: bad")


async def test_what_never_answers_is_never_ready(node: Node) -> None:
    never = {"command": ["false"], "interval_secs": 1}
    node.want(wanted(readiness=never), wanted(slot=1, readiness=ASK_INSIDE))
    seen = await node.until(
        lambda seen: len(seen) == 2 and seen["shop/web.1.g1"].is_ready,
    )
    assert not seen[FIRST].is_ready


async def test_a_container_ends_when_nothing_is_led_to_it_any_more(tmp_path: Path) -> None:
    engine, may_end, asked = memory_engine(), asyncio.Event(), list[str]()

    async def let_go(address: str) -> None:
        asked.append(address)
        await may_end.wait()

    agent = agent_of(MemoryRuntime(engine), "c1", tmp_path)
    agent.let_go = let_go
    node = Node(partial(MemoryRuntime, engine), "c1", tmp_path, agent)
    node.want(wanted(readiness=ASK_INSIDE))
    told = await node.all_ready(FIRST)
    node.want(wanted(slot=1, readiness=ASK_INSIDE))
    await node.until(lambda seen: "shop/web.1.g1" in seen and seen["shop/web.1.g1"].is_ready)
    assert asked == [told[FIRST].address]
    assert FIRST in await node.started()
    may_end.set()
    await node.all_ready("shop/web.1.g1")
    await agent.close()


async def test_old_news_are_not_obeyed(node: Node) -> None:
    node.revision = 7
    node.want(wanted())
    node.agent.hear(Run("n1", 7, ()))
    node.agent.hear(Run("n1", 3, ()))
    await node.all_ready(FIRST)


async def test_a_volume_is_never_written_by_two(node: Node) -> None:
    data = [{"name": "data", "path": "/data"}]
    node.want(wanted(volumes=data))
    await node.all_ready(FIRST)
    node.want(wanted("test/web:2", generation=2, volumes=data))
    await node.until(lambda seen: check_alone({*seen}) and SECOND in seen)


def check_alone(names: set[str]) -> bool:
    assert names != {FIRST, SECOND}
    return True


@pytest.mark.parametrize("node", ["docker"], indirect=True)
@pytest.mark.parametrize("how", ["kill", "stop", "remove"])
async def test_scenario_8_what_was_ended_from_outside_comes_back(
    engine: RealEngine, node: Node, how: str
) -> None:
    """By `docker kill`, `docker stop` and `docker rm -f`, behind the back of the agent."""
    node.want(wanted())
    await node.all_ready(FIRST)
    before = await node.started()
    name = f"{node.cluster}.shop.web.0.g1"
    if how == "remove":
        ask(engine, "DELETE", f"/containers/{name}?force=true")
    else:
        ask(engine, "POST", f"/containers/{name}/{how}")
    await node.all_ready(FIRST)
    assert await node.started() != before


async def test_of_two_replicas_the_unwell_one_alone_is_restarted(tmp_path: Path) -> None:
    """D6: in the reference the restart goes by the service's name and takes another."""
    engine = memory_engine()
    agent = agent_of(MemoryRuntime(engine), "c1", tmp_path)
    node = Node(partial(MemoryRuntime, engine), "c1", tmp_path, agent)
    alive = {**ASK_INSIDE, "interval_secs": 1, "failure_threshold": 1}
    node.want(wanted(liveness=alive), wanted(slot=1, liveness=alive))
    await node.all_ready(FIRST, "shop/web.1.g1")
    before = await node.started()
    unwell = engine.containers["c1.shop.web.1.g1"]
    unwell.image = replace(
        unwell.image, commands={" ".join(ASK_INSIDE["command"]): Executed(1, "")}
    )
    seen = await node.until(lambda seen: seen["shop/web.1.g1"].crashes >= 1)
    assert seen["shop/web.1.g1"].reason == "it did not answer 1 times and was restarted"
    assert seen[FIRST].crashes == 0
    after = await node.started()
    assert after[FIRST] == before[FIRST]
    assert after["shop/web.1.g1"] != before["shop/web.1.g1"]
    await agent.close()


async def test_an_engine_that_is_away_ends_nothing(tmp_path: Path) -> None:
    """Nothing is concluded from what cannot be seen; when it is back all is as it was."""
    engine = memory_engine()
    agent = agent_of(MemoryRuntime(engine), "c1", tmp_path)
    node = Node(partial(MemoryRuntime, engine), "c1", tmp_path, agent)
    node.want(wanted())
    await node.all_ready(FIRST)
    before = await node.started()
    engine.go_away()
    with pytest.raises(EngineAway):
        await agent.work()
    engine.is_away = False
    await node.all_ready(FIRST)
    assert await node.started() == before
    await agent.close()


async def test_orders_that_cannot_be_kept_are_not_obeyed(tmp_path: Path) -> None:
    """A full disk: what is reported as obeyed has to be known after a crash."""
    agent = agent_of(MemoryRuntime(memory_engine()), "c1", tmp_path)
    (tmp_path / "orders.json.new").mkdir()  # in the way of the file that would be written
    with pytest.raises(OSError, match="directory"):
        agent.hear(Run("n1", 1, (wanted(),)))
    assert agent.report().applied == 0
    assert OrdersFile(tmp_path / "orders.json").load().applied == 0
    await agent.close()
