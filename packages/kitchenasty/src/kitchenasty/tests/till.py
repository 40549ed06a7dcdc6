"""A house that is paid online, and guests who pay on the pages of the twins."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import httpx

from basis.kit.background.dispatcher import Dispatcher
from basis.kit.background.worker import Worker
from kitchenasty import checkout, orders, paying, payments
from kitchenasty.checkout.tests.builders import draft_of
from kitchenasty.kit.books import Books
from kitchenasty.kit.principals import ANONYMOUS
from kitchenasty.locations import House
from kitchenasty.main import JOBS, SUBSCRIPTIONS
from kitchenasty.menu.tests.builders import add_dish
from kitchenasty.payments import Attempt, Begun, Payment, PaymentMethod
from kitchenasty.payments.tests.builders import GOOD, take_money_online

SITE = "http://house.example"
STRIPE, PAYPAL = PaymentMethod.STRIPE, PaymentMethod.PAYPAL


@dataclass
class Till:
    """The house's books, and both twins with the money that guests gave them."""

    books: Books
    house: House
    stripe_url: str
    paypal_url: str

    async def open(self) -> None:
        """Keys saved, both ways of paying switched on."""
        self.books.given = {"STRIPE_API_BASE": self.stripe_url, "PAYPAL_API_BASE": self.paypal_url}
        async with self.books.writing() as uow:
            await take_money_online(uow)

    async def order(
        self, method: PaymentMethod = STRIPE, *, stock: int = 3, price_minor: int = 1_250
    ) -> checkout.AcceptedOrder:
        async with self.books.writing() as uow:
            dish_id = await add_dish(uow, stock=stock, price_minor=price_minor)
        async with self.books.writing(ANONYMOUS) as uow:
            line = checkout.CartLine(dish_id, 1, ())
            draft = draft_of(self.house.id, line, payment_method=method)
            return await checkout.place_order(uow, draft)

    async def begin(
        self, order_id: str, method: PaymentMethod = STRIPE, *, hosted: bool = True
    ) -> tuple[Attempt, Begun]:
        return await paying.begin(self.books, ANONYMOUS, order_id, method, hosted=hosted, site=SITE)

    async def pay(self, begun: Begun, card: str = GOOD) -> int:
        """What the guest does on the provider's page; 303 leads back to us."""
        assert begun.url is not None
        async with httpx.AsyncClient() as guest:
            return (await guest.post(begun.url, data={"card": card})).status_code

    async def pay_in_app(self, begun: Begun, card: str = GOOD) -> None:
        """What the guest's own app does with the secret."""
        async with httpx.AsyncClient() as guest:
            await guest.post(f"{self.stripe_url}/_guest/{begun.ref}", data={"card": card})

    async def collect(
        self, order_id: str, method: PaymentMethod, *, tendered_minor: int | None = None
    ) -> Payment:
        async with self.books.writing() as uow:
            order = await orders.load_order(uow, order_id)
            return await paying.collect(uow, order, method, tendered_minor=tendered_minor)

    async def load(self, order_id: str) -> orders.Order:
        async with self.books.reading() as look:
            return await orders.load_order(look, order_id)

    async def payments_of(self, order_id: str) -> list[Payment]:
        async with self.books.reading() as look:
            return await payments.list_payments(look, order_id)

    async def states(self, order_id: str) -> list[str]:
        return [one.state.value for one in await self.payments_of(order_id)]

    async def kitchen(self) -> list[str]:
        async with self.books.reading() as look:
            return [one.id for one in await orders.list_open_tickets(look, self.house.id)]

    async def money(self, order_id: str) -> tuple[int, int]:
        """What the Stripe twin took for an order and gave back, in cents."""
        async with httpx.AsyncClient() as client:
            found: dict[str, Any] = (await client.get(f"{self.stripe_url}/_books")).json()
        mine = [one for one in found["charges"] if one["order"] == order_id]
        return sum(one["amount"] for one in mine), sum(one["refunded"] for one in mine)

    async def work(self) -> None:
        """Everything that is due now is done: events are told, jobs are run."""
        await Dispatcher(self.books, SUBSCRIPTIONS).run_once()
        while await Worker(self.books, JOBS).run_due():
            pass
