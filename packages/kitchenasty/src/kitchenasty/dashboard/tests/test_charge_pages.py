"""The office's page of prices and charges: all of a house on one page, or what was typed stays."""

from __future__ import annotations

import httpx
import pytest

from kitchenasty import locations
from kitchenasty.dashboard.tests.builders import OWN, add_staff, sign_in
from kitchenasty.kit.books import Books
from kitchenasty.kit.principals import Role
from kitchenasty.locations.tests.builders import add_house

TYPED = {
    "fee": "3,50", "freeFrom": "40", "leastDelivery": "15", "leastPickup": "",
    "policy": "by-line/half-up", "takesTips": "on", "tips": "5 %, 10, 15",
    "serviceName": "Service", "serviceRate": "12,5 %", "serviceBase": "before",
    "serviceTax": "untaxed", "serviceDelivery": "on", "cashStep": "0,05",
}  # fmt: skip


@pytest.fixture
async def manager(
    client: httpx.AsyncClient, books: Books, house: locations.House
) -> httpx.AsyncClient:
    await add_staff(books, "m@bistro.example", role=Role.MANAGER, houses=(house.id,))
    await sign_in(client, "m@bistro.example")
    return client


async def save(client: httpx.AsyncClient, house: locations.House, **fields: str) -> httpx.Response:
    path = f"/admin/charges/{house.id}"
    return await client.post(path, data={**TYPED, **fields}, headers=OWN)


async def now(books: Books, house: locations.House) -> locations.House:
    async with books.reading() as look:
        return await locations.load_house(look, house.id)


async def test_charges_are_saved_shown_again_and_taken_away(
    manager: httpx.AsyncClient, books: Books, house: locations.House
) -> None:
    saved = await save(manager, house)
    assert saved.status_code == 303, saved.text
    found = await now(books, house)
    assert (found.delivery_fee_minor, found.free_delivery_from_minor) == (350, 4_000)
    assert (found.min_delivery_minor, found.rounding_policy) == (1_500, "by-line/half-up")
    assert found.charges == locations.Charges(
        takes_tips=True,
        tips=(5, 10, 15),
        service=locations.ServiceTerms(
            name="Service",
            millionths=125_000,
            is_taxed=False,
            after_discounts=False,
            dinings=("DELIVERY",),
        ),
        cash_step_minor=5,
    )
    shown = (await manager.get(saved.headers["location"])).text
    assert "Saved." in shown
    for value in ("3.50", "5, 10, 15", "12.5", "0.05"):
        assert f'value="{value}"' in shown, value
    plain = {"takesTips": "", "tips": "", "serviceRate": "", "cashStep": "", "freeFrom": ""}
    assert (await save(manager, house, **plain)).status_code == 303
    assert (await now(books, house)).charges == locations.Charges()


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("tips", "ten", "a whole number"),
        ("tips", "200", "from 1 to 100"),
        ("tips", "1,2,3,4,5,6,7", "different tips"),
        ("serviceRate", "much", "at most 100 percent"),
        ("serviceDelivery", "", "for what the service charge holds"),
        ("cashStep", "0", "smallest coin"),
        ("fee", "-1", "between 0 and"),
        ("fee", "free", "a number like"),
    ],
)
async def test_what_does_not_fit_is_refused_and_what_was_typed_stays(
    manager: httpx.AsyncClient,
    books: Books,
    house: locations.House,
    field: str,
    typed: str,
    sentence: str,
) -> None:
    answer = await save(manager, house, **{"leastPickup": "77", field: typed})
    assert answer.status_code == 400, answer.text
    assert sentence in answer.text
    assert 'value="77"' in answer.text
    assert await now(books, house) == house


async def test_nobody_changes_the_charges_of_another_house(
    manager: httpx.AsyncClient, books: Books
) -> None:
    async with books.writing() as uow:
        elsewhere = await add_house(uow)
    assert elsewhere.id not in (await manager.get("/admin/charges")).text
    assert (await save(manager, elsewhere)).status_code == 403
    assert await now(books, elsewhere) == elsewhere
