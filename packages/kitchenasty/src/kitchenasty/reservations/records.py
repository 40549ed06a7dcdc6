"""Writing reservations down: the row, what opens it, and who did what to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import bindparam, update

from basis.errors import Invalid
from basis.ids import hash_capability, new_id
from basis.kit.data.statements import Statement, insert_into
from basis.kit.secret import Secret
from basis.kit.texts import name_key, one_line, paragraphs, phone_key
from basis.sentences import Sentence
from basis.signing import derive
from kitchenasty import audit
from kitchenasty.availability import Period, quarter_of
from kitchenasty.kit.books import UnitOfWork
from kitchenasty.reservations.events import ReservationChanged
from kitchenasty.reservations.models import ReservationHistoryRow, ReservationRow
from kitchenasty.reservations.refusals import SomebodyChangedIt
from kitchenasty.reservations.states import Source, Status
from kitchenasty.reservations.views import Guest, Reservation

NAME_LENGTH_MAX, NOTE_LENGTH_MAX, ALLERGIES_LENGTH_MAX, REASON_LENGTH_MAX = 120, 500, 300, 300
INSERT = insert_into(ReservationRow)
INSERT_HISTORY = insert_into(ReservationHistoryRow)
CHANGING = ("party", "day", "starts_at", "ends_at", "quarter", "status", "area")
MAKING = frozenset({"book", "walk_in"})
"""Of what happens to a reservation: its beginnings."""
WRITTEN = (*CHANGING, "note", "allergies", "house_note", "agreed", "awaits_deposit_until")
CHANGE = Statement(
    update(ReservationRow)
    .where(
        ReservationRow.id == bindparam("reservation_id", required=True),
        ReservationRow.version == bindparam("seen_version", required=True),
    )
    .values(
        {name: bindparam(name, required=True) for name in (*WRITTEN, "updated_at")}
        | {"version": ReservationRow.version + 1}
    )
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sitting:
    """Where and when a party will be. `day` is the date on which the house opened for it."""

    house_id: str
    day: date
    period: Period
    party: int
    status: Status
    area: str | None = None


class GuestRefused(Invalid):
    """Something about who comes does not fit; the sentence says what."""


def checked(guest: Guest, source: Source) -> Guest:
    """Texts made safe to show. A walk-in needs no name. Raises GuestRefused."""
    name, phone, email = (one_line(text or "") for text in (guest.name, guest.phone, guest.email))
    note, allergies = paragraphs(guest.note or ""), paragraphs(guest.allergies or "")
    if source is not Source.WALK_IN and not name:
        raise GuestRefused("Please tell us your name, so that we know who comes.")
    if source is Source.GUEST and not (phone or email):
        raise GuestRefused("Please leave a phone number or an e-mail address.")
    for text, most in (
        (name, NAME_LENGTH_MAX),
        (note, NOTE_LENGTH_MAX),
        (allergies, ALLERGIES_LENGTH_MAX),
    ):
        if len(text) > most:
            raise GuestRefused(Sentence.of("Please write at most {most} characters.", most=most))
    return replace(
        guest,
        name=name,
        phone=phone or None,
        email=email or None,
        note=note or None,
        allergies=allergies or None,
    )


def draft(uow: UnitOfWork, guest: Guest, sitting: Sitting, *, source: Source) -> Reservation:
    """A reservation that is not kept yet."""
    starts_at, ends_at = sitting.period
    return Reservation(
        id=new_id(),
        house_id=sitting.house_id,
        customer_id=guest.customer_id,
        guest_name=guest.name,
        guest_email=guest.email,
        guest_phone=guest.phone,
        party=sitting.party,
        day=sitting.day,
        starts_at=starts_at,
        ends_at=ends_at,
        quarter=quarter_of(starts_at),
        status=sitting.status,
        source=source,
        area=sitting.area,
        note=guest.note,
        allergies=guest.allergies,
        house_note=None,
        locale=guest.locale,
        version=1,
        created_at=uow.now,
        updated_at=uow.now,
    )


async def insert(uow: UnitOfWork, reservation: Reservation) -> str:
    """Keep it; what opens it to its guest."""
    capability = capability_of(uow.secret, reservation.id)
    values = asdict(reservation)
    del values["table_ids"]
    await uow.run(
        INSERT,
        **values,
        name_key=name_key(reservation.guest_name),
        phone_key=phone_key(reservation.guest_phone),
        capability_hash=hash_capability(capability),
    )
    return capability


def capability_of(secret: Secret, reservation_id: str) -> str:
    """What opens the reservation to its guest. It can always be made again, so only its hash is
    stored (docs/adr/0005).
    """
    return derive(secret, purpose="reservation capability", subject=reservation_id)


async def keep(
    uow: UnitOfWork, before: Reservation, after: Reservation, what: str, *, reason: str = ""
) -> Reservation:
    """Write what changed, and who did it. Raises SomebodyChangedIt."""
    changed = await uow.run(
        CHANGE,
        reservation_id=before.id,
        seen_version=before.version,
        **{name: getattr(after, name) for name in WRITTEN},
        updated_at=uow.now,
    )
    if not changed:
        raise SomebodyChangedIt
    await tell(uow, before.id, what, difference(before, after), reason=reason)
    return replace(after, version=before.version + 1, updated_at=uow.now)


def difference(before: Reservation, after: Reservation) -> dict[str, Any]:
    """What changed, from and to, as the history keeps it: nothing that a guest wrote."""
    names = [
        name for name in (*CHANGING, "table_ids") if getattr(before, name) != getattr(after, name)
    ]
    return {name: [getattr(before, name), getattr(after, name)] for name in names}


def changed(before: Reservation, after: Reservation) -> ReservationChanged:
    """The event of a change that was kept."""
    return ReservationChanged(
        reservation_id=after.id, house_id=after.house_id, what=tuple(difference(before, after))
    )


async def tell(
    uow: UnitOfWork,
    reservation_id: str,
    what: str,
    details: Mapping[str, Any],
    *,
    reason: str = "",
) -> None:
    """Add to the history, and to the trail of the house."""
    why = one_line(reason)[:REASON_LENGTH_MAX]
    await uow.run(
        INSERT_HISTORY,
        id=new_id(),
        reservation_id=reservation_id,
        happened_at=uow.now,
        actor=str(uow.actor.kind if uow.actor.id is None else f"{uow.actor.kind}:{uow.actor.id}"),
        actor_name=uow.actor.name,
        what=what,
        details=dict(details) | ({"reason": why} if why else {}),
    )
    await audit.record(
        uow,
        action="create" if what in MAKING else "update",
        entity="Reservation",
        entity_id=reservation_id,
        after={"what": what, **details},
    )
