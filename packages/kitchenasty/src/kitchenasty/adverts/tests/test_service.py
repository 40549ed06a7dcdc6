"""What guests say about advertising counts if it is theirs to say, for as long as they mean it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from basis.kit.background.dispatcher import Dispatcher
from basis.kit.testing import HandClock
from kitchenasty import adverts, locations, notices, orders, texting
from kitchenasty.adverts import ALLOWED, NEVER_AGREED, OBJECTED, AgreementGone, Basis, Hint, Way
from kitchenasty.adverts.letters import WRITERS
from kitchenasty.adverts.service import token_of
from kitchenasty.adverts.states import AGREED_DAYS, OPEN_DAYS, TOLD_DAYS
from kitchenasty.adverts.subscriptions import CUSTOMERS
from kitchenasty.adverts.tests.builders import ANNA, advertise_to, agree, spoken, verdict
from kitchenasty.kit.books import Books
from kitchenasty.menu.tests.builders import add_dish
from kitchenasty.notices import MemoryPost, Postman, Sender
from kitchenasty.orders.tests.builders import record

SENDER = Sender("hello@juniper.example", "Juniper & Rye", "https://juniper.example")
NUMBER = "+4930901820"


@pytest.fixture(autouse=True)
def _has_a_mail_server(books: Books) -> None:
    books.given = {
        "SMTP_HOST": "localhost",
        "SMTP_FROM": "Juniper <hello@juniper.example>",
        "PUBLIC_URL": "https://juniper.example",
    }


async def post(books: Books) -> list[str]:
    office = MemoryPost()
    while await Postman(books, office, sender=SENDER, writers=WRITERS).run_due():
        pass
    bodies = [mail.get_body(("plain",)) for mail in office.letters]
    return [body.get_content() for body in bodies if body is not None]


async def ask(books: Books) -> str:
    """Somebody typed the address of somebody else, or their own; the token in the letter."""
    await advertise_to(books, Basis.AGREED)
    async with books.writing() as uow:
        await adverts.agree(uow, spoken(is_theirs=False))
    [letter] = await post(books)
    return letter.partition("/agree/")[2].split()[0]


async def serve(books: Books, house: locations.House, hint: Hint, *, is_ticked: bool) -> str:
    """An order with what its guest said, handed over."""
    async with books.writing() as uow:
        order = await record(uow, house, await add_dish(uow))
        contact = (await orders.load_order(uow, order.id)).contact
        await adverts.hear_checkout(uow, hint, order.id, contact, is_ticked=is_ticked, own=None)
    for status in ("CONFIRMED", "PREPARING", "READY", "PICKED_UP"):
        async with books.writing() as uow:
            await orders.move_order(uow, order.id, orders.OrderStatus(status))
    return order.id


async def hear(books: Books) -> None:
    while await Dispatcher(books, [CUSTOMERS]).run_once():
        pass


async def test_an_address_that_anybody_can_type_is_asked_first(books: Books) -> None:
    token = await ask(books)
    assert await verdict(books) == NEVER_AGREED
    async with books.writing() as uow:
        await adverts.confirm(uow, token)
    assert await verdict(books) == ALLOWED
    assert await verdict(books, " Anna@Guest.example ") == ALLOWED
    assert await verdict(books, "bert@guest.example") == NEVER_AGREED


async def test_nobody_can_have_a_stranger_written_to_again_and_again(books: Books) -> None:
    await ask(books)
    async with books.writing() as uow:
        await adverts.agree(uow, spoken(is_theirs=False))
    assert await post(books) == []


async def test_a_link_that_is_invented_or_old_agrees_to_nothing(
    books: Books, clock: HandClock
) -> None:
    token = await ask(books)
    for wrong in (token[:-1], token.partition(".")[0], "", token + "0"):
        async with books.writing() as uow:
            with pytest.raises(AgreementGone):
                await adverts.confirm(uow, wrong)
    clock.now += timedelta(days=OPEN_DAYS, seconds=1)
    async with books.writing() as uow:
        with pytest.raises(AgreementGone):
            await adverts.confirm(uow, token)
    assert await verdict(books) == NEVER_AGREED


async def test_whoever_says_no_before_the_letter_is_answered_meant_it(books: Books) -> None:
    token = await ask(books)
    async with books.writing() as uow:
        await adverts.object_to(uow, spoken())
    async with books.writing() as uow:
        with pytest.raises(AgreementGone):
            await adverts.confirm(uow, token)
    assert await verdict(books) == OBJECTED


async def test_who_ends_it_by_a_letter_can_agree_anew(books: Books) -> None:
    await agree(books)
    async with books.writing() as uow:
        link = notices.way_out_for(uow.secret, ANNA, "")
        await notices.stop_advertising(uow, link.rpartition("/")[2])
    assert await verdict(books) == OBJECTED
    await agree(books)
    assert await verdict(books) == ALLOWED


async def test_what_was_agreed_to_years_ago_is_no_agreement_any_more(
    books: Books, clock: HandClock
) -> None:
    await agree(books)
    clock.now += timedelta(days=AGREED_DAYS - 1)
    assert await verdict(books) == ALLOWED
    clock.now += timedelta(days=1, seconds=1)
    assert await verdict(books) == NEVER_AGREED


async def test_a_no_outlives_the_yes_that_it_took_back(books: Books, clock: HandClock) -> None:
    await agree(books)
    clock.now += timedelta(minutes=1)
    async with books.writing() as uow:
        await adverts.object_to(uow, spoken())
    for _ in range(60):
        clock.now += timedelta(days=30)
        assert await verdict(books) != ALLOWED


async def test_each_way_is_agreed_to_by_itself(books: Books) -> None:
    await agree(books)
    assert await verdict(books, NUMBER, Way.TEXT) == NEVER_AGREED
    await agree(books, NUMBER, Way.TEXT)
    assert await verdict(books, NUMBER, Way.TEXT) == ALLOWED
    assert await verdict(books, "030 / 90 18 20", Way.TEXT) == NEVER_AGREED
    assert await verdict(books, "no number", Way.TEXT) == NEVER_AGREED
    async with books.writing() as uow:
        await texting.stop_texts(uow, NUMBER)
    assert await verdict(books, NUMBER, Way.TEXT) == OBJECTED


async def test_who_bought_and_was_told_is_a_customer_once_the_food_was_handed_over(
    books: Books, house: locations.House, clock: HandClock
) -> None:
    await advertise_to(books, Basis.CUSTOMERS)
    await serve(books, house, Hint.TOLD, is_ticked=False)
    assert await verdict(books) == NEVER_AGREED
    await hear(books)
    assert await verdict(books) == ALLOWED
    await advertise_to(books, Basis.AGREED)
    assert await verdict(books) == NEVER_AGREED
    await advertise_to(books, Basis.CUSTOMERS)
    clock.now += timedelta(days=TOLD_DAYS, seconds=1)
    assert await verdict(books) == NEVER_AGREED


async def test_who_bought_and_was_not_told_is_no_customer(
    books: Books, house: locations.House
) -> None:
    await advertise_to(books, Basis.CUSTOMERS)
    await serve(books, house, Hint.NONE, is_ticked=False)
    await hear(books)
    assert await verdict(books) == NEVER_AGREED


async def test_who_objects_at_the_checkout_is_left_alone_whatever_they_buy(
    books: Books, house: locations.House, clock: HandClock
) -> None:
    await advertise_to(books, Basis.CUSTOMERS)
    await serve(books, house, Hint.TOLD, is_ticked=True)
    clock.now += timedelta(minutes=1)
    await serve(books, house, Hint.TOLD, is_ticked=False)
    await hear(books)
    assert await verdict(books) == OBJECTED


async def test_the_box_at_the_checkout_asks_by_mail_and_an_empty_one_says_nothing(
    books: Books, house: locations.House
) -> None:
    await advertise_to(books, Basis.AGREED)
    await serve(books, house, Hint.ASKED, is_ticked=False)
    assert await post(books) == []
    await serve(books, house, Hint.ASKED, is_ticked=True)
    assert len(await post(books)) == 1
    await hear(books)
    assert await verdict(books) == NEVER_AGREED


async def test_a_token_is_of_one_server(books: Books) -> None:
    async with books.reading() as look:
        assert token_of(look, "a") != token_of(look, "b")
