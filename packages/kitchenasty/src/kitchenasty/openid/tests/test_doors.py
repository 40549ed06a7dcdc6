"""The API's doors, and the owner's settings."""

from __future__ import annotations

import asyncio

import httpx
import pytest
from litestar import Litestar

from basis.kit.outgoing import ElsewhereAway, Outgoing
from kitchenasty import settings, staff
from kitchenasty.kit.books import Books
from kitchenasty.kit.config import Config
from kitchenasty.kit.identity.passwords import Passwords
from kitchenasty.kit.principals import Role
from kitchenasty.openid import OPENID
from kitchenasty.openid.provider import Providers
from kitchenasty.openid.tests.builders import CLIENT_SECRET, PUBLIC_URL, Trip, offer, query_of
from kitchenasty.openid.tests.test_coming_in import another_browser
from kitchenasty.openid.tests.twin import Twin

pytestmark = pytest.mark.enable_socket
APP = "https://app.example"
GOOGLE = "/api/auth/google"
PASSWORD = "seven green kettles"


async def test_an_app_that_the_owner_named_gets_a_token_of_the_guest(
    trip: Trip, books: Books
) -> None:
    await offer(books, trip.twin, appUrl=APP)
    url = await trip.leave(GOOGLE)
    assert query_of(url)["redirect_uri"] == f"{PUBLIC_URL}{GOOGLE}/callback"
    back = await trip.client.get(await trip.decide(url))
    assert back.status_code == 302
    place, _, token = back.headers["location"].partition("?token=")
    assert place == f"{APP}/auth/callback"
    assert (back.headers["referrer-policy"], back.headers["cache-control"]) == (
        "no-referrer",
        "no-store",
    )
    me = await trip.client.get("/api/auth/me", headers={"authorization": f"Bearer {token}"})
    assert me.json()["data"]["customer"]["email"] == "anna@guest.example"
    assert await trip.whoami() is None  # it opens no page


async def test_no_address_of_a_request_gets_the_token(trip: Trip, books: Books) -> None:
    """What the guest's browser says of where to go counts for nothing."""
    await offer(books, trip.twin, appUrl=APP)
    lies = "redirectUri=https://evil.example&redirect_uri=https://evil.example&next=//evil.example"
    url = await trip.leave(f"{GOOGLE}?mobile=1&{lies}&state=mobile%3D1%26{lies}")
    assert "evil" not in url
    back = await trip.client.get(f"{await trip.decide(url)}&{lies}")
    assert back.headers["location"].startswith(f"{APP}/auth/callback?token=")


async def test_the_apps_door_checks_the_same(trip: Trip, books: Books, app: Litestar) -> None:
    await offer(books, trip.twin, appUrl=APP)
    failed = f"{APP}/login?error=auth_failed"
    back = await trip.decide(await trip.leave(GOOGLE))
    async with another_browser(app) as victim:
        assert (await victim.get(back)).headers["location"] == failed
    swapped = back.replace("state=", "state=x")
    assert (await trip.client.get(swapped)).headers["location"] == failed
    trip.twin.bend = lambda claims: claims.update(nonce="another")
    assert (await trip.client.get(back)).headers["location"] == failed
    trip.twin.bend = lambda _claims: None
    assert (await trip.client.get(back)).headers["location"] == failed  # it was spent
    stopped = await trip.decide(await trip.leave(GOOGLE), "no")
    assert (await trip.client.get(stopped)).headers["location"] == failed


async def test_a_trip_ends_at_the_door_where_it_began(trip: Trip, books: Books) -> None:
    await offer(books, trip.twin, appUrl=APP)
    page = (await trip.decide(await trip.leave())).partition("?")[2]
    there = await trip.client.get(f"{GOOGLE}/callback?{page}")
    assert there.headers["location"] == f"{APP}/login?error=auth_failed"
    api = (await trip.decide(await trip.leave(GOOGLE))).partition("?")[2]
    assert (await trip.client.get(f"/sign-in/elsewhere/back?{api}")).status_code == 409


async def test_without_an_app_the_door_leads_to_our_own_pages(trip: Trip) -> None:
    answer = await trip.client.get(GOOGLE)
    assert answer.headers["location"] == f"{PUBLIC_URL}/sign-in/elsewhere"
    assert (await trip.client.get(f"{GOOGLE}/callback?code=a&state=b")).status_code == 404


async def test_a_guest_sees_and_removes_what_is_linked(trip: Trip, books: Books) -> None:
    await offer(books, trip.twin, appUrl=APP)
    back = await trip.client.get(await trip.decide(await trip.leave(GOOGLE)))
    token = back.headers["location"].partition("?token=")[2]
    bearer = {"authorization": f"Bearer {token}"}
    path = "/api/auth/identities"
    [one] = (await trip.client.get(path, headers=bearer)).json()["data"]
    assert (one["issuer"], one["email"]) == (trip.twin.url, "anna@guest.example")
    assert "subject" not in one
    refused = await trip.client.delete(f"{path}/{one['id']}", headers=bearer)
    assert (refused.status_code, refused.json()["code"]) == (409, "OnlyWayIn")
    nobodys = await trip.client.delete(f"{path}/of-nobody", headers=bearer)
    assert nobodys.status_code == 404


async def test_a_provider_that_says_nothing_is_not_waited_for(twin: Twin, config: Config) -> None:
    providers = Providers(Outgoing(config.outgoing_networks, seconds_max=0.3))
    for path in ("/.well-known/openid-configuration", "/keys"):
        twin.silent = {path}
        with pytest.raises(ElsewhereAway):
            await providers.ask(twin.url)


async def test_an_hour_later_it_is_asked_again(twin: Twin, config: Config) -> None:
    now = [0.0]
    providers = Providers(Outgoing(config.outgoing_networks), monotonic=lambda: now[0])
    for _ in range(2):
        await asyncio.gather(*(providers.know(twin.url) for _ in range(2)))
    asked_before = twin.asked.count("/keys")
    now[0] = 3_600.0
    await providers.know(twin.url)
    assert twin.asked.count("/keys") == asked_before + 1


@pytest.fixture
async def owner(client: httpx.AsyncClient, books: Books) -> httpx.AsyncClient:
    """Somebody who may change the provider, signed in to the office."""
    password_hash = await Passwords(memory_kib=64).hash(PASSWORD)
    async with books.writing() as uow:
        newcomer = staff.NewMember(email="o@bistro.example", name="Olga", role=Role.SUPER_ADMIN)
        await staff.add_member(uow, newcomer, password_hash=password_hash)
    client.headers["origin"] = PUBLIC_URL
    form = {"email": "o@bistro.example", "password": PASSWORD}
    assert (await client.post("/sign-in", data=form)).status_code == 303
    return client


PAGE = "/admin/settings/openid"


async def test_the_button_asks_the_provider_and_tells_what_is_wrong(
    owner: httpx.AsyncClient, books: Books, twin: Twin
) -> None:
    empty = await owner.post(f"{PAGE}/test")
    assert (empty.status_code, "First save the provider" in empty.text) == (409, True)
    await offer(books, twin, enabled=False)
    good = await owner.post(f"{PAGE}/test")
    assert f"{twin.url} answers, and its keys can be read." in good.text
    twin.describes = {"issuer": "https://evil.example"}
    odd = await owner.post(f"{PAGE}/test")
    assert (odd.status_code, "cannot trust" in odd.text) == (503, True)
    await offer(books, twin, issuer="https://10.0.0.1", enabled=False)
    inside = await owner.post(f"{PAGE}/test")
    assert (inside.status_code, "private network" in inside.text) == (503, True)


async def test_it_is_switched_on_only_with_all_that_it_needs(
    owner: httpx.AsyncClient, books: Books, twin: Twin
) -> None:
    form = {"whole": "yes", "enabled": "on", "provider": "google", "clientId": "juniper"}
    refused = await owner.post(PAGE, data=form)
    assert refused.status_code == 400
    assert "can be switched on once" in refused.text
    saved = await owner.post(PAGE, data=form | {"clientSecret": "GOCSPX-onions-and-leeks"})
    assert saved.status_code == 303
    async with books.reading() as look:
        values = await settings.load(look, OPENID)
    assert (values["enabled"], values["clientSecret"]) == (True, "GOCSPX-onions-and-leeks")
    shown = (await owner.get(PAGE)).text
    assert "GOCSPX-onions" not in shown
    emptied = await owner.post(PAGE, data=form | {"clientId": ""})
    assert emptied.status_code == 400
    await offer(books, twin)
    shown = (await owner.get(PAGE)).text
    assert CLIENT_SECRET not in shown
    assert f"{PUBLIC_URL}/sign-in/elsewhere/back" in shown


@pytest.mark.parametrize(
    "issuer",
    ["login.example", "ftp://login.example", "https://login.example/?a=b", "https://a@b.example",
     "https://login.example/#x", "javascript:alert(1)", "https://login.example/a b"],
)  # fmt: skip
async def test_an_address_that_is_none_is_not_saved(
    owner: httpx.AsyncClient, books: Books, issuer: str
) -> None:
    form = {"provider": "other", "issuer": issuer}
    assert (await owner.post(PAGE, data=form)).status_code == 400
    async with books.reading() as look:
        assert (await settings.load(look, OPENID))["issuer"] is None


async def test_the_environment_counts_until_something_is_saved(books: Books) -> None:
    books.given = {
        "OPENID_ISSUER": "https://login.example",
        "OPENID_CLIENT_ID": "juniper",
        "OPENID_CLIENT_SECRET": "leeks",
    }
    async with books.reading() as look:
        values = await settings.load(look, OPENID)
    assert (values["issuer"], values["clientId"]) == ("https://login.example", "juniper")
    assert values["provider"] == "other"
    async with books.writing() as uow:
        await settings.change(uow, OPENID, {"enabled": True})


async def test_the_secret_goes_to_no_other_provider_than_it_was_given_for(
    books: Books, twin: Twin
) -> None:
    await offer(books, twin)
    for other in ({"issuer": "https://evil.example"}, {"provider": "google"}, {"clientId": "x"}):
        with pytest.raises(settings.SettingRefused, match="another receiver"):
            async with books.writing() as uow:
                await settings.change(uow, OPENID, {**other})
