"""The table that a house takes into its spreadsheet."""

from __future__ import annotations

import csv
import io
import re

import httpx

from basis.kit.testing import HandClock
from kitchenasty import audit, checkout, locations, orders
from kitchenasty.checkout.tests.builders import draft_of
from kitchenasty.dashboard.order_export import Table, parts_of, words_of_today
from kitchenasty.dashboard.order_filters import Wanted
from kitchenasty.kit.books import Books
from kitchenasty.kit.principals import SYSTEM
from kitchenasty.locations.tests.builders import add_house
from kitchenasty.menu.tests.builders import add_dish

PATH = "/admin/orders.csv"


async def place(books: Books, house: locations.House, name: str) -> checkout.AcceptedOrder:
    async with books.writing() as uow:
        line = checkout.CartLine(dish_id=await add_dish(uow), quantity=2)
        contact = orders.Contact(name=name, email="anna@guest.example", phone="030 5550101")
        return await checkout.place_order(uow, draft_of(house.id, line, contact=contact))


def rows_in(content: bytes) -> list[dict[str, str]]:
    text = content.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline=""), strict=True))


async def test_the_table_has_the_orders_of_the_page_and_says_where_it_is(
    office: httpx.AsyncClient, books: Books, house: locations.House
) -> None:
    await place(books, house, "Anna Berg")
    await place(books, house, "Tom Ode")
    page = (await office.get("/admin/orders?q=anna")).text
    link = re.search(r'href="(/admin/orders\.csv[^"]*)"', page)
    assert link is not None
    answer = await office.get(link[1].replace("&amp;", "&"))
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert re.fullmatch(
        r'attachment; filename="orders-2030-05-1\d\.csv"', answer.headers["content-disposition"]
    )
    assert answer.content.startswith(b"\xef\xbb\xbf")
    assert [row["Guest"] for row in rows_in(answer.content)] == ["Anna Berg"]
    assert len(rows_in((await office.get(PATH)).content)) == 2


async def test_times_are_the_houses_and_amounts_are_plain(
    office: httpx.AsyncClient, books: Books, house: locations.House
) -> None:
    placed = await place(books, house, "Anna Berg")
    (row,) = rows_in((await office.get(PATH)).content)
    async with books.reading() as look:
        order = await orders.load_order(look, placed.id)
    assert (row["Number"], row["State"], row["Way"]) == (placed.number, "New", "Pickup")
    assert (row["Total"], row["Currency"]) == ("25.00", "EUR")
    summer = order.placed_at.hour + 2
    assert row["Placed"] == f"2030-05-17 {summer:02}:{order.placed_at:%M:%S}"
    assert row["Time zone"] == "Europe/Berlin"


async def test_a_guests_name_is_no_formula_and_speaks_german(
    office: httpx.AsyncClient, books: Books, house: locations.House
) -> None:
    await place(books, house, "=HYPERLINK(1)")
    answer = await office.get(PATH, headers={"accept-language": "de"})
    (row,) = rows_in(answer.content)
    assert row["Gast"] == "'=HYPERLINK(1)"
    assert (row["Status"], row["Art"], row["Zeitzone"]) == ("Neu", "Abholung", "Europe/Berlin")


async def test_the_late_ones_alone_and_no_other_houses(
    office: httpx.AsyncClient, books: Books, house: locations.House, clock: HandClock
) -> None:
    async with books.writing() as uow:
        other = await add_house(uow)
    await place(books, house, "Early Bird")
    await place(books, other, "Elsewhere")
    clock.advance(hours=3)
    await place(books, house, "Later Guest")
    late = rows_in((await office.get(f"{PATH}?state=late")).content)
    assert [row["Guest"] for row in late] == ["Early Bird"]
    everything = rows_in((await office.get(PATH)).content)
    assert [row["Guest"] for row in everything] == ["Later Guest", "Early Bird"]
    assert rows_in((await office.get(f"{PATH}?house={other.id}")).content) == []


async def test_the_trail_says_who_took_which_table(
    office: httpx.AsyncClient, books: Books, house: locations.House
) -> None:
    await place(books, house, "Anna Berg")
    await office.get(f"{PATH}?state=open&q=anna&from=nonsense")
    async with books.reading() as look:
        [entry] = await audit.list_entries(look, entity="Order", entity_id="orders.csv")
    assert (entry.action, entry.actor_name) == ("export", "Rosa Vidal")
    assert entry.after == {"state": "open", "search": "yes"}, "a guest's name has no place here"


async def test_a_long_table_comes_in_parts_each_order_once(
    books: Books, house: locations.House
) -> None:
    for number in range(5):
        await place(books, house, f"Guest {number}")
    table = Table({house.id: house}, words_of_today())
    parts = [part async for part in parts_of(books, SYSTEM, Wanted(), house.zone, table, limit=2)]
    assert len(parts) == 4
    found = [row["Guest"] for row in rows_in(b"".join(parts))]
    assert sorted(found) == [f"Guest {number}" for number in range(5)]
