"""When what was said about advertising goes."""

from __future__ import annotations

from typing import Any

from basis.kit.data.jobs import Every, Job
from kitchenasty.adverts.queries import FORGET
from kitchenasty.kit.books import UnitOfWork


async def forget_old_words(uow: UnitOfWork, _payload: dict[str, Any]) -> None:
    """What counts no more, and what nobody confirmed."""
    await uow.run(FORGET, before=uow.now)


REGULAR = [Every(86_400, Job("adverts.forget", forget_old_words))]
