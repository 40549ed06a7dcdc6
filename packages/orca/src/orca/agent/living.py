"""The process on a node: round after round, sooner when the engine tells something."""

from __future__ import annotations

import asyncio
import logging
from contextlib import aclosing, suppress

from basis.errors import DomainError
from orca.agent.agent import Agent
from orca.agent.talking import Talk
from orca.link import BEAT_SECONDS
from orca.runtime import EngineAway

logger = logging.getLogger(__name__)


async def live(agent: Agent, talk: Talk) -> None:
    """Until it is cancelled. Containers and the proxy go on."""
    awake = asyncio.Event()
    try:
        async with asyncio.TaskGroup() as all_of_it:
            all_of_it.create_task(work(agent, awake))
            all_of_it.create_task(watch(agent, awake))
            all_of_it.create_task(talk.go_on())
            if talk.edging is not None:
                all_of_it.create_task(talk.edging.go_on())
    finally:
        if talk.edging is not None:
            await talk.edging.close()
        await agent.close()


async def work(agent: Agent, awake: asyncio.Event) -> None:
    while True:
        try:
            await agent.work()
        except DomainError as error:
            logger.warning("the round was left out: %s", error)
        with suppress(TimeoutError):
            await asyncio.wait_for(awake.wait(), BEAT_SECONDS)
        awake.clear()


async def watch(agent: Agent, awake: asyncio.Event) -> None:
    """Only to be quick: what was missed is seen in the next round."""
    while True:
        try:
            async with aclosing(agent.runtime.events(agent.cluster)) as events:
                async for _ in events:
                    awake.set()
        except EngineAway as error:
            logger.warning("%s", error)
        await asyncio.sleep(BEAT_SECONDS)
