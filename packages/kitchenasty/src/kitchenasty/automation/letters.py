"""The mail that a rule wrote, as a letter of the house."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from kitchenasty.automation.queries import find_texts
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
    """The same, with a way out for its reader."""
    letter = await write_mail(uow, facts, sender)
    return None if letter is None else replace(letter, is_advertising=True)


WRITERS = {KIND: write_mail, ADVERT: write_advert}
