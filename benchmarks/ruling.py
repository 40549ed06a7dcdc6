"""What rules cost those who order: a hundred orders a second beside none, a hundred and a thousand.

Orders come at their times, however long the last one took, and each is counted from its time. All
rules listen to orders, which is the worst there is. The mixes take turns, so that what else the
machine does falls on all of them.
"""

from __future__ import annotations

import asyncio
import statistics
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path

import uvloop
from sqlalchemy import bindparam, func, select

from basis.clock import system_clock
from basis.kit.data.jobs import JobRow
from basis.kit.data.outbox import OutboxRow
from basis.kit.data.statements import Statement
from benchmarks.house import Furnished, furnish, opened
from benchmarks.load import Client, address_of, numbered
from benchmarks.usage import Meter
from benchmarks.workloads import ORDERING_HOUSE, order_workload
from kitchenasty import automation, main
from kitchenasty.kit.books import Books, UnitOfWork
from kitchenasty.kit.tables import every_table
from tests.server import Server

A_SECOND, CLIENTS = 100, 16
SECONDS, ROUNDS = 5, 2
PATIENCE_SECONDS = 300
POLL_SECONDS = 0.05
CREATED = 201
HEADINGS = (
    "database", "rules", "asked", "act", "orders/s", "p50 ms", "p95 ms", "p99 ms",
    "server cpu ms/order", "lag p50 s", "lag p95 s", "rows for rules", "busy (503)",
)  # fmt: skip
NOTE = automation.Step("note", "", {"body": "{{ order.number }}"})
EFFECTS, RULES = every_table()["rule_effects"], every_table()["rules"]
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
ALL_RULES = Statement(select(RULES.c.id))
LAGS = Statement(
    select(OutboxRow.emitted_at, EFFECTS.c.done_at)
    .join(EFFECTS, EFFECTS.c.event_id == OutboxRow.id)
    .where(OutboxRow.emitted_at >= bindparam("since", required=True))
)


@dataclass
class Mix:
    """So many rules, of which so many are asked about an order and so many act; and what was seen.
    The others stand behind gates that no order opens.
    """

    rules: int
    asked: int
    act: int
    times: list[float] = field(default_factory=list)
    lags: list[float] = field(default_factory=list)
    seconds: float = 0.0
    cpu: float = 0.0
    rows: int = 0
    refused: int = 0

    def whens(self) -> Iterator[str]:
        """The condition of each."""
        for number in range(self.rules):
            if number < self.act:
                yield ""
            elif number < self.asked:
                yield f"not order.total <= {1_000 + number}"
            else:
                yield f"order.total > {1_000 + number} and order.portions > 1"

    def figures(self) -> tuple[str, ...]:
        orders = max(1, len(self.times))
        lags = (f"{percentile(self.lags, n):.2f}" if self.lags else "" for n in (50, 95))
        return (
            *(f"{count:,}" for count in (self.rules, self.asked, self.act)),
            f"{orders / self.seconds:,.0f}",
            *(f"{percentile(self.times, n):.1f}" for n in (50, 95, 99)),
            f"{self.cpu * 1_000 / orders:.2f}",
            *lags,
            f"{self.rows / orders:.1f} an order",
            str(self.refused),
        )


def percentile(values: list[float], n: int) -> float:
    return statistics.quantiles(values, n=100)[n - 1]


def mixes() -> list[Mix]:
    """None; few; many; many of which some act; many that no gate keeps out."""
    return [
        Mix(0, 0, 0),
        Mix(100, 1, 1),
        Mix(1_000, 1, 1),
        Mix(1_000, 10, 10),
        Mix(1_000, 1_000, 1),
    ]


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
    """All on one server, in turns."""
    furnished, tried = asyncio.run(furnish(url)), mixes()
    server = Server(
        folder / "rules",
        environment={"KITCHENASTY_RATE_LIMITS": "off", "KITCHENASTY_DATABASE_URL": url},
    )
    server.start()
    try:
        for _ in range(ROUNDS):
            for mix in tried:
                asyncio.run(make_rules(url, mix))
                measure(mix, server, furnished)
    finally:
        server.stop()
    for mix in tried:
        print(f"| {' | '.join((name, *mix.figures()))} |", flush=True)


def measure(mix: Mix, server: Server, furnished: Furnished) -> None:
    before, meter = asyncio.run(count(furnished.url, ROWS)), Meter.of(server)
    began, since = time.monotonic(), system_clock()
    clients = run_paced(server.url, furnished)
    mix.seconds += time.monotonic() - began
    asyncio.run(until_all_have_looked(furnished.url))
    mix.cpu += meter.seconds
    mix.rows += asyncio.run(count(furnished.url, ROWS)) - before
    mix.lags += asyncio.run(lags(furnished.url, since))
    mix.times += [moment for client in clients for moment in client.times]
    mix.refused += sum(client.refused for client in clients)


def run_paced(url: str, furnished: Furnished) -> list[PacedClient]:
    encoded = [call.encode() for call in order_workload(furnished, "orders", ORDERING_HOUSE).calls]
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(order(url, numbered(encoded)))


async def order(url: str, requests: Iterator[bytes]) -> list[PacedClient]:
    (host, port), loop = address_of(url), asyncio.get_running_loop()
    start = time.perf_counter() + 0.5
    clients = [PacedClient(requests, start + n / A_SECOND, start + SECONDS) for n in range(CLIENTS)]
    for client in clients:
        await loop.create_connection(partial(itself, client), host, port)
    async with asyncio.timeout(SECONDS + PATIENCE_SECONDS):
        await asyncio.gather(*(client.finished for client in clients))
    return clients


def itself(client: PacedClient) -> PacedClient:
    return client


async def make_rules(url: str, mix: Mix) -> None:
    """These, and no others."""
    async with opened(url) as books:
        async with books.writing() as uow:
            for row in await uow.rows(ALL_RULES):
                await automation.remove_rule(uow, row[0])
        async with books.writing() as uow:
            for number, when in enumerate(mix.whens()):
                await keep(uow, f"Rule {number}", when)


async def keep(uow: UnitOfWork, name: str, when: str) -> None:
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


async def lags(url: str, since: datetime) -> list[float]:
    """Seconds from each event since then to each thing that a rule did about it."""
    async with opened(url) as books, books.reading() as look:
        rows = await look.rows(LAGS, since=since)
    return [(done_at - emitted_at).total_seconds() for emitted_at, done_at in rows]
