"""The mail that a rule wrote, as a letter of the house."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from kitchenasty import adverts
from kitchenasty.adverts import Way
from kitchenasty.automation.queries import find_recipient, find_texts
from kitchenasty.kit.books import UnitOfWork
from kitchenasty.notices import Letter, Sender

KIND, ADVERT = "rules.mail", "rules.advertising"


async def write_mail(uow: UnitOfWork, facts: dict[str, Any], _sender: Sender) -> Letter | None:
    """Nothing if its guest was forgotten meanwhile."""
    texts = await find_texts(uow, facts["effect_id"])
    if texts is None:
        return None
    lines = tuple(line for line in texts["body"].splitlines() if line.strip())
    return Letter(subject=texts["subject"], paragraphs=lines, house=facts["house"])


async def write_advert(uow: UnitOfWork, facts: dict[str, Any], sender: Sender) -> Letter | None:
    """The same, with a way out for its reader; nothing if they have objected meanwhile."""
    letter = await write_mail(uow, facts, sender)
    if letter is None or not await is_still_wanted(uow, facts["effect_id"], Way.MAIL):
        return None
    return replace(letter, is_advertising=True)


async def is_still_wanted(uow: UnitOfWork, effect_id: str, way: Way) -> bool:
    """Asked once more when it is sent: a no counts at once."""
    recipient = await find_recipient(uow, effect_id)
    return recipient is not None and await adverts.may_advertise(uow, way, recipient)


WRITERS = {KIND: write_mail, ADVERT: write_advert}
