"""Questions to real containers, by the port that they are asked at."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from basis.ids import new_id
from orca.agent.probing import is_well
from orca.runtime import Container, ContainerSpec, DockerRuntime
from orca.scheduling import CopyId
from orca.spec import Probe, Service
from orca.testing import PORT, RealEngine, within

OTHER, NOBODY = 9_000, 9_001
SERVICE = Service(name="web", image="test/web:1", port=PORT)
BOTH = f"/bin/httpd -p {OTHER} -h /www; exec /bin/httpd -f -p {PORT} -h /bin"
"""Only the other port has a page that says how it is."""
WITHIN_SECONDS = 60

pytestmark = pytest.mark.allow_hosts(["127.0.0.1", *(f"172.31.250.{n}" for n in range(2, 255))])


@pytest.fixture(params=[PORT, None])
async def container(request: pytest.FixtureRequest, engine: RealEngine) -> AsyncIterator[Container]:
    """One whose port is published, and one that publishes nothing."""
    runtime = DockerRuntime(engine.url)
    spec = ContainerSpec(
        cluster=f"c{new_id()[-12:]}",
        copy=CopyId("shop/web", 0, 1),
        release=1,
        made_of="",
        image="test/web:1",
        command=("/bin/sh", "-c", BOTH),
        port=request.param,
        stop_grace_secs=1,
    )
    await runtime.create(spec)
    await runtime.start(spec.name)
    yield await runtime.inspect(spec.name)
    await runtime.remove(spec.name)
    await runtime.close()


async def asked(engine: RealEngine, container: Container, probe: Probe) -> bool:
    """From the network of the engine, where an agent stands."""

    def ask() -> bool:
        return asyncio.run(is_well(None, container, SERVICE, probe))

    return await asyncio.to_thread(within, engine.pid, ask)


async def test_a_probe_asks_the_port_that_it_names(
    engine: RealEngine, container: Container
) -> None:
    async with asyncio.timeout(WITHIN_SECONDS):
        while not await asked(engine, container, Probe(path="/healthz", port=OTHER)):  # noqa: ASYNC110
            await asyncio.sleep(0.05)
    assert await asked(engine, container, Probe(tcp=True, port=OTHER))
    assert not await asked(engine, container, Probe(tcp=True, port=NOBODY))
    assert not await asked(engine, container, Probe(path="/healthz"))
    is_published = container.port is not None
    assert await asked(engine, container, Probe(tcp=True)) is is_published
    assert await asked(engine, container, Probe(tcp=True, port=PORT)) is is_published
