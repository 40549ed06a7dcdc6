"""A new review is told to its house by mail, as the settings say."""

from __future__ import annotations

from email.message import EmailMessage

import pytest

from basis.kit.background.dispatcher import Dispatcher
from kitchenasty import locations, notices, reviews, settings
from kitchenasty.kit.books import Books
from kitchenasty.notices import MemoryPost, Postman, Sender
from kitchenasty.reviews.letters import WRITERS
from kitchenasty.reviews.subscriptions import TOLD_HOUSES
from kitchenasty.reviews.tests.test_reviews import newcomer, place, write

SENDER = Sender("house@bistro.example", "Bistro", "https://bistro.example")
SERVER = {
    "SMTP_HOST": "localhost",
    "SMTP_FROM": "Bistro <house@bistro.example>",
    "PUBLIC_URL": "https://bistro.example",
}
HOUSE_ADDRESS = "kitchen@bistro.example"


@pytest.fixture
async def reachable(books: Books, house: locations.House) -> locations.House:
    """A house that said where to write to."""
    async with books.writing() as uow:
        return await locations.change_house(uow, house.id, {"email": HOUSE_ADDRESS})


async def say(books: Books, house: locations.House, words: str) -> reviews.Review:
    anna = await newcomer(books)
    return await write(books, anna, (await place(books, house, anna)).id, 2, body=words)


async def post(books: Books) -> list[EmailMessage]:
    await Dispatcher(books, [TOLD_HOUSES]).run_once()
    office = MemoryPost()
    while await Postman(books, office, sender=SENDER, writers=WRITERS).run_due():
        pass
    return office.letters


async def test_the_house_reads_a_new_review_by_mail(
    books: Books, reachable: locations.House
) -> None:
    books.given = SERVER
    await say(books, reachable, "Cold soup. <b>Sorry</b>")
    [letter] = await post(books)
    assert letter["To"] == HOUSE_ADDRESS
    assert letter["Subject"] == "A new review: 2 of 5 stars"
    plain, rich = (letter.get_body((kind,)) for kind in ("plain", "html"))
    assert plain is not None
    assert rich is not None
    assert "Anna B.: 2 of 5 stars" in plain.get_content()
    assert "https://bistro.example/admin/reviews" in plain.get_content()
    assert "&lt;b&gt;Sorry" in rich.get_content()
    assert await post(books) == [], "once"


async def test_no_letter_goes_out_that_nobody_wants_or_can_get(
    books: Books, house: locations.House
) -> None:
    await say(books, house, "Without a mail server")
    assert await post(books) == []
    books.given = SERVER
    await say(books, house, "Without an address of the house")
    assert await post(books) == []
    async with books.writing() as uow:
        await locations.change_house(uow, house.id, {"email": HOUSE_ADDRESS})
        await settings.change(uow, reviews.REVIEW, {"notifyHouse": False})
    await say(books, house, "Without the wish")
    assert await post(books) == []
    async with books.reading() as look:
        assert await notices.list_notices(look) == []


async def test_what_was_deleted_meanwhile_is_told_to_nobody(
    books: Books, reachable: locations.House
) -> None:
    books.given = SERVER
    review = await say(books, reachable, "Spam")
    await Dispatcher(books, [TOLD_HOUSES]).run_once()
    async with books.writing() as uow:
        await reviews.remove(uow, review.id)
    assert await post(books) == []
