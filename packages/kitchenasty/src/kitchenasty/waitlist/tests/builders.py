"""A house with one table, given away for a whole evening."""

from __future__ import annotations

from kitchenasty import locations, reservations
from kitchenasty.kit.background.dispatcher import Dispatcher
from kitchenasty.kit.background.worker import Worker
from kitchenasty.kit.data.books import Books
from kitchenasty.kit.testing import HandClock
from kitchenasty.locations.tests.builders import add_house
from kitchenasty.reservations import Reservation
from kitchenasty.reservations.tests.builders import EVENING, WAITER, add_tables, book, wish
from kitchenasty.waitlist.jobs import LAPSES
from kitchenasty.waitlist.subscriptions import OFFERS

TIMES = ("17:00", "18:30", "20:00", "21:30", "23:00", "00:30")
"""Ninety minutes each: then the one table is given away for the whole evening."""


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
