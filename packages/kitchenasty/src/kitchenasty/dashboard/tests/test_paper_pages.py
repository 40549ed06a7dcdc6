"""Who sells, and what managers may give back: set in the office."""

from __future__ import annotations

import httpx
import pytest

from kitchenasty import locations, refunds
from kitchenasty.dashboard.tests.builders import OWN, add_staff, sign_in
from kitchenasty.kit.books import Books
from kitchenasty.kit.principals import Role

HERE = "/admin/papers"
TYPED = {"legalName": "Grün Gastro GmbH", "taxId": "DE123456789", "limit": "12,50"}


async def settings_of(books: Books, house: locations.House) -> tuple[str | None, str | None, int]:
    async with books.reading() as look:
        now = await locations.load_house(look, house.id)
        return now.legal_name, now.tax_id, await refunds.load_limit(look, house.id)


@pytest.mark.parametrize(("role", "most"), [(Role.SUPER_ADMIN, 1_250), (Role.MANAGER, 10_000)])
async def test_managers_name_the_seller_and_owners_the_limit_too(
    client: httpx.AsyncClient, books: Books, house: locations.House, role: Role, most: int
) -> None:
    await add_staff(books, "boss@bistro.example", role=role)
    await sign_in(client, "boss@bistro.example")
    saved = await client.post(f"{HERE}/{house.id}", data=TYPED, headers=OWN)
    assert saved.headers["location"] == f"{HERE}?saved={house.id}"
    assert await settings_of(books, house) == ("Grün Gastro GmbH", "DE123456789", most)
    page = await client.get(HERE)
    assert "Grün Gastro GmbH" in page.text


async def test_a_limit_that_is_no_amount_saves_nothing_and_stays_typed(
    client: httpx.AsyncClient, books: Books, house: locations.House
) -> None:
    await add_staff(books, "boss@bistro.example", role=Role.SUPER_ADMIN)
    await sign_in(client, "boss@bistro.example")
    answer = await client.post(f"{HERE}/{house.id}", data=TYPED | {"limit": "much"}, headers=OWN)
    assert answer.status_code == 400
    assert "Please write an amount" in answer.text
    assert 'value="much"' in answer.text
    assert await settings_of(books, house) == (None, None, 10_000)
