"""Links in letters to guests."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from kitchenasty.accounts.models import LetterLinkRow
from kitchenasty.accounts.rules import LIFE, Purpose
from kitchenasty.kit.books import Look, UnitOfWork
from kitchenasty.kit.identity.links import Links, LinkSpent

LINKS = Links(
    LetterLinkRow,
    purpose="letter link",
    facts=("customer_id", "email", "purpose"),
    owner=("customer_id", "purpose"),
)


@dataclass(frozen=True, slots=True)
class LetterLink:
    id: str
    customer_id: str
    email: str | None
    """Where the account moves to, if that is what it opens."""


async def make_link(
    uow: UnitOfWork, customer_id: str, purpose: Purpose, *, email: str | None = None
) -> str:
    """The id of a fresh link, by which its letter finds it when it is written."""
    return await LINKS.make(
        uow, LIFE[purpose], customer_id=customer_id, purpose=purpose, email=email
    )


async def find_link(look: Look, token: str, purpose: Purpose) -> LetterLink:
    """What a token opens now. Raises LinkSpent, also for a link of another purpose."""
    link_id, customer_id, email, made_for = await LINKS.find(look, token)
    if made_for != purpose:
        raise LinkSpent
    return LetterLink(link_id, customer_id, email)


async def use_link(uow: UnitOfWork, token: str, purpose: Purpose) -> LetterLink:
    """What the token opens; it and the customer's other links of its kind open nothing any more.
    Of two at once, one gets through. Raises LinkSpent.
    """
    link = await find_link(uow, token, purpose)
    await LINKS.use(uow, link.id)
    await end_links(uow, link.customer_id, purpose)
    return link


async def end_links(uow: UnitOfWork, customer_id: str, *purposes: Purpose) -> None:
    for purpose in purposes:
        await LINKS.end(uow, customer_id=customer_id, purpose=purpose)


async def forget_old_links(uow: UnitOfWork, _payload: dict[str, Any]) -> None:
    await LINKS.forget_old(uow)
