"""Whoever asks for their data, or wants to be forgotten: by what the books know them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Table, and_, false, or_, select

from basis.errors import Conflict
from basis.kit.data.statements import Statement
from kitchenasty import guests, orders, reservations
from kitchenasty.kit.books import Look
from kitchenasty.kit.principals import Kind
from kitchenasty.kit.tables import every_table
from kitchenasty.privacy.register import RULES, Rule, Whose

TRAIL = {
    Whose.SELF: ("Customer", "Points"),
    Whose.ORDERED: ("Order",),
    Whose.RESERVED: ("Reservation",),
}
"""What entries of the trail are about, of those that can be about a guest."""


NO_ACCOUNT = ""


class HasAccount(Conflict):
    def __init__(self) -> None:
        super().__init__("This guest has an account. Please forget it on the guest's page.")


@dataclass(frozen=True, slots=True)
class Placed:
    """An order of theirs, as far as finding them takes."""

    id: str
    placed_at: datetime
    status: orders.OrderStatus


@dataclass(frozen=True, slots=True)
class Reserved:
    """A table of theirs, as far as finding it takes."""

    id: str
    placed_at: datetime
    status: reservations.Status


@dataclass(frozen=True, slots=True)
class Person:
    """A guest with an account, or without: then `guest.id` is empty and no row has it. An order or
    a reservation without an account is a guest's too if it names the address that they have
    confirmed.
    """

    guest: guests.Guest
    placed: tuple[Placed, ...]
    signs: tuple[str, ...]
    """Under which their use of coupons was counted."""
    visited_as: tuple[str, ...]
    """Under which the days were counted on which they came."""
    reserved: tuple[Reserved, ...] = ()

    @property
    def order_ids(self) -> list[str]:
        return [order.id for order in self.placed]

    @property
    def reservation_ids(self) -> list[str]:
        return [reservation.id for reservation in self.reserved]

    @property
    def things(self) -> tuple[Placed | Reserved, ...]:
        """What texts that are kept for a while may mention."""
        return (*self.placed, *self.reserved)

    @property
    def label(self) -> str:
        return f"{Kind.CUSTOMER}:{self.guest.id}"


async def find_person(look: Look, customer_id: str) -> Person:
    """Raises GuestNotFound."""
    guest = await guests.load_guest(look, customer_id)
    of_orders = table_of("orders")
    theirs = belongs_to(of_orders.c, guest)
    return await person_with(look, guest, theirs, await list_reserved(look, guest))


async def find_stranger(look: Look, order_id: str) -> Person:
    """Whoever ordered without an account, with all that they ordered so: by the e-mail address that
    they left, else by the phone number, else this order alone.

    Raises OrderNotFound, HasAccount.
    """
    order = await orders.load_order(look, order_id)
    contact = order.contact
    owner = await guests.find_owner_of(look, contact.email) if contact.email else None
    if order.customer_id is not None or (owner is not None and owner.is_confirmed):
        raise HasAccount
    columns = table_of("orders").c
    key = await look.value(Statement(select(columns.phone_key).where(columns.id == order.id)))
    theirs = columns.id == order.id
    if contact.email:
        theirs = columns.guest_email == contact.email
    elif key:
        theirs = and_(columns.guest_email.is_(None), columns.phone_key == key)
    guest = guests.Guest(NO_ACCOUNT, contact.email or "", contact.name, contact.phone)
    reserved = await list_reserved_by(look, contact.email, key)
    return await person_with(look, guest, and_(columns.customer_id.is_(None), theirs), reserved)


async def person_with(
    look: Look, guest: guests.Guest, theirs: ColumnElement[bool], reserved: tuple[Reserved, ...]
) -> Person:
    """The same with the orders that are theirs."""
    columns = table_of("orders").c
    rows = await look.rows(
        Statement(
            select(columns.id, columns.placed_at, columns.status).where(theirs).order_by(columns.id)
        )
    )
    placed = tuple(Placed(row[0], row[1], orders.OrderStatus(row[2])) for row in rows)
    ids = [order.id for order in placed]
    uses, counted = table_of("coupon_uses"), table_of("counted_orders")
    used = await look.rows(Statement(select(uses.c.people).where(uses.c.order_id.in_(ids))))
    signs = sorted({sign for row in used for sign in row[0]})
    visited = select(counted.c.guest).where(
        counted.c.order_id.in_(ids), counted.c.guest.is_not(None)
    )
    visited_as = [row[0] for row in await look.rows(Statement(visited.distinct()))]
    return Person(guest, placed, tuple(signs), tuple(visited_as), reserved)


def belongs_to(columns: Any, guest: guests.Guest) -> ColumnElement[bool]:
    """Of the account; or of none, naming the address that the guest has confirmed."""
    theirs: ColumnElement[bool] = columns.customer_id == guest.id
    if not guest.is_confirmed:
        return theirs
    return or_(theirs, and_(columns.customer_id.is_(None), columns.guest_email == guest.email))


def waited(columns: Any, guest: guests.Guest) -> ColumnElement[bool]:
    """As `belongs_to`; of a guest without an account, what names the address that they left."""
    if guest.id != NO_ACCOUNT:
        return belongs_to(columns, guest)
    if not guest.email:
        return false()
    return and_(columns.customer_id.is_(None), columns.guest_email == guest.email)


async def list_reserved(look: Look, guest: guests.Guest) -> tuple[Reserved, ...]:
    return await reserved_where(look, belongs_to(table_of("reservations").c, guest))


async def list_reserved_by(
    look: Look, email: str | None, phone_key: str | None
) -> tuple[Reserved, ...]:
    """By whoever left this address, or else this number, and has no account."""
    columns = table_of("reservations").c
    if email:
        theirs = columns.guest_email == email
    elif phone_key:
        theirs = and_(columns.guest_email.is_(None), columns.phone_key == phone_key)
    else:
        return ()
    return await reserved_where(look, and_(columns.customer_id.is_(None), theirs))


async def reserved_where(look: Look, theirs: ColumnElement[bool]) -> tuple[Reserved, ...]:
    columns = table_of("reservations").c
    rows = await look.rows(
        Statement(
            select(columns.id, columns.created_at, columns.status)
            .where(theirs)
            .order_by(columns.id)
        )
    )
    return tuple(Reserved(row[0], row[1], reservations.Status(row[2])) for row in rows)


def table_of(name: str) -> Table:
    return every_table()[name]


def rules_of(*whose: Whose) -> list[Rule]:
    """All rules, or those whose rows are found in these ways."""
    return [rule for rule in RULES if not whose or rule.whose in whose]


def rows_of(rule: Rule, person: Person) -> ColumnElement[bool]:
    """The rows of a person in a table, but for those that only mention an order."""
    find = FOUND.get(rule.whose)
    return false() if find is None else find(table_of(rule.table).c, person)


def about(columns: Any, person: Person) -> ColumnElement[bool]:
    """Entries of the trail about the guest, an order or a table of theirs, through its index."""
    guest = and_(columns.entity.in_(TRAIL[Whose.SELF]), columns.entity_id == person.guest.id)
    ordered = and_(
        columns.entity.in_(TRAIL[Whose.ORDERED]), columns.entity_id.in_(person.order_ids)
    )
    reserved = and_(
        columns.entity.in_(TRAIL[Whose.RESERVED]), columns.entity_id.in_(person.reservation_ids)
    )
    return or_(guest, ordered, reserved)


def texted(columns: Any, person: Person) -> ColumnElement[bool]:
    """Texts about an order or a table of theirs. A number alone proves nothing: anybody may have
    written it into their account.
    """
    theirs: ColumnElement[bool] = columns.about_id.in_([*person.order_ids, *person.reservation_ids])
    return theirs


def followed(columns: Any, person: Person) -> ColumnElement[bool]:
    """Phones that are told about what is theirs, whoever's phones they are."""
    parties = table_of("waiting_parties").c
    lines = select(parties.id).where(waited(parties, person.guest))
    things = [*person.order_ids, *person.reservation_ids, person.guest.id]
    return or_(columns.about_id.in_(things), columns.about_id.in_(lines))


def acted(columns: Any, person: Person) -> ColumnElement[bool]:
    if "order_id" in columns:
        return and_(columns.order_id.in_(person.order_ids), columns.actor == person.label)
    if "reservation_id" in columns:
        return and_(
            columns.reservation_id.in_(person.reservation_ids), columns.actor == person.label
        )
    return columns.actor_id == person.guest.id  # type: ignore[no-any-return]


FOUND: dict[Whose, Callable[[Any, Person], ColumnElement[bool]]] = {
    Whose.SELF: lambda columns, person: columns.id == person.guest.id,
    Whose.ACCOUNT: lambda columns, person: columns.customer_id == person.guest.id,
    Whose.ORDERED: lambda columns, person: columns.id.in_(person.order_ids),
    Whose.OF_ORDER: lambda columns, person: columns.order_id.in_(person.order_ids),
    Whose.RESERVED: lambda columns, person: columns.id.in_(person.reservation_ids),
    Whose.OF_RESERVATION: lambda columns, person: columns.reservation_id.in_(
        person.reservation_ids
    ),
    Whose.WAITED: lambda columns, person: waited(columns, person.guest),
    Whose.SIGNED_IN: lambda columns, person: and_(
        columns.subject_kind == Kind.CUSTOMER, columns.subject_id == person.guest.id
    ),
    Whose.WRITTEN_TO: lambda columns, person: columns.recipient == person.guest.email,
    Whose.TEXTED: texted,
    Whose.FOLLOWED: followed,
    Whose.ABOUT: about,
    Whose.ACTED: acted,
    Whose.VISITED: lambda columns, person: columns.guest.in_(person.visited_as),
    Whose.COUNTED: lambda columns, person: columns.person.in_(person.signs),
}


def mentions(rule: Rule, thing: Placed | Reserved) -> ColumnElement[bool]:
    """Rows that have kept a text with this order or reservation since it was made."""
    columns = table_of(rule.table).c
    return and_(
        columns[rule.since] >= thing.placed_at,
        columns[rule.mentions].contains(thing.id),
    )


def selected(rule: Rule, names: Sequence[str]) -> list[Any]:
    columns = table_of(rule.table).c
    return [columns[name] for name in names]
