"""Whoever ordered without an account is forgotten as well: found by what they left, and no more."""

from __future__ import annotations

import json
from datetime import timedelta

import httpx
import pytest
from sqlalchemy import select

from basis.kit.background.dispatcher import Dispatcher
from basis.kit.data.outbox import Subscription
from basis.kit.data.statements import Statement
from kitchenasty import (
    audit,
    availability,
    checkout,
    locations,
    orders,
    privacy,
    reservations,
    reviews,
)
from kitchenasty.checkout.tests.builders import draft_of
from kitchenasty.kit.books import Books
from kitchenasty.kit.principals import ANONYMOUS
from kitchenasty.kit.tables import every_table
from kitchenasty.menu.tests.builders import add_dish
from kitchenasty.privacy.tests.builders import hand_over, leave_traces

MARK = "qzcarl5"
EMAIL = "qzcarl5@home.example"
PHONE = "+49 30 5550-4477"


async def order(
    books: Books, house: locations.House, *, email: str | None, phone: str | None, mark: str = MARK
) -> orders.Order:
    """Without an account, eaten, and reviewed by its link."""
    contact = orders.Contact(name=f"{mark} stranger", email=email, phone=phone)
    address = {"line1": f"{mark} lane", "city": mark, "postalCode": "10119"}
    async with books.writing() as uow:
        line = checkout.CartLine(await add_dish(uow), 1, note=f"{mark} line")
        draft = draft_of(house.id, line, contact=contact, address=address)
        placed = await checkout.place_order(uow, draft)
    await hand_over(books, placed.id)
    async with books.writing(ANONYMOUS) as uow:
        link = orders.capability_of(uow.secret, placed.id)
        draft_review = reviews.Draft(
            rating=3, body=f"{mark} waited", order_id=placed.id, capability=link
        )
        await reviews.submit(uow, draft_review)
    async with books.reading() as look:
        return await orders.load_order(look, placed.id)


async def everything(books: Books) -> str:
    async with books.reading() as look:
        return json.dumps(
            [
                [str(row) for row in await look.rows(Statement(select(table)))]
                for table in every_table().values()
            ]
        )


async def settle(books: Books, subscriptions: list[Subscription]) -> None:
    while await Dispatcher(books, subscriptions).run_once():
        pass


async def test_all_orders_of_an_address_lose_their_guest_and_keep_their_sums(
    books: Books, house: locations.House, subscriptions: list[Subscription]
) -> None:
    first = await order(books, house, email=EMAIL, phone=PHONE)
    second = await order(books, house, email=EMAIL, phone=None)
    other = await order(books, house, email="qzdora1@home.example", phone=PHONE, mark="qzdora1")
    await settle(books, subscriptions)
    assert MARK in await everything(books), "the control: there was something to forget"
    async with books.writing() as uow:
        assert await privacy.erase_stranger(uow, first.id, typed=f" {EMAIL.upper()} ") == 2
    await settle(books, subscriptions)
    assert MARK not in await everything(books)
    async with books.reading() as look:
        for placed in (first, second):
            kept = await orders.load_order(look, placed.id)
            assert (kept.contact.name, kept.total_minor) == (privacy.NOBODY, placed.total_minor)
        assert (await orders.load_order(look, other.id)).contact.email == "qzdora1@home.example"
        [told, *_] = await audit.list_entries(look, entity="Order", entity_id=first.id)
    assert (told.action, told.after) == ("erase", {"orders": 2})


async def test_without_an_address_the_number_tells_who_it_was(
    books: Books, house: locations.House, subscriptions: list[Subscription]
) -> None:
    first = await order(books, house, email=None, phone=PHONE)
    second = await order(books, house, email=None, phone=PHONE.replace(" ", ""))
    with_email = await order(books, house, email="qzdora1@home.example", phone=PHONE)
    await settle(books, subscriptions)
    async with books.writing() as uow:
        assert await privacy.erase_stranger(uow, second.id, typed="+49 (30) 5550 4477") == 2
    async with books.reading() as look:
        assert (await orders.load_order(look, first.id)).contact.phone is None
        assert (await orders.load_order(look, with_email.id)).contact.phone == PHONE


async def test_nobody_is_forgotten_by_mistake(
    books: Books,
    client: httpx.AsyncClient,
    house: locations.House,
    subscriptions: list[Subscription],
) -> None:
    """Not without the confirmation, not while it is cooked, not past an account."""
    done = await order(books, house, email=EMAIL, phone=PHONE)
    anna = await leave_traces(books, client, house, "qzanna7")
    await settle(books, subscriptions)
    for typed in ("", "another@home.example", "4477"):
        with pytest.raises(privacy.ContactNotConfirmed):
            async with books.writing() as uow:
                await privacy.erase_stranger(uow, done.id, typed=typed)
    for order_id in anna.order_ids:
        with pytest.raises(privacy.HasAccount):
            async with books.writing() as uow:
                await privacy.erase_stranger(uow, order_id, typed=anna.guest.email)
    async with books.writing() as uow:
        line = checkout.CartLine(await add_dish(uow), 1)
        contact = orders.Contact(name="Carl", email=EMAIL, phone=PHONE)
        await checkout.place_order(uow, draft_of(house.id, line, contact=contact))
    with pytest.raises(privacy.OrdersOpen):
        async with books.writing() as uow:
            await privacy.erase_stranger(uow, done.id, typed=EMAIL)
    async with books.reading() as look:
        assert (await orders.load_order(look, done.id)).contact.email == EMAIL


async def reserve(books: Books, house: locations.House, *, mark: str, email: str | None) -> str:
    """Without an account, for tomorrow."""
    async with books.writing(ANONYMOUS) as uow:
        day = uow.now.date() + timedelta(days=1)
        wish = availability.Wish(house_id=house.id, day=day, shown="19:00", party=2)
        who = reservations.Guest(name=f"{mark} party", email=email, phone=PHONE, note=mark)
        plan = await availability.plan(uow, wish)
        booked = await reservations.book(uow, plan, who, source=reservations.Source.GUEST)
    return booked.reservation.id


async def test_the_tables_that_a_stranger_reserved_are_forgotten_with_their_orders(
    books: Books, house: locations.House, subscriptions: list[Subscription]
) -> None:
    """Those of their address, and none while a table is still kept for them."""
    tables = [locations.TableDraft(name=name, seats=2) for name in ("S1", "S2")]
    async with books.writing() as uow:
        await locations.add_tables(uow, house.id, tables)
    placed = await order(books, house, email=EMAIL, phone=PHONE)
    theirs = await reserve(books, house, mark=MARK, email=EMAIL)
    other = await reserve(books, house, mark="qzdora1", email="qzdora1@home.example")
    await settle(books, subscriptions)
    with pytest.raises(privacy.OrdersOpen, match="A table is kept"):
        async with books.writing() as uow:
            await privacy.erase_stranger(uow, placed.id, typed=EMAIL)
    async with books.writing() as uow:
        kept = await reservations.load_reservation(uow, theirs)
        await reservations.cancel(uow, kept, reason=f"{MARK} is ill")
    await settle(books, subscriptions)
    assert MARK in await everything(books)
    async with books.writing() as uow:
        await privacy.erase_stranger(uow, placed.id, typed=EMAIL)
    await settle(books, subscriptions)
    assert MARK not in await everything(books)
    async with books.reading() as look:
        assert (await reservations.load_reservation(look, other)).guest_name == "qzdora1 party"
