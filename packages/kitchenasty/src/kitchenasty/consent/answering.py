"""What guests answer: kept so that the house can show who agreed to what, and when."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import bindparam, delete

from basis.errors import Conflict, Invalid
from basis.ids import hash_capability, new_capability, new_id
from basis.kit.data.statements import Statement, insert_into
from basis.sentences import Sentence
from kitchenasty.consent.models import CookieConsentRow
from kitchenasty.consent.queries import load_notice
from kitchenasty.consent.records import Answer
from kitchenasty.consent.rules import Choice, Notice
from kitchenasty.kit.books import UnitOfWork

KEPT_DAYS = 3 * 365 + 1
"""Three years, in which an offence against the rules about cookies can be fined; then it goes."""
VISITOR_LENGTH = 32
KEEP = insert_into(CookieConsentRow)
FORGET = Statement(
    delete(CookieConsentRow).where(CookieConsentRow.created_at < bindparam("before", required=True))
)


class QuestionChanged(Conflict):
    """The guest answers what the house does not ask any more."""

    def __init__(self) -> None:
        super().__init__("What we ask has changed meanwhile. Please look at it once more.")


class UnknownCategory(Invalid):
    def __init__(self) -> None:
        super().__init__("There is no such category of cookies.")


class Needed(Invalid):
    """Nobody is asked about what the shop cannot do without."""


async def answer(
    uow: UnitOfWork, accepted: frozenset[str], *, version: int, before: Choice | None, secret: str
) -> tuple[Notice, Choice]:
    """Keep what a guest said to every category that is asked about. `before` is what their browser
    remembers of this version: the same answer again is kept once. `secret` is the one that their
    browser has, or empty.

    Raises QuestionChanged, UnknownCategory.
    """
    notice = await load_notice(uow)
    if version != notice.version:
        raise QuestionChanged
    if accepted - {one.id for one in notice.asked}:
        raise UnknownCategory
    if before is not None and before.accepted == accepted:
        return notice, before
    secret = secret or new_capability()
    said = {one.id: one.id in accepted for one in notice.asked}
    await keep(uow, notice, said, secret)
    return notice, Choice(accepted, secret if accepted else "")


async def answer_some(
    uow: UnitOfWork, said: Mapping[str, bool], *, version: int | None = None
) -> list[Answer]:
    """Keep what a guest said to some categories, without a browser that would remember it.

    Raises QuestionChanged, UnknownCategory, Needed.
    """
    notice = await load_notice(uow)
    if version not in (None, notice.version):
        raise QuestionChanged
    known = {one.id: one for one in notice.categories}
    if said.keys() - known.keys():
        raise UnknownCategory
    for category_id, is_accepted in said.items():
        if known[category_id].is_required and not is_accepted:
            sentence = "{what} cannot be declined: the shop does not work without it."
            raise Needed(Sentence.of(sentence, what=known[category_id].label))
    return await keep(uow, notice, said, new_capability())


async def keep(
    uow: UnitOfWork, notice: Notice, said: Mapping[str, bool], secret: str
) -> list[Answer]:
    names = {one.id: one.name for one in notice.categories}
    answers = [
        Answer(
            id=new_id(),
            category_id=category_id,
            category=names[category_id],
            version=notice.version,
            accepted=is_accepted,
            customer_id=uow.actor.id if uow.actor.is_customer else None,
            visitor=visitor_of(secret),
            created_at=uow.now,
        )
        for category_id, is_accepted in said.items()
    ]
    for one in answers:
        await uow.run(KEEP, **{name: getattr(one, name) for name in one.__slots__})
    return answers


def visitor_of(secret: str) -> str:
    """What the log keeps of a secret: enough to find it, too little to make one."""
    return hash_capability(secret)[:VISITOR_LENGTH]


async def forget_old_answers(uow: UnitOfWork, _payload: dict[str, Any]) -> None:
    await uow.run(FORGET, before=uow.now - timedelta(days=KEPT_DAYS))
