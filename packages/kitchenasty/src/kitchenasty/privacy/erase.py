"""Forgetting a guest: the books stay to the cent, the person goes (docs/adr/0012)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from sqlalchemy import bindparam, delete, func, select, update

from basis.errors import Conflict, Invalid
from basis.events import Event
from basis.kit.background.worker import Errand
from basis.kit.data.statements import Statement
from basis.sentences import Sentence
from kitchenasty import audit, orders
from kitchenasty.kit.books import Books, UnitOfWork
from kitchenasty.kit.identity.sessions import end_sessions_of
from kitchenasty.kit.identity.sign_in import plain_email
from kitchenasty.kit.principals import Kind, Principal
from kitchenasty.privacy.person import (
    Person,
    Placed,
    Reserved,
    find_person,
    find_stranger,
    mentions,
    rows_of,
    rules_of,
    table_of,
)
from kitchenasty.privacy.register import Rule, Whose
from kitchenasty.reservations import Status

SWEEP = "privacy.sweep"
FORGOTTEN = Principal(kind=Kind.CUSTOMER)
"""Who forgot themselves: the trail knows that it was a guest, and no more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GuestErased(Event):
    topic: ClassVar[str] = "guest.erased"
    customer_id: str
    order_ids: tuple[str, ...]
    """The orders that are nobody's now."""


class NotConfirmed(Invalid):
    def __init__(self) -> None:
        super().__init__("Please type the e-mail address of the account to confirm.")


class ContactNotConfirmed(Invalid):
    def __init__(self) -> None:
        super().__init__("Please type the e-mail address or the number of the order to confirm.")


class OrdersOpen(Conflict):
    """Somebody is cooking for this guest, or owes them money back."""


async def erase_guest(uow: UnitOfWork, customer_id: str, *, typed: str) -> int:
    """Forget a guest for good; answers how many orders stay without a name. `typed` is the address
    of the account, as whoever decides has typed it.

    Raises GuestNotFound, NotConfirmed, OrdersOpen.
    """
    person = await find_person(uow, customer_id)
    if plain_email(typed) != person.guest.email:
        raise NotConfirmed
    await end_sessions_of(uow, subject_kind=Kind.CUSTOMER, subject_id=customer_id)
    await forget(uow, person)
    await write_down(uow, person, "Customer", customer_id)
    return len(person.placed)


async def erase_stranger(uow: UnitOfWork, order_id: str, *, typed: str) -> int:
    """Forget whoever ordered this without an account, and all that they ordered so; answers how
    many orders stay without a name. `typed` is the e-mail address or the phone number of the order.

    Raises OrderNotFound, HasAccount, ContactNotConfirmed, OrdersOpen.
    """
    person = await find_stranger(uow, order_id)
    known = {person.guest.email, *keys_of(person.guest.phone)} - {""}
    if known and not known & {plain_email(typed), *keys_of(typed)}:
        raise ContactNotConfirmed
    await forget(uow, person)
    await write_down(uow, person, "Order", order_id)
    return len(person.placed)


def keys_of(phone: str | None) -> set[str]:
    """A number however it is written, as its digits."""
    return {"".join(filter(str.isdigit, phone or ""))}


async def forget(uow: UnitOfWork, person: Person) -> None:
    """Raises OrdersOpen."""
    await check_settled(uow, person)
    for rule in rules_of(Whose.MENTIONED):
        await forget_mentions(uow, rule, person)
    for rule in reversed(rules_of()):
        if rule.whose is not Whose.MENTIONED:
            await apply(uow, rule, person)
    await end_links(uow, person)
    uow.enqueue(SWEEP, {})


async def check_settled(uow: UnitOfWork, person: Person) -> None:
    """Raises OrdersOpen."""
    still = [one for one in person.placed if one.status not in orders.FINAL_STATUSES]
    if still:
        raise OrdersOpen(
            Sentence.of(
                "There are open orders: {count}. Please finish or cancel them first.",
                count=len(still),
            )
        )
    if any(
        one.status in (Status.PENDING, Status.CONFIRMED, Status.SEATED) for one in person.reserved
    ):
        raise OrdersOpen("A table is kept for this guest. Please cancel the reservation first.")
    returns = table_of("payment_returns").c
    owed = select(func.count()).where(
        returns.order_id.in_(person.order_ids), returns.state == "PENDING"
    )
    deposits = table_of("deposit_returns").c
    deposited = select(func.count()).where(
        deposits.reservation_id.in_(person.reservation_ids), deposits.state == "PENDING"
    )
    if await uow.value(Statement(owed)) or await uow.value(Statement(deposited)):
        raise OrdersOpen(
            "Money is on its way back to this guest. Please try again when it has arrived."
        )
    outbox = table_of("outbox").c
    waiting = await uow.rows(Statement(select(outbox.payload).where(outbox.handled_at.is_(None))))
    told = str(waiting)
    account = [person.guest.id] if person.guest.id else []
    ids = [*person.order_ids, *person.reservation_ids, *account]
    if any(one in told for one in ids):
        raise OrdersOpen("Something about this guest is just happening. Please try again.")


async def apply(uow: UnitOfWork, rule: Rule, person: Person) -> None:
    table = table_of(rule.table)
    where = rows_of(rule, person)
    if rule.becomes is None:
        await uow.run(Statement(delete(table).where(where)))
    elif rule.becomes:
        await uow.run(Statement(update(table).where(where).values(**rule.becomes)))


async def end_links(uow: UnitOfWork, person: Person) -> None:
    """The links of their letters and receipts open nothing any more."""
    await end_links_to(uow, "orders", person.order_ids)
    await end_links_to(uow, "reservations", person.reservation_ids)


async def end_links_to(uow: UnitOfWork, name: str, ids: Sequence[str]) -> None:
    table = table_of(name)
    await uow.many(
        Statement(
            update(table)
            .where(table.c.id == bindparam("of_one", required=True))
            .values(capability_hash=bindparam("gone", required=True))
        ),
        [{"of_one": one, "gone": f"erased-{one}"} for one in ids],
    )


async def forget_mentions(uow: UnitOfWork, rule: Rule, person: Person) -> None:
    for thing in person.things:
        if rule.table == "live_log":
            await forget_told(uow, rule, thing)
        else:
            await uow.run(Statement(delete(table_of(rule.table)).where(mentions(rule, thing))))


async def forget_told(uow: UnitOfWork, rule: Rule, thing: Placed | Reserved) -> None:
    """A journal with a hole would look as if a message were missing: it goes up to the last one
    that tells of this one, and screens that were away read everything anew.
    """
    log = table_of(rule.table)
    last = select(log.c.topic, func.max(log.c.seq)).where(mentions(rule, thing))
    for topic, seq in await uow.rows(Statement(last.group_by(log.c.topic))):
        await uow.run(Statement(delete(log).where(log.c.topic == topic, log.c.seq <= seq)))


async def write_down(uow: UnitOfWork, person: Person, entity: str, entity_id: str) -> None:
    """The trail says that somebody was forgotten and by whom; a guest's own name is not kept."""
    if uow.actor.is_customer:
        uow.actor, uow.address = FORGOTTEN, None
    await audit.record(
        uow,
        action="erase",
        entity=entity,
        entity_id=entity_id,
        after={"orders": len(person.placed)},
    )
    uow.emit(GuestErased(customer_id=person.guest.id, order_ids=tuple(person.order_ids)))


async def sweep(books: Books, _payload: dict[str, Any]) -> None:
    """What the database has forgotten leaves its files, too."""
    await books.database.sweep()


SWEEPING = Errand(SWEEP, sweep)
