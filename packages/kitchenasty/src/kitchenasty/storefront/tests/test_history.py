"""What was ordered with an account: one's own only, page by page, and once more."""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import httpx
import pytest

from kitchenasty import checkout, guests, menu, orders
from kitchenasty.checkout.tests.builders import draft_of
from kitchenasty.kit.books import Books
from kitchenasty.kit.identity.sessions import SessionKind, open_session
from kitchenasty.kit.principals import Kind, Principal, Role
from kitchenasty.locations import House
from kitchenasty.menu.tests.builders import SIZE, add_dish
from kitchenasty.staff.tests.builders import sign_in

OWN = {"origin": "http://house.example"}


async def add_guest(books: Books, email: str = "ada@guest.example") -> tuple[str, str, str]:
    """The account's id, and what opens its pages and the API."""
    async with books.writing() as uow:
        newcomer = guests.NewGuest(email=email, name="Ada", phone="030 1")
        guest = await guests.register_guest(uow, newcomer, password_hash="none")
        cookie, token = [
            await open_session(uow, kind=kind, subject_kind=Kind.CUSTOMER, subject_id=guest.id)
            for kind in (SessionKind.PAGE, SessionKind.API)
        ]
    return guest.id, cookie, token


async def order(books: Books, house: House, *lines: checkout.CartLine, by: str | None) -> Any:
    actor = Principal(kind=Kind.CUSTOMER, id=by, name="Ada")
    async with books.writing(actor) as uow:
        return await checkout.place_order(uow, draft_of(house.id, *lines, customer_id=by))


@pytest.fixture
async def dish_id(books: Books) -> str:
    async with books.writing() as uow:
        return await add_dish(uow, name="Soup")


def page_of(cookie: str) -> dict[str, str]:
    return {"cookie": f"session={cookie}", **OWN}


async def test_the_list_goes_page_by_page_and_shows_ones_own_only(
    client: httpx.AsyncClient, books: Books, house: House, dish_id: str
) -> None:
    ada, cookie, _ = await add_guest(books)
    eve, _, _ = await add_guest(books, "eve@guest.example")
    line = checkout.CartLine(dish_id, 1)
    own = [(await order(books, house, line, by=ada)).id for _ in range(13)]
    others = [(await order(books, house, line, by=eve)).id for _ in range(2)]
    first = await client.get("/account/orders", headers=page_of(cookie))
    older = first.text.split('rel="next" href="')[1].split('"')[0]
    second = await client.get(older, headers=page_of(cookie))
    shown = [[one for one in own if one in page.text] for page in (first, second)]
    assert [len(one) for one in shown] == [10, 3]
    assert set(shown[0] + shown[1]) == set(own)
    assert not any(one in first.text + second.text for one in others)
    assert 'rel="next"' not in second.text


async def test_an_order_is_opened_by_whose_it_is(
    client: httpx.AsyncClient, books: Books, house: House, dish_id: str
) -> None:
    ada, cookie, _ = await add_guest(books)
    _, others_cookie, _ = await add_guest(books, "eve@guest.example")
    placed = await order(books, house, checkout.CartLine(dish_id, 1), by=ada)
    path = f"/account/orders/{placed.id}"
    opened = await client.get(path, headers=page_of(cookie))
    assert opened.headers["location"] == f"/t/{placed.capability}"
    assert (await client.get(path, headers=page_of(others_cookie))).status_code == 404
    again = await client.post(f"{path}/again", headers=page_of(others_cookie))
    assert again.status_code == 404


async def change_dishes(
    client: httpx.AsyncClient, books: Books, changes: Mapping[str, Mapping[str, object]]
) -> None:
    manager = await sign_in(books, Role.MANAGER)
    for dish_id, change in changes.items():
        changed = await client.patch(f"/api/menu/items/{dish_id}", json=change, headers=manager)
        assert changed.status_code == 200, changed.text


async def test_ordering_again_says_what_changed(
    client: httpx.AsyncClient, books: Books, house: House, dish_id: str
) -> None:
    """Dearer, gone, and an option that is no more: each is told before anything is ordered."""
    ada, cookie, token = await add_guest(books)
    async with books.writing() as uow:
        gone = await add_dish(uow, name="Stew")
        sized = await add_dish(uow, name="Pie", options=(SIZE,))
        book = await menu.load_menu(uow, house.id)
    size = book.dishes[sized].options[0].choices[0].id
    placed = await order(
        books,
        house,
        checkout.CartLine(dish_id, 2),
        checkout.CartLine(gone, 1),
        checkout.CartLine(sized, 1, ((size, 1),)),
        by=ada,
    )
    before = placed.order.lines[0].unit_minor
    dearer = {"price": (before + 100) / 100}
    await change_dishes(
        client, books, {dish_id: dearer, gone: {"isActive": False}, sized: {"options": []}}
    )
    headers = {"authorization": f"Bearer {token}"}
    answer = await client.post(f"/api/orders/{placed.id}/reorder", headers=headers)
    assert answer.status_code == 200
    data = json.loads(answer.text, parse_float=Decimal)["data"]
    soup, stew, pie = data["items"]
    assert soup["unitPrice"] - soup["unitPriceBefore"] == 1
    assert soup["problem"] is None
    assert (stew["unitPrice"], stew["problem"]["code"]) == (None, "DishGone")
    assert pie["problem"] is not None
    assert data["quote"]["subtotal"] == soup["unitPrice"] * 2
    again = await client.post(f"/account/orders/{placed.id}/again", headers=page_of(cookie))
    cart = await client.get(
        again.headers["location"], headers={"cookie": f"cart={again.cookies['cart']}"}
    )
    assert "This is no longer on the menu." in cart.text
    assert "the price has changed" in cart.text


async def test_a_guests_order_becomes_ones_own_by_its_link_alone(
    client: httpx.AsyncClient, books: Books, house: House, dish_id: str
) -> None:
    ada, cookie, _ = await add_guest(books)
    _, others_cookie, _ = await add_guest(books, "eve@guest.example")
    placed = await order(books, house, checkout.CartLine(dish_id, 1), by=None)
    claim = f"/t/{placed.capability}/claim"
    assert (await client.post(claim, headers=OWN)).headers["location"].startswith("/sign-in")
    wrong = await client.post(f"/t/{placed.capability}x/claim", headers=page_of(cookie))
    assert wrong.status_code == 404
    for _ in range(2):
        assert (await client.post(claim, headers=page_of(cookie))).status_code == 303
    assert (await client.post(claim, headers=page_of(others_cookie))).status_code == 409
    async with books.reading() as look:
        assert (await orders.load_order(look, placed.id)).customer_id == ada


async def test_the_checkout_knows_the_first_choice_and_keeps_a_new_address(
    client: httpx.AsyncClient, books: Books, house: House, dish_id: str
) -> None:
    ada, cookie, _ = await add_guest(books)
    async with books.writing() as uow:
        draft = guests.AddressDraft(line1="Long Lane 1", city="Berlin", postal_code="10117")
        await guests.add_address(uow, ada, draft)
        other = await guests.add_address(
            uow, ada, guests.AddressDraft(line1="Short Lane 2", city="Berlin", postal_code="10119")
        )
    here = f"/at/{house.slug}"
    added = await client.post(
        f"{here}/cart", data={"dish": dish_id, "quantity": "3"}, headers=page_of(cookie)
    )
    cart = f"{page_of(cookie)['cookie']}; cart={added.cookies['cart']}"
    headers = {"cookie": cart, **OWN}
    page = await client.get(f"{here}/checkout", headers=headers)
    assert 'value="030 1"' in page.text
    assert 'value="Long Lane 1"' in page.text
    chosen = {"order_type": "DELIVERY", "saved": other.id}
    page = await client.post(f"{here}/checkout/look", data=chosen, headers=headers)
    assert 'value="Short Lane 2"' in page.text
    total = page.text.split('name="total" value="')[1].split('"')[0]
    sent = {
        "order_type": "DELIVERY", "name": "Ada", "phone": "030 1", "line1": "New Lane 3",
        "postal_code": "10115", "city": "Berlin", "total": total, "key": "k-1", "keep": "yes",
    }  # fmt: skip
    ordered = await client.post(f"{here}/checkout", data=sent, headers=headers)
    assert ordered.headers["location"].startswith("/t/"), ordered.text
    async with books.reading() as look:
        kept = [one.line1 for one in await guests.list_addresses(look, ada)]
    assert kept == ["Long Lane 1", "Short Lane 2", "New Lane 3"]


async def test_an_address_of_the_book_is_ordered_to_by_its_id(
    client: httpx.AsyncClient, books: Books, house: House, dish_id: str
) -> None:
    ada, _, token = await add_guest(books)
    _, _, others = await add_guest(books, "eve@guest.example")
    async with books.writing() as uow:
        kept = await guests.add_address(
            uow, ada, guests.AddressDraft(line1="Long Lane 1", city="Berlin", postal_code="10117")
        )
    wish = {
        "orderType": "DELIVERY", "locationId": house.id, "guestPhone": "030 1",
        "addressId": kept.id, "items": [{"menuItemId": dish_id, "quantity": 3}],
    }  # fmt: skip
    placed = await client.post(
        "/api/orders", json=wish, headers={"authorization": f"Bearer {token}"}
    )
    assert placed.status_code == 201, placed.text
    async with books.reading() as look:
        found = await orders.load_order(look, placed.json()["data"]["id"])
    assert found.address is not None
    assert found.address["line1"] == "Long Lane 1"
    refused = await client.post(
        "/api/orders", json=wish, headers={"authorization": f"Bearer {others}"}
    )
    assert (refused.status_code, refused.json()["code"]) == (404, "AddressNotFound")
