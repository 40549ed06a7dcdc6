"""A rule that is switched on, orders that go on, and what became of both."""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, select

from basis.kit.background.dispatcher import Dispatcher
from basis.kit.background.worker import Task, Worker
from basis.kit.data.statements import Statement
from kitchenasty import automation, locations, orders
from kitchenasty.automation.doors import DEEDS
from kitchenasty.automation.engine import Engine
from kitchenasty.automation.jobs import job_of, listen
from kitchenasty.automation.rules import Step, Written
from kitchenasty.kit.books import Books
from kitchenasty.kit.tables import every_table
from kitchenasty.menu.tests.builders import add_dish
from kitchenasty.orders.tests.builders import record

SERVER = {
    "SMTP_HOST": "localhost",
    "SMTP_FROM": "Bistro <house@bistro.example>",
    "PUBLIC_URL": "https://bistro.example",
}
ENGINE = Engine(orders.OCCASIONS, DEEDS)
READY = 'order.status = "READY" and guest.email exists'


async def keep(books: Books, *steps: Step, when: str = READY, topic: str = "order.moved") -> str:
    """A rule that is switched on."""
    async with books.writing() as uow:
        rule_id = await automation.add_rule(uow, "A rule", Written(topic, when, steps))
    async with books.writing() as uow:
        await automation.switch_rule(uow, ENGINE, rule_id, is_on=True)
    return rule_id


async def place(books: Books, house: locations.House, **fields: Any) -> str:
    async with books.writing() as uow:
        return (await record(uow, house, await add_dish(uow), **fields)).id


async def move(books: Books, order_id: str, *statuses: str) -> None:
    for status in statuses:
        async with books.writing() as uow:
            await orders.move_order(uow, order_id, orders.OrderStatus(status))


async def make_ready(books: Books, house: locations.House, **fields: Any) -> str:
    order_id = await place(books, house, **fields)
    await move(books, order_id, "CONFIRMED", "PREPARING", "READY")
    return order_id


async def settle(books: Books, engine: Engine = ENGINE, *tasks: Task) -> None:
    """Until nothing more follows."""
    dispatcher = Dispatcher(books, [listen(engine)])
    worker = Worker(books, [job_of(engine), *tasks])
    while await dispatcher.run_once() + await worker.run_due():
        pass


async def runs_of(books: Books, rule_id: str) -> list[automation.Run]:
    async with books.reading() as view:
        return await automation.list_runs(view, rule_id)


async def count(books: Books, table: str) -> int:
    rows = select(func.count()).select_from(every_table()[table])
    async with books.reading() as view:
        return int(await view.value(Statement(rows)))
