"""Guests are reminded once of a table that is confirmed, some hours before.

For each time that a party was to come at there is one row here, written in the transaction that
reminds: a worker that is killed has written neither, and of two workers the second finds the row.
A reservation that is moved to another time is reminded of that one.
"""

from __future__ import annotations

import contextlib
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Protocol

from sqlalchemy import and_, bindparam, func, select

from kitchenasty import locations, notices
from kitchenasty.kit.data.statements import Statement, insert_unless_there
from kitchenasty.kit.data.work import Look, UnitOfWork
from kitchenasty.kit.http.i18n import translate
from kitchenasty.kit.identity.sign_in import EmailRefused
from kitchenasty.notices import Action, Letter, Sender
from kitchenasty.reservations.letters.written import find_matter, guest_letter
from kitchenasty.reservations.models import ReminderRow, ReservationHistoryRow, ReservationRow
from kitchenasty.reservations.queries import load_reservation, load_terms
from kitchenasty.reservations.states import Status
from kitchenasty.reservations.views import Reservation

KIND = "reservations.reminder"
AT_ONCE_MAX = 200
"""More wait for the next minute."""
A_DAY = timedelta(days=1)
AGREEING = ("book", "change", Status.CONFIRMED.value.lower())
"""What tells the guest a time: whoever was told one that late needs no reminder."""

CLAIM = insert_unless_there(ReminderRow)
DUE = Statement(
    select(ReservationRow.id)
    .outerjoin(
        ReminderRow,
        and_(
            ReminderRow.reservation_id == ReservationRow.id,
            ReminderRow.starts_at == ReservationRow.starts_at,
        ),
    )
    .where(
        ReservationRow.house_id == bindparam("of_house", required=True),
        # The index is by day; a day begins and ends elsewhere at another instant.
        ReservationRow.day >= bindparam("first_day", required=True),
        ReservationRow.day <= bindparam("last_day", required=True),
        ReservationRow.starts_at > bindparam("now", required=True),
        ReservationRow.starts_at <= bindparam("until", required=True),
        ReservationRow.status == Status.CONFIRMED,
        ReminderRow.reservation_id.is_(None),
    )
    .order_by(ReservationRow.starts_at, ReservationRow.id)
    .limit(AT_ONCE_MAX)
)
AGREED_AT = Statement(
    select(func.max(ReservationHistoryRow.happened_at)).where(
        ReservationHistoryRow.reservation_id == bindparam("of_reservation", required=True),
        ReservationHistoryRow.what.in_(AGREEING),
    )
)


class Reminders(Protocol):
    """How guests are reminded."""

    async def remind(self, uow: UnitOfWork, reservation: Reservation) -> None:
        """Have the guest reminded exactly if this transaction commits."""


class ByLetter:
    """Whoever left an address for mail reads it there."""

    async def remind(self, uow: UnitOfWork, reservation: Reservation) -> None:
        if not reservation.guest_email:
            return
        # An address that nobody can write to holds up nothing.
        with contextlib.suppress(EmailRefused):
            await notices.send_notice(
                uow,
                KIND,
                recipient=reservation.guest_email,
                facts={
                    "reservation_id": reservation.id,
                    "starts_at": reservation.starts_at.isoformat(),
                },
                useful_for=reservation.starts_at - uow.now,
                locale=reservation.locale,
            )


@dataclass
class InMemory:
    """Keeps whom it would remind, for tests."""

    reminded: list[Reservation] = field(default_factory=list)

    async def remind(self, uow: UnitOfWork, reservation: Reservation) -> None:
        self.reminded.append(reservation)


async def remind_due(uow: UnitOfWork, reminders: Reminders) -> None:
    """Remind everybody whose time it is, in each house as it wants."""
    for house in await locations.list_houses(uow):
        terms = await load_terms(uow, house.id)
        if terms.reminder_hours:
            await remind_house(uow, house.id, timedelta(hours=terms.reminder_hours), reminders)


async def remind_house(
    uow: UnitOfWork, house_id: str, before: timedelta, reminders: Reminders
) -> None:
    until = uow.now + before
    due = await uow.rows(
        DUE,
        of_house=house_id,
        first_day=(uow.now - A_DAY * 2).date(),
        last_day=(until + A_DAY).date(),
        now=uow.now,
        until=until,
    )
    for (reservation_id,) in due:
        reservation = await load_reservation(uow, reservation_id)
        is_ours = await uow.run(
            CLAIM,
            reservation_id=reservation_id,
            starts_at=reservation.starts_at,
            settled_at=uow.now,
        )
        if is_ours and await was_agreed_before(uow, reservation, before):
            await reminders.remind(uow, reservation)


async def was_agreed_before(look: Look, reservation: Reservation, before: timedelta) -> bool:
    agreed_at = await look.value(AGREED_AT, of_reservation=reservation.id)
    if isinstance(agreed_at, str):  # SQLite's `max` of an instant is its text
        agreed_at = datetime.fromisoformat(agreed_at)
    return bool(agreed_at is not None and agreed_at <= reservation.starts_at - before)


async def write_reminder(uow: UnitOfWork, facts: dict[str, Any], sender: Sender) -> Letter | None:
    """Nothing if it was cancelled or moved before the letter was sent."""
    matter = await find_matter(uow, facts, sender)
    if matter is None or matter.reservation.status is not Status.CONFIRMED:
        return None
    if matter.reservation.starts_at != datetime.fromisoformat(facts["starts_at"]):
        return None
    return guest_letter(
        matter,
        subject=translate("Your table soon: {day}"),
        sentence=translate(
            "We look forward to seeing you. If you cannot come, please tell us, so that others "
            "get the table."
        ),
        action=Action(translate("I can't come"), f"{matter.link}#cancel"),
    )


WRITERS = {KIND: write_reminder}
