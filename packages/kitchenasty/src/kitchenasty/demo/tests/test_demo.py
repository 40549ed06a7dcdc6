"""The demo's restaurant, seeded for real."""

from __future__ import annotations

from pathlib import Path

from basis.kit.data.paging import Keyset, Page
from kitchenasty import (
    availability,
    content,
    deposits,
    guests,
    locations,
    menu,
    orders,
    refunds,
    reservation_terms,
    reservations,
    reviews,
    staff,
)
from kitchenasty.demo import PEOPLE, prepare_demo
from kitchenasty.demo.written import read_written
from kitchenasty.kit.books import Books, Look
from kitchenasty.orders import OrderStatus


async def test_a_living_restaurant_is_there_once(books: Books, tmp_path: Path) -> None:
    assert await prepare_demo(books, tmp_path)
    assert not await prepare_demo(books, tmp_path), "a second start keeps what is there"
    async with books.reading() as look:
        houses = {house.slug: house for house in await locations.list_houses(look)}
        book = await menu.load_menu(look, houses["mill-lane"].id)
        tickets = await orders.list_open_tickets(look, houses["mill-lane"].id)
        count = await orders.count_orders(look, orders.OrderFilter())
        known = await staff.list_demo_people(look)
        wanted = orders.OrderFilter(statuses=orders.HANDED_OVER)
        newest, *_ = await orders.list_orders(look, wanted, Page(limit=1))
        [refund] = await refunds.list_refunds(look, newest.id)
        said, _ = await reviews.list_reviews(look, reviews.ReviewFilter(), Page(limit=50))
        everybody = await guests.list_guests(look, guests.GuestFilter(), Keyset(None, 50))
        notes = [len(await guests.list_notes(look, one.id)) for one in everybody]
        hung = await content.list_gallery(look)
        pages = await content.list_legal_pages(look)
        [invited] = await staff.list_invitations(look)
    assert len(book.dishes) >= 40
    assert {ticket.status for ticket in tickets} >= set(orders.KITCHEN_STATUSES)
    assert any(ticket.scheduled_at for ticket in tickets)
    assert count > 500
    assert 0 < refund.amount_minor <= newest.total_minor
    assert set(known) == {p.email for p in PEOPLE if p.role is not None}
    assert {one.state for one in said} == set(reviews.ReviewState)
    assert len(said) >= 14
    assert any(one.reply for one in said)
    assert len(everybody) >= 12
    assert sum(notes) >= 8
    assert any(one.allergies for one in everybody)
    assert {one.is_active for one in everybody} == {True, False}
    assert {one.category for one in hung} == set(content.GalleryCategory)
    assert {page.slug for page in pages} == {slug for slug, _ in content.USUAL}
    assert invited.house_ids == (houses["harbour"].id,)
    assert OrderStatus.PENDING in {ticket.status for ticket in tickets}


async def test_people_are_at_the_tables_of_both_houses(books: Books, tmp_path: Path) -> None:
    await prepare_demo(books, tmp_path)
    async with books.reading() as look:
        houses = {house.slug: house for house in await locations.list_houses(look)}
        tables = [await locations.list_tables(look, house.id) for house in houses.values()]
        pushed = [await availability.list_combinations(look, one.id) for one in houses.values()]
        mill = houses["mill-lane"]
        today = availability.service_day(mill.hours, look.now)
        parties = await reservations.list_day(look, mill.id, today)
        await check_deposits(look, mill, houses["harbour"])
    assert sorted(len(found) for found in tables) == [7, 19]
    assert [len(found) for found in pushed] == [1, 1]
    seen = {party.status for party in parties}
    assert seen >= {reservations.Status.SEATED, reservations.Status.CONFIRMED}, "a living evening"


async def check_deposits(look: Look, mill: locations.House, harbour: locations.House) -> None:
    """One house asks for money first; owners see it waited for, paid, kept, and a fee."""
    terms = [await reservation_terms.load_terms(look, one.id) for one in (mill, harbour)]
    wanted = reservations.ReservationFilter(house_ids=frozenset({harbour.id}))
    listed = await reservations.list_reservations(look, wanted, Page(limit=500))
    asked = [one for one in listed if one.agreed is not None]
    money = await deposits.load_deposits(look, [one.id for one in asked], harbour.currency)
    accounts = [(one.account.paid_minor, one.account.kept_minor) for one in money.values()]
    assert [one.ask for one in terms] == [reservation_terms.Ask.NONE, reservation_terms.Ask.DEPOSIT]
    assert [one.awaits_deposit for one in asked].count(True) == 1
    assert sorted(accounts) == [(0, 0), (4_000, 0), (4_000, 4_000), (4_000, 4_000)]
    assert [one.kept_card for one in money.values()] == [None] * 4
    assert [one.fee.amount.minor for one in money.values() if one.fee] == [4_000]


def test_every_dish_is_written_whole() -> None:
    document = read_written()
    slugs = [dish["slug"] for dish in document["dishes"]]
    assert len(slugs) == len(set(slugs)) >= 40
    codes = {code for dish in document["dishes"] for code in dish.get("allergens", ())}
    assert codes <= menu.ALLERGEN_NAMES.keys()
    assert all(len(dish["description"]) > 30 for dish in document["dishes"])
