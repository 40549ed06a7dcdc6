"""What a rule writes to a phone."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from basis.errors import Unavailable
from basis.sentences import word
from kitchenasty import texting
from kitchenasty.adverts import Way
from kitchenasty.automation.channels import Channel
from kitchenasty.automation.engine import Deed, Doing
from kitchenasty.automation.letters import is_still_wanted
from kitchenasty.automation.queries import find_texts
from kitchenasty.automation.rules import Reach, Role, StepKind, TextField
from kitchenasty.automation.steps import house_of
from kitchenasty.kit.books import UnitOfWork
from kitchenasty.kit.http.i18n import available, translate

KIND, ADVERT = "rules.text", "rules.textAdvertising"
USEFUL_FOR = timedelta(hours=6)
BODY_LENGTH_MAX = 300


class NoTexts(Unavailable):
    def __init__(self) -> None:
        super().__init__("This house sends no text messages; see the settings.")


async def send_text(uow: UnitOfWork, doing: Doing) -> None:
    """Queued in this transaction, under the effect's own key. Raises NoTexts, NumberRefused,
    HouseUnknown.
    """
    await queue(uow, doing, KIND)


async def queue(uow: UnitOfWork, doing: Doing, kind: str) -> None:
    if (await texting.load_text_terms(uow)).is_off:
        raise NoTexts
    house = await house_of(uow, doing)
    language = doing.planned.language
    draft = texting.TextDraft(
        kind=kind,
        key=f"{kind}:{doing.effect_id}",
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


async def send_advert(uow: UnitOfWork, doing: Doing) -> None:
    """The same, as advertising. Raises what `send_text` does."""
    await queue(uow, doing, ADVERT)


async def write_advert(uow: UnitOfWork, facts: dict[str, Any]) -> str | None:
    """With where it ends; nothing if its guest has objected meanwhile."""
    body = await write_text(uow, facts)
    if body is None or not await is_still_wanted(uow, facts["effect_id"], Way.TEXT):
        return None
    return f"{body} {translate(ENDS).format(url=uow.given.get('PUBLIC_URL', '').rstrip('/'))}"


ENDS = word("No more of these: {url}/account/adverts")
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
ADVERTISING = Deed(
    StepKind(
        "sms-advertising",
        word("Write a text message that advertises, to guests who agreed"),
        TEXT.kind.fields,
        frozenset({Role.GUEST}),
        "house.id",
        Reach.PHONE,
        advertises=True,
    ),
    send_advert,
)
WRITERS = {KIND: write_text, ADVERT: write_advert}
