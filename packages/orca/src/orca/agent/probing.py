"""Questions to a container by the way that requests take: the published port, or inside it."""

from __future__ import annotations

import asyncio

import aiohttp

from basis.errors import DomainError
from orca.runtime import Container, Runtime
from orca.spec import Probe

REDIRECTED_FROM = 400


async def is_well(runtime: Runtime, container: Container, probe: Probe) -> bool:
    """One question. Whatever goes wrong with it is a no."""
    try:
        async with asyncio.timeout(probe.timeout_secs):
            if probe.command is not None:
                return (await runtime.execute(container.name, probe.command)).code == 0
            if container.port is None:
                return False
            if probe.tcp:
                return await is_open(container.address, container.port)
            return await answers(container.address, container.port, probe.path or "/")
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
