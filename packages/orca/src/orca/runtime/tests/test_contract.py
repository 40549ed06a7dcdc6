"""What every engine has to do, written against the contract: Docker and the twin in memory."""

from __future__ import annotations

import asyncio
import os
import stat
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import aclosing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from basis.ids import new_id
from basis.kit.secret import Secret
from orca.runtime import (
    Container,
    ContainerMissing,
    ContainerSpec,
    DockerRuntime,
    EngineAway,
    Executed,
    HealthCommand,
    ImageMissing,
    MemoryEngine,
    MemoryImage,
    MemoryRuntime,
    NameTaken,
    NetworkInUse,
    RegistryAway,
    Runtime,
    StartRefused,
    VolumeInUse,
    VolumeUse,
    ending_in_words,
)
from orca.scheduling import CopyId
from orca.testing import PORT, RealEngine

WITHIN_SECONDS = 60
ENGINES = ("docker", "memory")


@dataclass
class Place:
    """A runtime, and a cluster in it that no other test uses."""

    runtime: Runtime
    cluster: str

    def spec(self, image: str = "test/web:1", **fields: Any) -> ContainerSpec:
        known = {
            "copy": CopyId("shop/web", 0, 1),
            "release": 1,
            "made_of": "abc",
            "port": PORT,
            "stop_grace_secs": 1,
        }
        return ContainerSpec(cluster=self.cluster, image=image, **{**known, **fields})

    async def run(self, image: str = "test/web:1", **fields: Any) -> ContainerSpec:
        spec = self.spec(image, **fields)
        await self.runtime.create(spec)
        await self.runtime.start(spec.name)
        return spec

    async def until(self, name: str, is_so: Callable[[Container], bool]) -> Container:
        async with asyncio.timeout(WITHIN_SECONDS):
            while True:
                found = await self.runtime.inspect(name)
                if is_so(found):
                    return found
                await asyncio.sleep(0.05)


def in_memory() -> MemoryRuntime:
    seen = {"ls /data": Executed(0, "kept\n"), "touch /data/kept": Executed(0, "")}
    web = MemoryImage(says="it begins\n", commands=seen)
    ends, broken = MemoryImage(exits=3, says="bad\n"), MemoryImage(is_broken=True)
    images = {"test/web:1": web, "test/web:2": web, "test/ends:1": ends, "test/broken:1": broken}
    return MemoryRuntime(MemoryEngine(images))


@pytest.fixture(params=ENGINES)
async def place(request: pytest.FixtureRequest) -> AsyncIterator[Place]:
    runtime: Runtime = in_memory()
    if request.param == "docker":
        engine: RealEngine = request.getfixturevalue("engine")
        runtime = DockerRuntime(engine.url)
    place = Place(runtime, f"c{new_id()[-12:]}")
    yield place
    for container in await place.runtime.list(place.cluster):
        await place.runtime.remove(container.name)
    await place.runtime.close()


async def test_knows_which_images_are_there(place: Place) -> None:
    assert (await place.runtime.find_image("test/web:1") or "").startswith("sha256:")
    assert await place.runtime.find_image("test/nowhere:1") is None


@pytest.fixture
def device() -> Iterator[Path]:
    """A file of the node that is read as /dev/null is, under a name of its own."""
    made = Path(f"/dev/c{new_id()[-12:]}")
    os.mknod(made, stat.S_IFCHR | 0o600, os.makedev(1, 3))
    yield made
    made.unlink()


async def test_a_device_of_the_node_is_seen_inside_and_no_other(
    engine: RealEngine, device: Path
) -> None:
    """What a container of AMD's GPUs is given, with a file that is no GPU."""
    place = Place(DockerRuntime(engine.url), f"c{new_id()[-12:]}")
    spec = await place.run(devices=(str(device),))
    read = ["cat", str(device)]
    told = await place.runtime.execute(spec.name, read)
    assert (told.code, told.output) == (0, "")
    bare = await place.run(copy=CopyId("shop/web", 1, 1))
    assert (await place.runtime.execute(bare.name, read)).code != 0
    for each in (spec, bare):
        await place.runtime.remove(each.name)
    await place.runtime.close()


async def test_gpus_that_an_engine_cannot_hand_over_are_refused_in_its_words(
    engine: RealEngine,
) -> None:
    place = Place(DockerRuntime(engine.url), f"c{new_id()[-12:]}")
    spec = place.spec(nvidia=(0, 1))
    await place.runtime.create(spec)
    with pytest.raises(StartRefused, match="nvidia"):
        await place.runtime.start(spec.name)
    await place.runtime.remove(spec.name)
    await place.runtime.close()


async def test_an_image_that_is_nowhere_is_refused_by_name(place: Place) -> None:
    with pytest.raises(ImageMissing, match="test/nowhere:1"):
        await place.runtime.create(place.spec("test/nowhere:1"))
    assert await place.runtime.list(place.cluster) == []


async def test_an_image_that_cannot_be_pulled_is_refused_by_name(place: Place) -> None:
    """An engine without a network cannot say whether there is one, only that it has none."""
    for asked in (place.runtime.pull("test/nowhere:1"), place.runtime.resolve("test/nowhere:1")):
        with pytest.raises((ImageMissing, RegistryAway), match="test/nowhere:1"):
            await asked


async def test_an_image_of_this_node_alone_is_known_and_run_by_its_id(place: Place) -> None:
    known = await place.runtime.resolve("test/web:1")
    assert known == await place.runtime.find_image("test/web:1")
    spec = await place.run(known)
    assert (await place.runtime.inspect(spec.name)).is_running


async def test_what_was_made_carries_whose_it_is(place: Place) -> None:
    spec = place.spec(copy=CopyId("shop/web", 2, 7), release=4, made_of="0123")
    await place.runtime.create(spec)
    [found] = await place.runtime.list(place.cluster)
    assert found.name == f"{place.cluster}.shop.web.2.g7"
    assert (found.copy, found.release, found.made_of) == (spec.copy, 4, "0123")
    assert not found.is_running
    assert ending_in_words(found) == "it was never started"


async def test_a_name_is_given_once(place: Place) -> None:
    await place.runtime.create(place.spec())
    with pytest.raises(NameTaken):
        await place.runtime.create(place.spec())


async def test_another_cluster_on_the_same_engine_is_not_seen(place: Place) -> None:
    other = replace(place.spec(), cluster=f"{place.cluster}x")
    await place.runtime.create(other)
    assert await place.runtime.list(place.cluster) == []
    await place.runtime.remove(other.name)


async def test_runs_with_its_port_published_on_the_address_alone(place: Place) -> None:
    spec = await place.run()
    found = await place.runtime.inspect(spec.name)
    assert found.is_running
    assert found.address == "127.0.0.1"
    assert found.port is not None
    assert ending_in_words(found) == ""
    await place.runtime.start(spec.name)  # once more is nothing
    assert (await place.runtime.inspect(spec.name)).started == found.started


async def test_what_is_set_is_seen_inside(place: Place) -> None:
    spec = await place.run(env={"WORD": Secret("salt")})
    shown = await place.runtime.execute(spec.name, ["env"])
    assert "WORD=salt" in shown.output.splitlines()
    assert (await place.runtime.execute(spec.name, ["false"])).code == 1
    assert (await place.runtime.execute(spec.name, ["nothing"])).code not in {0, 1}


async def test_two_who_begin_at_once_share_a_network(place: Place) -> None:
    both = [place.spec(copy=CopyId("shop/web", n, 1), network=f"{place.cluster}.n") for n in (0, 1)]
    await asyncio.gather(*(place.runtime.create(each) for each in both))
    for each in both:
        await place.runtime.start(each.name)


async def test_a_network_goes_when_nothing_runs_in_it(place: Place) -> None:
    spec = await place.run(network=f"{place.cluster}.n")
    assert await place.runtime.list_networks(place.cluster) == [spec.network]
    assert await place.runtime.list_networks(f"{place.cluster}x") == []
    with pytest.raises(NetworkInUse):
        await place.runtime.remove_network(spec.network)
    await place.runtime.remove(spec.name)
    await place.runtime.remove_network(spec.network)
    await place.runtime.remove_network(spec.network)  # once more is nothing
    assert await place.runtime.list_networks(place.cluster) == []


async def test_lists_in_the_order_of_the_copies(place: Place) -> None:
    copies = [CopyId("shop/web", slot, 1) for slot in (1, 0)] + [CopyId("shop/api", 5, 1)]
    for copy in copies:
        await place.runtime.create(place.spec(copy=copy))
    assert [each.copy for each in await place.runtime.list(place.cluster)] == sorted(copies)


async def test_stopping_keeps_it_and_removing_does_not(place: Place) -> None:
    spec = await place.run()
    await place.runtime.stop(spec.name)
    found = await place.runtime.inspect(spec.name)
    assert not found.is_running
    assert ending_in_words(found) == f"it ended with {found.exit_code}"
    await place.runtime.start(spec.name)
    assert (await place.runtime.inspect(spec.name)).is_running
    await place.runtime.remove(spec.name)
    assert await place.runtime.list(place.cluster) == []


async def test_whoever_is_not_there_is_named(place: Place) -> None:
    runtime, name = place.runtime, f"{place.cluster}.nobody"
    for asked in (
        runtime.start(name),
        runtime.stop(name),
        runtime.remove(name),
        runtime.inspect(name),
        runtime.logs(name, tail=1),
        runtime.execute(name, ["true"]),
    ):
        with pytest.raises(ContainerMissing, match=name):
            await asked


async def test_says_its_last_lines(place: Place) -> None:
    spec = await place.run()
    assert (await place.runtime.logs(spec.name, tail=10)).endswith("it begins\n")
    assert await place.runtime.logs(spec.name, tail=0) == ""


async def test_what_ends_comes_back_and_is_counted(place: Place) -> None:
    spec = await place.run("test/ends:1", port=None)
    found = await place.until(spec.name, lambda seen: seen.restarts >= 1 and seen.exit_code == 3)
    assert found.restarts >= 1
    assert "bad\n" in await place.runtime.logs(spec.name, tail=10)


async def test_what_cannot_be_started_says_why_and_stays(place: Place) -> None:
    spec = place.spec("test/broken:1")
    await place.runtime.create(spec)
    with pytest.raises(StartRefused, match="no such file"):
        await place.runtime.start(spec.name)
    assert not (await place.runtime.inspect(spec.name)).is_running


async def test_the_engine_asks_how_it_is(place: Place) -> None:
    well = await place.run(health=HealthCommand(("true",), interval_secs=0.1))
    ill = await place.run(
        copy=CopyId("shop/web", 1, 1),
        health=HealthCommand(("false",), interval_secs=0.1, failures=1),
    )
    await place.until(well.name, lambda seen: seen.health == "healthy")
    await place.until(ill.name, lambda seen: seen.health == "unhealthy")


async def test_a_volume_outlives_its_container(place: Place) -> None:
    use = VolumeUse(f"{place.cluster}.shop.web.data.0", "/data")
    first = await place.run(volumes=(use,))
    await place.runtime.execute(first.name, ["touch", "/data/kept"])
    await place.runtime.remove(first.name)
    second = await place.run(copy=CopyId("shop/web", 0, 2), volumes=(use,))
    assert (await place.runtime.execute(second.name, ["ls", "/data"])).output == "kept\n"


async def test_a_volume_is_removed_when_no_container_has_it_any_more(place: Place) -> None:
    use = VolumeUse(f"{place.cluster}.shop.web.data.0", "/data")
    first = await place.run(volumes=(use,))
    await place.runtime.execute(first.name, ["touch", "/data/kept"])
    await place.runtime.stop(first.name)
    with pytest.raises(VolumeInUse):
        await place.runtime.remove_volume(use.name)
    await place.runtime.remove(first.name)
    await place.runtime.remove_volume(use.name)
    await place.runtime.remove_volume(use.name)
    second = await place.run(copy=CopyId("shop/web", 0, 2), volumes=(use,))
    if isinstance(place.runtime, DockerRuntime):
        assert (await place.runtime.execute(second.name, ["ls", "/data"])).output == ""


async def test_tells_what_happens_to_whom(place: Place) -> None:
    spec, told = place.spec(), []
    stranger = replace(spec, cluster=f"{place.cluster}x")

    async def listen() -> None:
        async with aclosing(place.runtime.events(place.cluster)) as events:
            async for happened in events:
                told.append((happened.what, happened.copy))
                if happened.what == "destroy":
                    return

    async def act() -> None:
        """Again and again, since nobody says when the other has begun to listen."""
        while not listening.done():
            for each in (stranger, spec):
                await place.runtime.create(each)
                await place.runtime.start(each.name)
                await place.runtime.remove(each.name)
            await asyncio.sleep(0.05)

    async with asyncio.timeout(WITHIN_SECONDS):
        listening = asyncio.create_task(listen())
        await act()
        await listening
    assert told[-1] == ("destroy", spec.copy)
    assert {what for what, _ in told} <= {"start", "die", "destroy"}


async def test_containers_outlive_who_made_them(place: Place) -> None:
    """Whoever made them may end: that changes nothing for those that run."""
    spec = await place.run()
    before = await place.runtime.inspect(spec.name)
    await place.runtime.close()
    again = reopened(place.runtime)
    assert await again.inspect(spec.name) == before
    place.runtime = again


def reopened(runtime: Runtime) -> Runtime:
    if isinstance(runtime, DockerRuntime):
        return DockerRuntime(runtime._url)
    assert isinstance(runtime, MemoryRuntime)
    return MemoryRuntime(runtime._engine)


async def test_an_engine_that_is_away_is_no_refusal() -> None:
    """Neither of an image nor of a container: nobody may conclude that it is gone."""
    docker = DockerRuntime("unix:///nowhere/at/all")
    memory = in_memory()
    memory._engine.go_away()
    for runtime in (docker, memory):
        for asked in (runtime.find_image("a:1"), runtime.list("c"), runtime.inspect("c.x")):
            with pytest.raises(EngineAway):
                await asked
        with pytest.raises(EngineAway):
            await anext(runtime.events("c"))
        await runtime.close()
