"""Text messages to phones: kept in the transaction that made them necessary, sent by a job."""

from kitchenasty.texting.memory import MemoryCarrier
from kitchenasty.texting.numbers import NumberRefused, read_number
from kitchenasty.texting.port import Carrier, CarrierAway, CarrierRefused, OutgoingText
from kitchenasty.texting.queries import (
    TextNotice,
    TextTally,
    count_texts,
    list_texts,
    list_texts_about,
)
from kitchenasty.texting.segments import count_segments, shorten
from kitchenasty.texting.sending import Said, TextWriter
from kitchenasty.texting.service import (
    TextDraft,
    TextNotFound,
    allow_texts,
    forget_old_texts,
    is_stopped,
    list_stopped,
    send_text,
    send_text_again,
    stop_texts,
)
from kitchenasty.texting.states import TextState
from kitchenasty.texting.terms import TEXTING, CarrierChoice, TextTerms, load_text_terms
from kitchenasty.texting.trying import NoCarrier, TextNotTaken, send_test_text
from kitchenasty.texting.twilio import ANSWERS

__all__ = [
    "ANSWERS",
    "TEXTING",
    "Carrier",
    "CarrierAway",
    "CarrierChoice",
    "CarrierRefused",
    "MemoryCarrier",
    "NoCarrier",
    "NumberRefused",
    "OutgoingText",
    "Said",
    "TextDraft",
    "TextNotFound",
    "TextNotTaken",
    "TextNotice",
    "TextState",
    "TextTally",
    "TextTerms",
    "TextWriter",
    "allow_texts",
    "count_segments",
    "count_texts",
    "forget_old_texts",
    "is_stopped",
    "list_stopped",
    "list_texts",
    "list_texts_about",
    "load_text_terms",
    "read_number",
    "send_test_text",
    "send_text",
    "send_text_again",
    "shorten",
    "stop_texts",
]
