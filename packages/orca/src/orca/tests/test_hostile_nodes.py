"""X3: a node that joined as it should, and then says whatever it likes. Others are not harmed, and
what it can fill is bounded.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import aiohttp
import msgspec
import pytest

from basis.kit.testing import HandClock
from orca.link import Answer, Hello, encode
from orca.planning import AHEAD_BELIEVED, COUNT_MAX, REASON_LENGTH_MAX
from orca.runtime import MemoryEngine, MemoryImage
from orca.tests.linked import DIGEST, Linked, Socket, linked, service, until
from orca.tests.world import opened_world

NODES = "".join(
    f'[[node]]\nname = "{name}"\naddress = "127.0.0.1"\n' for name in ("good", "hostile")
)
OWN, OTHER = "shop/lost", "shop/web"
MEGABYTE = 1_000_000


def report(number: Any = 1, *, node: Any = "hostile", running: Any = (), **more: Any) -> str:
    told = {"node": node, "start": 1, "number": number, "applied": 0, "routes": 0}
    return json.dumps({"kind": "report", "report": told | {"running": running} | more})


def seen(name: str = OWN, *, slot: Any = 0, **more: Any) -> dict[str, Any]:
    return {"copy": {"service": name, "slot": slot, "generation": 1}, "is_ready": False} | more


FRAMES = [
    "", "null", "[]", "{}", "0", "NaN", "[" * 10_000, "[" * 10_000 + "]" * 10_000, "\0", "\\ud800",
    '{"kind":"hello","cpu_milli":NaN,"memory_bytes":0}',
    '{"kind":"run"}',
    '{"kind":"hello","cpu_milli":-1,"memory_bytes":-1}',
    '{"kind":"hello","cpu_milli":1e400,"memory_bytes":1}',
    '{"kind":"hello","cpu_milli":1%s,"memory_bytes":1}' % ("0" * 30),
    '{"kind":"hello","cpu_milli":%s,"memory_bytes":1}' % ("9" * 5_000),
    '{"kind":"answer","number":1,"output":"not asked"}',
    '{"kind":"answer","number":-1,"refusal":"\\ud800"}',
    report(node="\0"), report(7, running=[seen(OTHER, crashes=99, reason="not mine")]),
    report(8, running=[seen(slot=2**40), seen(slot=-1), seen("", slot=0)]),
    report(9, running=[seen(crashes=2**62)]), report(10, running=[seen(crashes=2**80)]),
    report(11, running=[seen(reason="x" * 5 * MEGABYTE)]),
    report(11, running=[seen(reason="x" * (MEGABYTE - 100_000))]),
    report(12, running=[seen(reason="\0\x1b[2J\n" * 99)]),
    report(13, running=[seen(f"no/{number}") for number in range(20_000)]),
    "x" * 17 * MEGABYTE,
    # Numbers so large come last: without a bound nothing that follows would be listened to.
    report(2**70), report(-1), report(None), report(1.5), report(start=-(2**70)),
    report(applied=2**60, routes=2**60), report(node="good", running=[seen(OTHER)]),
]  # fmt: skip


@pytest.fixture
async def place(tmp_path: Path, clock: HandClock) -> AsyncIterator[Linked]:
    async with opened_world(tmp_path, clock) as world, linked(world) as made:
        yield made


async def test_a_hostile_node_harms_nobody_else(
    place: Linked, caplog: pytest.LogCaptureFixture
) -> None:
    machine = MemoryEngine({DIGEST: MemoryImage()})
    async with place.node("good", machine), place.stranger("hostile") as link:
        await place.deploy(
            service("web", "placement.node = 'good'"),
            service("lost", "placement.node = 'hostile'"),
            nodes=NODES,
        )
        await until(lambda: is_ready(place))
        before = {name: kept.seen.started for name, kept in machine.containers.items()}
        await link.close()
        for frame in FRAMES:
            await say(place, frame)
            await check_unharmed(place)
        await say(place, *(report(number, running=[seen(reason=f"{number}")])
                           for number in range(100, 400)))  # fmt: skip
        await say(place, *[encode(Hello(1, 1))] * 50)
        await check_unharmed(place)
        clock = place.control.state.clock
        await until(lambda: asyncio.sleep(0, place.control.state.clock > clock))
        assert [each.getMessage() for each in caplog.records if each.levelname == "ERROR"] == []
        assert {name: kept.seen.started for name, kept in machine.containers.items()} == before
    print(f"X3: {len(FRAMES)} frames of a hostile node and a flood, 0 harmed another")


NUMBERS = [0, 1, 1_000, AHEAD_BELIEVED, COUNT_MAX]


async def test_no_number_that_a_node_says_stops_the_others(place: Linked) -> None:
    """R2. Each is followed by a deploy, which arrives."""
    machine = MemoryEngine({DIGEST: MemoryImage()})
    async with place.node("good", machine), place.stranger("hostile"):
        for turn, number in enumerate(NUMBERS):
            told = report(turn + 1, applied=number, routes=COUNT_MAX)
            await say(place, told)
            web = service("web", "placement.node = 'good'", f"env.TURN = '{turn}'")
            job = (await place.deploy(web, nodes=NODES))["job"]
            assert await until(partial(ended, place, job)) == "done"
        [said] = (await place.ask("GET", "/cluster"))["troubles"]
        assert said.startswith(f"hostile says that it obeys revision {COUNT_MAX}")
        assert place.control.state.revision < 1_000


async def ended(place: Linked, job: str) -> str | None:
    outcome = (await place.ask("GET", f"/jobs/{job}"))["outcome"]
    return str(outcome) if outcome != "running" else None


async def test_a_node_whose_disk_lies_is_told_anew_after_a_word(place: Linked) -> None:
    """Until then it goes on with what it runs, and nothing else waits for it."""
    image = MemoryImage()
    good, spoiled = MemoryEngine({DIGEST: image}), MemoryEngine({DIGEST: image})
    pinned = [service(name, f"placement.node = '{node}'") for name, node in ON.items()]
    async with place.node("good", good):
        async with place.node("hostile", spoiled) as agent:
            await place.deploy(*pinned, nodes=NODES)
            await until(lambda: is_ready(place, OWN))
            orders = agent.orders
        path = place.world.folder / "hostile" / "orders.json"
        path.write_bytes(msgspec.json.encode(replace(orders, start=COUNT_MAX, applied=1 << 40)))
        before = {name: kept.seen.started for name, kept in spoiled.containers.items()}
        async with place.node_again("hostile", spoiled) as agent:
            await until(lambda: asyncio.sleep(0, place.control.state.is_doubted("hostile")))
            await place.deploy(pinned[0], service("new", "placement.node = 'hostile'"), nodes=NODES)
            await until(lambda: is_ready(place))
            assert {name: kept.seen.started for name, kept in spoiled.containers.items()} == before
            await place.ask("POST", "/nodes/hostile/leads")
            await until(lambda: is_ready(place, "shop/new"))
            await until(lambda: asyncio.sleep(0, before.keys().isdisjoint(spoiled.containers)))
            assert agent.orders.applied == place.control.state.revision < 1_000
            assert (await place.ask("GET", "/cluster"))["troubles"] == []


ON = {"web": "good", "lost": "hostile"}


async def test_a_node_that_names_anothers_image_is_not_believed(place: Linked) -> None:
    """What one node says of a name is what all of them run, with the secrets of the service."""
    image = "registry.example/shop/web:1"
    async with place.stranger("hostile") as link:
        await place.deploy(service("web", image=image), nodes=NODES)
        for lie in LIES:
            asked = await question_on(link)
            await link.send_str(encode(Answer(asked["number"], lie)))
            number = len(LIES[: LIES.index(lie) + 1])
            await until(partial(has_tried, place, number))
        found = place.control.state.services[OTHER]
        assert found.target.declared.is_sought
        assert "not believed" in (found.rollout.why if found.rollout else "")
    assert len((await place.world.client.get("/api/v1/cluster", headers=place.headers)).content) < (
        50_000
    )


LIES = (f"evil.example/x@sha256:{DIGEST}", "web:1", "sha256:../../x")


async def question_on(link: Socket) -> dict[str, Any]:
    async with asyncio.timeout(60):
        while True:
            told: dict[str, Any] = json.loads((await link.receive()).data)
            if told["kind"] == "seek":
                return told


async def has_tried(place: Linked, times: int) -> bool:
    rollout = place.control.state.services[OTHER].rollout
    return rollout is not None and rollout.tries >= times


async def say(place: Linked, *frames: str) -> None:
    """On a link of its own, as long as that is open; then it waits until all of it was heard."""
    async with place.again("hostile") as link:
        with suppress(ConnectionError, aiohttp.ClientError):
            for frame in frames:
                await link.send_str(frame)
            await link.send_str(encode(Hello(4_000, 1 << 33)))
            await heard_out(link)


async def heard_out(link: Socket) -> None:
    """Until it answers the last word, or closes."""
    async with asyncio.timeout(60):
        while (told := await link.receive()).type is aiohttp.WSMsgType.TEXT:
            if '"kind":"run"' in told.data:
                return


async def is_ready(place: Linked, name: str = OTHER) -> bool:
    found = await place.service(name)
    return any(copy["isReady"] for copy in found["copies"])


async def check_unharmed(place: Linked) -> None:
    """People are answered, and what the node could fill has bounds."""
    shown = await place.world.client.get("/api/v1/cluster", headers=place.headers)
    assert shown.status_code == 200
    assert len(shown.content) < 50_000
    web, lost = await place.service(OTHER), await place.service(OWN)
    assert [(copy["isReady"], copy["crashes"]) for copy in web["copies"]] == [(True, 0)]
    assert all(len(copy["reason"]) <= REASON_LENGTH_MAX for copy in lost["copies"])
    node = place.control.state.nodes["hostile"].node
    assert (node.cpu_milli, node.memory_bytes) in {(4_000, 1 << 33), (1, 1)}
    kept = (await place.world.store.range("")).entries
    assert sum(len(entry.value) for entry in kept) < 3 * MEGABYTE
    assert [node["name"] for node in (await place.ask("GET", "/cluster"))["nodes"]] == [
        "good",
        "hostile",
    ]
