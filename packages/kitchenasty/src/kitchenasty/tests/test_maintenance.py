"""Closed for maintenance: a calm page for guests, and everything that has to go on goes on."""

from __future__ import annotations

import httpx
import pytest
from litestar import Litestar

from kitchenasty import checkout, content, settings
from kitchenasty.checkout.tests.builders import draft_of
from kitchenasty.dashboard import OPEN_IN_MAINTENANCE
from kitchenasty.kit.books import Books
from kitchenasty.kit.http.access import handlers_of
from kitchenasty.kit.principals import ANONYMOUS, Kind, Principal, Role
from kitchenasty.tests.access_table import TABLE
from kitchenasty.tests.scene import EMAILS, OWN, PASSWORD, Scene, credentials, knock, make_thing

OPEN_DOORS = ("GET /sign-in", "GET /t/{capability:str}", "GET /t/{capability:str}/pay",
              "GET /health/ready", "GET /health/live", "GET /api/health", "GET /api/legal",
              "GET /brand.css", "GET /site.webmanifest", "POST /api/auth/staff/login",
              "GET /api/orders/{order_id:str}",
              "POST /api/payments/create-intent", "POST /api/payments/webhook")  # fmt: skip
CLOSED_DOORS = ("GET /", "GET /locations", "GET /at/{house:str}/cart", "POST /api/orders",
                "GET /api/menu", "GET /account/orders", "POST /register")  # fmt: skip


@pytest.fixture
async def closed(books: Books, scene: Scene) -> Scene:
    async with books.writing() as uow:
        given: dict[str, settings.Value] = {
            "maintenanceMode": True,
            "maintenanceMessage": "New ovens <b>until</b> noon.",
        }
        await settings.change(uow, settings.ADVANCED, given)
    return scene


async def answer_to(
    client: httpx.AsyncClient, scene: Scene, route: str, principal: str
) -> httpx.Response:
    return await knock(client, scene, route, principal, await make_thing(scene, route))


@pytest.mark.parametrize("principal", ["nobody", "customer_a"])
async def test_guests_read_a_calm_page_and_when_to_come_again(
    client: httpx.AsyncClient, closed: Scene, principal: str
) -> None:
    for route in CLOSED_DOORS:
        answer = await answer_to(client, closed, route, principal)
        if principal == "nobody" and TABLE[route].startswith("401"):
            continue
        assert answer.status_code == 503, route
        assert answer.headers["retry-after"] == "300"
    page = await client.get("/")
    assert "New ovens &lt;b&gt;until&lt;/b&gt; noon." in page.text
    said = (await client.get("/api/locations")).json()
    assert (said["code"], said["error"]) == ("UnderMaintenance", "New ovens <b>until</b> noon.")


@pytest.mark.parametrize("route", OPEN_DOORS)
async def test_what_has_to_go_on_goes_on(
    client: httpx.AsyncClient, scene: Scene, books: Books, route: str
) -> None:
    """Guests who pay or follow an order, providers, machines, and staff who sign in."""
    thing = await make_thing(scene, route)
    async with books.writing() as uow:
        await settings.change(uow, settings.ADVANCED, {"maintenanceMode": True})
    answer = await knock(client, scene, route, "link" if thing.capability else "nobody", thing)
    assert answer.status_code != 503, answer.text


async def test_the_staff_works_on_and_may_order_for_a_guest(
    client: httpx.AsyncClient, closed: Scene
) -> None:
    for path in ("/admin", f"/kitchen/{closed.house.id}", "/", "/admin/orders"):
        headers = credentials(closed, "cook", path)
        client.cookies.clear()
        assert (await client.get(path, headers=headers)).status_code == 200, path
    line = checkout.CartLine(dish_id=closed.dish_id, quantity=1)
    cook = Principal(kind=Kind.STAFF, id="c", role=Role.STAFF)
    async with closed.books.writing(cook) as uow:
        await checkout.place_order(uow, draft_of(closed.house.id, line))


async def test_whoever_is_past_the_door_already_orders_nothing_either(closed: Scene) -> None:
    """Another process may know for a quarter of a second that the house is open: the books know
    better.
    """
    line = checkout.CartLine(dish_id=closed.dish_id, quantity=1)
    with pytest.raises(checkout.OrderingOff):
        async with closed.books.writing(ANONYMOUS) as uow:
            await checkout.place_order(uow, draft_of(closed.house.id, line))


async def test_opened_again_guests_come_in_at_once(
    client: httpx.AsyncClient, closed: Scene
) -> None:
    assert (await client.get("/")).status_code == 503
    async with closed.books.writing() as uow:
        await settings.change(uow, settings.ADVANCED, {"maintenanceMode": False})
    assert (await client.get("/")).status_code == 200


async def test_the_law_and_the_sign_in_of_the_staff_stay_within_reach(
    client: httpx.AsyncClient, closed: Scene
) -> None:
    async with closed.books.writing() as uow:
        await content.write_legal_page(uow, "imprint", title="Imprint", content="Juniper Ltd")
    calm = await client.get("/")
    assert calm.status_code == 503
    assert 'href="/legal/imprint"' in calm.text
    page = await client.get("/legal/imprint")
    assert (page.status_code, "Juniper Ltd" in page.text) == (200, True)
    assert 'href="/sign-in"' in calm.text
    staff = {"email": EMAILS["owner"], "password": PASSWORD}
    assert (await client.post("/sign-in", data=staff, headers={"origin": OWN})).status_code == 303


def test_every_door_that_stays_open_is_there(app: Litestar) -> None:
    paths = {route.path for route, _ in handlers_of(app)} | {"/live", "/socket.io"}
    idle = [door for door in OPEN_IN_MAINTENANCE if not any(p.startswith(door) for p in paths)]
    assert idle == []
