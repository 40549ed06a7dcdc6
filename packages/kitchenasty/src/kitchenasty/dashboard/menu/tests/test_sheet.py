"""The menu as a sheet: what is typed into a cell is kept, or refused with its reason."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import pytest

from basis.kit.data.paging import Page
from kitchenasty import audit, locations, menu
from kitchenasty.dashboard.tests.builders import OWN, add_staff, sign_in
from kitchenasty.kit.books import Books
from kitchenasty.kit.principals import Role
from kitchenasty.locations.tests.builders import add_house
from kitchenasty.menu.tests.builders import add_category, add_dish

JSON = {**OWN, "accept": "application/json"}


async def line_of(books: Books, dish_id: str) -> menu.Cells:
    async with books.reading() as look:
        return (await menu.load_line(look, dish_id)).cells


async def save(
    client: httpx.AsyncClient, dish_id: str, *, headers: Any = JSON, **cells: str
) -> httpx.Response:
    """Each cell as `field=(seen, typed)`, with a bar between: `price="12.50|13"`."""
    form: dict[str, Any] = {"back": "/admin/menu?q=soup"}
    for field, both in cells.items():
        seen, form[field] = both.split("|")
        form[f"seen{field[0].upper()}{field[1:]}"] = seen
    return await client.post(f"/admin/menu/dishes/{dish_id}/cells", data=form, headers=headers)


async def test_a_line_is_shown_changed_and_written_down(
    manager: httpx.AsyncClient, books: Books
) -> None:
    async with books.writing() as uow:
        dish_id = await add_dish(uow, allergens=("milk", "eggs"), stock=4)
    shown = (await manager.get("/admin/menu")).text
    for text in ('value="12.50"', 'value="Eggs, Milk"', 'value="4"'):
        assert text in shown
    saved = await save(
        manager,
        dish_id,
        headers=OWN,
        name="Soup|Broth",
        price="12.50|13,20",
        allergens="Eggs, Milk|celery, pean",
        stock="4|",
        is86="|on",
        active="on|",
    )
    assert saved.status_code == 303, saved.text
    assert saved.headers["location"].startswith(f"/admin/menu?q=soup&saved={dish_id}")
    assert await line_of(books, dish_id) == menu.Cells(
        name="Broth",
        price_minor=1_320,
        allergens=("celery", "peanuts"),
        stock=None,
        is_86=True,
        is_active=False,
    )
    async with books.reading() as look:
        entries = await audit.list_entries(look, entity="MenuItem", entity_id=dish_id)
    prices = [entry for entry in entries if "price_minor" in (entry.before or {})]
    assert [(e.before["price_minor"], e.after["price_minor"]) for e in prices] == [(1_250, 1_320)]
    assert {"allergens": ["eggs", "milk"]} in [entry.before for entry in entries]


@pytest.mark.parametrize(
    ("cell", "typed", "sentence"),
    [
        ("price", "12.50|much", "a price like 10 or 12.50"),
        ("price", "12.50|-1", "between 0 and"),
        ("price", "12.50|1.005", "is not an amount"),
        ("price", "12.50|1e99999999", "between 0 and"),
        ("allergens", "none|beans", "no allergen that we know"),
        ("allergens", "none|s", "which allergen is that?"),
        ("stock", "|some", "a whole number"),
        ("stock", "|9999999", "a whole number"),
        ("name", "Soup|", "needs a name"),
    ],
)
async def test_what_cannot_stand_in_a_cell_is_refused_and_stays_typed(
    manager: httpx.AsyncClient, books: Books, cell: str, typed: str, sentence: str
) -> None:
    async with books.writing() as uow:
        dish_id = await add_dish(uow)
    before = await line_of(books, dish_id)
    told = await save(manager, dish_id, **{cell: typed})
    assert told.status_code == 400
    assert sentence in told.json()["error"]
    assert told.json()["field"] == cell
    page = await save(manager, dish_id, headers=OWN, **{cell: typed, "is86": "|on"})
    assert page.status_code == 400
    assert sentence in page.text
    assert f'value="{typed.partition("|")[2]}"' in page.text
    assert await line_of(books, dish_id) == before


async def test_a_second_tab_is_noticed_and_not_overwritten(
    manager: httpx.AsyncClient, books: Books
) -> None:
    async with books.writing() as uow:
        dish_id = await add_dish(uow)
    assert (await save(manager, dish_id, price="12.50|13")).status_code == 200
    late = await save(manager, dish_id, price="12.50|14", name="Soup|Stew")
    assert (late.status_code, late.json()["field"]) == (409, "price")
    assert late.json()["cells"]["price"] == "13.00"
    page = await save(manager, dish_id, headers=OWN, price="12.50|14")
    assert page.status_code == 409
    assert "Now it says: 13.00" in page.text
    assert 'value="14"' in page.text
    line = await line_of(books, dish_id)
    assert (line.name, line.price_minor) == ("Soup", 1_300)
    # Another cell of the line is nobody's quarrel, nor is what was saved and not heard of.
    assert (await save(manager, dish_id, name="Soup|Stew")).status_code == 200
    assert (await save(manager, dish_id, name="Soup|Stew")).status_code == 200
    # Who has seen what stands there may write over it.
    assert (await save(manager, dish_id, price="13.00|14")).status_code == 200


async def test_of_ten_who_write_into_one_cell_at_once_one_is_kept(
    manager: httpx.AsyncClient, books: Books
) -> None:
    async with books.writing() as uow:
        dish_id = await add_dish(uow)
    tries = [save(manager, dish_id, price=f"12.50|{20 + n}") for n in range(10)]
    statuses = sorted(answer.status_code for answer in await asyncio.gather(*tries))
    assert statuses == [200] + [409] * 9


async def test_undeclared_is_not_none(manager: httpx.AsyncClient, books: Books) -> None:
    async with books.writing() as uow:
        dish_id = await add_dish(uow, allergens=None)
    assert (await save(manager, dish_id, allergens="|none")).status_code == 200
    assert (await line_of(books, dish_id)).allergens == ()
    undone = await save(manager, dish_id, allergens="none|")
    assert (await line_of(books, dish_id)).allergens is None
    assert undone.json()["cells"]["allergens"] == ""
    found = await manager.get("/admin/menu?state=undeclared")
    assert f"dish-{dish_id}" in found.text


async def test_filters_stand_in_the_address(manager: httpx.AsyncClient, books: Books) -> None:
    async with books.writing() as uow:
        top = await add_category(uow, name="Drinks")
        below = await add_category(uow, name="Wine", parent_id=top)
        red = await add_dish(uow, name="Red 100%", category_id=below, stock=0)
        tea = await add_dish(uow, name="Tea", category_id=top, is_active=False)
        soup = await add_dish(uow)

    async def shown(query: str) -> set[str]:
        text = (await manager.get(f"/admin/menu{query}")).text
        return {one for one in (red, tea, soup) if f'id="dish-{one}"' in text}

    assert await shown("") == {red, tea, soup}
    assert await shown(f"?category={top}") == {red, tea}
    assert await shown("?q=RED+100%25") == {red}
    assert await shown("?q=%25") == {red}
    assert await shown("?state=sold-out") == {red}
    assert await shown("?state=inactive") == {tea}
    assert await shown("?category=nonsense&state=nonsense&page=-3") == set()
    assert "No dish fits." in (await manager.get("/admin/menu?q=zebra")).text


async def test_a_manager_of_one_house_sees_and_changes_its_own(
    client: httpx.AsyncClient, books: Books, house: locations.House
) -> None:
    async with books.writing() as uow:
        elsewhere = await add_house(uow)
        ours, theirs, shared = [
            await add_dish(uow, house_id=one) for one in (house.id, elsewhere.id, None)
        ]
    await add_staff(books, "one@bistro.example", role=Role.MANAGER, houses=(house.id,))
    await sign_in(client, "one@bistro.example")
    text = (await client.get("/admin/menu")).text
    assert [f'id="dish-{one}"' in text for one in (ours, theirs, shared)] == [True, False, True]
    assert (await save(client, ours, price="12.50|3")).status_code == 200
    assert (await save(client, theirs, price="12.50|3")).status_code == 404
    assert (await save(client, theirs, is86="|on")).status_code == 404
    assert (await save(client, shared, price="12.50|3")).status_code == 403
    assert (await save(client, shared, is86="|on")).status_code == 200
    for dish_id, status in ((theirs, 404), (shared, 403)):
        form = {"what": "raise", "percent": "5", "dish": [ours, dish_id]}
        answer = await client.post("/admin/menu/batch", data=form, headers=OWN)
        assert answer.status_code == status
    assert (await line_of(books, ours)).price_minor == 300


async def many(client: httpx.AsyncClient, *dishes: str, **form: str) -> httpx.Response:
    data: dict[str, Any] = {"dish": list(dishes), "back": "/admin/menu?q=soup", **form}
    return await client.post("/admin/menu/batch", data=data, headers=OWN)


async def test_prices_rise_together_and_fall_back(manager: httpx.AsyncClient, books: Books) -> None:
    async with books.writing() as uow:
        one, two = await add_dish(uow), await add_dish(uow, price_minor=333)
    done = await many(manager, one, two, what="raise", percent="5", step="5")
    assert done.status_code == 303, done.text
    # 12.50 and 5 % are 13.125, to the nearest five cents 13.15; 3.33 become 3.4965, so 3.50.
    assert [(await line_of(books, d)).price_minor for d in (one, two)] == [1_315, 350]
    page = await manager.get(done.headers["location"])
    assert "2 dishes are changed." in page.text
    batch = page.text.partition("/admin/menu/batch/")[2].partition("/take-back")[0]
    # Meanwhile somebody priced one of them anew; that stays.
    assert (await save(manager, two, price="3.50|9")).status_code == 200
    path = f"/admin/menu/batch/{batch}/take-back"
    back = await manager.post(path, data={"back": "/admin/menu"}, headers=OWN)
    assert "changed=1" in back.headers["location"]
    assert "left=1" in back.headers["location"]
    assert [(await line_of(books, d)).price_minor for d in (one, two)] == [1_250, 900]
    missing = await manager.post(
        path.replace(batch, "0" * 36), data={"back": "//evil"}, headers=OWN
    )
    assert missing.status_code == 404


@pytest.mark.parametrize(
    ("form", "sentence"),
    [
        ({"what": "raise", "percent": "lots"}, "a number like 10"),
        ({"what": "raise", "percent": "-101"}, "fall by up to 100"),
        ({"what": "raise", "percent": "NaN"}, "a number like 10"),
        ({"what": "raise", "percent": "1e999999"}, "fall by up to 100"),
        ({"what": "move"}, "choose the category"),
        ({"what": "move", "target": "01890000-0000-7000-8000-000000000009"}, "not found"),
        ({"what": ""}, "choose what to change"),
    ],
)
async def test_a_batch_that_makes_no_sense_changes_nothing(
    manager: httpx.AsyncClient, books: Books, form: dict[str, str], sentence: str
) -> None:
    async with books.writing() as uow:
        dish_id = await add_dish(uow)
    before = await line_of(books, dish_id)
    refused = await many(manager, dish_id, **form)
    assert refused.status_code in (400, 404)
    assert sentence in refused.text
    assert await line_of(books, dish_id) == before
    assert "tick the dishes" in (await many(manager, what="off")).text


async def test_all_dishes_of_a_list_are_moved_taken_off_and_put_back(
    manager: httpx.AsyncClient, books: Books
) -> None:
    async with books.writing() as uow:
        target = await add_category(uow, name="Starters")
        soups = [await add_dish(uow) for _ in range(3)]
        stew = await add_dish(uow, name="Stew")
    moved = await many(manager, what="move", target=target, every="yes")
    assert "changed=3" in moved.headers["location"]
    off = await many(manager, stew, *soups, what="off")
    assert "changed=4" in off.headers["location"]
    back = await many(manager, *soups, what="back")
    assert "changed=3" in back.headers["location"]
    hidden = await many(manager, stew, what="hide")
    assert "changed=1" in hidden.headers["location"]
    line = await line_of(books, stew)
    assert (line.is_86, line.is_active) == (True, False)
    async with books.reading() as look:
        lines, _ = await menu.list_lines(look, menu.SheetFilter(category_ids=[target]), Page(1, 50))
    assert {line.id for line in lines} == set(soups)
