"""The switch of a busy kitchen: promises take longer, or nobody can order, for a while."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from kitchenasty.kit.books import UnitOfWork
from kitchenasty.locations.drafts import EXTRA_MINUTES_MAX, LASTS_MINUTES_MAX
from kitchenasty.locations.refusals import HouseRefused
from kitchenasty.locations.service import change_house
from kitchenasty.locations.views import BusyMode, House


async def set_busy(
    uow: UnitOfWork,
    house_id: str,
    mode: BusyMode,
    *,
    extra_minutes: int | None = None,
    lasts_minutes: int | None = None,
    message: str | None = None,
) -> House:
    """From this moment on, for so many minutes or until somebody says otherwise. What is left out
    stays: the minutes that promises get longer by, and what guests are told.

    Raises HouseNotFound, HouseRefused.
    """
    changes: dict[str, Any] = {"busy_mode": mode, "busy_until": None}
    if extra_minutes is not None:
        if not 1 <= extra_minutes <= EXTRA_MINUTES_MAX:
            raise HouseRefused("A busy kitchen takes 1 to 240 minutes longer.")
        changes["busy_extra_minutes"] = extra_minutes
    if lasts_minutes is not None and mode is not BusyMode.NONE:
        if not 1 <= lasts_minutes <= LASTS_MINUTES_MAX:
            raise HouseRefused("A busy time ends within a day; without an end, you end it.")
        changes["busy_until"] = uow.now + timedelta(minutes=lasts_minutes)
    if message is not None:
        changes["busy_message"] = message or None
    return await change_house(uow, house_id, changes)
