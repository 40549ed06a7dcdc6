"""The office's API keys: shown once, made once by a form that is sent twice, revoked for good."""

from __future__ import annotations

import re

import httpx
import pytest

from kitchenasty import locations
from kitchenasty.dashboard.tests.builders import OWN, add_staff, sign_in
from kitchenasty.kit.books import Books
from kitchenasty.kit.identity.keys import is_key
from kitchenasty.kit.principals import Role
from kitchenasty.locations.tests.builders import add_house

PATH = "/admin/keys"
pytestmark = pytest.mark.usefixtures("house")
KEY = re.compile(r'<code class="office-key">([^<]+)</code>')
REVOKE = re.compile(r'action="(/admin/keys/[^"]+/revoke)"')


@pytest.fixture
async def house(books: Books) -> locations.House:
    async with books.writing() as uow:
        await add_house(uow, name="Harbour")
        return await add_house(uow, name="Hill")


@pytest.fixture
async def owner(client: httpx.AsyncClient, books: Books) -> httpx.AsyncClient:
    await add_staff(books, "boss@bistro.example", role=Role.SUPER_ADMIN)
    await sign_in(client, "boss@bistro.example")
    return client


async def make(owner: httpx.AsyncClient, **fields: object) -> httpx.Response:
    [form_id] = re.findall(r'name="key" value="([^"]+)"', (await owner.get(PATH)).text)
    form = {"key": form_id, "name": "Till", "scopes": ["menu:read", "orders:read"], "days": "30"}
    return await owner.post(PATH, data={**form, **fields}, headers=OWN)


async def test_a_key_is_shown_once_and_works_until_it_is_revoked(
    owner: httpx.AsyncClient, house: locations.House
) -> None:
    made = await make(owner, houses=[house.id])
    [key] = KEY.findall(made.text)
    assert is_key(key)
    assert made.headers["cache-control"] == "no-store"
    shown = (await owner.get(PATH)).text
    assert not KEY.findall(shown)
    assert key not in shown
    assert "Hill" in shown
    bearer = {"authorization": f"Bearer {key}"}
    assert (await owner.get("/api/orders", headers=bearer)).status_code == 200
    [revoke] = REVOKE.findall(shown)
    told = await owner.post(revoke, headers=OWN, follow_redirects=True)
    assert "opens nothing any more" in told.text
    assert not REVOKE.findall(told.text)
    assert (await owner.get("/api/orders", headers=bearer)).status_code == 401


async def test_a_form_that_is_sent_twice_makes_one_key(owner: httpx.AsyncClient) -> None:
    again = "01890000-0000-7000-8000-000000000077"
    first, second = await make(owner, key=again), await make(owner, key=again)
    assert (first.status_code, second.status_code) == (200, 409)
    assert not KEY.findall(second.text)
    assert len(REVOKE.findall((await owner.get(PATH)).text)) == 1


@pytest.mark.parametrize(
    "fields",
    [
        {"scopes": []},
        {"scopes": ["everything"]},
        {"days": "1000"},
        {"name": " "},
        {"houses": ["01890000-0000-7000-8000-000000000077"]},
    ],
)
async def test_what_makes_no_sense_is_told_and_stays_filled_in(
    owner: httpx.AsyncClient, fields: dict[str, object]
) -> None:
    refused = await make(owner, **fields)
    assert refused.status_code in (400, 404)
    assert 'role="alert"' in refused.text
    if "scopes" not in fields:
        assert 'value="menu:read" checked' in refused.text
    assert not REVOKE.findall((await owner.get(PATH)).text)
