"""P1 and P2: a guest gets all that is theirs, and is forgotten to the last byte but the books."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import Enum, select, update

from basis.kit.background.dispatcher import Dispatcher
from basis.kit.data.columns import IdType, Json, UtcDateTime
from basis.kit.data.outbox import Subscription
from basis.kit.data.statements import Statement
from kitchenasty import audit, checkout, guests, locations, orders, privacy
from kitchenasty.checkout.tests.builders import draft_of
from kitchenasty.kit.books import Books
from kitchenasty.kit.principals import Kind, Principal
from kitchenasty.kit.tables import every_table
from kitchenasty.privacy.export import collect
from kitchenasty.privacy.person import find_person, rows_of, table_of
from kitchenasty.privacy.tests.builders import Traced, leave_traces

MARKS = ("qzanna7", "qzbert8")
CANARY_LENGTH = 10


@pytest.fixture
async def anna(books: Books, client: httpx.AsyncClient, house: locations.House) -> Traced:
    return await leave_traces(books, client, house, MARKS[0])


@pytest.fixture
async def bert(books: Books, client: httpx.AsyncClient, house: locations.House) -> Traced:
    return await leave_traces(books, client, house, MARKS[1])


async def deliver(books: Books, subscriptions: list[Subscription]) -> None:
    """What happened is told to everybody who listens."""
    dispatcher = Dispatcher(books, subscriptions)
    while await dispatcher.run_once():
        pass


async def plant(books: Books, traced: Traced) -> dict[str, str]:
    """A canary of its own in every text that is told of this guest, past all doors."""
    planted: dict[str, str] = {}
    async with books.writing() as uow:
        person = await find_person(uow, traced.guest.id)
        for rule in privacy.RULES:
            for name in rule.told:
                column = table_of(rule.table).c[name]
                field = f"{rule.table}.{name}"
                if not is_free(column) or field in FIXED or field in planted:
                    continue
                words = f"c{traced.mark}{len(planted):02}"  # short enough for every column
                value = {"words": words} if isinstance(column.type, Json) else words
                changed = await uow.run(
                    Statement(
                        update(table_of(rule.table))
                        .where(rows_of(rule, person))
                        .values({name: value})
                    )
                )
                assert changed, f"nobody left a trace in {rule.table} for {rule.whose.name}"
                planted[field] = words
    return planted


FIXED = {
    "customers.email",
    "orders.guest_email",
    "orders.number",
    "orders.day",
    "notices.recipient",
    "audit_rows.entity",
}
"""By these a person or an order is found; an entity is a word of ours."""


def is_free(column: Any) -> bool:
    kind = column.type
    if isinstance(kind, Json):
        return True
    length = 0 if isinstance(kind, Enum | IdType | UtcDateTime) else getattr(kind, "length", 0)
    return bool(length and length >= CANARY_LENGTH)


async def test_the_export_has_all_of_a_guest_and_nothing_of_another(
    books: Books, anna: Traced, bert: Traced
) -> None:
    """P1."""
    canaries, foreign = await plant(books, anna), await plant(books, bert)
    async with books.reading() as look:
        found = json.dumps(await collect(look, anna.guest.id))
    missing = [field for field, words in canaries.items() if words not in found]
    others = [field for field, words in foreign.items() if words in found]
    print(
        f"P1: {len(canaries)} canaries of a guest, {len(missing)} missing in the export, "
        f"{len(others)} of anybody else"
    )
    assert len(canaries) > 30
    assert (missing, others) == ([], [])
    assert MARKS[1] not in found


async def everything(books: Books) -> dict[str, list[dict[str, Any]]]:
    async with books.reading() as look:
        return {
            table.name: [
                dict(zip(table.columns.keys(), row, strict=True))
                for row in await look.rows(Statement(select(table)))
            ]
            for table in every_table().values()
        }


async def test_erasure_leaves_no_byte_of_the_guest_and_every_cent_of_the_books(
    books: Books,
    anna: Traced,
    bert: Traced,
    subscriptions: list[Subscription],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """P2: in the tables, and on SQLite in the file, the log beside it and all that lies around."""
    await deliver(books, subscriptions)
    before = await everything(books)
    assert len(traces_in(before, anna.mark)) > 30, "the control: there was something to forget"
    async with books.writing(as_guest(anna)) as uow:
        kept = await privacy.erase_guest(uow, anna.guest.id, typed=f" {anna.guest.email.upper()}")
    await deliver(books, subscriptions)
    await privacy.sweep(books, {})
    after = await everything(books)
    lost = [f"{row}" for row in books_of(before) if row not in books_of(after)]
    left = traces_in(after, anna.mark)
    around = bytes_around(tmp_path, anna.mark)
    told = "".join(capsys.readouterr())
    print(
        f"P2: {kept} orders kept, {len(lost)} sums of the books changed, {len(left)} traces left "
        f"in the tables, {len(around)} in files, {told.count(anna.mark)} in the log"
    )
    assert (lost, left, around, kept) == ([], [], [], 3)
    assert anna.mark not in told
    assert traces_in(after, bert.mark) == traces_in(before, bert.mark)
    assert len(after["orders"]) == len(before["orders"])


def as_guest(traced: Traced) -> Principal:
    return Principal(kind=Kind.CUSTOMER, id=traced.guest.id, name=traced.guest.name)


def traces_in(tables: dict[str, list[dict[str, Any]]], mark: str) -> list[str]:
    """Each place that holds the mark."""
    return [
        f"{table}.{column}"
        for table, rows in tables.items()
        for row in rows
        for column, value in row.items()
        if mark in str(value)
    ]


BOOKS = ("orders", "order_lines", "payments", "payment_returns", "refunds", "receipts",
         "gift_cards", "gift_card_entries", "coupon_uses")  # fmt: skip


def books_of(tables: dict[str, list[dict[str, Any]]]) -> list[tuple[str, Any, Any, Any]]:
    """Every number, day and state of the tables of money, row by row: what reports are made of."""
    gone = {
        (rule.table, name)
        for rule in privacy.RULES
        for name in (rule.becomes or {}).keys() | {"capability_hash"}
    }
    return [
        (name, row["id"], column, str(value))
        for name in BOOKS
        for row in tables[name]
        for column, value in row.items()
        if (name, column) not in gone
    ]


def bytes_around(folder: Path, mark: str) -> list[str]:
    """Files that still hold the mark: the database, its log, uploads, whatever lies there."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    return [str(path) for path in files if mark.encode() in path.read_bytes()]


def test_the_look_around_sees_what_is_in_a_file(tmp_path: Path) -> None:
    """The control."""
    with sqlite3.connect(tmp_path / "x.db") as file:
        file.execute("CREATE TABLE t (v TEXT)")
        file.execute("INSERT INTO t VALUES ('qzanna7')")
    file.close()
    assert bytes_around(tmp_path, "qzanna7") == [str(tmp_path / "x.db")]


async def test_a_forgotten_guest_is_out_and_nobody_knows_them(
    books: Books,
    client: httpx.AsyncClient,
    anna: Traced,
    subscriptions: list[Subscription],
) -> None:
    await deliver(books, subscriptions)
    async with books.writing(as_guest(anna)) as uow:
        await privacy.erase_guest(uow, anna.guest.id, typed=anna.guest.email)
    assert (await client.get("/api/auth/me", headers=anna.bearer)).status_code == 401
    async with books.reading() as look:
        with pytest.raises(guests.GuestNotFound):
            await collect(look, anna.guest.id)
        trail = await audit.list_entries(look, entity="Customer", entity_id=anna.guest.id)
        order = await orders.load_order(look, anna.order_ids[0])
    assert (trail[0].action, trail[0].actor_name, trail[0].address) == ("erase", "", None)
    assert (order.contact.name, order.customer_id) == ("—", None)


async def test_what_is_still_cooking_is_finished_first(
    books: Books, anna: Traced, house: locations.House
) -> None:
    async with books.writing() as uow:
        line = (await orders.load_order(uow, anna.order_ids[0])).lines[0]
        draft = draft_of(
            house.id,
            checkout.CartLine(dish_id=line.dish_id, quantity=1),
            customer_id=anna.guest.id,
        )
        await checkout.place_order(uow, draft)
    with pytest.raises(privacy.OrdersOpen, match="open orders: 1"):
        async with books.writing() as uow:
            await privacy.erase_guest(uow, anna.guest.id, typed=anna.guest.email)


async def test_a_wrong_address_forgets_nobody(
    books: Books, anna: Traced, subscriptions: list[Subscription]
) -> None:
    await deliver(books, subscriptions)
    with pytest.raises(privacy.NotConfirmed):
        async with books.writing() as uow:
            await privacy.erase_guest(uow, anna.guest.id, typed="somebody@else.example")
    async with books.reading() as look:
        assert await guests.load_guest(look, anna.guest.id) == anna.guest


async def test_what_has_not_been_told_to_all_is_not_forgotten(books: Books, anna: Traced) -> None:
    with pytest.raises(privacy.OrdersOpen, match="just happening"):
        async with books.writing() as uow:
            await privacy.erase_guest(uow, anna.guest.id, typed=anna.guest.email)


async def test_orders_of_an_address_that_was_never_confirmed_stay_where_they_are(
    books: Books, anna: Traced
) -> None:
    """Anybody can type anybody's address when they register."""
    async with books.writing() as uow:
        thief = guests.NewGuest(email=anna.guest.email, name="Thief")
        claimed = await guests.register_guest(uow, thief, password_hash="none")
    async with books.reading() as look:
        person = await find_person(look, claimed.id)
    assert person.placed == ()
