"""The office's settings: where each value comes from, and no change lost or half done."""

from __future__ import annotations

import re

import httpx
import pytest

from kitchenasty import audit, settings
from kitchenasty.dashboard.tests.builders import OWN, add_staff, sign_in
from kitchenasty.kit.books import Books
from kitchenasty.kit.principals import Role
from kitchenasty.locations import ORDER, House

PAGE = "/admin/settings/order"
WHOLE = {
    "whole": "yes", "enabled": "on", "enableFutureOrdering": "on", "dineInEnabled": "on",
    "enableTipping": "on",
    "tipOptions": "", "minOrderDelivery": "0", "minOrderPickup": "0", "deliveryLeadTime": "30",
    "pickupLeadTime": "15", "taxRate": "0",
}  # fmt: skip


@pytest.fixture
async def owner(client: httpx.AsyncClient, books: Books) -> httpx.AsyncClient:
    await add_staff(books, "o@bistro.example", role=Role.SUPER_ADMIN)
    await sign_in(client, "o@bistro.example")
    return client


async def save(client: httpx.AsyncClient, **typed: str) -> httpx.Response:
    return await client.post(PAGE, data={**WHOLE, **typed}, headers=OWN)


async def values(books: Books) -> dict[str, settings.Value]:
    async with books.reading() as look:
        return await settings.load(look, ORDER)


def told_of(page: str, name: str) -> str:
    """The words below a field."""
    [found] = re.findall(rf'id="hint-{name}">(.*?)</p>', page, re.DOTALL)
    return str(found)


async def test_what_is_saved_is_shown_with_where_it_comes_from(
    owner: httpx.AsyncClient, books: Books
) -> None:
    books.given = {"RATE_LIMITS": "off"}
    before = (await owner.get(PAGE)).text
    assert "Built in." in told_of(before, "taxRate")
    saved = await save(owner, taxRate="7,5", tipOptions="5 %, 10")
    assert saved.status_code == 303, saved.text
    page = (await owner.get(saved.headers["location"])).text
    assert "Saved here." in told_of(page, "taxRate")
    assert "Built in." in told_of(page, "pickupLeadTime")
    assert 'value="7.5"' in page
    assert 'value="5, 10"' in page
    advanced = (await owner.get("/admin/settings/advanced")).text
    assert "From KITCHENASTY_RATE_LIMITS" in told_of(advanced, "enableRateLimiting")


async def test_a_refusal_stands_at_its_field_and_keeps_what_was_typed(
    owner: httpx.AsyncClient, books: Books
) -> None:
    typed = {"taxRate": "777", "pickupLeadTime": "soon", "deliveryLeadTime": "44"}
    answer = await save(owner, enabled="on", **typed)
    assert answer.status_code == 400
    for name in ("taxRate", "pickupLeadTime"):
        assert f'id="problem-{name}"' in answer.text
    assert 'id="problem-deliveryLeadTime"' not in answer.text
    for text in typed.values():
        assert f'value="{text}"' in answer.text
    assert (await values(books))["deliveryLeadTime"] == 30


async def test_a_switch_is_turned_off_only_by_a_form_that_had_it(
    owner: httpx.AsyncClient, books: Books
) -> None:
    await owner.post(PAGE, data={"taxRate": "5"}, headers=OWN)
    assert (await values(books))["enabled"] is True
    form = {name: value for name, value in WHOLE.items() if name != "enabled"}
    await owner.post(PAGE, data=form, headers=OWN)
    assert (await values(books))["enabled"] is False
    assert ">off<" in (await owner.get("/admin/settings")).text.replace("\n", "")


async def test_back_to_the_default_forgets_one_and_saves_the_rest(
    owner: httpx.AsyncClient, books: Books
) -> None:
    await save(owner, taxRate="9", pickupLeadTime="20")
    form = {**WHOLE, "taxRate": "9", "pickupLeadTime": "25", "forget": "taxRate"}
    assert (await owner.post(PAGE, data=form, headers=OWN)).status_code == 303
    assert (await values(books))["taxRate"] == 0
    assert (await values(books))["pickupLeadTime"] == 25
    assert "Built in." in told_of((await owner.get(PAGE)).text, "taxRate")


async def test_a_change_is_in_the_trail_with_before_and_after(
    owner: httpx.AsyncClient, books: Books
) -> None:
    await save(owner, taxRate="9")
    async with books.reading() as look:
        [entry] = await audit.list_entries(look, entity="Settings", entity_id="order")
    assert (entry.before, entry.after) == ({"taxRate": "0"}, {"taxRate": "9"})
    assert entry.actor_name == "Rosa Vidal"


async def test_who_works_in_one_house_reads_and_changes_nothing(
    client: httpx.AsyncClient, books: Books, house: House
) -> None:
    await add_staff(books, "m@bistro.example", role=Role.MANAGER, houses=(house.id,))
    await sign_in(client, "m@bistro.example")
    page = await client.get(PAGE)
    assert page.status_code == 200
    assert "Save</button>" not in page.text
    assert (await save(client, taxRate="9")).status_code == 403
    assert (await values(books))["taxRate"] == 0
    listed = (await client.get("/admin/settings")).text
    assert PAGE in listed
    assert "/admin/settings/advanced" not in listed


async def test_the_api_speaks_the_contract_and_keeps_what_is_left_out(
    owner: httpx.AsyncClient, books: Books
) -> None:
    async with books.writing() as uow:
        await settings.change(uow, ORDER, {"taxRate": "7", "pickupLeadTime": 20})
    token = await api_token(owner)
    answer = await owner.put(
        "/api/settings/order", json={"tipOptions": [5, 10], "minOrderPickup": 4.5}, headers=token
    )
    assert answer.json()["data"] == {
        "enabled": True, "minOrderDelivery": 0, "minOrderPickup": 4.5, "deliveryLeadTime": 30,
        "pickupLeadTime": 20, "enableFutureOrdering": True, "dineInEnabled": True,
        "enableTipping": True,
        "tipOptions": [5, 10], "taxRate": 7,
    }  # fmt: skip
    refused = await owner.put(
        "/api/settings/general", json={"timezone": "Nowhere", "defaultCurrency": "e"}, headers=token
    )
    assert refused.status_code == 400
    keys = [one["key"] for one in refused.json()["details"]["fields"]]
    assert keys == ["timezone", "defaultCurrency"]
    forgotten = await owner.put(
        "/api/settings/order", json={"forget": ["tipOptions"]}, headers=token
    )
    assert forgotten.json()["data"]["tipOptions"] == []


async def test_what_the_contract_knows_and_the_product_does_not_offer_is_left_alone(
    owner: httpx.AsyncClient,
) -> None:
    """docs/operators/settings.md says what there is instead."""
    sent = {
        "contactEmail": "ask@rye.example", "distanceUnit": "mi", "currencySymbol": "$",
        "currencyPosition": "before", "googleMapsApiKey": "AIza",
    }  # fmt: skip
    answer = await owner.put("/api/settings/general", json=sent, headers=await api_token(owner))
    assert answer.status_code == 200, answer.text
    assert answer.json()["data"] == {
        "contactEmail": "ask@rye.example", "contactPhone": None, "distanceUnit": "mi",
        "timezone": "UTC", "defaultCurrency": "EUR",
    }  # fmt: skip


async def api_token(client: httpx.AsyncClient) -> dict[str, str]:
    form = {"email": "o@bistro.example", "password": "seven green kettles"}
    answer = await client.post("/api/auth/staff/login", json=form)
    return {"authorization": f"Bearer {answer.json()['data']['token']}"}
