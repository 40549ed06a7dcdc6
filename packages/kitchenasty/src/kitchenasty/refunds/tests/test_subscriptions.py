"""A cancelled order that was paid gives everything back, once."""

from __future__ import annotations

from sqlalchemy import select

from basis.kit.background.dispatcher import Dispatcher
from basis.kit.data.outbox import OutboxRow
from basis.kit.data.statements import Statement
from kitchenasty import locations, orders, payments
from kitchenasty.kit.books import Books
from kitchenasty.refunds import service
from kitchenasty.refunds.bill import Wish
from kitchenasty.refunds.queries import list_refunds
from kitchenasty.refunds.states import Cause
from kitchenasty.refunds.subscriptions import CANCELLATIONS
from kitchenasty.refunds.tests.builders import OWNER, paid_sale, record_sale

TOLD = Statement(select(OutboxRow.payload).where(OutboxRow.topic == "refund.made"))


async def cancel(books: Books, order: orders.Order) -> None:
    async with books.writing(OWNER) as uow:
        await orders.move_order(uow, order.id, orders.OrderStatus.CANCELLED, reason="No gas.")
    await Dispatcher(books, [CANCELLATIONS]).run_once()


async def test_a_cancelled_order_gives_back_what_was_left_of_it_once(
    books: Books, house: locations.House
) -> None:
    order = await paid_sale(books, house, (1_000, 2))
    async with books.writing(OWNER) as uow:
        await service.refund(uow, order, Wish(units={}, amount_minor=300), reason="It was cold.")
    await cancel(books, order)
    async with books.writing() as uow:
        again = await service.give_everything_back(uow, order.id, reason="", made_by="SYSTEM")
    assert again is None
    async with books.reading() as look:
        first, second = await list_refunds(look, order.id)
        (tender,) = await payments.list_payments(look, order.id)
        told = [row[0] for row in await look.rows(TOLD)]
    assert (first.amount_minor, second.amount_minor) == (300, 1_700)
    assert (second.cause, second.reason) == (Cause.CANCELLED, "No gas.")
    assert first.tax_minor + second.tax_minor == order.tax_minor
    assert tender.status is payments.PaymentStatus.REFUNDED
    assert [(one["amount_minor"], one["given_back_minor"]) for one in told] == [
        (300, 300),
        (1_700, 2_000),
    ]


async def test_a_cancelled_order_that_nobody_paid_gives_nothing_back(
    books: Books, house: locations.House
) -> None:
    async with books.writing() as uow:
        placed = await record_sale(uow, house, (1_000, 1))
    await cancel(books, placed.order)
    async with books.reading() as look:
        assert await list_refunds(look, placed.id) == []
