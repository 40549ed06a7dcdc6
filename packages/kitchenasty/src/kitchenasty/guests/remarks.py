"""What the house knows about a guest: allergies, notes, and whether they may come in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, bindparam, delete, func, select, update

from basis.errors import Conflict, Invalid, NotFound
from basis.ids import new_id
from basis.kit.data.statements import Statement, insert_into
from basis.kit.texts import one_line, paragraphs
from basis.sentences import Sentence
from kitchenasty import audit
from kitchenasty.guests.lists import SELECTED, ListedGuest, Narrowing, guest_of
from kitchenasty.guests.models import Customer, GuestNoteRow
from kitchenasty.guests.service import GuestNotFound
from kitchenasty.kit.books import Look, UnitOfWork
from kitchenasty.kit.identity.sessions import end_sessions_of
from kitchenasty.kit.principals import Kind

NOTE_LENGTH_MAX = 1_000
ALLERGIES_LENGTH_MAX = 300
NOTES_MAX = 100

OF_CUSTOMER = Customer.id == bindparam("customer_id", required=True)
ONE = Statement(select(*SELECTED).where(OF_CUSTOMER))
ALLERGIES = Statement(select(Customer.allergies).where(OF_CUSTOMER))
KEEP_ALLERGIES = Statement(
    update(Customer)
    .where(OF_CUSTOMER)
    .values(
        allergies=bindparam("new_allergies", required=True),
        updated_at=bindparam("now", required=True),
    )
)
KEEP_STATE = Statement(
    update(Customer)
    .where(OF_CUSTOMER)
    .values(
        is_active=bindparam("new_state", required=True), updated_at=bindparam("now", required=True)
    )
)
NOTES_OF = GuestNoteRow.customer_id == bindparam("of_customer", required=True)
NOTES = Statement(
    select(GuestNoteRow.id, GuestNoteRow.body, GuestNoteRow.author_name, GuestNoteRow.written_at)
    .where(NOTES_OF)
    .order_by(GuestNoteRow.id.desc())
    .limit(NOTES_MAX)
)
COUNT_NOTES = Statement(select(func.count()).select_from(GuestNoteRow).where(NOTES_OF))
ADD_NOTE = insert_into(GuestNoteRow)
REMOVE_NOTE = Statement(
    delete(GuestNoteRow).where(NOTES_OF, GuestNoteRow.id == bindparam("note_id", required=True))
)


class NoteRefused(Invalid):
    """A note is empty or too long."""


class NotesFull(Conflict):
    def __init__(self) -> None:
        super().__init__(
            Sentence.of(
                "A guest has at most {most} notes. Please remove one first.", most=NOTES_MAX
            )
        )


class NoteNotFound(NotFound):
    def __init__(self) -> None:
        super().__init__("This note is not there any more.")


@dataclass(frozen=True, slots=True)
class Note:
    id: str
    body: str
    author_name: str
    written_at: datetime


async def load_listed(look: Look, customer_id: str, are_of: Narrowing | None = None) -> ListedGuest:
    """A guest as the house sees one. Of staff who work in some houses only, `are_of` tells whether
    it is a guest of these.

    Raises GuestNotFound, also for a guest of another house.
    """
    houses = look.actor.house_ids
    if houses is None or are_of is None:
        row = await look.row(ONE, customer_id=customer_id)
    else:
        of_house = are_of(Customer.__table__.c.id)
        row = await look.row(narrowed(of_house), customer_id=customer_id, house_ids=sorted(houses))
    if row is None:
        raise GuestNotFound
    return guest_of(row)


def narrowed(condition: ColumnElement[bool]) -> Statement:
    return Statement(select(*SELECTED).where(OF_CUSTOMER, condition))


async def find_allergies(look: Look, customer_id: str) -> str | None:
    """What the house knows of; None also for a guest who is no more."""
    found: str | None = await look.value(ALLERGIES, customer_id=customer_id)
    return found


async def keep_allergies(uow: UnitOfWork, customer_id: str, words: str) -> str | None:
    """Empty words mean that none are known. The trail tells that they were changed, not what they
    are: it outlives the guest. Raises NoteRefused, GuestNotFound.
    """
    plain = one_line(words)
    if len(plain) > ALLERGIES_LENGTH_MAX:
        raise NoteRefused(
            Sentence.of("Please keep it to {most} characters.", most=ALLERGIES_LENGTH_MAX)
        )
    kept = plain or None
    if not await uow.run(KEEP_ALLERGIES, customer_id=customer_id, new_allergies=kept, now=uow.now):
        raise GuestNotFound
    await record(uow, "allergies", customer_id, {"known": kept is not None})
    return kept


async def list_notes(look: Look, customer_id: str) -> list[Note]:
    """The newest first."""
    return [Note(*row) for row in await look.rows(NOTES, of_customer=customer_id)]


async def write_note(uow: UnitOfWork, customer_id: str, body: str) -> Note:
    """Raises NoteRefused, NotesFull."""
    plain = paragraphs(body)
    if not plain or len(plain) > NOTE_LENGTH_MAX:
        raise NoteRefused(Sentence.of("A note has 1 to {most} characters.", most=NOTE_LENGTH_MAX))
    if int(await uow.value(COUNT_NOTES, of_customer=customer_id)) >= NOTES_MAX:
        raise NotesFull
    note = Note(new_id(), plain, uow.actor.name, uow.now)
    await uow.run(
        ADD_NOTE,
        id=note.id,
        customer_id=customer_id,
        body=note.body,
        author_id=uow.actor.id,
        author_name=note.author_name,
        written_at=note.written_at,
    )
    await record(uow, "note", customer_id, {"note": note.id})
    return note


async def remove_note(uow: UnitOfWork, customer_id: str, note_id: str) -> None:
    """Raises NoteNotFound."""
    if not await uow.run(REMOVE_NOTE, of_customer=customer_id, note_id=note_id):
        raise NoteNotFound
    await record(uow, "remove-note", customer_id, {"note": note_id})


async def block(uow: UnitOfWork, customer_id: str) -> None:
    """The account opens nothing any more, from this moment on. Raises GuestNotFound."""
    await switch(uow, customer_id, is_active=False)
    await end_sessions_of(uow, subject_kind=Kind.CUSTOMER, subject_id=customer_id)


async def unblock(uow: UnitOfWork, customer_id: str) -> None:
    """Raises GuestNotFound."""
    await switch(uow, customer_id, is_active=True)


async def switch(uow: UnitOfWork, customer_id: str, *, is_active: bool) -> None:
    if not await uow.run(KEEP_STATE, customer_id=customer_id, new_state=is_active, now=uow.now):
        raise GuestNotFound
    await record(uow, "unblock" if is_active else "block", customer_id, {"is_active": is_active})


async def record(uow: UnitOfWork, action: str, customer_id: str, after: dict[str, Any]) -> None:
    await audit.record(uow, action=action, entity="Customer", entity_id=customer_id, after=after)
