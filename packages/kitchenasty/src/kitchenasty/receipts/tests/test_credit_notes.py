"""What was given back has a paper with a number of its own, and stands on the receipt."""

from __future__ import annotations

import httpx

from basis.kit.background.dispatcher import Dispatcher
from kitchenasty import locations, orders, refunds
from kitchenasty.kit.books import Books
from kitchenasty.receipts.credit_note import write_credit_note
from kitchenasty.receipts.document import Document, write
from kitchenasty.receipts.layout import plain
from kitchenasty.receipts.service import load_credit_note, load_paper
from kitchenasty.receipts.subscriptions import CREDIT_NOTES
from kitchenasty.refunds.tests.builders import OWNER, paid_sale


async def give(books: Books, order: orders.Order, wish: refunds.Wish) -> refunds.Refund:
    async with books.writing(OWNER) as uow:
        made = await refunds.refund(uow, order, wish, reason="It was cold.")
    await Dispatcher(books, [CREDIT_NOTES]).run_once()
    return made


def rows_of(document: Document) -> set[str]:
    return {" ".join(line.split()) for line in plain(document).splitlines()}


async def test_a_refund_gets_the_next_number_after_the_receipt_it_takes_from(
    books: Books, house: locations.House
) -> None:
    order = await paid_sale(books, house, (1_250, 3))
    first = await give(books, order, refunds.Wish(units={order.lines[0].id: 1}))
    second = await give(books, order, refunds.Wish(units={}, amount_minor=100))
    async with books.reading() as look:
        note = await load_credit_note(look, order, first.id)
        other = await load_credit_note(look, order, second.id)
        receipt = rows_of(write(await load_paper(look, order)))
    year = first.made_at.year
    assert [str(one) for one in (note.paper.number, note.number, other.number)] == [
        f"{year}-000001",
        f"{year}-000002",
        f"{year}-000003",
    ]
    assert {
        f"Credit note {year}-000002",
        f"For receipt {year}-000001",
        "Reason It was cold.",
        "1 x Soup -€12.50",
        "Given back -€12.50",
        "VAT 7 % -€0.82",
        "Cash, given back €12.50",
    } <= rows_of(write_credit_note(note))
    assert {
        f"Given back, credit note {year}-000002 -€12.50",
        f"Given back, credit note {year}-000003 -€1.00",
    } <= receipt


async def test_an_amount_has_no_portions_and_names_what_it_is_of(
    books: Books, house: locations.House
) -> None:
    order = await paid_sale(books, house, (1_000, 1), extras=("delivered",))
    made = await give(books, order, refunds.Wish(units={}, amount_minor=149))
    async with books.reading() as look:
        rows = rows_of(write_credit_note(await load_credit_note(look, order, made.id)))
    assert {"Soup -€1.00", "Delivery -€0.49"} <= rows


async def test_a_credit_note_opens_by_the_link_of_its_own_order_only(
    books: Books, house: locations.House, client: httpx.AsyncClient
) -> None:
    order, other = await paid_sale(books, house, (1_250, 1)), await paid_sale(books, house, (1, 1))
    made = await give(books, order, refunds.Wish(units={}, everything=True))
    async with books.writing() as uow:
        links = [orders.capability_of(uow.secret, one.id) for one in (order, other)]
    own, foreign = (f"/t/{link}/refunds/{made.id}/note" for link in links)
    page = await client.get(own)
    assert page.status_code == 200
    assert "It was cold." in page.text
    pdf = await client.get(f"{own}.pdf")
    assert pdf.content.startswith(b"%PDF-")
    text = await client.get(f"{own}.txt", headers={"cookie": "language=de"})
    assert "Gutschrift" in text.text
    tracked = await client.get(f"/t/{links[0]}")
    assert "It was cold." in tracked.text
    assert [(await client.get(foreign + end)).status_code for end in ("", ".pdf", ".txt")] == [
        404,
        404,
        404,
    ]
