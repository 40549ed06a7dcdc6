"""A restaurant that asks for deposits, and guests who pay them on the pages of the twins."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import httpx
from sqlalchemy import text

from basis.kit.background.dispatcher import Dispatcher
from basis.kit.background.worker import Worker
from basis.kit.data.statements import Statement
from basis.money import Money
from kitchenasty import availability, deposits, notices, payments, reservation_terms, reservations
from kitchenasty.availability.tests.builders import FRIDAY, open_restaurant, wish
from kitchenasty.deposits import Deposit, begin, list_open_attempts, settle
from kitchenasty.kit.books import Books, UnitOfWork
from kitchenasty.kit.principals import ANONYMOUS, Kind, Principal, Role
from kitchenasty.locations import House
from kitchenasty.main import JOBS, SUBSCRIPTIONS
from kitchenasty.payments import Begun, Found, IntentState, PaymentMethod
from kitchenasty.payments.tests.builders import GOOD, take_money_online
from kitchenasty.reservation_terms import Ask, Terms
from kitchenasty.reservations import Booked, Reservation
from kitchenasty.reservations.tests.builders import book

SITE = "http://house.example"
STRIPE, PAYPAL = PaymentMethod.STRIPE, PaymentMethod.PAYPAL
DAY = FRIDAY + timedelta(days=7)
PATIENCE_SECONDS = 60
STANDING_STILL = Statement(
    text(
        "SELECT count(*) FROM pg_stat_activity "
        "WHERE datname = current_database() AND wait_event_type = 'Lock'"
    )
)
HOLD = text("SELECT 1 FROM reservations WHERE id = :reservation_id FOR UPDATE")
TERMS = Terms(ask=Ask.DEPOSIT, ask_minor=1_000, ask_party=6)
OWED = Money(8_000, "EUR")
OWNER = Principal(kind=Kind.STAFF, id="0" * 36, role=Role.SUPER_ADMIN, house_ids=None, name="Rosa")


@dataclass
class Parlour:
    """A restaurant that asks for a deposit from six people on, and both twins."""

    books: Books
    house: House
    stripe_url: str

    async def reserve(self, shown: str = "19:00", party: int = 8) -> Booked:
        return await book(self.books, wish(self.house, shown, party, day=DAY))

    async def begin(self, booked: Booked, method: PaymentMethod = STRIPE) -> Begun:
        _, begun = await begin(self.books, ANONYMOUS, booked.reservation.id, method, site=SITE)
        return begun

    async def pay(self, begun: Begun, card: str = GOOD) -> int:
        assert begun.url is not None
        async with httpx.AsyncClient() as guest:
            return (await guest.post(begun.url, data={"card": card})).status_code

    async def tell(self, payment_id: str, found: Found) -> None:
        """What a provider says of an attempt."""
        async with self.books.writing() as uow:
            await settle(uow, payment_id, found)

    async def paid(self, booked: Booked) -> str:
        """The id of the attempt by which it was paid."""
        begun = await self.begin(booked)
        assert await self.pay(begun) == 303
        attempt = await self.attempt(booked)
        await self.work()
        await look_now(self, attempt.id)
        return attempt.id

    async def attempt(self, booked: Booked) -> deposits.Attempt:
        async with self.books.reading() as look:
            return (await list_open_attempts(look, booked.reservation.id))[0]

    async def load(self, booked: Booked) -> Reservation:
        async with self.books.reading() as look:
            return await reservations.load_reservation(look, booked.reservation.id)

    async def deposit(self, booked: Booked) -> Deposit:
        async with self.books.reading() as look:
            return await deposits.load_deposit(look, booked.reservation.id, "EUR")

    async def account(self, booked: Booked) -> tuple[int, int, int, int]:
        """Paid, given back, kept, left."""
        one = (await self.deposit(booked)).account
        return one.paid_minor, one.returned_minor, one.kept_minor, one.left_minor

    async def at_the_twin(self, booked: Booked) -> tuple[int, int]:
        async with httpx.AsyncClient() as client:
            found: dict[str, Any] = (await client.get(f"{self.stripe_url}/_books")).json()
        mine = [one for one in found["charges"] if one["order"] == booked.reservation.id]
        return sum(one["amount"] for one in mine), sum(one["refunded"] for one in mine)

    async def cancel(self, booked: Booked, actor: Principal = ANONYMOUS) -> None:
        async with self.books.writing(actor) as uow:
            now = await reservations.hold_reservation(uow, booked.reservation.id)
            await reservations.cancel(uow, now)
        await self.work()

    async def is_free(self, shown: str = "19:00", party: int = 8) -> bool:
        async with self.books.reading() as look:
            wanted = wish(self.house, "", party, day=DAY)
            found = await availability.list_free(look, wanted)
        return next(is_free for slot, is_free in found if slot.shown == shown)

    async def letters(self) -> list[str]:
        async with self.books.reading() as look:
            return sorted(one.kind for one in await notices.list_notices(look))

    async def work(self) -> None:
        """Everything that is due now is done: events are told, jobs are run."""
        await Dispatcher(self.books, SUBSCRIPTIONS).run_once()
        while await Worker(self.books, JOBS).run_due():
            await Dispatcher(self.books, SUBSCRIPTIONS).run_once()


async def look_now(parlour: Parlour, payment_id: str) -> None:
    """Ask the twin, as the page that waits does."""
    keys_ref = await find(parlour, payment_id)
    async with parlour.books.reading() as look:
        provider = (await payments.load_keys(look)).provider(keys_ref.method)
    assert provider is not None
    assert keys_ref.provider_ref is not None
    found = await provider.find_out(keys_ref.provider_ref, key=payment_id)
    await parlour.tell(payment_id, found)
    await parlour.work()


async def find(parlour: Parlour, payment_id: str) -> deposits.Attempt:
    async with parlour.books.reading() as look:
        found = await deposits.find_attempt(look, payment_id)
    assert found is not None
    return found


def captured(ref: str = "pi_1", amount: Money = OWED) -> Found:
    return Found(IntentState.CAPTURED, charge_ref=ref, amount=amount)


async def open_parlour(books: Books, stripe_url: str, paypal_url: str) -> Parlour:
    house = await open_restaurant(books)
    books.given = {
        "STRIPE_API_BASE": stripe_url,
        "PAYPAL_API_BASE": paypal_url,
        "SMTP_HOST": "localhost",
        "SMTP_FROM": "house@bistro.example",
        "PUBLIC_URL": "https://bistro.example",
    }
    async with books.writing() as uow:
        await take_money_online(uow)
        await reservation_terms.set_terms(uow, house.id, TERMS)
    return Parlour(books, house, stripe_url)


async def at_the_same_time(
    books: Books, reservation_id: str, act: Callable[[UnitOfWork], Awaitable[object]], *, count: int
) -> list[object]:
    """What came of so many who do the same to one reservation, as the owner. Where there are many
    writers, another one holds it until all of them stand still: those who lock it before they look,
    and those who looked already and want to write. SQLite has one writer anyway.
    """

    async def one() -> object:
        async with books.writing(OWNER) as uow:
            return await act(uow)

    if books.database.dialect.name == "sqlite":
        return await asyncio.gather(*(one() for _ in range(count)), return_exceptions=True)
    async with books.writing() as first:
        # By a lock of our own: where the code takes none, this one still lets all of them look, and
        # then stops whoever writes something that belongs to the reservation.
        await first.session.execute(HOLD, {"reservation_id": reservation_id})
        tasks = [asyncio.create_task(one()) for _ in range(count)]
        async with asyncio.timeout(PATIENCE_SECONDS):
            while await standing_still(books) + sum(task.done() for task in tasks) < count:
                pass
    return await asyncio.gather(*tasks, return_exceptions=True)


async def standing_still(books: Books) -> int:
    """How many transactions of this database wait for a lock."""
    async with books.reading() as look:
        return int(await look.value(STANDING_STILL))
