"""The menu as a file: out, changed, and back in after a look at what would change."""

from __future__ import annotations

import csv
import io
import re
from html import unescape

import httpx
import pytest

from basis.kit.data.paging import Page
from kitchenasty import menu
from kitchenasty.dashboard.tests.builders import OWN, add_staff, sign_in
from kitchenasty.kit.books import Books
from kitchenasty.kit.http.csv import csv_cell, plain_text
from kitchenasty.kit.principals import Role
from kitchenasty.locations import House
from kitchenasty.menu.tests.builders import add_category, add_dish

Client = httpx.AsyncClient
TEXT = re.compile(r'<textarea name="text"[^>]*>(.*?)</textarea>', re.DOTALL)
MARK = re.compile(r'name="mark" value="([0-9a-f]{64})"')
FORMULAS = ("=1+1", "+cmd|' /C calc'!A0", "-2", "@SUM(A1)", "'=1", "\t=1", "%0A", "'x", "Soup")


@pytest.fixture
async def dishes(client: Client, books: Books, house: House) -> dict[str, str]:
    """Soup of all houses, pie of this one; whoever signs in works for all of them."""
    await add_staff(books, "owner@bistro.example", role=Role.SUPER_ADMIN)
    await sign_in(client, "owner@bistro.example")
    async with books.writing() as uow:
        mains = await add_category(uow, name="Mains")
        return {
            "Soup": await add_dish(uow, name="Soup", category_id=mains, allergens=("milk",)),
            "Pie": await add_dish(uow, name="Pie", category_id=mains, house_id=house.id, stock=4),
        }


async def taken_out(client: Client) -> list[dict[str, str]]:
    answer = await client.get("/admin/menu/export.csv")
    assert answer.headers["content-type"].startswith("text/csv")
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")))


def written(rows: list[dict[str, str]], separator: str = ",") -> bytes:
    file = io.StringIO(newline="")
    writer = csv.DictWriter(file, list(rows[0]), delimiter=separator)
    writer.writeheader()
    writer.writerows(rows)
    return file.getvalue().encode()


async def look_at(client: Client, content: bytes) -> httpx.Response:
    sent = {"file": ("menu.csv", content, "text/csv")}
    return await client.post("/admin/menu/import", files=sent, headers=OWN)


async def apply(client: Client, page: str) -> httpx.Response:
    form = {"text": unescape(TEXT.findall(page)[0]), "mark": MARK.findall(page)[0]}
    return await client.post("/admin/menu/import/apply", data=form, headers=OWN)


async def cells_of(books: Books, dish_id: str) -> menu.Cells:
    async with books.reading() as look:
        return (await menu.load_line(look, dish_id)).cells


@pytest.mark.parametrize("separator", [",", ";", "\t"])
async def test_what_is_changed_in_the_file_is_shown_and_then_done(
    client: Client, books: Books, dishes: dict[str, str], separator: str
) -> None:
    rows = await taken_out(client)
    assert [row["Dish"] for row in rows] == ["Pie", "Soup"]
    assert rows[1]["Category"] == "Mains"
    assert "Nothing would change" in (await look_at(client, written(rows, separator))).text
    rows[0] |= {"Price": "9,90", "Stock": "", "Sold out": "yes"}
    rows[1] |= {"Dish": "=Soup", "Allergens": "none", "On the menu": "No"}
    page = (await look_at(client, written(rows, separator))).text
    assert "2 dishes would change" in page
    assert (await cells_of(books, dishes["Pie"])).stock == 4, "nothing yet"
    done = await apply(client, page)
    assert done.headers["location"] == "/admin/menu/import?changed=2&added=0"
    pie, soup = [await cells_of(books, dishes[name]) for name in ("Pie", "Soup")]
    assert (pie.price_minor, pie.stock, pie.is_86) == (990, None, True)
    assert (soup.name, soup.allergens, soup.is_active) == ("=Soup", (), False)
    # A spreadsheet would compute it, so it comes out as text, and back in as it was.
    again = await taken_out(client)
    assert {row["Dish"] for row in again} == {"Pie", "'=Soup"}
    assert "Nothing would change" in (await look_at(client, written(again))).text


async def test_errors_are_told_by_line_and_nothing_is_done(
    client: Client, books: Books, dishes: dict[str, str]
) -> None:
    rows = await taken_out(client)
    rows[0] |= {"Price": "11"}
    rows[1] |= {"Price": "cheap"}
    rows += [
        dict(rows[0]),
        rows[0] | {"Key": "01890000-0000-7000-8000-000000000009"},
        rows[0] | {"Key": ""},
    ]
    page = await look_at(client, written(rows))
    assert page.status_code == 200
    assert re.findall(r"<strong>Line (\d+)</strong>", page.text) == ["3", "4", "5", "6"]
    assert "a price like 10 or 12.50" in page.text
    assert "in the file twice" in page.text
    assert MARK.findall(page.text) == []
    form = {"text": written(rows).decode(), "mark": "0" * 64}
    refused = await client.post("/admin/menu/import/apply", data=form, headers=OWN)
    assert refused.status_code == 409
    assert (await cells_of(books, dishes["Pie"])).price_minor == 1_250


@pytest.mark.usefixtures("dishes")
async def test_lines_without_a_key_are_new_dishes_in_new_categories_if_need_be(
    client: Client, books: Books
) -> None:
    content = (
        "Category;Dish;Price;Allergens;Stock\n"
        "Mains;Stew;14,50;Milk, Eggs;\nDrinks › Wine;Riesling;7;;12\ndrinks;Water;3;none;\n"
    ).encode()
    page = (await look_at(client, content)).text
    assert "3 dishes would be new" in page
    assert "And 2 categories with them: Drinks, Drinks › Wine." in page
    done = await apply(client, page)
    assert done.headers["location"] == "/admin/menu/import?changed=0&added=3"
    rows = {row["Dish"]: row for row in await taken_out(client)}
    assert set(rows) == {"Pie", "Soup", "Stew", "Riesling", "Water"}
    assert [rows[name]["Category"] for name in ("Stew", "Riesling", "Water")] == [
        "Mains",
        "Drinks › Wine",
        "Drinks",
    ]
    assert (rows["Stew"]["Price"], rows["Stew"]["Allergens"]) == ("14.50", "Eggs, Milk")
    riesling = await cells_of(books, rows["Riesling"]["Key"])
    assert (riesling.allergens, riesling.stock, riesling.is_active) == (None, 12, True)
    assert (await cells_of(books, rows["Water"]["Key"])).allergens == ()
    # Sent again, it means the dishes that are there by now.
    assert "Nothing would change" in (await look_at(client, content)).text
    dearer = (await look_at(client, content.replace(b"14,50", b"15"))).text
    assert "1 dish would change" in dearer
    # And the page that was looked at before is no longer what would happen.
    assert (await apply(client, page)).status_code == 409
    assert len(await taken_out(client)) == len(rows)


@pytest.mark.usefixtures("dishes")
@pytest.mark.parametrize(
    ("line", "words"),
    [
        (",Stew,14", "needs a category"),
        ("Mains,,14", "needs a name"),
        ("Mains,Stew,", "a price like 10 or 12.50"),
        ("Mains,Stew,-1", "Line 2"),
        ("Mains,Stew,1\nmains,STEW,2", "in the file twice"),
        ("a › b › c › d › e › f,Stew,1", "too long"),
        (f"{'x' * 121},Stew,1", "too long"),
        (f"Mains,{'x' * 121},1", "too long"),
    ],
)
async def test_what_a_new_dish_lacks_is_told(client: Client, line: str, words: str) -> None:
    page = (await look_at(client, f"Category,Dish,Price\n{line}\n".encode())).text
    assert words in page
    assert MARK.findall(page) == []


@pytest.mark.usefixtures("dishes")
async def test_a_new_dish_belongs_to_the_house_of_who_brings_it(
    client: Client, books: Books, house: House, other_house: House
) -> None:
    await add_staff(books, "m@bistro.example", role=Role.MANAGER, houses=(house.id,))
    await sign_in(client, "m@bistro.example")
    content = b"Category,Dish,Price\nMains,Stew,14\nSpecials,Roast,21\n"
    assert (await apply(client, (await look_at(client, content)).text)).status_code == 303
    async with books.reading() as look:
        lines, _ = await menu.list_lines(look, menu.SheetFilter(house_id=house.id), Page(1, 10))
        branches = await menu.list_branches(look)
    assert {line.cells.name for line in lines} == {"Pie", "Stew", "Roast"}
    assert {one.name: one.house_id for one in branches} == {"Mains": None, "Specials": house.id}
    both = (house.id, other_house.id)
    await add_staff(books, "two@bistro.example", role=Role.MANAGER, houses=both)
    await sign_in(client, "two@bistro.example")
    refused = await look_at(client, b"Category,Dish,Price\nMains,Ragout,14\n")
    assert refused.status_code == 400
    assert "You work at several houses" in refused.text


async def test_what_somebody_changed_after_the_look_is_shown_again(
    client: Client, books: Books, dishes: dict[str, str]
) -> None:
    rows = await taken_out(client)
    rows[0] |= {"Price": "11"}
    rows[1] |= {"Price": "12"}
    page = (await look_at(client, written(rows))).text
    async with books.writing() as uow:
        await menu.change_cells(uow, dishes["Soup"], {"price_minor": (1_250, 1_400)})
    late = await apply(client, page)
    assert late.status_code == 409
    assert "14.00" in late.text
    assert (await cells_of(books, dishes["Pie"])).price_minor == 1_250, "all of it or nothing"
    assert (await apply(client, late.text)).status_code == 303
    assert (await cells_of(books, dishes["Soup"])).price_minor == 1_200


async def test_a_file_of_one_house_changes_nothing_that_all_share(
    client: Client, books: Books, house: House, dishes: dict[str, str]
) -> None:
    await add_staff(books, "m@bistro.example", role=Role.MANAGER, houses=(house.id,))
    await sign_in(client, "m@bistro.example")
    rows = await taken_out(client)
    for row in rows:
        row["Price"] = "1"
    assert "Every house sells this" in (await look_at(client, written(rows))).text
    own = [row for row in rows if row["Key"] == dishes["Pie"]]
    assert (await apply(client, (await look_at(client, written(own))).text)).status_code == 303


@pytest.mark.usefixtures("dishes")
@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x00\x01",
        b"a,b\r\n1,2",
        b'Key\r\n"open',
        b"x" * 600_000,
        b"Key\r\n" + b"a\r\n" * 2_001,
    ],
)
async def test_what_is_no_menu_is_refused(client: Client, content: bytes) -> None:
    answer = await look_at(client, content)
    assert answer.status_code == 400
    assert 'role="alert"' in answer.text


@pytest.mark.parametrize("text", FORMULAS)
def test_what_comes_out_as_text_comes_in_as_it_was(text: str) -> None:
    kept = plain_text(text)
    assert plain_text(csv_cell(kept)) == kept
