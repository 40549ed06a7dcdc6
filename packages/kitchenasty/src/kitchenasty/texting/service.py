"""Asking for a text message, and what becomes of it afterwards."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from basis.errors import NotFound
from basis.ids import new_id
from basis.kit.secret import Secret
from basis.signing import derive
from kitchenasty.kit.books import Look, UnitOfWork
from kitchenasty.kit.http.i18n import current_locale
from kitchenasty.texting.numbers import read_number
from kitchenasty.texting.queries import (
    AGAIN,
    ALLOW,
    FORGET,
    FORGET_DAYS,
    INSERT,
    IS_STOPPED,
    RECIPIENT,
    REPORT,
    STOP,
    STOPPED,
    TRIES,
)
from kitchenasty.texting.states import AFTER, TextState
from kitchenasty.texting.terms import load_text_terms

SEND_JOB = "texting.send"
KEPT_DAYS = 30
AGAIN_USEFUL = timedelta(hours=6)


class TextNotFound(NotFound):
    def __init__(self) -> None:
        super().__init__("This text does not wait for anybody any more.")


@dataclass(frozen=True, slots=True, kw_only=True)
class TextDraft:
    """A text that somebody is to get. `key` says what happened and who is told of it: a second one
    with the same key is not sent. `phone` is as it was typed, by somebody in `country`; `about_id`
    is the order or reservation that it is about.
    """

    kind: str
    key: str
    phone: str
    country: str
    facts: Mapping[str, Any]
    useful_for: timedelta
    about_id: str | None = None
    locale: str | None = None


async def send_text(uow: UnitOfWork, draft: TextDraft) -> str | None:
    """Have a text sent exactly if this change happens; its id. It is written when it is sent, and
    tried as long as it is useful. None in a house that sends no texts, which keeps none for later,
    and when this was sent before.

    Raises NumberRefused.
    """
    if (await load_text_terms(uow)).is_off:
        return None
    text_id = new_id()
    is_new = await uow.run(
        INSERT,
        id=text_id,
        key=draft.key,
        kind=draft.kind,
        recipient=read_number(draft.phone, draft.country),
        about_id=draft.about_id,
        locale=draft.locale or current_locale.get(),
        facts=dict(draft.facts),
        state=TextState.WAITING,
        created_at=uow.now,
        useful_until=uow.now + draft.useful_for,
        tries=0,
        settled_at=None,
        carrier_ref=None,
        segments=None,
        body=None,
        error=None,
    )
    if not is_new:
        return None
    uow.enqueue(SEND_JOB, {"text_id": text_id}, key=f"{SEND_JOB}:{text_id}:0")
    return text_id


async def send_text_again(uow: UnitOfWork, text_id: str) -> None:
    """Try a text that was given up for a few hours more. Raises TextNotFound."""
    if not await uow.run(AGAIN, text_id=text_id, until=uow.now + AGAIN_USEFUL):
        raise TextNotFound
    tries = await uow.value(TRIES, text_id=text_id)
    uow.enqueue(
        SEND_JOB, {"text_id": text_id}, key=f"{SEND_JOB}:{text_id}:{tries}:{uow.now.isoformat()}"
    )


async def report_text(
    uow: UnitOfWork, text_id: str, after: TextState, *, why: str | None = None
) -> str | None:
    """What the carrier says became of it; the number it went to, if it is new and possible."""
    before = [state.value for state in AFTER[after]]
    if not await uow.run(REPORT, text_id=text_id, before=before, after=after, now=uow.now, why=why):
        return None
    return str(await uow.value(RECIPIENT, text_id=text_id))


async def stop_texts(uow: UnitOfWork, number: str) -> None:
    """Whoever has this number gets no text any more."""
    await uow.run(STOP, sign=sign_of(uow.secret, number), stopped_at=uow.now)


async def allow_texts(uow: UnitOfWork, number: str) -> None:
    """They want texts again."""
    await uow.run(ALLOW, of_number=sign_of(uow.secret, number))


async def is_stopped(look: Look, number: str) -> bool:
    sign = sign_of(look.secret, number)
    return await look.value(IS_STOPPED, of_number=sign) is not None


async def list_stopped(look: Look, numbers: Collection[str]) -> list[str]:
    """Those of these numbers that get no texts."""
    if not numbers:
        return []
    by_sign = {sign_of(look.secret, one): one for one in numbers}
    return [by_sign[row[0]] for row in await look.rows(STOPPED, signs=sorted(by_sign))]


def sign_of(secret: Secret, number: str) -> str:
    return derive(secret, purpose="stopped number", subject=number)


async def forget_old_texts(uow: UnitOfWork, _payload: dict[str, Any]) -> None:
    """Whom we wrote to is forgotten after a month."""
    before = uow.now - timedelta(days=KEPT_DAYS)
    await uow.run(FORGET, before=before)
    await uow.run(FORGET_DAYS, before=before.date())
