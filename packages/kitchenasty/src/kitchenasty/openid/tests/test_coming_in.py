"""A guest comes in by an account elsewhere: a provider of our own, over real HTTP."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import httpx
import pytest
from litestar import Litestar

from basis.kit.testing import HandClock
from kitchenasty import guests
from kitchenasty.kit.books import Books
from kitchenasty.openid.provider import NEW_KEYS_SECONDS
from kitchenasty.openid.tests.builders import PUBLIC_URL, Trip, offer, query_of
from kitchenasty.openid.tests.twin import CLIENT_ID, EC, OTHER_RSA, RSA, Twin

pytestmark = pytest.mark.enable_socket
MAIL = "anna@guest.example"
BACK = "/sign-in/elsewhere/back"


@asynccontextmanager
async def another_browser(app: Litestar) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)  # type: ignore[arg-type]
    async with httpx.AsyncClient(transport=transport, base_url=PUBLIC_URL) as browser:
        yield browser


async def list_guests(books: Books, email: str = MAIL) -> list[guests.Guest]:
    async with books.reading() as look:
        return await guests.list_with_email(look, email)


async def test_a_guest_comes_in_and_is_the_same_the_next_time(trip: Trip, books: Books) -> None:
    first = await trip.whole()
    assert (first.status_code, first.headers["location"]) == (303, "/")
    assert await trip.whoami() == MAIL
    [guest] = await list_guests(books)
    assert (guest.name, guest.is_confirmed) == ("Anna Lind", True)
    await trip.client.post("/sign-out")
    assert await trip.whoami() is None
    trip.twin.person.email = "anna@moved.example"  # the provider's name for her is the same
    await trip.whole()
    assert await trip.whoami() == MAIL
    assert await list_guests(books, "anna@moved.example") == []


async def test_what_is_asked_for_is_bound_to_this_browser_and_this_trip(trip: Trip) -> None:
    url = await trip.leave("/sign-in/elsewhere?next=/account/orders")
    asked = query_of(url)
    assert asked["redirect_uri"] == PUBLIC_URL + BACK
    assert (asked["client_id"], asked["response_type"]) == (CLIENT_ID, "code")
    assert asked["code_challenge_method"] == "S256"
    other = query_of(await trip.leave())
    for name in ("state", "nonce", "code_challenge"):
        assert len(asked[name]) >= 22  # 128 bits at least
        assert asked[name] != other[name]
    kept = str(dict(trip.client.cookies))
    assert not any(asked[name] in kept for name in ("state", "nonce"))


async def test_the_cookie_is_seen_by_no_script_and_sent_by_no_other_site(trip: Trip) -> None:
    answer = await trip.client.get("/sign-in/elsewhere")
    [cookie] = answer.headers.get_list("set-cookie")
    assert {"HttpOnly", "Max-Age=600", "SameSite=lax", "Path=/"} <= set(cookie.split("; "))
    assert answer.headers["cache-control"] == "no-store"


async def test_after_the_trip_the_guest_is_where_they_wanted_to_be(trip: Trip) -> None:
    back = await trip.whole("/sign-in/elsewhere?next=/account/orders")
    assert back.headers["location"] == "/account/orders"


@pytest.mark.parametrize(
    "wanted", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"]
)
async def test_a_trip_ends_on_no_other_site(trip: Trip, wanted: str) -> None:
    back = await trip.whole(f"/sign-in/elsewhere?{urlencode({'next': wanted})}")
    assert back.headers["location"] == "/"


async def test_nobody_comes_back_twice(trip: Trip, app: Litestar) -> None:
    back = await trip.decide(await trip.leave())
    cookie = {"cookie": f"elsewhere={trip.client.cookies['elsewhere']}"}
    async with another_browser(app) as one:
        answers = await asyncio.gather(*(one.get(back, headers=cookie) for _ in range(5)))
    assert sorted(answer.status_code for answer in answers) == [303, 409, 409, 409, 409]
    assert trip.twin.asked.count("/token") == 1


async def test_whoever_did_not_set_out_does_not_come_back(trip: Trip, app: Litestar) -> None:
    """An address that somebody sends to a guest signs nobody in, whose ever it is."""
    back = await trip.decide(await trip.leave())
    async with another_browser(app) as victim:
        assert (await victim.get(back)).status_code == 409
        await victim.get("/sign-in/elsewhere")
        assert (await victim.get(back)).status_code == 409
        assert (await victim.get("/account")).status_code == 303
    assert "/token" not in trip.twin.asked


@pytest.mark.parametrize("swap", ["another trip's", "", None, "\udcff", "x" * 5_000])
async def test_another_state_is_refused(trip: Trip, swap: str | None) -> None:
    other = query_of(await trip.leave())["state"]
    parts = dict(parse_qsl(urlsplit(await trip.decide(await trip.leave())).query))
    parts["state"] = other if swap == "another trip's" else swap or ""
    if swap is None:
        del parts["state"]
    answer = await trip.client.get(f"{BACK}?{urlencode(parts, errors='surrogatepass')}")
    assert answer.status_code == 409
    assert "/token" not in trip.twin.asked


async def test_a_changed_cookie_opens_nothing(trip: Trip) -> None:
    back = await trip.decide(await trip.leave())
    text, _, seal = trip.client.cookies["elsewhere"].partition(".")
    for cookie in (f"{text[:-4]}AAAA.{seal}", f"{text}.", text, "", "AAAA.BBBB"):
        trip.client.cookies.clear()
        answer = await trip.client.get(back, headers={"cookie": f"elsewhere={cookie}"})
        assert answer.status_code == 409


async def test_a_trip_takes_ten_minutes_at_most(trip: Trip, clock: HandClock) -> None:
    back = await trip.decide(await trip.leave())
    clock.advance(minutes=10)
    assert (await trip.client.get(back)).status_code == 409


async def test_whoever_says_no_there_changes_nothing_here(trip: Trip, books: Books) -> None:
    stopped = await trip.client.get(await trip.decide(await trip.leave(), "no"))
    assert stopped.status_code == 401
    assert "stopped at the provider" in stopped.text
    assert await trip.whoami() is None
    assert await list_guests(books) == []


Bend = Callable[[dict[str, Any]], None]


def claim(name: str, value: Any) -> Bend:
    return lambda claims: claims.update({name: value})


LIES: dict[str, Bend] = {
    "another nonce": claim("nonce", "of-another-trip"),
    "no nonce": lambda claims: claims.pop("nonce"),
    "for another house": claim("aud", "somebody else"),
    "asked for by another": claim("azp", "somebody else"),
    "by another provider": claim("iss", "https://evil.example"),
    "expired": lambda claims: claims.update(exp=claims["iat"] - 61),
    "made long ago": lambda claims: claims.update(iat=claims["iat"] - 900),
    "made tomorrow": lambda claims: claims.update(iat=claims["iat"] + 86_400),
    "about nobody": claim("sub", ""),
}


@pytest.mark.parametrize("lie", LIES)
async def test_a_wrong_token_lets_nobody_in(trip: Trip, books: Books, lie: str) -> None:
    trip.twin.bend = LIES[lie]
    answer = await trip.whole()
    assert answer.status_code == 503
    assert "cannot trust" in answer.text
    assert await trip.whoami() is None
    assert await list_guests(books) == []


@pytest.mark.parametrize("signing", ["none", "HS256", "somebody else", "RS512"])
async def test_a_forged_signature_lets_nobody_in(trip: Trip, books: Books, signing: str) -> None:
    trip.twin.signing = signing
    assert (await trip.whole()).status_code == 503
    assert await trip.whoami() is None
    assert await list_guests(books) == []


@pytest.mark.parametrize("signing", ["RS256", "PS256", "ES256"])
async def test_the_usual_signatures_let_in(trip: Trip, signing: str) -> None:
    trip.twin.signing = signing
    await trip.whole()
    assert await trip.whoami() == MAIL


async def test_a_provider_may_change_its_keys(trip: Trip, app: Litestar) -> None:
    trip.twin.keys = [EC.as_dict(private=False)]
    await trip.leave()
    trip.twin.keys = [RSA.as_dict(private=False)]
    state = app.state.providers
    state._known[trip.twin.url].keys_asked_at -= NEW_KEYS_SECONDS  # a minute ago
    await trip.whole()
    assert await trip.whoami() == MAIL


async def test_forged_tokens_do_not_make_us_ask_for_keys_all_day(trip: Trip) -> None:
    trip.twin.keys = [EC.as_dict(private=False)]
    for _ in range(3):
        assert (await trip.whole()).status_code == 503
    assert trip.twin.asked.count("/keys") == 1


async def test_a_key_with_the_same_name_is_not_the_same_key(trip: Trip) -> None:
    trip.twin.keys = [OTHER_RSA.as_dict(private=False)]
    assert (await trip.whole()).status_code == 503


async def test_the_provider_describes_itself_once_an_hour(trip: Trip) -> None:
    for _ in range(3):
        await trip.whole()
    assert trip.twin.asked.count("/.well-known/openid-configuration") == 1
    assert trip.twin.asked.count("/keys") == 1


@pytest.mark.parametrize(
    "lie",
    [
        {"issuer": "https://evil.example"},
        {"authorization_endpoint": "javascript:alert(1)"},
        {"authorization_endpoint": "//evil.example/authorize"},
        {"authorization_endpoint": "https://login@evil.example/"},
        {"authorization_endpoint": "https://evil.example/\r\nset-cookie: a=b"},
        {"jwks_uri": "http://10.0.0.1/keys"},
        {"jwks_uri": "file:///etc/passwd"},
        {"token_endpoint": 7},
    ],
    ids=str,
)
async def test_a_provider_that_describes_itself_oddly_is_not_gone_to(
    trip: Trip, lie: dict[str, Any]
) -> None:
    trip.twin.describes = lie
    answer = await trip.client.get("/sign-in/elsewhere")
    assert answer.status_code == 503
    assert "location" not in answer.headers


async def test_the_house_calls_nobody_inside_for_a_token(trip: Trip) -> None:
    trip.twin.describes = {"token_endpoint": "http://169.254.169.254/latest"}
    assert (await trip.whole()).status_code == 503
    assert await trip.whoami() is None


@pytest.mark.parametrize("path", ["/.well-known/openid-configuration", "/keys", "/token"])
async def test_an_endless_answer_is_not_read(trip: Trip, path: str) -> None:
    trip.twin.huge = {path}
    answer = await trip.client.get("/sign-in/elsewhere")
    if answer.status_code == 303:
        answer = await trip.whole()
    assert answer.status_code == 503
    assert await trip.whoami() is None


async def test_an_answer_for_another_provider_is_refused(trip: Trip) -> None:
    """RFC 9207: where the provider says who it is, it must be the one that was asked."""
    back = await trip.decide(await trip.leave())
    mixed = await trip.client.get(f"{back}&{urlencode({'iss': 'https://evil.example'})}")
    assert mixed.status_code == 503
    trip.twin.describes = {"authorization_response_iss_parameter_supported": True}
    back = await trip.decide(await trip.leave())
    assert (await trip.client.get(f"{back}&{urlencode({'iss': trip.twin.url})}")).is_redirect


async def test_a_provider_that_wants_the_secret_in_the_body_gets_it(trip: Trip) -> None:
    trip.twin.describes = {"token_endpoint_auth_methods_supported": ["client_secret_post"]}
    await trip.whole()
    assert await trip.whoami() == MAIL


async def test_a_wrong_secret_lets_nobody_in_and_shows_nothing(
    trip: Trip, books: Books, capsys: pytest.CaptureFixture[str]
) -> None:
    await offer(books, trip.twin, clientSecret="not-the-one-it-should-be")
    answer = await trip.whole()
    assert answer.status_code == 503
    assert "not-the-one" not in answer.text + capsys.readouterr().out


async def test_a_house_without_a_provider_offers_none(
    client: httpx.AsyncClient, books: Books, twin: Twin
) -> None:
    assert (await client.get("/sign-in/elsewhere")).status_code == 404
    assert (await client.get("/api/auth/google")).status_code == 404
    assert "/sign-in/elsewhere" not in (await client.get("/sign-in")).text
    await offer(books, twin)
    assert "Sign in with Twin" in (await client.get("/sign-in?next=/account")).text
    await offer(books, twin, enabled=False)
    assert "/sign-in/elsewhere" not in (await client.get("/sign-in")).text
    assert (await client.get("/sign-in/elsewhere")).status_code == 404


async def test_a_trip_begun_before_the_provider_was_changed_ends(trip: Trip, books: Books) -> None:
    back = await trip.decide(await trip.leave())
    await offer(books, trip.twin, provider="google")
    assert (await trip.client.get(back)).status_code == 404


async def test_nobody_makes_us_ask_all_day(trip: Trip) -> None:
    answers = [await trip.client.get("/sign-in/elsewhere") for _ in range(31)]
    assert answers[-1].status_code == 429
    assert "Retry-After" in answers[-1].headers
