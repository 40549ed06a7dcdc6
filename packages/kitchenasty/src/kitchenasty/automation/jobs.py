"""When rules look, and when their traces go."""

from __future__ import annotations

from typing import Any

from basis.kit.data.jobs import Every, Job
from basis.kit.data.outbox import Subscription
from kitchenasty.automation.acting import JOB, consider, forget_old_runs, hear
from kitchenasty.automation.clockwork import look_at_clock
from kitchenasty.automation.engine import Engine
from kitchenasty.automation.listening import Shelf
from kitchenasty.kit.books import UnitOfWork

REGULAR = [Every(86_400, Job("rules.forget", forget_old_runs))]


def listen(engine: Engine) -> Subscription:
    """To everything that some rule may be about."""
    return Subscription("rules.heard", tuple(engine.by_topic), hear)


def watch_clock(engine: Engine) -> Every:
    """For rules that count from a moment."""

    async def run(uow: UnitOfWork, _payload: dict[str, Any]) -> None:
        await look_at_clock(uow, engine)

    return Every(60, Job("rules.clock", run))


def job_of(engine: Engine) -> Job:
    shelf = Shelf(engine)

    async def run(uow: UnitOfWork, payload: dict[str, Any]) -> None:
        await consider(uow, shelf, payload)

    return Job(JOB, run)
