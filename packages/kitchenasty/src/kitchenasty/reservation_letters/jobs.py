"""Reminding, minute by minute."""

from __future__ import annotations

from typing import Any

from kitchenasty import notices
from kitchenasty.kit.data.jobs import Every, Job
from kitchenasty.kit.data.work import UnitOfWork
from kitchenasty.reservation_letters.reminders import ByLetter, remind_due


async def remind(uow: UnitOfWork, _payload: dict[str, Any]) -> None:
    """By mail, as soon as there is a mail server."""
    if await notices.load_smtp(uow) is not None:
        await remind_due(uow, ByLetter())


REMINDING = Job("reservations.remind", remind)
REGULAR = [Every(60, REMINDING)]
