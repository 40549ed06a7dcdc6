"""How each database answers the statements of the hot paths, with many orders and bookings in its
tables.

The requests of the workloads go through the application in this process; every statement that
reaches a driver meanwhile is noted with its arguments, and then explained. So nothing is left out,
not even what is put together at run time.
"""

from __future__ import annotations

import asyncio
import contextlib
import re
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import asyncpg
import httpx
import msgspec
from sqlalchemy import bindparam, func, select

from basis.clock import system_clock
from basis.kit.data.database import Connection
from basis.kit.data.postgres import PostgresConnection, prepare_connection
from basis.kit.data.sqlite import SqliteConnection
from basis.kit.data.statements import Compiled, Statement
from basis.kit.outgoing import Outgoing
from basis.kit.secret import Secret
from benchmarks.bookings import Booked, book_both, table_calls
from benchmarks.house import Furnished, furnish, opened
from benchmarks.load import Call
from benchmarks.looks import remember_looks
from benchmarks.past import remember_orders
from benchmarks.workloads import (
    ORDERING_HOUSE,
    PAST_HOUSE,
    menu_call,
    order_workload,
    staff_workloads,
)
from kitchenasty.kit.books import Books
from kitchenasty.kit.config import Config
from kitchenasty.kit.live.log import head_of
from kitchenasty.kitchen.topics import order_topic
from kitchenasty.main import background_work, create_app
from kitchenasty.orders.models import OrderHistoryRow

STEPS_MAX = 20_000
"""Steps of SQLite's machine. Ten times as many are needed to read 100,000 rows of an index."""
STEPS_AT_A_TIME = 100
COST_MAX = 1_000.0
"""PostgreSQL's own estimate for a statement; reading a table of 100,000 rows costs more."""
COST = re.compile(r"cost=[\d.]+\.\.([\d.]+)")
EXPLAINED = ("SELECT", "INSERT", "UPDATE", "DELETE", "WITH")
QUIET_TRIES = 600
MOVES = 2

NOTES = Statement(
    select(func.count()).where(
        OrderHistoryRow.order_id == bindparam("order_id", required=True),
        OrderHistoryRow.before == OrderHistoryRow.after,
    )
)
"""What rules write down at an order moves it from nowhere to nowhere."""

Noted = dict[str, Sequence[Any]]
"""SQL and the arguments of its first call, in the order of calls."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How a statement is answered, and what that costs in the database's own measure."""

    sql: str
    lines: tuple[str, ...]
    cost: str
    grows: bool


def print_plans(name: str, url: str, orders: int) -> None:
    plans = asyncio.run(explain_hot_paths(url, orders))
    print(f"\n## {name}, {orders:,} orders, {len(plans)} statements\n")
    for plan in plans:
        print(f"{'!! ' if plan.grows else ''}[{plan.cost}] {' '.join(plan.sql.split())}")
        for line in plan.lines:
            print(f"    {line[:200]}")
    growing = sum(plan.grows for plan in plans)
    print(
        f"\n{name}: {growing} of {len(plans)} statements cost more the more orders there are (!!)"
    )


async def explain_hot_paths(url: str, orders: int) -> list[Plan]:
    furnished = await furnish(url)
    await remember_orders(furnished, furnished.house_ids[PAST_HOUSE], orders)
    _, booked = await book_both(url)
    await remember_looks(url, orders)
    with TemporaryDirectory() as folder:
        noted = await note_hot_paths(furnished, booked, Path(folder))
    explain = explain_sqlite if url.startswith("sqlite") else explain_postgres
    wanted = {sql: given for sql, given in noted.items() if sql.startswith(EXPLAINED)}
    return await explain(url, wanted)


async def note_hot_paths(furnished: Furnished, booked: Booked, folder: Path) -> Noted:
    """Go through every workload once, until all events are delivered."""
    noted: Noted = {}
    config = Config(
        data_dir=folder, database_url=furnished.url, secret_key=Secret("b" * 43), rate_limits=False
    )
    async with opened(furnished.url) as books:
        transport = httpx.ASGITransport(create_app(config, books))  # type: ignore[arg-type]
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
            with noting(noted):
                async with background_work(books, Outgoing()):
                    for call in table_calls(booked):
                        await send(client, call)
                    order_id = await go_through(client, furnished)
                    await wait_until_told(books, order_id)
                    await wait_until_rules_acted(books, order_id)
    return noted


async def go_through(client: httpx.AsyncClient, furnished: Furnished) -> str:
    """What guests and cooks do; answers the order that was placed and moved."""
    bearer = (("authorization", f"Bearer {furnished.token}"),)
    yesterday = (system_clock() - timedelta(days=1)).date()
    reads = [call for workload in staff_workloads(furnished) for call in workload.calls]
    reads += [
        menu_call(furnished.house_ids[ORDERING_HOUSE]),
        Call(f"/at/{furnished.slug}"),
        Call("/api/orders?status=PENDING,CONFIRMED", headers=bearer),
        Call("/api/orders?search=guest%2017", headers=bearer),
        Call("/api/orders?page=3&includeItems=true", headers=bearer),
        Call("/api/dashboard/analytics?days=90", headers=bearer),
        Call(f"/api/locations/{furnished.house_ids[PAST_HOUSE]}/till/{yesterday}", headers=bearer),
        Call(f"/api/locations/{furnished.house_ids[PAST_HOUSE]}/till", headers=bearer),
    ]
    for call in reads:
        await send(client, call)
    placing = order_workload(furnished, "", PAST_HOUSE).calls[0]
    placed = msgspec.json.decode(await send(client, placing))["data"]
    await send(client, placing)
    await send(client, Call(f"/t/{placed['capability']}"))
    order_id: str = placed["id"]
    guest = (("x-order-capability", placed["capability"]),)
    await send(client, Call(f"/api/orders/{order_id}", headers=guest))
    body = msgspec.json.encode({"status": "CONFIRMED"})
    move = Call(f"/api/orders/{order_id}/status", method="PATCH", headers=bearer, body=body)
    await send(client, move)
    cancel = Call(f"/api/orders/{order_id}/cancel", method="POST", headers=bearer, body=b"{}")
    await send(client, cancel)
    return order_id


async def send(client: httpx.AsyncClient, call: Call) -> bytes:
    headers = {"content-type": "application/json", **dict(call.headers)}
    answer = await client.request(call.method, call.path, headers=headers, content=call.body)
    assert answer.status_code < 400, answer.text[:600]
    return answer.content


async def wait_until_told(books: Books, order_id: str) -> None:
    """The dispatcher has told the screens of the move and of its end."""
    for _ in range(QUIET_TRIES):
        async with books.reading() as look:
            if await head_of(look, order_topic(order_id)) >= MOVES:
                return
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(asyncio.Event().wait(), 0.1)
    raise AssertionError("the events of the order were not delivered")


async def wait_until_rules_acted(books: Books, order_id: str) -> None:
    """As often as the order was placed and moved."""
    for _ in range(QUIET_TRIES):
        async with books.reading() as look:
            notes = await look.value(NOTES, order_id=order_id)
        if notes >= 1 + MOVES:
            return
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(asyncio.Event().wait(), 0.1)
    raise AssertionError("the rules did not act on the order")


@contextlib.contextmanager
def noting(noted: Noted) -> Iterator[None]:
    """Listen where statements are handed to the drivers, which is what we want to hear of."""
    ways = [
        (kind, way)
        for kind in (SqliteConnection, PostgresConnection)
        for way in ("_fetch", "_execute", "_execute_many")
    ]
    originals = {(kind, way): getattr(kind, way) for kind, way in ways}
    for (kind, way), original in originals.items():
        setattr(kind, way, listener(original, noted, many=way == "_execute_many"))
    try:
        yield
    finally:
        for (kind, way), original in originals.items():
            setattr(kind, way, original)


def listener(original: Any, noted: Noted, *, many: bool) -> Any:
    async def note(connection: Connection, compiled: Compiled, arguments: Sequence[Any]) -> Any:
        noted.setdefault(compiled.sql, arguments[0] if many else arguments)
        return await original(connection, compiled, arguments)

    return note


async def explain_sqlite(url: str, noted: Noted) -> list[Plan]:
    """Plans and the steps of a real run, which is rolled back."""
    with contextlib.closing(
        sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)
    ) as raw:
        return [explain_on_sqlite(raw, sql, arguments) for sql, arguments in noted.items()]


def explain_on_sqlite(raw: sqlite3.Connection, sql: str, arguments: Sequence[Any]) -> Plan:
    lines = tuple(row[3] for row in raw.execute(f"EXPLAIN QUERY PLAN {sql}", arguments))
    steps = 0

    def count() -> None:
        nonlocal steps
        steps += STEPS_AT_A_TIME

    raw.execute("BEGIN")
    raw.set_progress_handler(count, STEPS_AT_A_TIME)
    # What is already there cannot be inserted again, and tells nothing about a search either.
    with contextlib.suppress(sqlite3.IntegrityError):
        raw.execute(sql, arguments).fetchall()
    raw.set_progress_handler(None, 0)
    raw.execute("ROLLBACK")
    return Plan(sql, lines, f"{steps} steps", steps > STEPS_MAX)


async def explain_postgres(url: str, noted: Noted) -> list[Plan]:
    raw = await asyncpg.connect(url)
    try:
        await prepare_connection(raw)
        await raw.execute("ANALYZE")  # as the server does by itself within a minute
        return [await explain_on_postgres(raw, sql, given) for sql, given in noted.items()]
    finally:
        await raw.close()


async def explain_on_postgres(raw: Any, sql: str, arguments: Sequence[Any]) -> Plan:
    lines = tuple(row[0] for row in await raw.fetch(f"EXPLAIN {sql}", *arguments))
    found = COST.search(lines[0])
    assert found is not None, lines
    return Plan(sql, lines, f"cost {found[1]}", float(found[1]) > COST_MAX)
