"""What a rule writes to a phone."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from basis.errors import Unavailable
from basis.sentences import word
from kitchenasty import texting
from kitchenasty.automation.channels import Channel
from kitchenasty.automation.engine import Deed, Doing
from kitchenasty.automation.queries import find_texts
from kitchenasty.automation.rules import Reach, Role, StepKind, TextField
from kitchenasty.automation.steps import house_of
from kitchenasty.kit.books import UnitOfWork
from kitchenasty.kit.http.i18n import available

KIND = "rules.text"
USEFUL_FOR = timedelta(hours=6)
BODY_LENGTH_MAX = 300


class NoTexts(Unavailable):
    def __init__(self) -> None:
        super().__init__("This house sends no text messages; see the settings.")


async def send_text(uow: UnitOfWork, doing: Doing) -> None:
    """Queued in this transaction, under the effect's own key. Raises NoTexts, NumberRefused,
    HouseUnknown.
    """
    if (await texting.load_text_terms(uow)).is_off:
        raise NoTexts
    house = await house_of(uow, doing)
    language = doing.planned.language
    draft = texting.TextDraft(
        kind=KIND,
        key=f"{KIND}:{doing.effect_id}",
        phone=doing.planned.recipient,
        country=house.country,
        facts={"effect_id": doing.effect_id},
        useful_for=USEFUL_FOR,
        about_id=doing.about_id,
        locale=language if language in available() else None,
    )
    await texting.send_text(uow, draft)


async def write_text(uow: UnitOfWork, facts: dict[str, Any]) -> str | None:
    """Nothing if its guest was forgotten meanwhile."""
    texts = await find_texts(uow, facts["effect_id"])
    return None if texts is None else texts["body"]


TEXT = Deed(
    StepKind(
        "sms",
        word("Write a text message"),
        (TextField("body", word("Text"), Channel.SMS, BODY_LENGTH_MAX, is_long=True),),
        frozenset({Role.GUEST, Role.HOUSE, Role.ADDRESS}),
        "house.id",
        Reach.PHONE,
    ),
    send_text,
)
WRITERS = {KIND: write_text}
