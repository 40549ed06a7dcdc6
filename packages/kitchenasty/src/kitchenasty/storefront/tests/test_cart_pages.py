"""From the menu to the cart, with nothing but forms and links."""

from __future__ import annotations

import re

from httpx import AsyncClient as Client

from kitchenasty import locations, menu
from kitchenasty.kit.books import Books
from kitchenasty.locations.tests.builders import add_house
from kitchenasty.menu.tests.builders import SIZE, TOPPINGS, add_category, add_dish
from kitchenasty.storefront.rules import LINES_MAX

QUANTITY = re.compile(r'action="(/at/[\w-]+/cart/[\w-]+)"')


async def open_house(books: Books, **fields: object) -> locations.House:
    async with books.writing() as uow:
        return await add_house(uow, **{"slug": "mill-lane", **fields})


async def cook(books: Books, **fields: object) -> str:
    async with books.writing() as uow:
        return await add_dish(uow, **fields)


async def test_the_front_leads_to_every_open_house(guest: Client, books: Books) -> None:
    await open_house(books)
    await open_house(books, slug="old-harbour", name="Old Harbour", is_active=False)
    for path in ("/", "/locations"):
        page = (await guest.get(path)).text
        assert 'href="/at/mill-lane"' in page
        assert "Old Harbour" not in page
    assert (await guest.get("/at/old-harbour")).status_code == 404


async def test_the_menu_shows_what_can_be_had_and_what_cannot(guest: Client, books: Books) -> None:
    await open_house(books)
    await cook(books, name="Leek Tart", stock=3, marks=("vegetarian",))
    await cook(books, name="Plum Cake", is_86=True)
    page = (await guest.get("/at/mill-lane")).text
    assert "Leek Tart" in page
    assert "Only 3 left" in page
    assert "Vegetarian" in page
    assert "Sold out" in page
    assert "€12.50" in page


async def test_a_guest_with_an_allergy_sees_no_dish_of_unknown_content(
    guest: Client, books: Books
) -> None:
    await open_house(books)
    await cook(books, name="Leek Tart", allergens=("milk",))
    await cook(books, name="Plum Cake", allergens=None)
    await cook(books, name="Rice Bowl", allergens=())
    page = (await guest.get("/at/mill-lane?without=milk")).text
    assert "Rice Bowl" in page
    assert "Leek Tart" not in page
    assert "Plum Cake" not in page
    assert "One dish is left out" in page


async def test_search_looks_into_names_descriptions_and_categories(
    guest: Client, books: Books
) -> None:
    await open_house(books)
    async with books.writing() as uow:
        sweets = await add_category(uow, name="Sweets")
        await add_dish(uow, name="Plum Cake", category_id=sweets)
        await add_dish(uow, name="Leek Tart", description="with walnuts")
    assert "Plum Cake" in (await guest.get("/at/mill-lane?q=sweet")).text
    found = (await guest.get("/at/mill-lane?q=WALNUT")).text
    assert "Leek Tart" in found
    assert "Plum Cake" not in found
    assert "Nothing on the menu fits" in (await guest.get("/at/mill-lane?q=%27%22%3Cx")).text


async def test_a_dish_sheet_says_its_rules_in_words(guest: Client, books: Books) -> None:
    await open_house(books)
    await cook(books, slug="soup", options=(SIZE, TOPPINGS), allergens=("celery",))
    page = (await guest.get("/at/mill-lane/dish/soup")).text
    assert "Required" in page
    assert "up to 2" in page
    assert "Celery" in page
    assert "−€1.00" in page
    assert "contains Milk" in page


async def test_what_is_in_a_choice_of_a_list_stands_below_it_and_is_not_cut(
    guest: Client, books: Books
) -> None:
    await open_house(books)
    milk = menu.GroupDraft(
        name="Milk",
        display=menu.Display.SELECT,
        values=(
            menu.ValueDraft(name="Oat drink", allergens=("gluten",)),
            menu.ValueDraft(name="Water"),
        ),
    )
    await cook(books, slug="coffee", options=(milk,))
    page = (await guest.get("/at/mill-lane/dish/coffee")).text
    assert ">Oat drink</option>" in page
    described = page.partition('aria-describedby="')[2].partition('"')[0]
    told = page.partition(f'<p class="hint" id="{described}">')[2].partition("</p>")[0]
    assert "Oat drink contains Cereals containing gluten." in told
    assert "Water" not in told


async def test_a_dish_goes_into_the_cart_is_changed_and_taken_out(
    guest: Client, books: Books
) -> None:
    house = await open_house(books)
    dish_id = await cook(books, slug="soup", options=(SIZE,))
    async with books.reading() as look:
        dish = (await menu.load_menu(look, house.id)).dishes[dish_id]
    large = dish.options[0].choices[1]
    form = {
        "dish": dish_id,
        "quantity": "2",
        f"one-{dish.options[0].id}": large.id,
        "note": "no <b>salt</b>",
    }
    put = await guest.post("/at/mill-lane/cart", data=form)
    assert put.status_code == 303
    page = (await guest.get(put.headers["location"])).text
    assert "Large" in page
    assert "€30.00" in page
    assert "no &lt;b&gt;salt&lt;/b&gt;" in page
    line = QUANTITY.search(page)
    assert line is not None
    await guest.post(line[1], data={"quantity": "3"})
    assert "€45.00" in (await guest.get("/at/mill-lane/cart")).text
    await guest.post(line[1], data={"quantity": "0"})
    assert "Nothing in it yet" in (await guest.get("/at/mill-lane/cart")).text


async def test_the_same_choice_twice_is_one_line(guest: Client, books: Books) -> None:
    await open_house(books)
    dish_id = await cook(books)
    for _ in range(2):
        await guest.post("/at/mill-lane/cart", data={"dish": dish_id, "quantity": "1"})
    page = (await guest.get("/at/mill-lane/cart")).text
    assert page.count('class="line"') == 1
    assert "€25.00" in page


async def test_a_required_choice_is_asked_for_in_words(guest: Client, books: Books) -> None:
    await open_house(books)
    dish_id = await cook(books, options=(SIZE,))
    answer = await guest.post("/at/mill-lane/cart", data={"dish": dish_id, "quantity": "1"})
    assert answer.status_code == 400
    assert "please choose Size" in answer.text


async def test_odd_quantities_are_refused(guest: Client, books: Books) -> None:
    await open_house(books)
    dish_id = await cook(books)
    for odd in ("0", "-1", "51", "1.5", "99999999999", "two", "٣"):
        answer = await guest.post("/at/mill-lane/cart", data={"dish": dish_id, "quantity": odd})
        assert answer.status_code == 400, odd


async def test_a_cart_has_a_bound(guest: Client, books: Books) -> None:
    await open_house(books)
    dish_id = await cook(books)
    for n in range(LINES_MAX):
        await guest.post("/at/mill-lane/cart", data={"dish": dish_id, "note": f"for guest {n}"})
    answer = await guest.post("/at/mill-lane/cart", data={"dish": dish_id, "note": "one more"})
    assert answer.status_code == 409


async def test_with_script_the_answer_is_the_bar_alone(guest: Client, books: Books) -> None:
    await open_house(books)
    dish_id = await cook(books, name="Leek Tart")
    answer = await guest.post(
        "/at/mill-lane/cart", data={"dish": dish_id}, headers={"hx-request": "true"}
    )
    assert "<html" not in answer.text
    assert 'id="cartbar"' in answer.text
    assert "Leek Tart is in the cart." in answer.text


async def test_the_cart_tells_a_changed_price_and_a_sold_out_dish(
    guest: Client, books: Books
) -> None:
    await open_house(books)
    tart = await cook(books, name="Leek Tart")
    await guest.post("/at/mill-lane/cart", data={"dish": tart})
    async with books.writing() as uow:
        await menu.set_86(uow, tart, is_86=True)
    assert "Leek Tart is sold out." in (await guest.get("/at/mill-lane/cart")).text


async def test_the_cart_cookie_is_opaque_and_not_for_scripts(guest: Client, books: Books) -> None:
    await open_house(books)
    dish_id = await cook(books)
    answer = await guest.post("/at/mill-lane/cart", data={"dish": dish_id})
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    assert dish_id not in cookie


async def test_a_stranger_has_a_cart_of_their_own(guest: Client, books: Books) -> None:
    await open_house(books)
    dish_id = await cook(books)
    await guest.post("/at/mill-lane/cart", data={"dish": dish_id})
    guest.cookies.clear()
    assert "Nothing in it yet" in (await guest.get("/at/mill-lane/cart")).text


async def test_no_page_has_script_or_style_inside(guest: Client, books: Books) -> None:
    await open_house(books)
    dish_id = await cook(books, slug="soup", options=(SIZE, TOPPINGS))
    await guest.post("/at/mill-lane/cart", data={"dish": await cook(books)})
    assert dish_id
    for path in ("/", "/locations", "/at/mill-lane", "/at/mill-lane/dish/soup"):
        page = (await guest.get(path)).text
        inline = r"<script(?![^>]*\s(?:src=|type=.application/ld.json))|<style|\sstyle=|\son\w+="
        assert not re.search(inline, page), path


async def test_a_link_to_a_dish_shows_its_name_in_messengers(guest: Client, books: Books) -> None:
    await open_house(books)
    await cook(books, slug="soup")
    page = (await guest.get("/at/mill-lane/dish/soup")).text
    assert '<meta property="og:title" content="' in page
    assert '<link rel="manifest" href="/site.webmanifest">' in page
    for path in ("/site.webmanifest", "/static/icon.svg"):
        assert (await guest.get(path)).status_code == 200
