"""What Twilio tells us: what became of a text, and what somebody answered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from basis.errors import Invalid
from basis.sentences import Sentence, word
from kitchenasty.kit.books import Books, UnitOfWork
from kitchenasty.texting.service import allow_texts, report_text, stop_texts
from kitchenasty.texting.states import TextState
from kitchenasty.texting.terms import load_text_terms
from kitchenasty.texting.twilio import WANTS_NONE, is_signed

STATES = {
    "sent": TextState.SENT,
    "delivered": TextState.DELIVERED,
    "read": TextState.DELIVERED,
    "undelivered": TextState.GIVEN_UP,
    "failed": TextState.GIVEN_UP,
}
STOPS = frozenset(
    {"STOP", "STOPALL", "STOP ALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT"}
    | {"STOPP", "ABMELDEN"}
)
STARTS = frozenset({"START", "YES", "UNSTOP"})
NOT_DELIVERED = word("Not delivered. Twilio says: {code}")
CODE_LENGTH_MAX = 20


class NotFromTwilio(Invalid):
    def __init__(self) -> None:
        super().__init__("This message is not signed by Twilio with the token of this house.")


@dataclass(frozen=True, slots=True)
class Told:
    """A message as it came: the path with its query, the fields in their order, the signature."""

    path: str
    fields: tuple[tuple[str, str], ...]
    signature: str

    @property
    def said(self) -> Mapping[str, str]:
        return dict(self.fields)


async def check_sender(uow: UnitOfWork, told: Told) -> None:
    """Raises NotFromTwilio."""
    twilio = (await load_text_terms(uow)).twilio
    if twilio is None or told.said.get("AccountSid") != twilio.account:
        raise NotFromTwilio
    url = f"{twilio.public_url}{told.path}"
    if not is_signed(str(twilio.token), url, told.fields, told.signature):
        raise NotFromTwilio


async def hear_report(books: Books, told: Told, text_id: str) -> None:
    """Raises NotFromTwilio. What is unknown, or came before, changes nothing."""
    async with books.writing() as uow:
        await check_sender(uow, told)
        after = STATES.get(told.said.get("MessageStatus", ""))
        if after is None:
            return
        code = told.said.get("ErrorCode", "")[:CODE_LENGTH_MAX]
        failed = after is TextState.GIVEN_UP
        why = str(Sentence.of(NOT_DELIVERED, code=code)) if failed else None
        number = await report_text(uow, text_id, after, why=why)
        if number and code == str(WANTS_NONE):
            await stop_texts(uow, number)


async def hear_answer(books: Books, told: Told) -> None:
    """Somebody wrote back: STOP and START are obeyed, everything else is for no machine.

    Raises NotFromTwilio.
    """
    async with books.writing() as uow:
        await check_sender(uow, told)
        number = told.said.get("From", "")
        words = " ".join(told.said.get("Body", "").upper().strip(" .!\"'").split())
        asked = told.said.get("OptOutType", "")
        if asked == "STOP" or words in STOPS:
            await stop_texts(uow, number)
        elif asked == "START" or words in STARTS:
            await allow_texts(uow, number)
