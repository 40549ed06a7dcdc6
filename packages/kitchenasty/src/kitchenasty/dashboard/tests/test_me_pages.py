"""One's own page, the second factor, and what owners see and end of others."""

from __future__ import annotations

import base64
import re

import httpx
import pytest

from basis.kit.testing import HandClock
from kitchenasty import settings, staff
from kitchenasty.dashboard.tests.builders import OWN, PASSWORD, add_staff, sign_in
from kitchenasty.kit.books import Books
from kitchenasty.kit.identity import totp
from kitchenasty.kit.principals import Role

COOK, BOSS = "cook@bistro.example", "boss@bistro.example"
HERE = "/admin/me/second-factor"
SECRET = re.compile(r'office-secret">([A-Z2-7 ]+)<')
CODE = re.compile(r"<code>((?:[A-Z0-9]{4}-){5}[A-Z0-9]{4})</code>")
ENDS = re.compile(r'action="([^"]+/sessions/[^"]+/end)"')


@pytest.fixture
async def cook(books: Books) -> staff.Member:
    return await add_staff(books, COOK)


async def post(client: httpx.AsyncClient, path: str, **form: str) -> httpx.Response:
    return await client.post(path, data=form, headers=OWN)


async def set_up(client: httpx.AsyncClient, clock: HandClock) -> list[str]:
    """Scan, confirm, and read the codes."""
    assert (await post(client, HERE, current=PASSWORD)).status_code == 303
    page = (await client.get(HERE)).text
    found = SECRET.search(page)
    assert found is not None
    assert "<svg" in page
    typed = found[1].replace(" ", "")
    secret = secret_in(typed)
    code = totp.code_at(secret, totp.step_of(clock()))
    return CODE.findall((await post(client, f"{HERE}/confirm", code=code)).text)


def secret_in(typed: str) -> bytes:
    return base64.b32decode(typed + "=" * (-len(typed) % 8))


async def test_name_and_phone_are_ones_own_to_change(
    client: httpx.AsyncClient, books: Books, cook: staff.Member
) -> None:
    await sign_in(client, COOK)
    saved = await post(client, "/admin/me", name=" Rosa  Vidal ", phone="+49 30 1")
    assert saved.headers["location"] == "/admin/me?told=saved"
    refused = await post(client, "/admin/me", name="", phone="x")
    assert (refused.status_code, 'value="x"' in refused.text) == (400, True)
    assert (await post(client, "/admin/me", name="Rosa", phone="1" * 41)).status_code == 400
    async with books.reading() as look:
        member = await staff.load_member(look, cook.id)
    assert (member.name, member.phone) == ("Rosa Vidal", "+49 30 1")


@pytest.mark.usefixtures("cook")
async def test_somebody_signs_out_elsewhere(client: httpx.AsyncClient) -> None:
    kept = []
    for _ in range(3):
        await sign_in(client, COOK)
        kept.append(client.cookies["session"])
    page = (await client.get("/admin/me")).text
    others = ENDS.findall(page)
    assert len(others) == 2
    assert (await post(client, others[0])).headers["location"] == "/admin/me?told=ended"
    assert (await post(client, others[0])).status_code == 404
    await post(client, "/admin/me/sessions/end")
    assert ENDS.findall((await client.get("/admin/me")).text) == []
    for token in kept[:2]:
        client.cookies.clear()
        client.cookies.set("session", token)
        assert (await client.get("/admin/me")).status_code == 303


@pytest.mark.usefixtures("cook")
async def test_a_phone_is_set_up_and_asked_for(client: httpx.AsyncClient, clock: HandClock) -> None:
    await sign_in(client, COOK)
    other = client.cookies["session"]
    await sign_in(client, COOK)
    here = client.cookies["session"]
    wrong = await post(client, HERE, current="not this one")
    assert wrong.status_code == 400
    codes = await set_up(client, clock)
    assert len(codes) == 10
    assert CODE.findall((await client.get(HERE)).text) == []
    client.cookies.set("session", other)
    assert (await client.get("/admin/me")).status_code == 303
    client.cookies.set("session", here)
    fresh = CODE.findall((await post(client, f"{HERE}/codes", current=PASSWORD)).text)
    assert len(fresh) == 10
    assert not set(fresh) & set(codes)
    assert (await post(client, f"{HERE}/off", current="wrong one")).status_code == 400
    await post(client, f"{HERE}/off", current=PASSWORD)
    client.cookies.clear()
    await sign_in(client, COOK)


@pytest.mark.usefixtures("cook")
async def test_the_page_of_the_secret_is_kept_by_nobody(client: httpx.AsyncClient) -> None:
    await sign_in(client, COOK)
    await post(client, HERE, current=PASSWORD)
    assert (await client.get(HERE)).headers["cache-control"] == "no-store"


async def test_who_needs_one_sets_it_up_before_anything_opens(
    client: httpx.AsyncClient, books: Books, clock: HandClock, cook: staff.Member
) -> None:
    """The setting counts with the next click, on pages, at the API, and for what is public too."""
    await add_staff(books, BOSS, role=Role.SUPER_ADMIN)
    await sign_in(client, BOSS)
    assert (await client.get("/admin")).status_code == 200
    saved = await post(client, "/admin/staff/demand", secondFactor="owners")
    assert saved.headers["location"] == "/admin/staff?told=demand"
    led = await client.get("/admin/orders")
    assert (led.status_code, led.headers["location"]) == (303, HERE)
    login = {"email": BOSS, "password": PASSWORD}
    token = (await client.post("/api/auth/staff/login", json=login)).json()["data"]["token"]
    headers = {"authorization": f"Bearer {token}"}
    refused = await client.get("/api/orders", headers=headers)
    assert (refused.status_code, refused.json()["code"]) == (403, "SecondFactorNeeded")
    assert (await client.get("/api/auth/me", headers=headers)).status_code == 200
    await set_up(client, clock)
    assert (await client.get("/admin/orders")).status_code == 200
    kept = await post(client, f"{HERE}/off", current=PASSWORD)
    assert kept.status_code == 403
    client.cookies.clear()
    await sign_in(client, COOK)
    assert (await client.get("/admin/orders")).status_code == 200
    assert cook.role is Role.STAFF


async def test_an_unknown_demand_is_refused(client: httpx.AsyncClient, books: Books) -> None:
    await add_staff(books, BOSS, role=Role.SUPER_ADMIN)
    await sign_in(client, BOSS)
    assert (await post(client, "/admin/staff/demand", secondFactor="cats")).status_code == 400
    async with books.reading() as look:
        assert (await settings.load(look, staff.SECURITY))["secondFactor"] == "nobody"


async def test_owners_end_what_they_see_of_others(
    client: httpx.AsyncClient, books: Books, clock: HandClock, cook: staff.Member
) -> None:
    await add_staff(books, BOSS, role=Role.SUPER_ADMIN)
    await sign_in(client, COOK)
    await set_up(client, clock)
    theirs = client.cookies["session"]
    client.cookies.clear()
    await sign_in(client, BOSS)
    page = f"/admin/staff/{cook.id}"
    (path,) = ENDS.findall((await client.get(page)).text)
    assert (await post(client, path)).headers["location"] == f"{page}?told=ended"
    reset = await post(client, f"{page}/second-factor/reset")
    assert reset.headers["location"] == f"{page}?told=factor"
    assert (await post(client, f"{page}/sessions/end")).status_code == 303
    client.cookies.clear()
    client.cookies.set("session", theirs)
    assert (await client.get("/admin/me")).status_code == 303
    client.cookies.clear()
    await sign_in(client, COOK)
