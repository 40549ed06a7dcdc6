"""Giving money back in the office: choose, see, confirm, without a script."""

from __future__ import annotations

import re

import httpx
import pytest

from kitchenasty import locations, orders, refunds
from kitchenasty.dashboard.tests.builders import OWN, add_staff, sign_in
from kitchenasty.kit.books import Books
from kitchenasty.kit.principals import Role
from kitchenasty.refunds.tests.builders import paid_sale


@pytest.fixture
async def manager(
    client: httpx.AsyncClient, books: Books, house: locations.House
) -> httpx.AsyncClient:
    await add_staff(books, "boss@bistro.example", role=Role.MANAGER, houses=(house.id,))
    await sign_in(client, "boss@bistro.example")
    return client


def hidden_in(page: str) -> dict[str, str]:
    form = page[page.index('name="way"') - 80 :]
    return dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', form))


async def list_made(books: Books, order: orders.Order) -> list[refunds.Refund]:
    async with books.reading() as look:
        return await refunds.list_refunds(look, order.id)


async def test_what_was_seen_and_confirmed_goes_back_once(
    manager: httpx.AsyncClient, books: Books, house: locations.House
) -> None:
    order = await paid_sale(books, house, (1_250, 2))
    here = f"/admin/orders/{order.id}/refund"
    assert "Soup" in (await manager.get(here)).text
    typed = {"way": "lines", f"units-{order.lines[0].id}": "1", "reason": "It was cold."}
    seen = await manager.post(here, data=typed, headers=OWN)
    assert "Give €12.50 back?" in seen.text
    assert "In cash, over the counter" in seen.text
    assert "of which VAT" in seen.text
    assert await list_made(books, order) == [], "seeing gives nothing back"
    confirmed = hidden_in(seen.text) | {"step": "confirm"}
    done = await manager.post(here, data=confirmed, headers=OWN)
    again = await manager.post(here, data=confirmed, headers=OWN)
    assert done.status_code == 303
    assert again.headers["location"] == done.headers["location"]
    (made,) = await list_made(books, order)
    assert (made.amount_minor, made.reason) == (1_250, "It was cold.")
    page = await manager.get(done.headers["location"])
    assert "€12.50 given back." in page.text
    assert f"/admin/orders/{order.id}/refunds/{made.id}/note" in page.text


async def test_a_refusal_shows_the_form_as_it_was_typed(
    manager: httpx.AsyncClient, books: Books, house: locations.House
) -> None:
    order = await paid_sale(books, house, (1_250, 1))
    here = f"/admin/orders/{order.id}/refund"
    for typed, says in (
        ({"way": "amount", "amount": "20", "reason": "Cold"}, "more than is left"),
        ({"way": "amount", "amount": "much", "reason": "Cold"}, "Please write an amount"),
        ({"way": "everything"}, "Please say why."),
        ({"way": "lines", "reason": "Cold"}, "choose either"),
        ({"way": "everything", "reason": "Cold", "step": "confirm", "key": ""}, "idempotency key"),
    ):
        answer = await manager.post(here, data=typed, headers=OWN)
        assert answer.status_code >= 400
        assert says in answer.text
    assert await list_made(books, order) == []
    back = await manager.post(here, data=typed | {"step": "change"}, headers=OWN)
    assert "Cold" in back.text


async def test_what_nobody_paid_cannot_go_back(
    office: httpx.AsyncClient, books: Books, house: locations.House
) -> None:
    """And a cook does not even see the button."""
    order = await paid_sale(books, house, (1_250, 1))
    page = await office.get(f"/admin/orders/{order.id}")
    assert f"/admin/orders/{order.id}/refund" not in page.text
    assert (await office.get(f"/admin/orders/{order.id}/refund")).status_code == 403
