"""What reservations do by themselves."""

from __future__ import annotations

from typing import Any

from basis.kit.data.jobs import Every, Job
from kitchenasty import notices, push, texting
from kitchenasty.kit.books import UnitOfWork
from kitchenasty.reservation_letters.pushes import ByPush
from kitchenasty.reservation_letters.reminders import ByLetter, Reminders, remind_due
from kitchenasty.reservation_letters.texts import ByText, Ways


async def remind(uow: UnitOfWork, _payload: dict[str, Any]) -> None:
    """On phones that asked for it; by mail, as soon as there is a mail server; by text, where the
    house wants it.
    """
    ways: list[Reminders] = []
    if await push.is_any_followed(uow, push.About.RESERVATION):
        ways.append(ByPush())
    if await notices.load_smtp(uow) is not None:
        ways.append(ByLetter())
    terms = await texting.load_text_terms(uow)
    if terms.reminds and not terms.is_off:
        ways.append(ByText())
    if ways:
        await remind_due(uow, Ways(ways))


REMINDING = Job("reservations.remind", remind)
REGULAR = [Every(60, REMINDING)]
