"""Guests are reminded once, at the right time, and only of what still holds."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import text

from basis.kit.background.worker import Worker
from basis.kit.data.statements import Statement
from basis.kit.testing import HandClock
from kitchenasty import locations, notices, reservations
from kitchenasty.availability.tests.builders import WAITER, wish
from kitchenasty.kit.books import Books, UnitOfWork
from kitchenasty.notices import MemoryPost, Postman
from kitchenasty.reservation_letters import reminders
from kitchenasty.reservation_letters.jobs import REGULAR
from kitchenasty.reservation_letters.reminders import ByLetter, InMemory, remind_due
from kitchenasty.reservation_letters.tests.test_letters import (
    SENDER,
    cancel,
    house,
    load,
    move,
    plain_of,
    set_terms,
)
from kitchenasty.reservation_terms import Terms, TermsRefused
from kitchenasty.reservations import Booked, Guest
from kitchenasty.reservations.tests.builders import ANNA, book

__all__ = ["house"]
WORKERS = 6
UNBOLT = Statement(
    text("ALTER TABLE reservation_reminders DROP CONSTRAINT pk_reservation_reminders")
)


async def due(books: Books) -> list[str]:
    """Whom the port is told to remind now."""
    told = InMemory()
    async with books.writing() as uow:
        await remind_due(uow, told)
    return [one.guest_name for one in told.reminded]


async def to_hours_before(clock: HandClock, booked: Booked, hours: float) -> None:
    clock.now = booked.reservation.starts_at - timedelta(hours=hours)


async def test_a_guest_is_reminded_once_a_day_before(
    books: Books, clock: HandClock, house: locations.House
) -> None:
    booked = await book(books, wish(house, "19:30"))
    await to_hours_before(clock, booked, 24.1)
    assert await due(books) == []
    await to_hours_before(clock, booked, 24)
    assert await due(books) == [ANNA.name]
    await to_hours_before(clock, booked, 1)
    assert await due(books) == []


async def test_the_reminder_says_when_and_how_to_stay_away(
    books: Books, clock: HandClock, house: locations.House
) -> None:
    booked = await book(
        books, wish(house, "19:30"), Guest(name="Ada", email="a@b.example", locale="de")
    )
    await to_hours_before(clock, booked, 20)
    office = MemoryPost()
    await Worker(books, [], REGULAR).queue_regular()
    await Worker(books, [], REGULAR).run_due()
    await Postman(books, office, sender=SENDER, writers=reminders.WRITERS).run_due()
    [letter] = office.letters
    assert letter["To"] == "a@b.example"
    assert "Freitag, 17. Mai 2030, 19:30" in plain_of(letter)
    assert "Ich kann nicht kommen" in plain_of(letter)
    assert f"/r/{booked.capability}#cancel" in plain_of(letter)


async def test_nobody_is_reminded_of_what_is_cancelled_asked_for_or_just_booked(
    books: Books, clock: HandClock, house: locations.House
) -> None:
    gone = await book(books, wish(house, "19:30"))
    await cancel(books, gone)
    await to_hours_before(clock, gone, 23)
    await book(books, wish(house, "20:00"), Guest(name="Late", phone="030 1"))
    await set_terms(books, house, Terms(confirms_at_once=False))
    asked = await book(books, wish(house, "20:00"), Guest(name="Asking", phone="030 2"))
    assert await due(books) == []
    seen = await load(books, asked)
    async with books.writing(WAITER) as uow:
        await reservations.confirm(uow, seen)
    assert await due(books) == [], "the confirmation came just now"


async def test_another_time_moves_the_reminder(
    books: Books, clock: HandClock, house: locations.House
) -> None:
    booked = await book(books, wish(house, "19:30"))
    await move(books, booked, "22:00")
    await to_hours_before(clock, booked, 23)
    assert await due(books) == [], "22:00 is more than a day ahead"
    await to_hours_before(clock, booked, 21)
    assert await due(books) == [ANNA.name]
    assert await due(books) == []


async def test_a_house_may_remind_earlier_or_never(
    books: Books, clock: HandClock, house: locations.House
) -> None:
    booked = await book(books, wish(house, "19:30"))
    await to_hours_before(clock, booked, 60)
    await set_terms(books, house, Terms(reminder_hours=0))
    assert await due(books) == []
    await set_terms(books, house, Terms(reminder_hours=48))
    assert await due(books) == []
    await set_terms(books, house, Terms(reminder_hours=72))
    assert await due(books) == [ANNA.name]
    with pytest.raises(TermsRefused):
        await set_terms(books, house, Terms(reminder_hours=-1))


class KilledError(Exception):
    pass


class DyingLetter(ByLetter):
    """A worker that is killed after the letter was written and before anything was committed."""

    async def remind(self, uow: UnitOfWork, reservation: object) -> None:
        await super().remind(uow, reservation)  # type: ignore[arg-type]
        raise KilledError


async def test_a_worker_that_is_killed_leaves_the_reminder_to_the_next(
    books: Books, clock: HandClock, house: locations.House
) -> None:
    booked = await book(books, wish(house, "19:30"))
    await to_hours_before(clock, booked, 23)
    with pytest.raises(KilledError):
        async with books.writing() as uow:
            await remind_due(uow, DyingLetter())
    assert await count_letters(books) == 0
    await asyncio.gather(*(remind_by_letter(books) for _ in range(WORKERS)))
    assert await count_letters(books) == 1, f"{WORKERS} workers, one reminder"


async def test_without_the_rows_key_two_workers_would_remind_twice(
    books: Books, clock: HandClock, house: locations.House, database_url: str
) -> None:
    if database_url.startswith("sqlite"):
        pytest.skip("On SQLite one worker writes at a time: there is no race to be shown.")
    booked = await book(books, wish(house, "19:30"))
    await to_hours_before(clock, booked, 23)
    async with books.writing() as uow:
        await uow.run(UNBOLT)
    async with books.writing() as one, books.writing() as other:
        await remind_due(one, ByLetter())
        await remind_due(other, ByLetter())
    assert await count_letters(books) == 2


async def remind_by_letter(books: Books) -> None:
    async with books.writing() as uow:
        await remind_due(uow, ByLetter())


async def count_letters(books: Books) -> int:
    async with books.reading() as look:
        kinds = [one.kind for one in await notices.list_notices(look)]
    return kinds.count(reminders.KIND)
