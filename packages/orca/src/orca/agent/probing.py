"""Questions to a container by the way that requests take: the published port, or inside it.
Another port than that of its service is published to nobody, and asked at its own address.
"""

from __future__ import annotations

import asyncio
import math
import time

import aiohttp

from basis.errors import DomainError
from orca.agent.specs import liveness_of, readiness_of
from orca.agent.watching import (
    Watch,
    asked,
    is_due,
    is_liveness_due,
    is_readiness_due,
    looked,
    unprobed,
)
from orca.planning import Wanted
from orca.runtime import Container, EngineAway, Runtime
from orca.spec import Probe, Service

REDIRECTED_FROM = 400
OPENS = Probe(tcp=True, interval_secs=2)
"""What is asked without an engine where nothing else can be: whether the port opens."""


async def judged(runtime: Runtime, container: Container, wanted: Wanted, watch: Watch) -> Watch:
    """Asked what is due now."""
    service, now = wanted.declared.service, time.monotonic()
    readiness, liveness = readiness_of(service), liveness_of(service)
    if readiness and is_readiness_due(watch, service, now):
        well = await is_well(runtime, container, service, readiness)
        watch = asked(watch, readiness, now, is_well=well)
    if liveness and is_liveness_due(watch, service, now):
        well = await is_well(runtime, container, service, liveness)
        watch = looked(watch, now, is_well=well)
    return unprobed(watch, container, service, now)


async def judged_by_ports(container: Container, wanted: Wanted, watch: Watch) -> Watch:
    """Without its engine. Of what has no port nothing is concluded: it stays what it was."""
    service, now = wanted.declared.service, time.monotonic()
    probe = readiness_of(service) or OPENS
    if probe.command is not None or way_to(container, service, probe) is None:
        probe = OPENS
    is_asked = way_to(container, service, probe) is not None
    if not is_asked or not is_due(-math.inf, watch.asked, probe.interval_secs, now):
        return watch
    well = await is_well(None, container, service, probe)
    return asked(watch, probe, now, is_well=well)


def way_to(container: Container, service: Service, probe: Probe) -> tuple[str, int] | None:
    """Where it is asked, if that is known."""
    if probe.port not in (None, service.port):
        return (container.inner, probe.port) if container.inner and probe.port else None
    return (container.address, container.port) if container.port else None


async def is_well(
    runtime: Runtime | None, container: Container, service: Service, probe: Probe
) -> bool:
    """One question. Whatever goes wrong with it is a no, but that nobody could be asked is none.
    Raises EngineAway.
    """
    try:
        async with asyncio.timeout(probe.timeout_secs):
            if probe.command is not None:
                return (
                    runtime is not None
                    and (await runtime.execute(container.name, probe.command)).code == 0
                )
            way = way_to(container, service, probe)
            if way is None:
                return False
            return await (is_open(*way) if probe.tcp else answers(*way, probe.path or "/"))
    except EngineAway:
        raise
    except (OSError, TimeoutError, aiohttp.ClientError, DomainError):
        return False


async def is_open(address: str, port: int) -> bool:
    _, writer = await asyncio.open_connection(address, port)
    writer.close()
    await writer.wait_closed()
    return True


async def answers(address: str, port: int, path: str) -> bool:
    """2xx and 3xx are good; a redirection is an answer, and is not followed."""
    host = f"[{address}]" if ":" in address else address
    async with (
        aiohttp.ClientSession() as session,
        session.get(f"http://{host}:{port}{path}", allow_redirects=False) as answer,
    ):
        return answer.status < REDIRECTED_FROM
