"""Guests who come back: their accounts, what the house remembers of them, what they say of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import Random

from basis.errors import DomainError
from kitchenasty import checkout, guests, orders, reviews
from kitchenasty.demo.written import Written
from kitchenasty.kit.books import UnitOfWork
from kitchenasty.kit.principals import Kind, Principal

SHARE = 0.3
"""Of the orders, how many are of somebody with an account."""
KNOWN_FOR = timedelta(days=60)
READ_AFTER = timedelta(hours=9)


@dataclass(frozen=True, slots=True)
class Regular:
    """A guest with an account, and how often they come compared with others."""

    id: str
    contact: orders.Contact
    visits: int


@dataclass(frozen=True, slots=True)
class Visit:
    """An order of theirs."""

    order_id: str
    order_type: orders.OrderType
    at: datetime
    regular: Regular


async def add_regulars(
    uow: UnitOfWork, written: Sequence[Written], *, password_hash: str, author: Principal
) -> list[Regular]:
    """Their accounts are some weeks old; notes and allergies are by `author`."""
    now, actor = uow.now, uow.actor
    made = []
    for place, one in enumerate(written):
        uow.now, uow.actor = now - KNOWN_FOR + timedelta(hours=19 * place), actor
        regular = await register(uow, one, place, password_hash)
        await guests.add_address(
            uow,
            regular.id,
            guests.AddressDraft(
                label="Home", line1=one["line1"], city="Dublin", postal_code="D08 X2Y7"
            ),
        )
        uow.actor = author
        if "allergies" in one:
            await guests.keep_allergies(uow, regular.id, one["allergies"])
        for note in one.get("notes", ()):
            uow.now = min(now, uow.now + timedelta(days=11, hours=5))
            await guests.write_note(uow, regular.id, note)
        made.append(regular)
    uow.now, uow.actor = now, actor
    return made


async def register(uow: UnitOfWork, one: Written, place: int, password_hash: str) -> Regular:
    email = f"{one['name'].replace(' ', '.')}@guests.example".lower()
    contact = orders.Contact(name=one["name"], email=email, phone=f"+353 1 555 0{200 + place}")
    newcomer = guests.NewGuest(email=email, name=contact.name, phone=contact.phone)
    guest = await guests.register_guest(uow, newcomer, password_hash=password_hash)
    await guests.confirm_address(uow, guest.id)
    return Regular(guest.id, contact, one["visits"])


async def block_some(
    uow: UnitOfWork, written: Sequence[Written], regulars: Sequence[Regular]
) -> None:
    for one, regular in zip(written, regulars, strict=True):
        if one.get("blocked"):
            await guests.block(uow, regular.id)


def somebody(chance: Random, regulars: Sequence[Regular]) -> Regular | None:
    """Whose account the next order is on; None for a guest without one."""
    if chance.random() >= SHARE:
        return None
    [one] = chance.choices(regulars, [regular.visits for regular in regulars])
    return one


def on_account(draft: checkout.OrderDraft, regular: Regular) -> checkout.OrderDraft:
    return replace(draft, customer_id=regular.id, contact=regular.contact)


async def review(
    uow: UnitOfWork, written: Sequence[Written], visits: Sequence[Visit], *, reader: Principal
) -> int:
    """Let guests say how it was, from the newest visit back, and the house answer; how many did."""
    now, actor = uow.now, uow.actor
    left = list(reversed(visits))
    between = len(visits) // (2 * len(written))
    count = 0
    for one in written:
        for visit in [each for each in left if one.get("by") in (None, each.order_type)]:
            left.remove(visit)
            if await say(uow, one, visit, now, reader):
                left = left[between:]
                count += 1
                break
    uow.now, uow.actor = now, actor
    return count


async def say(
    uow: UnitOfWork, one: Written, visit: Visit, now: datetime, reader: Principal
) -> bool:
    """Whether this visit could be reviewed: it may not have ended yet, or never."""
    guest = Principal(kind=Kind.CUSTOMER, id=visit.regular.id, name=visit.regular.contact.name)
    uow.now, uow.actor = min(now, visit.at + timedelta(hours=3)), guest
    draft = reviews.Draft(rating=one["stars"], body=one.get("words", ""), order_id=visit.order_id)
    try:
        said = await reviews.submit(uow, draft)
    except DomainError:
        return False
    uow.now, uow.actor = min(now, uow.now + READ_AFTER), reader
    await decide(uow, one, said.id)
    return True


async def decide(uow: UnitOfWork, one: Mapping[str, str], review_id: str) -> None:
    if "decided" in one:
        await reviews.decide(uow, review_id, reviews.ReviewState(one["decided"]))
    if "reply" in one:
        await reviews.answer(uow, review_id, one["reply"])
