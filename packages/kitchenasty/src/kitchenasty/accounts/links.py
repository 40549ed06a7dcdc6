"""Links in letters: made, found and used up.

The token is derived from the server's secret and the link's id, so neither the books nor the
letter that waits to be sent hold it (docs/adr/0005 does the same for orders).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import bindparam, delete, select, update

from basis.errors import Conflict
from basis.ids import hash_capability, new_id
from basis.signing import derive
from kitchenasty.accounts.models import LetterLinkRow
from kitchenasty.accounts.rules import LIFE, Purpose
from kitchenasty.kit.data.statements import Statement, insert_into
from kitchenasty.kit.data.work import Look, UnitOfWork

TOKEN_LENGTH_MAX = 64
KEPT_DAYS = 7

ADD = insert_into(LetterLinkRow)
LIVE = (
    LetterLinkRow.used_at.is_(None),
    LetterLinkRow.expires_at > bindparam("now", required=True),
)
BY_TOKEN = Statement(
    select(LetterLinkRow.id, LetterLinkRow.customer_id, LetterLinkRow.email).where(
        LetterLinkRow.token_hash == bindparam("token_hash", required=True),
        LetterLinkRow.purpose == bindparam("purpose", required=True),
        *LIVE,
    )
)
BY_ID = Statement(
    select(LetterLinkRow.customer_id, LetterLinkRow.purpose).where(
        LetterLinkRow.id == bindparam("link_id", required=True), *LIVE
    )
)
USE = Statement(
    update(LetterLinkRow)
    .where(LetterLinkRow.id == bindparam("link_id", required=True), *LIVE)
    .values(used_at=bindparam("now", required=True))
)
END_OTHERS = Statement(
    update(LetterLinkRow)
    .where(
        LetterLinkRow.customer_id == bindparam("customer_id", required=True),
        LetterLinkRow.purpose == bindparam("purpose", required=True),
        LetterLinkRow.used_at.is_(None),
    )
    .values(used_at=bindparam("now", required=True))
)
FORGET = Statement(
    delete(LetterLinkRow).where(LetterLinkRow.expires_at < bindparam("before", required=True))
)


class LinkSpent(Conflict):
    """Used, too old, or never ours: the answer is the same."""

    def __init__(self) -> None:
        super().__init__("This link has been used or is too old. Please ask for a new letter.")


@dataclass(frozen=True, slots=True)
class LetterLink:
    id: str
    customer_id: str
    email: str | None
    """Where the account moves to, if that is what it opens."""


async def make_link(
    uow: UnitOfWork, customer_id: str, purpose: Purpose, *, email: str | None = None
) -> str:
    """A fresh link for a letter; its id, by which the letter finds it when it is written."""
    link_id = new_id()
    await uow.run(
        ADD,
        id=link_id,
        customer_id=customer_id,
        purpose=purpose,
        email=email,
        token_hash=hash_capability(token_of(uow, link_id)),
        created_at=uow.now,
        expires_at=uow.now + LIFE[purpose],
        used_at=None,
    )
    return link_id


def token_of(uow: UnitOfWork, link_id: str) -> str:
    return derive(uow.secret, purpose="letter link", subject=link_id)


async def find_link(look: Look, token: str, purpose: Purpose) -> LetterLink:
    """What a token opens now. Raises LinkSpent."""
    row = None
    if len(token) <= TOKEN_LENGTH_MAX:
        hashed = hash_capability(token)
        row = await look.row(BY_TOKEN, token_hash=hashed, purpose=purpose, now=look.now)
    if row is None:
        raise LinkSpent
    return LetterLink(*row)


async def is_live(look: Look, link_id: str) -> bool:
    return await look.row(BY_ID, link_id=link_id, now=look.now) is not None


async def use_link(uow: UnitOfWork, token: str, purpose: Purpose) -> LetterLink:
    """What the token opens; it and the customer's other links of its kind open nothing any more.
    Of two at once, one gets through. Raises LinkSpent.
    """
    link = await find_link(uow, token, purpose)
    if not await uow.run(USE, link_id=link.id, now=uow.now):
        raise LinkSpent
    await end_links(uow, link.customer_id, purpose)
    return link


async def end_links(uow: UnitOfWork, customer_id: str, *purposes: Purpose) -> None:
    for purpose in purposes:
        await uow.run(END_OTHERS, customer_id=customer_id, purpose=purpose, now=uow.now)


async def forget_old_links(uow: UnitOfWork, _payload: dict[str, Any]) -> None:
    await uow.run(FORGET, before=uow.now - timedelta(days=KEPT_DAYS))
