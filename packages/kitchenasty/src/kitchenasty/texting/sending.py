"""Hands texts to the carrier. Any number of processes may do it: each text is a job, which one of
them has at a time.

No transaction is open while the carrier thinks. If the process dies before the answer is written
down, the same text is sent once more: a carrier of texts knows no key by which it could see that.
"""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import structlog

from basis.kit.data.database import DatabaseAway
from basis.kit.texts import paragraphs
from basis.sentences import word
from kitchenasty.kit.books import Books, Look, UnitOfWork
from kitchenasty.kit.http.i18n import current_locale
from kitchenasty.texting.port import Carrier, CarrierAway, CarrierRefused, OutgoingText
from kitchenasty.texting.queries import (
    BEGIN_DAY,
    GIVE_BACK,
    SETTLE,
    TAKE,
    TRY,
    WaitingText,
    find_waiting,
)
from kitchenasty.texting.segments import count_segments, shorten
from kitchenasty.texting.service import SEND_JOB, is_stopped, stop_texts
from kitchenasty.texting.states import TextState, wait_after
from kitchenasty.texting.terms import CarrierChoice, TextTerms, load_text_terms
from kitchenasty.texting.twilio import TwilioCarrier

logger = structlog.get_logger(__name__)

ERROR_LENGTH_MAX = 500
TOO_LATE = word("It could not be sent in time.")
SWITCHED_OFF = word("The house sends no texts any more.")
LIMIT_REACHED = word("The limit of the day was reached.")
ASKED_FOR_NONE = word("Whoever has this number asked for no more texts.")


@dataclass(frozen=True, slots=True)
class Said:
    """What a text says in its usual words, of which kind it is, and what an owner's own words may
    say of it.
    """

    words: str
    pattern: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)


TextWriter = Callable[[UnitOfWork, dict[str, Any]], Awaitable[Said | str | None]]
"""Writes a text of its kind from its facts, in the current language; None if what it was about has
gone. It reads and changes nothing."""

RewordText = Callable[[Look, Said], Awaitable[str]]
"""What is sent: the owner's own words in the current language, or the usual ones."""

CarrierOf = Callable[[TextTerms], Carrier | None]


@dataclass(frozen=True, slots=True)
class Writing:
    """Who writes the texts of each kind, and in whose words."""

    writers: Mapping[str, TextWriter]
    reword: RewordText

    async def write(self, uow: UnitOfWork, waiting: WaitingText) -> str | None:
        said = await self.writers[waiting.kind](uow, waiting.facts)
        return await self.reword(uow, said) if isinstance(said, Said) else said


async def in_usual_words(_look: Look, said: Said) -> str:
    return said.words


def twilio_of(terms: TextTerms) -> Carrier | None:
    return TwilioCarrier(terms.twilio) if terms.twilio else None


async def send_waiting(
    books: Books,
    payload: dict[str, Any],
    *,
    writers: Mapping[str, TextWriter],
    carrier_of: CarrierOf = twilio_of,
    reword: RewordText = in_usual_words,
) -> None:
    """Send one text, put it off, or write down why it is not sent."""
    async with books.writing() as uow:
        waiting = await find_waiting(uow, payload["text_id"])
        if waiting is None:
            return
        await uow.run(TRY, text_id=waiting.id)
        terms = await load_text_terms(uow)
    language = current_locale.set(waiting.locale)
    try:
        await write_and_send(books, waiting, terms, Writing(writers, reword), carrier_of)
    except DatabaseAway:
        raise
    except CarrierAway as away:
        await put_off(books, waiting, str(away))
    except Exception as error:
        logger.exception("texting.failed", kind=waiting.kind)
        await put_off(books, waiting, repr(error))
    finally:
        current_locale.reset(language)


async def write_and_send(
    books: Books,
    waiting: WaitingText,
    terms: TextTerms,
    writing: Writing,
    carrier_of: CarrierOf,
) -> None:
    """Raises CarrierAway."""
    async with books.writing() as uow:
        body = await prepare(uow, waiting, terms, writing)
    carrier = carrier_of(terms)
    if body is None or carrier is None:
        return
    try:
        ref = await carrier.send(OutgoingText(waiting.id, waiting.recipient, body))
    except CarrierRefused as refused:
        await settle_refused(books, waiting, count_segments(body), refused)
        return
    async with books.writing() as uow:
        await settle(uow, waiting.id, TextState.SENT, ref=ref, words=body)


async def prepare(
    uow: UnitOfWork,
    waiting: WaitingText,
    terms: TextTerms,
    writing: Writing,
) -> str | None:
    """What is to be sent, counted against the limit of the day; None when it is settled already."""
    if refusal := await reason_against(uow, waiting, terms):
        state, why = refusal
        await settle(uow, waiting.id, state, why=why)
        return None
    written = await writing.write(uow, waiting)
    if written is None:
        await settle(uow, waiting.id, TextState.NEEDLESS)
        return None
    body = shorten(paragraphs(written))
    if terms.carrier is CarrierChoice.SHOWN:
        await settle(uow, waiting.id, TextState.SHOWN, words=body)
        return None
    if not await take_from_limit(uow, count_segments(body), terms.daily_limit):
        await settle(uow, waiting.id, TextState.GIVEN_UP, words=body, why=LIMIT_REACHED)
        return None
    return body


async def reason_against(
    uow: UnitOfWork, waiting: WaitingText, terms: TextTerms
) -> tuple[TextState, str] | None:
    if terms.is_off:
        return TextState.GIVEN_UP, SWITCHED_OFF
    if uow.now >= waiting.useful_until:
        return TextState.GIVEN_UP, TOO_LATE
    if await is_stopped(uow, waiting.recipient):
        return TextState.STOPPED, ASKED_FOR_NONE
    return None


async def take_from_limit(uow: UnitOfWork, segments: int, most: int) -> bool:
    day = uow.now.date()
    await uow.run(BEGIN_DAY, day=day, segments=0)
    return bool(await uow.run(TAKE, of_day=day, more=segments, most=most))


async def settle_refused(
    books: Books, waiting: WaitingText, segments: int, refused: CarrierRefused
) -> None:
    """A text that was not taken costs nothing."""
    async with books.writing() as uow:
        await uow.run(GIVE_BACK, of_day=uow.now.date(), less=segments)
        if refused.wants_none:
            await stop_texts(uow, waiting.recipient)
        state = TextState.STOPPED if refused.wants_none else TextState.GIVEN_UP
        await settle(uow, waiting.id, state, why=str(refused))


async def put_off(books: Books, waiting: WaitingText, why: str) -> None:
    """Until later, or for good when it would be of no use by then."""
    tries = waiting.tries + 1
    async with books.writing() as uow:
        again_at = uow.now + wait_after(tries, secrets.randbelow(1_000) / 1_000)
        if again_at >= waiting.useful_until:
            await settle(uow, waiting.id, TextState.GIVEN_UP, why=why)
            return
        await settle(uow, waiting.id, TextState.WAITING, why=why)
        queue_again(uow, waiting.id, tries, again_at)


def queue_again(uow: UnitOfWork, text_id: str, tries: int, run_at: datetime) -> None:
    uow.enqueue(SEND_JOB, {"text_id": text_id}, run_at=run_at, key=f"{SEND_JOB}:{text_id}:{tries}")


async def settle(
    uow: UnitOfWork,
    text_id: str,
    state: TextState,
    *,
    why: str | None = None,
    ref: str | None = None,
    words: str = "",
) -> None:
    """What became of it. Of `words` the length is kept, and the words themselves only if they went
    to nobody.
    """
    await uow.run(
        SETTLE,
        text_id=text_id,
        after=state,
        settled=None if state is TextState.WAITING else uow.now,
        ref=ref,
        long=count_segments(words) if words else None,
        words=words if state is TextState.SHOWN else None,
        why=why[:ERROR_LENGTH_MAX] if why else None,
    )
