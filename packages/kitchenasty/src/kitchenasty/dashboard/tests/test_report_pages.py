"""The page of what the house took, and its tables as files."""

from __future__ import annotations

import csv
import io

import httpx
import pytest

from basis.kit.testing import HandClock
from kitchenasty import checkout, locations, orders
from kitchenasty.checkout.tests.builders import draft_of
from kitchenasty.dashboard.tests.builders import add_staff, sign_in
from kitchenasty.kit.books import Books
from kitchenasty.kit.principals import Role
from kitchenasty.locations.tests.builders import add_house
from kitchenasty.menu.tests.builders import add_dish
from kitchenasty.orders import OrderStatus
from kitchenasty.reports.tests.builders import catch_up

STEPS = (OrderStatus.CONFIRMED, OrderStatus.PREPARING, OrderStatus.READY, OrderStatus.PICKED_UP)


async def sell(
    books: Books, house: locations.House, *, dish: str = "Soup", quantity: int = 2
) -> None:
    """An order that was handed over against cash."""
    async with books.writing() as uow:
        line = checkout.CartLine(dish_id=await add_dish(uow, name=dish), quantity=quantity)
        placed = await checkout.place_order(uow, draft_of(house.id, line))
    for step in STEPS:
        async with books.writing() as uow:
            await orders.move_order(uow, placed.id, step)
    await catch_up(books)


@pytest.fixture
async def desk(
    client: httpx.AsyncClient, books: Books, house: locations.House
) -> httpx.AsyncClient:
    """A browser in which the manager of this house is signed in."""
    await add_staff(books, "boss@bistro.example", role=Role.MANAGER, houses=(house.id,))
    await sign_in(client, "boss@bistro.example")
    return client


def rows_in(answer: httpx.Response) -> list[dict[str, str]]:
    assert answer.status_code == 200, answer.text
    text = answer.content.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline=""), strict=True))


async def test_the_page_shows_charts_with_a_table_under_each(
    desk: httpx.AsyncClient, books: Books, house: locations.House
) -> None:
    await sell(books, house, dish="Soup of the day")
    shown = (await desk.get("/admin/reports?period=today")).text
    assert "Soup of the day" in shown
    assert "€25.00" in shown
    assert shown.count('role="img"') >= 3
    assert shown.count("As a table") == 3, "days, hours and weekdays are drawn"
    assert "style=" not in shown


async def test_days_without_orders_say_so(desk: httpx.AsyncClient) -> None:
    shown = (await desk.get("/admin/reports?from=2020-01-01&to=2020-01-07")).text
    assert "Nothing in these days." in shown


async def test_figures_stay_within_the_houses_that_one_works_in(
    desk: httpx.AsyncClient, books: Books
) -> None:
    async with books.writing() as uow:
        other = await add_house(uow, name="Harbour")
    await sell(books, other, dish="Not Yours")
    for query in ("", f"?house={other.id}"):
        shown = (await desk.get(f"/admin/reports{query}")).text
        assert "Not Yours" not in shown
        assert "Harbour" not in shown
        assert rows_in(await desk.get(f"/admin/reports/dishes.csv{query}")) == []


async def test_a_table_is_taken_into_a_spreadsheet_and_computes_nothing_there(
    desk: httpx.AsyncClient, books: Books, house: locations.House
) -> None:
    await sell(books, house, dish="=HYPERLINK(1)")
    answer = await desk.get("/admin/reports/dishes.csv?period=today")
    [row] = rows_in(answer)
    assert row == {
        "Dish": "'=HYPERLINK(1)", "Orders": "1", "Portions": "2", "Revenue": "25.00",
        "Currency": "EUR",
    }  # fmt: skip
    assert answer.headers["content-disposition"] == (
        'attachment; filename="dishes-2030-05-17-2030-05-17.csv"'
    )


@pytest.mark.parametrize(
    "name",
    ["days", "hours", "weekdays", "dishes", "categories", "ways", "payments", "taxes",
     "discounts", "totals"],
)  # fmt: skip
async def test_every_table_has_a_file_with_a_header(desk: httpx.AsyncClient, name: str) -> None:
    answer = await desk.get(f"/admin/reports/{name}.csv?period=week")
    assert answer.status_code == 200
    first = answer.content.decode("utf-8-sig").splitlines()[0]
    assert first.endswith("Currency")


async def test_a_table_that_is_none_is_not_there(desk: httpx.AsyncClient) -> None:
    assert (await desk.get("/admin/reports/secrets.csv")).status_code == 404


async def test_nonsense_in_the_address_asks_for_this_week(desk: httpx.AsyncClient) -> None:
    answer = await desk.get("/admin/reports?period=%00ever&from=yesterday&house=x")
    assert answer.status_code in (200, 400)
    answer = await desk.get("/admin/reports?period=ever&from=yesterday&house=x")
    assert answer.status_code == 200


async def test_today_is_another_day_in_another_zone(
    client: httpx.AsyncClient, books: Books, clock: HandClock
) -> None:
    clock.now = clock.now.replace(hour=23, minute=30)
    async with books.writing() as uow:
        berlin = await add_house(uow, name="Spree")
        hudson = await add_house(uow, name="Hudson", zone="America/New_York")
    await add_staff(books, "owner@bistro.example", role=Role.SUPER_ADMIN)
    await sign_in(client, "owner@bistro.example")
    await sell(books, berlin)
    await sell(books, hudson)
    [row] = rows_in(await client.get("/admin/reports/ways.csv?period=today"))
    assert row["Orders"] == "2", "each in its own today"
    days = rows_in(await client.get("/admin/reports/days.csv?period=today"))
    assert [day["Orders"] for day in days] == ["1", "1"]
