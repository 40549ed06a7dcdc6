"""Counting the drawer on a page: a cook counts, a manager closes."""

from __future__ import annotations

import csv
import io
import re

import httpx

from kitchenasty import checkout, locations, paying, payments
from kitchenasty.checkout.tests.builders import draft_of
from kitchenasty.dashboard.tests.builders import OWN, add_staff, sign_in
from kitchenasty.kit.books import Books
from kitchenasty.kit.principals import Role
from kitchenasty.menu.tests.builders import add_dish

DAY = "2030-05-17"


async def sell(books: Books, house: locations.House) -> None:
    async with books.writing() as uow:
        line = checkout.CartLine(dish_id=await add_dish(uow), quantity=1)
        placed = await checkout.place_order(uow, draft_of(house.id, line))
        await paying.collect(uow, placed.order, payments.PaymentMethod.CASH)


async def test_a_cook_counts_blind_and_a_manager_closes_on_it(
    office: httpx.AsyncClient, books: Books, house: locations.House
) -> None:
    await sell(books, house)
    home = await office.get("/admin/till")
    path = f"/admin/till/{house.id}/{DAY}"
    assert home.headers["location"] == path, "one house needs no list"
    shown = (await office.get(path)).text
    assert "12.50" not in shown, "who counts does not know what should be there"
    form = {"piece-1000": "1", "piece-200": "1", "piece-50": "2", "float": "0.50", "seen": "0"}
    assert (await office.post(path, data=form, headers=OWN)).status_code == 303
    await add_staff(books, "boss@bistro.example", role=Role.MANAGER, houses=(house.id,))
    await sign_in(office, "boss@bistro.example")
    shown = (await office.get(path)).text
    assert 'name="piece-1000" value="1"' in shown, "the count is there to be closed on"
    closing = form | {"seen": "1", "step": "close"}
    assert (await office.post(path, data=closing, headers=OWN)).status_code == 303
    shown = (await office.get(f"{path}?done=close")).text
    assert "The day is closed." in shown
    assert "€13.00" in shown
    table = (await office.get(f"{path}.csv")).content.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(table, newline="")))
    assert [row["What was done"] for row in rows] == ["Counted", "Closed"]
    assert [row["Difference"] for row in rows] == ["0.00", "0.00"]


async def test_a_difference_comes_back_with_the_form_as_it_was(
    client: httpx.AsyncClient, books: Books, house: locations.House
) -> None:
    await add_staff(books, "boss@bistro.example", role=Role.MANAGER)
    await sign_in(client, "boss@bistro.example")
    path = f"/admin/till/{house.id}/{DAY}"
    form = {"piece-100": "3", "step": "close", "seen": "0"}
    answer = await client.post(path, data=form, headers=OWN)
    assert answer.status_code == 400
    assert "Please say why" in answer.text
    assert 'name="piece-100" value="3"' in answer.text
    said = await client.post(path, data=form | {"reason": "A tip"}, headers=OWN)
    assert said.status_code == 303
    again = await client.post(path, data=form | {"reason": "A tip"}, headers=OWN)
    assert again.status_code == 409, "sent twice, closed once"


async def test_a_form_that_comes_twice_with_its_key_is_kept_once_and_no_reproach(
    client: httpx.AsyncClient, books: Books, house: locations.House
) -> None:
    await add_staff(books, "boss@bistro.example", role=Role.MANAGER)
    await sign_in(client, "boss@bistro.example")
    path = f"/admin/till/{house.id}/{DAY}"
    [key] = re.findall(r'name="key" value="([^"]+)"', (await client.get(path)).text)
    form = {"piece-100": "3", "reason": "A tip", "step": "close", "seen": "0", "key": key}
    answers = [await client.post(path, data=form, headers=OWN) for _ in range(2)]
    assert [one.headers.get("location") for one in answers] == [f"{path}?done=close"] * 2
    table = (await client.get(f"{path}.csv")).content.decode("utf-8-sig")
    assert len(list(csv.DictReader(io.StringIO(table, newline="")))) == 1


async def test_a_cook_closes_nothing_and_takes_no_table(
    office: httpx.AsyncClient, house: locations.House
) -> None:
    path = f"/admin/till/{house.id}/{DAY}"
    answer = await office.post(path, data={"step": "close", "seen": "0"}, headers=OWN)
    assert answer.status_code == 403
    assert (await office.get(f"{path}.csv")).status_code == 403


async def test_nonsense_is_refused_and_kept_nowhere(
    office: httpx.AsyncClient, house: locations.House
) -> None:
    path = f"/admin/till/{house.id}/{DAY}"
    for form in (
        {"piece-100": "many"},
        {"piece-3": "1"},
        {"piece-100": "1", "float": "-5"},
        {"piece-100": "1", "in": "lots"},
    ):
        answer = await office.post(path, data=form | {"seen": "0"}, headers=OWN)
        assert answer.status_code == 400, form
    assert (await office.get(f"/admin/till/{house.id}/yesterday")).status_code == 404


async def test_the_drawer_of_another_house_is_not_opened(
    office: httpx.AsyncClient, other_house: locations.House
) -> None:
    path = f"/admin/till/{other_house.id}/{DAY}"
    assert (await office.get(path)).status_code == 403
    assert (await office.post(path, data={"seen": "0"}, headers=OWN)).status_code == 403
