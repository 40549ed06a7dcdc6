"""Jobs that were given up: to see them, and to let them run again once their cause is gone."""

from __future__ import annotations

from collections.abc import Sequence

from basis.kit.data import jobs
from kitchenasty.cli.serving import opened_books
from kitchenasty.kit.config import Config

SHOWN_MAX = 500


async def list_given_up(config: Config) -> list[jobs.DeadJob]:
    """The newest first, `SHOWN_MAX` of them."""
    async with opened_books(config) as books, books.reading() as look:
        return await jobs.list_dead(look, most=SHOWN_MAX)


async def retry(config: Config, job_ids: Sequence[str]) -> list[jobs.DeadJob]:
    """Revive these jobs, or without an id all that are shown. Answers those that run again; none
    does if one is not there to revive. Raises NotGivenUp.
    """
    async with opened_books(config) as books, books.writing() as uow:
        dead = await jobs.list_dead(uow, most=SHOWN_MAX)
        wanted = job_ids or [job.id for job in dead]
        for job_id in wanted:
            await jobs.revive(uow, job_id)
        return [job for job in dead if job.id in wanted]
