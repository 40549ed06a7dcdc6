"""The house's list of guests, newest first, found through indexes whatever is asked for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    and_,
    bindparam,
    false,
    select,
    true,
    tuple_,
    union,
)

from basis.kit.data.columns import IdType, UtcDateTime
from basis.kit.data.paging import Cursor, Keyset
from basis.kit.data.statements import Row, Statement
from basis.kit.texts import name_key, phone_key
from kitchenasty.guests.models import Customer
from kitchenasty.kit.books import Look

MATCHES_MAX = 2_000
"""A search that finds more in one way is broad; of these its newest are shown."""
PHONE_DIGITS_MIN = 3
SHAPES_KEPT = 64
Narrowing = Callable[[ColumnElement[Any]], ColumnElement[bool]]
"""A condition on a guest's id that a slice above knows. Its parameters come with the question."""


class GuestState(StrEnum):
    """What the list can be narrowed to."""

    ACTIVE = "active"
    BLOCKED = "blocked"
    UNCONFIRMED = "unconfirmed"
    ALLERGIC = "allergic"


@dataclass(frozen=True, slots=True, kw_only=True)
class GuestFilter:
    """Which guests; None or empty lets all through. `houses` are those whose guests may be seen,
    and `are_of` tells whose guests they are.
    """

    search: str = ""
    state: GuestState | None = None
    houses: frozenset[str] | None = None
    are_of: Narrowing | None = None


@dataclass(frozen=True, slots=True)
class ListedGuest:
    """A guest as the house sees one. `allergies` are what the house knows of."""

    id: str
    name: str
    email: str
    phone: str | None
    allergies: str | None
    is_active: bool
    is_confirmed: bool
    created_at: datetime

    @property
    def cursor(self) -> Cursor:
        return Cursor(self.created_at, self.id)


@dataclass(frozen=True, slots=True)
class Shape:
    """A question without its values."""

    ways: frozenset[str]
    state: GuestState | None
    are_of: Narrowing | None
    goes_on: bool


NEWEST_FIRST = (Customer.created_at.desc(), Customer.id.desc())
SELECTED = (
    Customer.id,
    Customer.name,
    Customer.email,
    Customer.phone,
    Customer.allergies,
    Customer.is_active,
    Customer.verified_at,
    Customer.created_at,
)
STATES: dict[GuestState, ColumnElement[bool]] = {
    GuestState.ACTIVE: Customer.is_active.is_(true()),
    GuestState.BLOCKED: Customer.is_active.is_(false()),
    GuestState.UNCONFIRMED: Customer.verified_at.is_(None),
    GuestState.ALLERGIC: Customer.allergies.is_not(None),
}
AFTER = tuple_(Customer.created_at, Customer.id) < tuple_(
    bindparam("after_at", type_=UtcDateTime(), required=True),
    bindparam("after_id", type_=IdType(), required=True),
)


async def list_guests(look: Look, wanted: GuestFilter, place: Keyset) -> list[ListedGuest]:
    """Newest first; every page costs the same."""
    if wanted.houses == frozenset():
        return []
    values = searched(wanted.search)
    shape = Shape(
        ways=frozenset(values),
        state=wanted.state,
        are_of=None if wanted.houses is None else wanted.are_of,
        goes_on=place.after is not None,
    )
    if wanted.houses is not None:
        assert wanted.are_of is not None, "somebody has to say whose guests they are"
        values |= {"house_ids": sorted(wanted.houses)}
    if place.after is not None:
        values |= {"after_at": place.after.at, "after_id": place.after.id}
    return [guest_of(row) for row in await look.rows(listing(shape), **values, taken=place.limit)]


def searched(search: str) -> dict[str, Any]:
    """The parameters of a search, one for each way in which it may be meant."""
    key = name_key(search)
    if not key:
        return {}
    values = {"name_key": key, "surname_key": key, "email": key}
    digits = phone_key(search)
    is_number = not any(character.isalpha() for character in search)
    if is_number and len(digits) >= PHONE_DIGITS_MIN:
        values["phone_key"] = digits
    return values


@lru_cache(SHAPES_KEPT)
def listing(shape: Shape) -> Statement:
    conditions: list[ColumnElement[bool]] = []
    if shape.ways:
        ways = [
            select(Customer.id).where(begins(name)).limit(MATCHES_MAX).subquery()
            for name in sorted(shape.ways)
        ]
        found = union(*(select(way.c.id) for way in ways)).subquery()
        conditions.append(Customer.id.in_(select(found.c.id)))
    if shape.state is not None:
        conditions.append(STATES[shape.state])
    if shape.are_of is not None:
        conditions.append(shape.are_of(Customer.__table__.c.id))
    if shape.goes_on:
        conditions.append(AFTER)
    return Statement(
        select(*SELECTED)
        .where(*conditions)
        .order_by(*NEWEST_FIRST)
        .limit(bindparam("taken", required=True))
    )


def begins(name: str) -> ColumnElement[bool]:
    """A range and not LIKE, so that any collation and any character in it stay harmless."""
    column = getattr(Customer, name)
    start: BindParameter[str] = bindparam(name, required=True)
    return and_(column >= start, column < start + "\U0010ffff")


def guest_of(row: Row) -> ListedGuest:
    guest_id, name, email, phone, allergies, is_active, verified_at, created_at = row
    return ListedGuest(
        id=guest_id,
        name=name,
        email=email,
        phone=phone,
        allergies=allergies,
        is_active=is_active,
        is_confirmed=verified_at is not None,
        created_at=created_at,
    )
