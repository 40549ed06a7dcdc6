"""A restaurant of twelve tables with a waiter of its own, at an evening that is far away."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from playwright.async_api import Page

from basis.ids import new_code
from kitchenasty import locations, reservations, staff
from kitchenasty.availability.tests.builders import FRIDAY, WAITER, open_restaurant, wish
from kitchenasty.kit.identity.sessions import SessionKind, open_session
from kitchenasty.kit.principals import Kind
from kitchenasty.reservations.tests.builders import book
from tests.browser.house import House

OpenTables = Callable[..., Awaitable[Page]]


@dataclass(frozen=True)
class Floor:
    """`token` is the page session of a waiter who works here and nowhere else."""

    house: House
    here: locations.House
    tables: tuple[locations.Table, ...]
    token: str

    @property
    def day(self) -> str:
        return f"/admin/tables/{self.here.id}?day={FRIDAY}"

    async def book(self, name: str, shown: str, table: int, party: int = 2) -> str:
        """The id of a reservation at a table of this number, counted from 1."""
        wanted = wish(self.here, shown, party, table_ids=(self.tables[table - 1].id,))
        guest = reservations.Guest(name=name, phone="030 55501")
        return (await book(self.house.books, wanted, guest, actor=WAITER)).reservation.id

    async def load(self, reservation_id: str) -> reservations.Reservation:
        async with self.house.books.reading(WAITER) as look:
            return await reservations.load_reservation(look, reservation_id)

    async def tables_of(self, reservation_id: str) -> list[str]:
        names = {table.id: table.name for table in self.tables}
        return [names[one] for one in (await self.load(reservation_id)).table_ids]


async def open_floor(house: House) -> Floor:
    here = await open_restaurant(house.books)
    async with house.books.writing() as uow:
        tables = await locations.list_tables(uow, here.id)
        newcomer = staff.NewMember(
            email=f"{new_code(8).lower()}@house.example", name="Ada", house_ids=(here.id,)
        )
        waiter = await staff.add_member(uow, newcomer, password_hash="none")
        token = await open_session(
            uow, kind=SessionKind.PAGE, subject_kind=Kind.STAFF, subject_id=waiter.id
        )
    return Floor(house, here, tuple(tables), token)
