"""Who a guest is to this house: earlier visits by account, phone and e-mail, and a search for them.

Only reservations of the asked house are looked at: what another house knows stays there.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, select, union

from basis.kit.data.statements import Statement
from basis.kit.texts import name_key, phone_key
from kitchenasty.kit.books import Look
from kitchenasty.reservations.models import ReservationRow
from kitchenasty.reservations.queries import SELECTED, with_tables
from kitchenasty.reservations.states import Status
from kitchenasty.reservations.views import Reservation

PHONE_DIGITS_MIN = 6
"""Fewer digits are nobody's number."""
SEARCH_DIGITS_MIN = 3
EARLIER_MAX, FOUND_MAX = 50, 8
# A key that begins with what was typed lies between it and the last character there is: an index
# serves that on both databases, where LIKE would need one of its own.
LAST = "\U0010ffff"


def begins(column: Any, name: str) -> ColumnElement[bool]:
    known: ColumnElement[bool] = and_(
        column >= bindparam(name, required=True), column < bindparam(f"{name}_end", required=True)
    )
    return known


OF_HOUSE = ReservationRow.house_id == bindparam("of_house", required=True)
SAME_GUEST = (
    ReservationRow.phone_key == bindparam("phone", required=True),
    ReservationRow.guest_email == bindparam("email", required=True),
    ReservationRow.customer_id == bindparam("customer", required=True),
)
# Each way is served by its own index, so that the cost does not grow with everybody else's visits.
THEIRS = union(*(select(ReservationRow.id).where(OF_HOUSE, way) for way in SAME_GUEST)).subquery()
EARLIER = Statement(
    select(*SELECTED)
    .where(
        ReservationRow.id.in_(select(THEIRS.c.id)),
        ReservationRow.id != bindparam("of_reservation", required=True),
    )
    .order_by(ReservationRow.starts_at.desc(), ReservationRow.id)
    .limit(EARLIER_MAX)
)
NEWEST = (ReservationRow.starts_at.desc(), ReservationRow.id)
BY_NAME = Statement(
    select(*SELECTED)
    .where(OF_HOUSE, begins(ReservationRow.name_key, "key"))
    .order_by(*NEWEST)
    .limit(EARLIER_MAX)
)
BY_PHONE = Statement(
    select(*SELECTED)
    .where(OF_HOUSE, begins(ReservationRow.phone_key, "key"))
    .order_by(*NEWEST)
    .limit(EARLIER_MAX)
)
# No key of a guest: what an unknown phone or e-mail is compared with.
NOBODY = "-"


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """How often a guest came, did not come and cancelled, and when last. `newest` comes first."""

    visits: int
    absences: int
    cancellations: int
    last_day: date | None
    newest: tuple[Reservation, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownGuest:
    """Somebody who booked before, by their last reservation."""

    last: Reservation
    visits: int
    absences: int


async def load_past(look: Look, reservation: Reservation) -> Past:
    """What this house knows of whoever made the reservation, without it. A phone number too short
    to be one, or none, is nobody's.
    """
    phone = phone_key(reservation.guest_phone)
    rows = await look.rows(
        EARLIER,
        of_house=reservation.house_id,
        of_reservation=reservation.id,
        phone=phone if len(phone) >= PHONE_DIGITS_MIN else NOBODY,
        email=reservation.guest_email or NOBODY,
        customer=reservation.customer_id or reservation.id,
    )
    found = await with_tables(look, rows)
    came = [one for one in found if one.status in (Status.SEATED, Status.COMPLETED)]
    return Past(
        visits=len(came),
        absences=sum(one.status is Status.NO_SHOW for one in found),
        cancellations=sum(one.status is Status.CANCELLED for one in found),
        last_day=came[0].day if came else None,
        newest=tuple(found),
    )


async def find_guests(look: Look, house_id: str, text: str) -> list[KnownGuest]:
    """Who booked here under a name or number that begins so; the last who came first."""
    name, phone = name_key(text), phone_key(text)
    is_number = not any(character.isalpha() for character in text)
    if is_number and len(phone) >= SEARCH_DIGITS_MIN:
        rows = await look.rows(BY_PHONE, of_house=house_id, key=phone, key_end=phone + LAST)
    elif name and not is_number:
        rows = await look.rows(BY_NAME, of_house=house_id, key=name, key_end=name + LAST)
    else:
        return []
    return known_guests(await with_tables(look, rows))[:FOUND_MAX]


def known_guests(found: Iterable[Reservation]) -> list[KnownGuest]:
    """Reservations as people: the same number, else the same address, else the same name."""
    people: dict[str, list[Reservation]] = {}
    for one in found:
        people.setdefault(who(one), []).append(one)
    return [
        KnownGuest(
            last=theirs[0],
            visits=sum(one.status in (Status.SEATED, Status.COMPLETED) for one in theirs),
            absences=sum(one.status is Status.NO_SHOW for one in theirs),
        )
        for theirs in people.values()
    ]


def who(reservation: Reservation) -> str:
    return (
        phone_key(reservation.guest_phone)
        or reservation.guest_email
        or name_key(reservation.guest_name)
    )
