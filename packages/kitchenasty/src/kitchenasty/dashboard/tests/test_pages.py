from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone

import httpx
import pytest

from basis.ids import new_id
from basis.kit.data.paging import Cursor
from basis.kit.testing import HandClock
from kitchenasty import checkout, locations, orders
from kitchenasty.checkout.tests.builders import draft_of
from kitchenasty.dashboard.tests.builders import OWN, add_staff, sign_in
from kitchenasty.kit.books import Books
from kitchenasty.kit.principals import Kind, Principal, Role
from kitchenasty.locations.tests.builders import add_house
from kitchenasty.menu.tests.builders import add_dish

HOSTILE = "<script>alert(1)</script>"


async def place(
    books: Books, house: locations.House, *, name: str = "Anna Berg", note: str | None = None
) -> checkout.AcceptedOrder:
    async with books.writing() as uow:
        dish_id = await add_dish(uow)
    line = checkout.CartLine(dish_id=dish_id, quantity=2, note=note)
    contact = orders.Contact(name=name, email="anna@guest.example", phone="+49 30 5550101")
    async with books.writing() as uow:
        return await checkout.place_order(uow, draft_of(house.id, line, contact=contact))


def version_in(text: str) -> str:
    found = re.search(r'name="version" value="(\d+)"', text)
    assert found is not None
    return found[1]


async def test_today_shows_open_orders_late_ones_first(
    office: httpx.AsyncClient, books: Books, house: locations.House, clock: HandClock
) -> None:
    first = await place(books, house, name="Early Bird")
    clock.advance(hours=3)
    await place(books, house, name="Later Guest")
    shown = (await office.get("/admin")).text
    assert shown.index("Early Bird") < shown.index("Later Guest")
    assert f"/admin/orders/{first.id}" in shown
    assert "is-bad" in shown


async def test_the_list_is_narrowed_by_its_address(
    office: httpx.AsyncClient, books: Books, house: locations.House
) -> None:
    placed = await place(books, house, name="Anna Berg")
    await place(books, house, name="Tom Ode")
    for query, anna, tom in (
        ("", True, True),
        ("?q=anna", True, False),
        (f"?q={placed.number}", True, False),
        ("?q=%2B49 30 5550101", True, True),
        ("?state=CANCELLED", False, False),
        ("?state=PENDING&type=PICKUP", True, True),
        ("?type=DELIVERY", False, False),
        ("?from=2030-05-17&to=2030-05-17", True, True),
        ("?to=2030-05-16", False, False),
        ("?after=nonsense&state=nonsense", True, True),
    ):
        shown = (await office.get(f"/admin/orders{query}")).text
        assert ("Anna Berg" in shown, "Tom Ode" in shown) == (anna, tom), query


async def test_long_lists_go_on_behind_a_cursor(
    office: httpx.AsyncClient, books: Books, house: locations.House, clock: HandClock
) -> None:
    for number in range(52):
        clock.advance(seconds=1)
        await place(books, house, name=f"Guest {number:02}.")
    first = (await office.get("/admin/orders")).text
    assert "Guest 51." in first
    assert "Guest 01." not in first
    older = re.search(r'rel="next" href="([^"]+)"', first)
    assert older is not None
    second = (await office.get(older[1].replace("&amp;", "&"))).text
    assert "Guest 01." in second
    assert "Guest 51." not in second


async def test_one_order_answers_the_caller(
    office: httpx.AsyncClient, books: Books, house: locations.House
) -> None:
    placed = await place(books, house, note="no onions")
    shown = (await office.get(f"/admin/orders/{placed.id}")).text
    for fact in (placed.number, "Anna Berg", "+49 30 5550101", "anna@guest.example", "no onions",
                 "Soup", "25.00", "Promised", "Mill Lane", "Confirm"):  # fmt: skip
        assert fact in shown, fact


async def test_moves_an_order_takes_it_back_and_tells_who(
    office: httpx.AsyncClient, books: Books, house: locations.House
) -> None:
    placed = await place(books, house)
    office.follow_redirects = True
    path = f"/admin/orders/{placed.id}"
    shown = (await office.get(path)).text
    for target in ("CONFIRMED", "PREPARING", "READY"):
        form = {"target": target, "version": version_in(shown)}
        shown = (await office.post(f"{path}/move", data=form, headers=OWN)).text
        assert "Moved." in shown
    assert "Undo" in shown
    form = {"target": "PREPARING", "version": version_in(shown), "reason": "Taken back"}
    shown = (await office.post(f"{path}/move", data=form, headers=OWN)).text
    assert "Taken back" in shown
    assert "Rosa Vidal" in shown


async def test_two_people_cannot_move_an_order_at_once(
    office: httpx.AsyncClient, books: Books, house: locations.House
) -> None:
    placed = await place(books, house)
    path = f"/admin/orders/{placed.id}"
    form = {"target": "CONFIRMED", "version": "1"}
    assert (await office.post(f"{path}/move", data=form, headers=OWN)).status_code == 303
    late = await office.post(f"{path}/move", data=form, headers=OWN)
    assert late.status_code == 409
    assert "Somebody else has moved this order" in late.text


async def test_cancels_with_a_reason_that_is_shown_as_text(
    office: httpx.AsyncClient, books: Books, house: locations.House
) -> None:
    placed = await place(books, house, name=HOSTILE, note=HOSTILE)
    path = f"/admin/orders/{placed.id}"
    form = {"target": "CANCELLED", "version": "1", "reason": f"Sold out {HOSTILE}"}
    assert (await office.post(f"{path}/move", data=form, headers=OWN)).status_code == 303
    for page in (path, "/admin/orders", "/admin"):
        shown = (await office.get(page)).text
        assert HOSTILE not in shown, page
    assert "Sold out &lt;script&gt;" in (await office.get(path)).text


async def test_orders_of_another_house_are_not_there(
    office: httpx.AsyncClient, books: Books
) -> None:
    async with books.writing() as uow:
        other = await add_house(uow, name="Harbour")
    placed = await place(books, other, name="Not Yours")
    path = f"/admin/orders/{placed.id}"
    form = {"target": "CONFIRMED", "version": "1"}
    assert (await office.get(path)).status_code == 404
    assert (await office.post(f"{path}/move", data=form, headers=OWN)).status_code == 404
    for page in ("/admin", "/admin/orders", f"/admin/orders?house={other.id}"):
        assert "Not Yours" not in (await office.get(page)).text, page
    async with books.reading(Principal(kind=Kind.SYSTEM)) as look:
        assert (await orders.load_order(look, placed.id)).version == 1


async def test_the_navigation_fits_the_role(client: httpx.AsyncClient, books: Books) -> None:
    await add_staff(books, "cook@bistro.example")
    await add_staff(books, "manager@bistro.example", role=Role.MANAGER)
    await sign_in(client, "cook@bistro.example")
    assert 'href="/admin/staff"' not in (await client.get("/admin")).text
    await sign_in(client, "manager@bistro.example")
    shown = (await client.get("/admin/staff")).text
    assert 'href="/admin/staff" aria-current="page"' in shown
    assert "Add somebody" not in shown


@pytest.mark.parametrize(
    "cursor",
    [
        Cursor(datetime(2030, 5, 17, tzinfo=UTC), "no id of ours").to_text(),
        Cursor(datetime(2030, 5, 17, tzinfo=UTC), "\0").to_text(),
        Cursor(datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=14))), new_id()).to_text(),
        "W10",
        "\N{OCR HOOK}",
    ],
    ids=["no id", "nul", "before the first year", "no list", "no letters"],
)
async def test_a_cursor_that_is_none_of_ours_begins_at_the_top(
    office: httpx.AsyncClient, books: Books, house: locations.House, cursor: str
) -> None:
    await place(books, house, name="Anna Berg")
    answer = await office.get("/admin/orders", params={"after": cursor})
    assert answer.status_code == 200, answer.text
    assert "Anna Berg" in answer.text
