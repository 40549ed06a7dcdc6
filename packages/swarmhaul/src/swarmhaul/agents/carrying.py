"""The itinerary: legs that were offered are accepted, loads fetched and brought, arrivals and
hand-overs signed. What to do next is read from the rail each time, so it may end at any step.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial

import structlog

from basis.escrow import JobCommand
from swarmhaul.agents.book import JobBook
from swarmhaul.agents.doors import Doors
from swarmhaul.agents.hauls import (
    Haul,
    Rank,
    Task,
    acceptances,
    fits_beside,
    release_due,
    tasks_of,
)
from swarmhaul.agents.road import Road
from swarmhaul.client import BidTerms, Dealer, MarketRefuses

logger = structlog.get_logger(__name__)

IDLE_SECONDS = 5.0
REST_SECONDS = 2.0
"""A job about which the rail said no is left alone for so long."""


@dataclass(slots=True)
class Carrier:
    dealer: Dealer
    book: JobBook
    road: Road
    doors: Doors
    patience: int
    """How many seconds after a load is ready somebody waits for its courier."""
    _loaded: set[tuple[str, int]] = field(default_factory=set)
    _resting: dict[str, float] = field(default_factory=dict)

    async def carry(self) -> float:
        """Do what can be done now; answers in how many seconds there is more. Raises MarketAway."""
        now = self.dealer.clock().timestamp()
        hauls = [haul for haul in self.book.hauls() if self._resting.get(haul.job.id, 0) <= now]
        for haul in hauls:
            fits = partial(self.fits, now=now)
            command = next(iter(acceptances(haul, fits)), None) or release_due(haul, now)
            if command is not None:
                await self.give(haul, command)
                return 0.0
        return await self.ride(hauls, now)

    def tasks(self, hauls: list[Haul], now: float) -> list[Task]:
        """What is first comes first."""
        speed = self.road.pace.speed
        found = (
            task
            for haul in hauls
            for task in tasks_of(haul, loaded=self._loaded, now=now, speed=speed)
        )
        return sorted(found, key=lambda task: task.order)

    def fits(self, part: BidTerms, *, now: float) -> bool:
        """Beside all that was accepted, also of jobs that rest."""
        tasks = self.tasks(self.book.hauls(), now)
        at, pace = self.road.at(now), self.road.pace
        return fits_beside(tasks, part, pace=pace, at=at, now=now, patience=self.patience)

    async def ride(self, hauls: list[Haul], now: float) -> float:
        tasks = self.tasks(hauls, now)
        self._loaded &= {task.leg for task in tasks}
        self.doors.want(task.haul for task in tasks if task.rings)
        if not tasks:
            return IDLE_SECONDS
        task = tasks[0]
        there = self.road.head_for(task.place, now)
        if there > now:
            return there - now
        if task.rank is Rank.APPROACH:
            return min(IDLE_SECONDS, max(0.05, task.not_before - now))
        await self.finish(task)
        return 0.0

    async def finish(self, task: Task) -> None:
        """We are where the task wanted us."""
        if task.command is None:
            self._loaded.add(task.leg)
            logger.info("agent.picked_up", job=task.haul.job.id)
        else:
            await self.give(task.haul, task.command)

    async def give(self, haul: Haul, command: JobCommand) -> None:
        name = type(command).__name__.lower()
        try:
            await self.dealer.give(command)
            logger.info("agent.signed", what=name, job=haul.job.id)
        except MarketRefuses as refused:
            # Often we did it before we were killed: the job as it is now says so.
            logger.info("agent.refused", what=name, job=haul.job.id, code=refused.code)
            self._resting[haul.job.id] = self.dealer.now() + REST_SECONDS
        await self.book.refresh(haul.job.id)
