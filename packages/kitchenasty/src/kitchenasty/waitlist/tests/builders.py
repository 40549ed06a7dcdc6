"""A house with one table, given away for a whole evening."""

from __future__ import annotations

from basis.kit.background.dispatcher import Dispatcher
from basis.kit.background.worker import Worker
from basis.kit.testing import HandClock
from kitchenasty import floor, locations, reservations, waitlist
from kitchenasty.availability.tests.builders import EVENING, FRIDAY, WAITER, add_tables, wish
from kitchenasty.kit.books import Books
from kitchenasty.kit.principals import ANONYMOUS
from kitchenasty.locations.tests.builders import add_house
from kitchenasty.reservations import Guest, Reservation
from kitchenasty.reservations.tests.builders import book
from kitchenasty.waitlist.jobs import LAPSES
from kitchenasty.waitlist.subscriptions import OFFERS

TIMES = ("17:00", "18:30", "20:00", "21:30", "23:00", "00:30")
"""Ninety minutes each: then the one table is given away for the whole evening."""

UNBOLT = {
    "postgresql": ["ALTER TABLE table_stays DROP CONSTRAINT table_stays_apart"],
    "sqlite": ["DROP TRIGGER table_stays_apart", "DROP TRIGGER table_stays_apart_when_moved"],
}
"""What keeps two from one table, taken away."""


async def open_small_house(books: Books, clock: HandClock) -> locations.House:
    """One table for two, the day before a Friday."""
    clock.now = clock.now.replace(day=16, hour=10)
    async with books.writing() as uow:
        made = await add_house(uow, hours=EVENING, phone="030 55", slug="rye")
        await add_tables(uow, made, (2,))
    return made


async def fill(books: Books, house: locations.House) -> list[Reservation]:
    """The evening is given away."""
    return [(await book(books, wish(house, shown), actor=WAITER)).reservation for shown in TIMES]


async def cancel(books: Books, one: Reservation) -> None:
    async with books.writing(WAITER) as uow:
        seen = await reservations.load_reservation(uow, one.id)
        await reservations.cancel(uow, seen)


async def go_on(books: Books) -> None:
    """What happens by itself: events are told, jobs whose time has come are run."""
    dispatcher, worker = Dispatcher(books, [OFFERS]), Worker(books, LAPSES)
    while await dispatcher.run_once() or await worker.run_due():
        pass


async def open_evening(books: Books, clock: HandClock) -> locations.House:
    """Friday, ten past seven: at the one table somebody sits until half past eight, and the rest of
    the evening is given away.
    """
    made = await open_small_house(books, clock)
    clock.now = clock.now.replace(day=17, hour=17)
    async with books.writing(WAITER) as uow:
        await floor.walk_in(uow, made.id, 2, name="Sitting")
    for shown in ("20:30", "22:00", "23:30"):
        await book(books, wish(made, shown), actor=WAITER)
    clock.advance(minutes=10)
    return made


async def wait(books: Books, house: locations.House, name: str) -> waitlist.Waiting:
    asked = waitlist.Asked(house_id=house.id, day=FRIDAY, party=2, since="19:00", until="23:00")
    guest = Guest(name=name, email=f"{name.lower()}@guest.example", locale="en")
    async with books.writing(ANONYMOUS) as uow:
        made, _ = await waitlist.join(uow, asked, guest)
    async with books.reading() as look:
        return await waitlist.load_waiting(look, house.id, made)


async def leave_the_table(books: Books, house: locations.House) -> None:
    """Whoever sits there pays and goes."""
    async with books.writing(WAITER) as uow:
        [sitting] = [
            one
            for one in await reservations.list_day(uow, house.id, FRIDAY)
            if one.status is reservations.Status.SEATED
        ]
        await reservations.complete(uow, sitting)
