"""What asks whoever reads at an address, or has a number, whether it was they who agreed. It
advertises nothing.
"""

from __future__ import annotations

from typing import Any

from basis.sentences import word
from kitchenasty.adverts.service import ASK_MAIL, ASK_TEXT, is_open, token_of
from kitchenasty.kit.books import UnitOfWork
from kitchenasty.kit.http.i18n import translate
from kitchenasty.notices import BUTTON, Area, Letter, Pattern, Sender

ASK = Pattern(
    key=ASK_MAIL,
    words=word("Confirm that you want advertising"),
    area=Area.ACCOUNTS,
    subject=(word("Did you want to hear from us?"),),
    lines=(
        word("Somebody, most likely you, said that we may write here what is new."),
        word("Open the link to agree. It works for a week."),
    ),
    button=word("Yes, write to me"),
    after=(word("If it was not you, do nothing: we write nothing of the kind."),),
    needs=frozenset({BUTTON}),
)
ASK_IN_A_TEXT = word("Did you want texts from us about what is new? Say yes here: {url}")
PATTERNS = (ASK,)


async def write_mail(uow: UnitOfWork, facts: dict[str, Any], sender: Sender) -> Letter | None:
    """Nothing once it was answered, or the guest wants none after all."""
    if not await is_open(uow, facts["word_id"]):
        return None
    return ASK.write({}, url=f"{sender.public_url}/agree/{token_of(uow, facts['word_id'])}")


async def write_text(uow: UnitOfWork, facts: dict[str, Any]) -> str | None:
    if not await is_open(uow, facts["word_id"]):
        return None
    url = f"{uow.given.get('PUBLIC_URL', '').rstrip('/')}/agree/{token_of(uow, facts['word_id'])}"
    return translate(ASK_IN_A_TEXT).format(url=url)


WRITERS = {ASK_MAIL: write_mail}
TEXTS = {ASK_TEXT: write_text}
