"""A hundred orders a second in a house without rules, and in one with a thousand.

Orders come at their times, however long the last one took, and each is counted from its time. All
rules listen to orders, which is the worst there is; one of them acts.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import uvloop
from sqlalchemy import func, select

from basis.kit.data.jobs import JobRow
from basis.kit.data.outbox import OutboxRow
from basis.kit.data.statements import Statement
from benchmarks.house import Furnished, furnish, opened
from benchmarks.load import Client, Pace, address_of, numbered, pace_of
from benchmarks.usage import Meter
from benchmarks.workloads import ORDERING_HOUSE, order_workload
from kitchenasty import automation, main
from kitchenasty.kit.books import Books
from kitchenasty.kit.tables import every_table
from tests.server import Server

RULES, A_SECOND, CLIENTS = 1_000, 100, 16
SECONDS = 10
PATIENCE_SECONDS = 300
POLL_SECONDS = 0.05
CREATED = 201
HEADINGS = (
    "database", "rules", "orders/s", "p50 ms", "p99 ms", "server cpu ms/order",
    "all had looked after s", "rows written for rules", "busy (503)",
)  # fmt: skip
NOTE = automation.Step("note", "", {"body": "{{ order.number }}"})
WAITING = (
    Statement(select(func.count()).select_from(OutboxRow).where(OutboxRow.handled_at.is_(None))),
    Statement(
        select(func.count()).where(JobRow.name == "rules.consider", JobRow.done_at.is_(None))
    ),
)
ROWS = tuple(
    Statement(select(func.count()).select_from(every_table()[name]))
    for name in ("rule_facts", "rule_looks", "rule_runs", "rule_effects")
)


class PacedClient(Client):
    """Asks at its times; one that is behind asks at once."""

    def __init__(self, requests: Iterator[bytes], first: float, end: float) -> None:
        super().__init__(requests, CREATED, end)
        self._due = first

    def _ask(self) -> None:
        wait = max(0.0, self._due - time.perf_counter())
        asyncio.get_running_loop().call_later(wait, self._send)

    def _send(self) -> None:
        super()._ask()
        self._started = self._due
        self._due += CLIENTS / A_SECOND


def print_ruling_heads() -> None:
    print(f"\n| {' | '.join(HEADINGS)} |\n|---|" + "--:|" * (len(HEADINGS) - 1), flush=True)


def measure_ruling(name: str, url: str, folder: Path) -> None:
    """Both on one server, one after the other."""
    furnished = asyncio.run(furnish(url))
    server = Server(
        folder / "rules",
        environment={"KITCHENASTY_RATE_LIMITS": "off", "KITCHENASTY_DATABASE_URL": url},
    )
    server.start()
    try:
        for rules in (0, RULES):
            asyncio.run(add_rules(url, rules))
            show(name, rules, server, furnished)
    finally:
        server.stop()


def show(name: str, rules: int, server: Server, furnished: Furnished) -> None:
    before, meter = asyncio.run(count(furnished.url, ROWS)), Meter.of(server)
    pace = run_paced(server.url, furnished)
    began = time.monotonic()
    asyncio.run(until_all_have_looked(furnished.url))
    behind, cpu = time.monotonic() - began, meter.seconds
    rows = asyncio.run(count(furnished.url, ROWS)) - before
    figures = (
        f"{rules:,}", f"{pace.count / pace.seconds:,.0f}", f"{pace.p50:.1f}", f"{pace.p99:.1f}",
        f"{cpu * 1_000 / max(1, pace.count):.2f}", f"{behind:.1f}",
        f"{rows / max(1, pace.count):.1f} an order", str(pace.refused),
    )  # fmt: skip
    print(f"| {' | '.join((name, *figures))} |", flush=True)


def run_paced(url: str, furnished: Furnished) -> Pace:
    encoded = [call.encode() for call in order_workload(furnished, "orders", ORDERING_HOUSE).calls]
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(order(url, numbered(encoded)))


async def order(url: str, requests: Iterator[bytes]) -> Pace:
    (host, port), loop = address_of(url), asyncio.get_running_loop()
    start = time.perf_counter() + 0.5
    clients = [PacedClient(requests, start + n / A_SECOND, start + SECONDS) for n in range(CLIENTS)]
    for client in clients:
        await loop.create_connection(partial(itself, client), host, port)
    async with asyncio.timeout(SECONDS + PATIENCE_SECONDS):
        await asyncio.gather(*(client.finished for client in clients))
    times = [moment for client in clients for moment in client.times]
    pace = pace_of(times, time.perf_counter() - start)
    return Pace(pace.count, pace.seconds, pace.p50, pace.p99, sum(one.refused for one in clients))


def itself(client: PacedClient) -> PacedClient:
    return client


async def add_rules(url: str, count: int) -> None:
    """The first acts, the others ask two questions and say no."""
    async with opened(url) as books:
        for number in range(count):
            when = f"order.total > {1_000 + number} and order.portions > 1" if number else ""
            await keep(books, f"Rule {number}", when)


async def keep(books: Books, name: str, when: str) -> None:
    async with books.writing() as uow:
        written = automation.Written("order.placed", when, (NOTE,))
        rule_id = await automation.add_rule(uow, name, written)
        await automation.switch_rule(uow, main.RULES, rule_id, is_on=True)


async def until_all_have_looked(url: str) -> None:
    async with opened(url) as books, asyncio.timeout(PATIENCE_SECONDS):
        while await count_in(books, WAITING):  # noqa: ASYNC110  # another process does it
            await asyncio.sleep(POLL_SECONDS)


async def count(url: str, statements: tuple[Statement, ...]) -> int:
    async with opened(url) as books:
        return await count_in(books, statements)


async def count_in(books: Books, statements: tuple[Statement, ...]) -> int:
    async with books.reading() as look:
        return sum([int(await look.value(one)) for one in statements])
