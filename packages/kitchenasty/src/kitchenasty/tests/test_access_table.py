"""Every route of the application with every principal, against one table (A1, A7)."""

from __future__ import annotations

import re
from dataclasses import replace

import httpx
import pytest
from litestar import Litestar
from litestar.handlers import HTTPRouteHandler

from kitchenasty.kit.config import Config
from kitchenasty.kit.http.access import handlers_of
from kitchenasty.kit.identity.sessions import SessionKind
from kitchenasty.tests.access_bodies import BODIES
from kitchenasty.tests.access_rows import EVERYBODY, PRINCIPALS
from kitchenasty.tests.access_table import TABLE
from kitchenasty.tests.scene import EMAILS, SAFE, Scene, credentials, fill, knock, make_thing, send

ENDS_SESSIONS = (
    "POST /api/auth/logout",
    "POST /sign-out",
    "POST /sign-in",
    "POST /admin/me/sessions/end",
    "DELETE /api/auth/sessions",
)
OBJECTS = (
    "order_id",
    "staff_id",
    "house_id",
    "capability",
    "coupon_id",
    "promotion_id",
    "customer_id",
    "review_id",
    "reservation_id",
    "waiting_id",
    "category_id",
    "mealtime_id",
)


@pytest.fixture
def config(config: Config) -> Config:
    """Without limits: from one address come more than a thousand requests within seconds."""
    return replace(config, rate_limits=False)


def routes_of(app: Litestar) -> set[str]:
    return {
        f"{method} {route.path}"
        for route, handler in handlers_of(app)
        if isinstance(handler, HTTPRouteHandler)
        for method in handler.http_methods
        if method != "HEAD"
    }


def outcome_of(route: str, answer: httpx.Response) -> str:
    to_sign_in = answer.status_code == 303 and answer.headers["location"].startswith("/sign-in?")
    if to_sign_in or (answer.status_code == 401 and not is_sign_in(route)):
        return "401"
    about = f"{route} {BODIES.get(route)}"
    if answer.status_code == 404 and any(name in about for name in OBJECTS):
        return "404"
    if answer.status_code == 403 and route != "POST /setup":
        return "403"
    is_in = answer.status_code < 500 and answer.status_code != 429
    return "in" if is_in else str(answer.status_code)


def is_sign_in(route: str) -> bool:
    """Here 401 speaks of the password that was sent, not of who may ask."""
    return route.endswith(("/login", "POST /sign-in", "POST /sign-in/code"))


def test_every_route_has_its_row(app: Litestar) -> None:
    """A new route needs a row in access_table.py, an old row that leads nowhere must go."""
    routes = routes_of(app)
    assert sorted(routes - TABLE.keys()) == []
    assert sorted(TABLE.keys() - routes) == []


async def test_every_principal_gets_what_the_table_says(
    client: httpx.AsyncClient, scene: Scene
) -> None:
    """A1: nobody reads or changes what is not theirs, and a refusal changes nothing."""
    surprises, checks = [], 0
    for route, row in TABLE.items():
        for principal, expected in zip(PRINCIPALS, row.split(), strict=True):
            thing = await make_thing(scene, route)
            before = await scene.fingerprint() if expected != "in" else None
            answer = await knock(client, scene, route, principal, thing)
            checks += 1
            found = outcome_of(route, answer)
            if found != expected:
                surprises.append(f"{route} as {principal}: {found}, not {expected}")
            if before is not None and await scene.fingerprint() != before:
                surprises.append(f"{route} as {principal}: refused, and yet something changed")
            if row != EVERYBODY and answer.headers["cache-control"] != "no-store":
                surprises.append(f"{route} as {principal}: may be kept by whoever hands it on")
            if route in ENDS_SESSIONS and principal in scene.guest_list():
                await scene.sign_in(principal, EMAILS[principal])
    print(f"A1: {checks} checks of {len(TABLE)} routes, {len(surprises)} surprises")
    assert "\n".join(surprises) == ""


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "null", None, "http://house.example.evil.example"]
)
async def test_no_foreign_site_acts_for_anybody(
    client: httpx.AsyncClient, scene: Scene, origin: str | None
) -> None:
    """A7: every unsafe page, as the owner's browser would be made to send it."""
    changes = tried = 0
    for route in TABLE:
        method, path = route.split(" ", 1)
        if method in SAFE or path.startswith("/api/"):
            continue
        placed = await scene.place_order()
        path = fill(path.replace("{order_id:str}", placed.id))
        headers = credentials(scene, "owner", path) | ({"origin": origin} if origin else {})
        before = await scene.fingerprint()
        for sent in (BODIES.get(route, {}), {}):
            tried += 1
            answer = await send(client, method, path, sent, headers)
            changes += answer.status_code != 403 or await scene.fingerprint() != before
    print(f"A7: {tried} unsafe requests from {origin}, {changes} changed something")
    assert tried > 0
    assert changes == 0


async def test_cookies_do_nothing_at_the_api(client: httpx.AsyncClient, scene: Scene) -> None:
    """A7: a browser attaches cookies by itself, so the API never looks at them."""
    entered = 0
    for route, row in TABLE.items():
        method, path = route.split(" ", 1)
        if not path.startswith("/api/") or row.split()[0] != "401":
            continue
        token = scene.tokens["owner", SessionKind.PAGE]
        headers = {"cookie": f"session={token}", "origin": "https://evil.example"}
        answer = await send(client, method, fill(path), BODIES.get(route, {}), headers)
        entered += answer.status_code not in (401, 404)
    assert entered == 0


async def test_the_description_has_every_door_of_the_api(
    app: Litestar, client: httpx.AsyncClient
) -> None:
    described = (await client.get("/api/openapi.json")).json()["paths"]
    known = {
        f"{method.upper()} {re.sub('{([^}]+)}', '{}', path)}"
        for path, operations in described.items()
        for method in operations
    }
    doors = {
        re.sub("{([^}]+)}", "{}", route)
        for route in routes_of(app)
        if " /api/" in route and "/api/openapi" not in route and "/api/docs" not in route
    }
    assert doors - known == set()
