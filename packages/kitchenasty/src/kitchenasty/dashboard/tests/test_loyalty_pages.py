"""The office's points: set up, found by address, adjusted once however often a form is sent."""

from __future__ import annotations

import httpx
import pytest

from kitchenasty import loyalty
from kitchenasty.dashboard.tests.builders import OWN, add_staff, sign_in
from kitchenasty.kit.books import Books
from kitchenasty.kit.principals import Role
from kitchenasty.loyalty.tests.builders import add_guest

PATH = "/admin/loyalty"
FORM = {"isOn": "yes", "currency": "EUR", "perUnit": "2", "hundred": "1,50", "least": "50"}
pytestmark = pytest.mark.usefixtures("house")


@pytest.fixture
async def manager(client: httpx.AsyncClient, books: Books) -> httpx.AsyncClient:
    await add_staff(books, "boss@bistro.example", role=Role.MANAGER)
    await sign_in(client, "boss@bistro.example")
    return client


async def test_a_manager_sets_the_programme_up(manager: httpx.AsyncClient, books: Books) -> None:
    saved = await manager.post(PATH, data=FORM, headers=OWN)
    assert saved.status_code == 303
    page = (await manager.get(saved.headers["location"])).text
    assert "Saved." in page
    assert 'value="1.50"' in page
    async with books.reading() as look:
        programme = await loyalty.load_programme(look)
    assert programme == loyalty.Programme(
        is_on=True, points_per_unit=2, hundred_points_minor=150, spend_min_points=50
    )


@pytest.mark.parametrize("wrong", [{"perUnit": "many"}, {"hundred": "0"}, {"least": "0"}])
async def test_a_setting_that_makes_no_sense_is_told_and_stays_typed(
    manager: httpx.AsyncClient, wrong: dict[str, str]
) -> None:
    refused = await manager.post(PATH, data=FORM | {"least": "77"} | wrong, headers=OWN)
    assert refused.status_code == 400
    assert 'role="alert"' in refused.text
    assert f'value="{wrong.get("least", "77")}"' in refused.text


async def test_points_are_adjusted_once_however_often_the_form_is_sent(
    manager: httpx.AsyncClient, books: Books
) -> None:
    async with books.writing() as uow:
        guest = await add_guest(uow, 20)
    found = (await manager.get(PATH, params={"email": guest.email})).text
    assert "20 points" in found
    assert 'name="seen" value="1"' in found
    path = f"{PATH}/{guest.id}/adjust"
    form = {"points": "-5", "reason": "a mistake", "seen": "1"}
    adjusted = await manager.post(path, data=form, headers=OWN)
    page = (await manager.get(adjusted.headers["location"])).text
    assert "15 points" in page
    assert "a mistake" in page
    again = await manager.post(path, data=form, headers=OWN)
    assert again.status_code == 409
    assert "have changed meanwhile" in again.text
    async with books.reading() as look:
        assert await loyalty.load_balance(look, guest.id or "") == 15


async def test_an_address_without_an_account_finds_nobody(manager: httpx.AsyncClient) -> None:
    for email in ("nobody@guest.example", "nonsense"):
        page = (await manager.get(PATH, params={"email": email})).text
        assert "There is no account with this address." in page
