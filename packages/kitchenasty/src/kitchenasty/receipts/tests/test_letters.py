"""Receipts and credit notes by mail, in the guest's language, with the PDF."""

from __future__ import annotations

from email.message import EmailMessage
from typing import Any

from basis.kit.background.dispatcher import Dispatcher
from kitchenasty import locations, orders, payments, refunds
from kitchenasty.kit.books import Books
from kitchenasty.kit.http.i18n import current_locale
from kitchenasty.notices import MemoryPost, Postman, Sender
from kitchenasty.receipts.letters import WRITERS
from kitchenasty.receipts.subscriptions import CREDIT_NOTES, NUMBERS, POSTED
from kitchenasty.refunds.tests.builders import OWNER, paid_sale

SENDER = Sender("house@bistro.example", "Bistro", "https://bistro.example")
WAY = ("CONFIRMED", "PREPARING", "READY", "PICKED_UP")


async def ordered_in(
    books: Books, house: locations.House, language: str, **contact: Any
) -> orders.Order:
    token = current_locale.set(language)
    try:
        return await paid_sale(books, house, (1_250, 2), **contact)
    finally:
        current_locale.reset(token)


SERVER = {
    "SMTP_HOST": "localhost",
    "SMTP_FROM": "Juniper & Rye <hello@juniper.example>",
    "PUBLIC_URL": "https://juniper.example",
}


async def post(books: Books) -> list[EmailMessage]:
    """What is told now, and what the postman then takes."""
    books.given = SERVER
    for _ in ("the number", "the paper"):
        await Dispatcher(books, [NUMBERS, CREDIT_NOTES, POSTED]).run_once()
    office = MemoryPost()
    while await Postman(books, office, sender=SENDER, writers=WRITERS).run_due():
        pass
    return office.letters


async def hand_over(books: Books, order: orders.Order) -> None:
    for target in WAY:
        async with books.writing() as uow:
            await orders.move_order(uow, order.id, orders.OrderStatus(target))


def plain_of(letter: EmailMessage) -> str:
    body = letter.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


async def test_a_guest_who_left_an_address_gets_the_receipt_in_their_language(
    books: Books, house: locations.House
) -> None:
    order = await ordered_in(books, house, "de")
    assert await post(books) == []
    await hand_over(books, order)
    [letter] = await post(books)
    number = f"{order.placed_at.year}-000001"
    assert letter["Subject"] == f"Beleg {number}, {house.name}"
    assert letter["To"] == order.contact.email
    text = plain_of(letter)
    assert "2 x Soup: 25,00 €" in text
    assert "https://bistro.example/t/" in text
    [pdf] = letter.iter_attachments()
    assert pdf.get_filename() == f"receipt-{number}.pdf"
    assert pdf.get_content().startswith(b"%PDF-")
    assert await post(books) == [], "once"


async def test_what_is_given_back_is_told_by_mail(books: Books, house: locations.House) -> None:
    order = await ordered_in(books, house, "en")
    async with books.writing(OWNER) as uow:
        wish = refunds.Wish(units={}, amount_minor=500)
        await refunds.refund(uow, order, wish, reason="It was cold.")
    receipt, letter = await post(books)
    assert receipt["Subject"] == f"Receipt {order.placed_at.year}-000001, {house.name}"
    assert letter["Subject"] == f"Credit note {order.placed_at.year}-000002, {house.name}"
    assert "Reason: It was cold." in plain_of(letter)


async def test_who_left_no_address_or_an_odd_one_holds_up_nobody(
    books: Books, house: locations.House
) -> None:
    for email in (None, "no address"):
        contact = orders.Contact(name="Anna", email=email, phone="1")
        order = await ordered_in(books, house, "en", contact=contact)
        await hand_over(books, order)
    last = await ordered_in(books, house, "en")
    await hand_over(books, last)
    [letter] = await post(books)
    assert letter["To"] == last.contact.email


async def test_the_paper_says_what_was_laid_on_the_counter_and_the_change(
    books: Books, house: locations.House
) -> None:
    order = await ordered_in(books, house, "en", is_paid=False)
    async with books.writing() as uow:
        await payments.collect(uow, order.id, payments.PaymentMethod.CASH, tendered_minor=3_000)
    await hand_over(books, order)
    [letter] = await post(books)
    assert {"Received: €30.00", "Change given: €5.00"} <= set(plain_of(letter).splitlines())
