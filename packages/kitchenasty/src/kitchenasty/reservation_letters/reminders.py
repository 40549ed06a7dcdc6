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

from sqlalchemy import select

from basis.kit.data.statements import Statement, insert_unless_there, one_of
from basis.sentences import word
from kitchenasty import locations, notices
from kitchenasty.kit.books import Look, UnitOfWork
from kitchenasty.kit.identity.sign_in import EmailRefused
from kitchenasty.notices import Letter, Sender
from kitchenasty.reservation_letters.letters import find_matter, guest_letter, guest_pattern
from kitchenasty.reservation_letters.models import ReminderRow
from kitchenasty.reservation_terms import load_terms
from kitchenasty.reservations import (
    Reservation,
    Status,
    list_confirmed,
    list_history,
    load_reservation,
)

KIND = "reservations.reminder"
AT_ONCE_MAX = 200
"""More wait for the next minute."""
AGREEING = ("book", "change", Status.CONFIRMED.value.lower())
"""What tells the guest a time: whoever was told one that late needs no reminder."""

CLAIM = insert_unless_there(ReminderRow)
SETTLED = Statement(
    select(ReminderRow.reservation_id, ReminderRow.starts_at).where(
        one_of(ReminderRow.reservation_id, "reservation_ids")
    )
)
REMINDER = guest_pattern(
    KIND,
    word("A reminder of a table"),
    word("Your table soon: {day}"),
    word(
        "We look forward to seeing you. If you cannot come, please tell us, so that others "
        "get the table."
    ),
    word("I can't come"),
)
PATTERNS = (REMINDER,)


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
    for reservation_id in await list_due(uow, house_id, before):
        reservation = await load_reservation(uow, reservation_id)
        is_ours = await uow.run(
            CLAIM,
            reservation_id=reservation_id,
            starts_at=reservation.starts_at,
            settled_at=uow.now,
        )
        if is_ours and await was_agreed_before(uow, reservation, before):
            await reminders.remind(uow, reservation)


async def list_due(look: Look, house_id: str, before: timedelta) -> list[str]:
    """The first of those who come soon and of whom nobody thought yet."""
    soon = await list_confirmed(look, house_id, look.now + before)
    ids = [reservation_id for reservation_id, _ in soon]
    settled = {tuple(row) for row in await look.rows(SETTLED, reservation_ids=ids)}
    due = [reservation_id for reservation_id, at in soon if (reservation_id, at) not in settled]
    return due[:AT_ONCE_MAX]


async def was_agreed_before(look: Look, reservation: Reservation, before: timedelta) -> bool:
    told = await list_history(look, reservation.id)
    agreed_at = [entry.happened_at for entry in told if entry.what in AGREEING]
    return bool(agreed_at) and max(agreed_at) <= reservation.starts_at - before


async def write_reminder(uow: UnitOfWork, facts: dict[str, Any], sender: Sender) -> Letter | None:
    """Nothing if it was cancelled or moved before the letter was sent."""
    matter = await find_matter(uow, facts, sender)
    if matter is None or matter.reservation.status is not Status.CONFIRMED:
        return None
    if matter.reservation.starts_at != datetime.fromisoformat(facts["starts_at"]):
        return None
    return guest_letter(REMINDER, matter, url=f"{matter.link}#cancel")


WRITERS = {KIND: write_reminder}
