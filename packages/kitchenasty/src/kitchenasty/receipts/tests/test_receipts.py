"""A receipt's number, and what stands on it."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from basis.kit.background.dispatcher import Dispatcher
from basis.kit.testing import HandClock
from kitchenasty import locations, orders
from kitchenasty.kit.books import Books
from kitchenasty.menu.tests.builders import add_dish
from kitchenasty.orders import OrderStatus
from kitchenasty.orders.tests.builders import record_explained
from kitchenasty.receipts.document import write
from kitchenasty.receipts.layout import plain
from kitchenasty.receipts.models import ReceiptKind
from kitchenasty.receipts.service import find_number, issue, load_paper
from kitchenasty.receipts.subscriptions import NUMBERS

WAY = (OrderStatus.CONFIRMED, OrderStatus.PREPARING, OrderStatus.READY, OrderStatus.PICKED_UP)


async def place(books: Books, house: locations.House, **fields: Any) -> orders.PlacedOrder:
    async with books.writing() as uow:
        return await record_explained(uow, house, await add_dish(uow), **fields)


async def hand_over(books: Books, order_id: str) -> None:
    for target in WAY:
        async with books.writing() as uow:
            await orders.move_order(uow, order_id, target)
    await Dispatcher(books, [NUMBERS]).run_once()


async def number_of(books: Books, about_id: str) -> str:
    async with books.reading() as look:
        return str(await find_number(look, about_id))


async def give(books: Books, house: locations.House, order_id: str) -> str:
    async with books.writing() as uow:
        return str(await issue(uow, house_id=house.id, order_id=order_id))


async def test_a_receipt_gets_its_number_when_the_order_is_handed_over(
    books: Books, house: locations.House
) -> None:
    first, second = await place(books, house), await place(books, house)
    await hand_over(books, second.id)
    year = second.order.placed_at.year
    assert await number_of(books, first.id) == "None"
    assert await number_of(books, second.id) == f"{year}-000001"


async def test_forty_receipts_at_once_have_forty_numbers_without_a_gap(
    books: Books, house: locations.House
) -> None:
    """Red without the lock on the counter: two who read the same number cannot both keep it."""
    placed = [await place(books, house) for _ in range(40)]
    given = await asyncio.gather(*(give(books, house, one.id) for one in placed))
    assert sorted(int(text.partition("-")[2]) for text in given) == list(range(1, 41))


async def test_one_order_has_one_number_however_often_and_at_once_it_is_asked_for(
    books: Books, house: locations.House
) -> None:
    one, other = await place(books, house), await place(books, house)
    given = await asyncio.gather(*(give(books, house, one.id) for _ in range(20)))
    assert len(set(given)) == 1
    assert (await give(books, house, other.id)).endswith("-000002")


async def test_what_is_undone_leaves_no_gap(books: Books, house: locations.House) -> None:
    one = await place(books, house)

    async def fail() -> None:
        async with books.writing() as uow:
            await issue(uow, house_id=house.id, order_id=one.id)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await fail()
    assert (await give(books, house, one.id)).endswith("-000001")


async def test_numbers_begin_anew_with_the_year_of_the_house(
    books: Books, house: locations.House, clock: HandClock
) -> None:
    """In Berlin the year begins at 23:00 of UTC."""
    given = []
    for moment in (
        datetime(2030, 12, 31, 22, 59, tzinfo=UTC),
        datetime(2030, 12, 31, 23, 0, tzinfo=UTC),
        datetime(2030, 12, 31, 23, 1, tzinfo=UTC),
    ):
        clock.now = moment
        given.append(await give(books, house, (await place(books, house)).id))
    assert given == ["2030-000001", "2031-000001", "2031-000002"]


async def test_a_house_has_one_series_for_receipts_and_credit_notes(
    books: Books, house: locations.House, other_house: locations.House
) -> None:
    one, elsewhere = await place(books, house), await place(books, other_house)
    await give(books, house, one.id)
    async with books.writing() as uow:
        note = await issue(
            uow,
            house_id=house.id,
            order_id=one.id,
            kind=ReceiptKind.CREDIT_NOTE,
            about_id=elsewhere.id,
        )
    assert note.number == 2
    third = await place(books, other_house)
    assert (await give(books, other_house, third.id)).endswith("-000001")


async def test_a_receipt_says_who_sells_what_at_which_rate(
    books: Books, house: locations.House
) -> None:
    async with books.writing() as uow:
        changes = {"legal_name": "Grün Gastro GmbH", "tax_id": "DE123456789"}
        await locations.change_house(uow, house.id, changes)
    one = await place(books, house, quantity=2)
    await hand_over(books, one.id)
    async with books.writing() as uow:
        await locations.change_house(uow, house.id, {"tax_id": "DE999999999"})
    async with books.reading() as look:
        text = plain(write(await load_paper(look, await orders.load_order(look, one.id))))
    assert "Grün Gastro GmbH" in text
    assert "DE123456789" in text, "the seller is as on the day"
    rows = {" ".join(line.split()) for line in text.splitlines()}
    assert {
        "2 x Soup €25.00",
        "Total €25.00",
        "VAT 7 % on €23.36 €1.64",
        "Cash, paid €25.00",
    } <= rows


async def test_a_bill_that_is_not_paid_has_no_number(books: Books, house: locations.House) -> None:
    one = await place(books, house)
    async with books.reading() as look:
        text = plain(write(await load_paper(look, await orders.load_order(look, one.id))))
    assert "Bill, not yet paid" in text
    assert "Cash, still due" in text


async def test_what_is_paid_is_no_open_bill_before_it_has_its_number(
    books: Books, house: locations.House
) -> None:
    one = await place(books, house)
    await hand_over(books, one.id)
    async with books.reading() as look:
        paper = await load_paper(look, await orders.load_order(look, one.id))
    assert write(replace(paper, number=None)).title == "Receipt"


async def test_an_order_older_than_the_engine_has_a_receipt_too(
    books: Books, house: locations.House
) -> None:
    one = await place(books, house)
    async with books.reading() as look:
        paper = await load_paper(look, await orders.load_order(look, one.id))
    unexplained = type(paper)(
        **{name: getattr(paper, name) for name in paper.__slots__} | {"explanation": None}
    )
    assert "€12.50" in plain(write(unexplained))


async def test_the_link_opens_its_own_receipt_on_every_paper(
    books: Books, house: locations.House, client: httpx.AsyncClient
) -> None:
    one = await place(books, house, contact=orders.Contact(name="李 Łuk", email=None, phone="1"))
    await hand_over(books, one.id)
    number = await number_of(books, one.id)
    page = await client.get(f"/t/{one.capability}/receipt")
    assert page.status_code == 200
    assert number in page.text
    assert page.headers["cache-control"] == "no-store"
    pdf = await client.get(f"/t/{one.capability}/receipt.pdf")
    assert pdf.content.startswith(b"%PDF-")
    text = await client.get(f"/t/{one.capability}/receipt.txt", headers={"cookie": "language=de"})
    assert "李 Łuk" in text.text
    assert "Beleg" in text.text
    assert (await client.get("/t/no-such-link/receipt.pdf")).status_code == 404
