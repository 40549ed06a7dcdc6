"""Points on a guest's own pages, without script."""

from __future__ import annotations

import re

import httpx

from kitchenasty import locations, loyalty
from kitchenasty.kit.books import Books
from kitchenasty.kit.identity.sessions import SessionKind, open_session
from kitchenasty.kit.principals import Kind
from kitchenasty.loyalty.tests.builders import add_guest, set_up
from kitchenasty.menu.tests.builders import add_dish

OWN = {"origin": "http://house.example"}


async def test_a_guest_uses_points_by_a_box_that_needs_no_script(
    client: httpx.AsyncClient, books: Books, house: locations.House
) -> None:
    async with books.writing() as uow:
        await set_up(uow)
        dish_id = await add_dish(uow)
        guest = await add_guest(uow, 300)
        token = await open_session(
            uow, kind=SessionKind.PAGE, subject_kind=Kind.CUSTOMER, subject_id=guest.id or ""
        )
    client.cookies.set("session", token)
    here = f"/at/{house.slug}"
    await client.post(f"{here}/cart", data={"dish": dish_id, "quantity": "2"}, headers=OWN)
    page = (await client.get(f"{here}/checkout")).text
    assert "Use 300 points: €3.00 off" in page
    assert "This order brings you 25 points" in page
    form = {"order_type": "PICKUP", "name": "Anna", "phone": "030 1", "points": "300"}
    page = (await client.post(f"{here}/checkout/look", data=form, headers=OWN)).text
    assert "€22.00" in page
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page))
    placed = await client.post(f"{here}/checkout", data={**hidden, **form}, headers=OWN)
    assert placed.status_code == 303
    async with books.reading() as look:
        assert await loyalty.load_balance(look, guest.id or "") == 0
    mine = (await client.get("/account/points")).text
    assert "0 points" in mine
    assert "-300" in mine
    tracking = (await client.get(placed.headers["location"])).text
    assert "Points" in tracking
