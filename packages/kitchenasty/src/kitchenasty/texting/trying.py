"""A text to try the settings with."""

from __future__ import annotations

from basis.errors import Conflict
from basis.ids import new_id
from basis.sentences import Sentence
from kitchenasty.kit.books import Books
from kitchenasty.kit.http.i18n import translate
from kitchenasty.kit.principals import Principal
from kitchenasty.texting.numbers import read_number
from kitchenasty.texting.port import CarrierAway, CarrierRefused, OutgoingText
from kitchenasty.texting.sending import LIMIT_REACHED, take_from_limit
from kitchenasty.texting.terms import load_text_terms
from kitchenasty.texting.twilio import TwilioCarrier


class NoCarrier(Conflict):
    """There is nobody yet who could take a text."""


class TextNotTaken(Conflict):
    """The carrier did not take the text; the sentence has its answer."""


async def send_test_text(books: Books, actor: Principal, typed: str) -> str:
    """Hand a text to Twilio with the saved account, outside any transaction; the number it went to.

    Raises NoCarrier, TextNotTaken, NumberRefused.
    """
    number = read_number(typed, "")
    async with books.writing(actor) as uow:
        terms = await load_text_terms(uow)
        if terms.twilio is None:
            raise NoCarrier("Save an account at Twilio, its token and a sender first.")
        if not await take_from_limit(uow, 1, terms.daily_limit):
            raise TextNotTaken(LIMIT_REACHED)
    words = translate("If you read this, texts from your house arrive.")
    try:
        await TwilioCarrier(terms.twilio).send(OutgoingText(new_id(), number, words))
    except (CarrierAway, CarrierRefused) as refusal:
        raise TextNotTaken(
            Sentence.of("Twilio did not take it. It says: {answer}", answer=str(refusal))
        ) from refusal
    return number
