"""The office's coupons: made, seen, switched off; what is refused stays typed."""

from __future__ import annotations

import httpx
import pytest

from basis.kit.data.paging import Page
from kitchenasty import audit, promotions
from kitchenasty.dashboard.tests.builders import OWN, add_staff, sign_in
from kitchenasty.kit.books import Books
from kitchenasty.kit.principals import Role

PATH = "/admin/coupons"
pytestmark = pytest.mark.usefixtures("house")


@pytest.fixture
async def manager(client: httpx.AsyncClient, books: Books) -> httpx.AsyncClient:
    await add_staff(books, "boss@bistro.example", role=Role.MANAGER)
    await sign_in(client, "boss@bistro.example")
    return client


async def test_a_manager_makes_a_coupon_and_switches_it_off(
    manager: httpx.AsyncClient, books: Books
) -> None:
    form = {"code": "supper", "type": "FIXED", "value": "2,50", "lastDay": "2030-12-31"}
    made = await manager.post(PATH, data=form, headers=OWN)
    assert made.status_code == 303
    page = (await manager.get(made.headers["location"])).text
    assert "The coupon SUPPER can be used now." in page
    assert "€2.50" in page
    assert "2030-12-31" in page
    async with books.reading() as look:
        [coupon], _ = await promotions.list_coupons(look, Page())
    await manager.post(f"{PATH}/{coupon.id}/switch", data={"is_active": "false"}, headers=OWN)
    assert "Switched off" in (await manager.get(PATH)).text
    async with books.reading() as look:
        trail = await audit.list_entries(look, entity="Coupon", entity_id=coupon.id)
    assert [(one.action, one.actor_name) for one in trail] == [
        ("update", "Rosa Vidal"),
        ("create", "Rosa Vidal"),
    ]


@pytest.mark.parametrize(
    "wrong",
    [{"value": "much"}, {"value": "120"}, {"perCustomer": "0"}, {"lastDay": "someday"}],
)
async def test_a_coupon_that_makes_no_sense_is_told_and_stays_typed(
    manager: httpx.AsyncClient, wrong: dict[str, str]
) -> None:
    form = {"code": "supper", "type": "PERCENTAGE", "value": "10", **wrong}
    refused = await manager.post(PATH, data=form, headers=OWN)
    assert refused.status_code == 400
    assert 'value="supper"' in refused.text
    assert 'role="alert"' in refused.text
