"""A hundred services on twenty nodes, by the API and by real links: engines alone are in memory."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest

from basis.kit.testing import HandClock
from orca.runtime import MemoryEngine, MemoryImage
from orca.tests.linked import DIGEST, Linked, linked, service, until
from orca.tests.world import opened_world

NODES, SERVICES = 20, 100
ZONES = ("north", "south", "west")
CPU_MILLI = 50
SMALL = f'resources = {{ memory = "16Mi", cpu = {CPU_MILLI / 1_000} }}'


@pytest.fixture
async def place(tmp_path: Path, clock: HandClock) -> AsyncIterator[Linked]:
    async with opened_world(tmp_path, clock) as world, linked(world) as made:
        yield made


def zone_of(node: int) -> str:
    return ZONES[node % len(ZONES)]


def machines() -> str:
    return "\n".join(
        f'[[node]]\nname = "n{number:02}"\naddress = "10.0.0.{number + 1}"\n'
        f'labels = {{ zone = "{zone_of(number)}" }}\n'
        for number in range(NODES)
    )


def wanted(number: int) -> str:
    """Some want a zone, some a node by its name, some to be apart, and one what nobody has."""
    lines = [SMALL, f"replicas = {1 + number % 3}"]
    if number % 5 == 0:
        lines.append(f'placement = {{ labels = {{ zone = "{zone_of(number)}" }} }}')
    elif number % 17 == 0:
        lines.append(f'placement = {{ node = "n{number % NODES:02}" }}')
    elif number % 4 == 0:
        lines.append('placement = { spread = "require" }')
    elif number == 99:
        lines.append('placement = { labels = { zone = "nowhere" } }')
    return service(f"s{number:03}", *lines)


async def test_scenario_21_a_hundred_services_on_twenty_nodes_by_the_api(place: Linked) -> None:
    """All are placed as they ask and run, no node has more than it can hold, and who has no place
    is told why by each of the nodes.
    """
    async with AsyncExitStack() as stack:
        engines = [MemoryEngine({DIGEST: MemoryImage()}) for _ in range(NODES)]
        for number, engine in enumerate(engines):
            await stack.enter_async_context(place.node(f"n{number:02}", engine))
        begun = time.monotonic()
        await place.deploy(*map(wanted, range(SERVICES)), nodes=machines())
        services = await until(lambda: all_run(place))
        seconds = time.monotonic() - begun
        check_places(services)
        [words] = services["s099"]["waits"]
        assert all(f"n{number:02}: " in words for number in range(NODES))
        counted = Counter({at: len(engine.containers) for at, engine in enumerate(engines)})
        print(f"{counted.total()} copies of {SERVICES} services in {seconds:.1f} s on {counted}")
        assert counted.total() == sum(1 + number % 3 for number in range(SERVICES - 1))
        for node in (await place.ask("GET", "/cluster"))["nodes"]:
            assert node["isConnected"]
            assert counted[int(node["name"][1:])] * CPU_MILLI <= node["cpuMilli"]


async def all_run(place: Linked) -> dict[str, Any] | None:
    shown = (await place.ask("GET", "/cluster"))["services"]
    found = {each["id"].removeprefix("shop/"): each for each in shown}
    waiting = [name for name, each in found.items() if each["state"] != "running"]
    return found if waiting == ["s099"] else None


def check_places(services: dict[str, Any]) -> None:
    for number in range(SERVICES - 1):
        at = [copy["node"] for copy in services[f"s{number:03}"]["copies"]]
        assert len(at) == 1 + number % 3
        if number % 5 == 0:
            assert {zone_of(int(node[1:])) for node in at} == {zone_of(number)}
        elif number % 17 == 0:
            assert {*at} == {f"n{number % NODES:02}"}
        elif number % 4 == 0:
            assert len({*at}) == len(at)
