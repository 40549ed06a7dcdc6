"""Every route of the application with every principal, against one table (A1, A7)."""

from __future__ import annotations

from dataclasses import dataclass, field

import httpx
import pytest
from litestar import Litestar
from litestar.handlers import HTTPRouteHandler
from sqlalchemy import func, select

from basis.ids import new_id
from kitchenasty import accounts, checkout, guests, locations, staff
from kitchenasty.checkout.tests.builders import draft_of
from kitchenasty.kit.access import handlers_of
from kitchenasty.kit.books import Books
from kitchenasty.kit.columns import Model
from kitchenasty.kit.entrance import Entrance, Visit
from kitchenasty.kit.limits import Limits
from kitchenasty.kit.passwords import Passwords
from kitchenasty.kit.principals import Kind, Principal, Role
from kitchenasty.kit.sessions import SessionKind
from kitchenasty.kit.statements import Statement
from kitchenasty.locations.tests.builders import add_house
from kitchenasty.menu.tests.builders import add_dish
from kitchenasty.tests.access_table import BODIES, PRINCIPALS, TABLE

PASSWORD = "seven green kettles"
OWN = "http://house.example"
SAFE = ("GET", "HEAD")
ENDS_SESSIONS = ("POST /api/auth/logout", "POST /sign-out", "POST /sign-in")
OBJECTS = ("order_id", "staff_id", "house_id", "capability")
FILLER = "01890000-0000-7000-8000-000000000009"
WATCHED = ("orders", "staff_members", "customers", "sessions", "audit_rows", "set_up_codes")


@dataclass
class Scene:
    """A house at work, and everybody who could knock."""

    books: Books
    entrance: Entrance
    house: locations.House
    dish_id: str
    customer_a: guests.Guest
    other_capability: str = ""
    tokens: dict[tuple[str, SessionKind], str] = field(default_factory=dict)

    async def place_order(self) -> checkout.AcceptedOrder:
        """An order of customer A."""
        customer = Principal(kind=Kind.CUSTOMER, id=self.customer_a.id, name="Anna")
        line = checkout.CartLine(dish_id=self.dish_id, quantity=1)
        draft = draft_of(self.house.id, line, customer_id=self.customer_a.id)
        async with self.books.writing(customer) as uow:
            return await checkout.place_order(uow, draft)

    async def add_staff(
        self, email: str, role: Role = Role.STAFF, houses: tuple[str, ...] | None = None
    ) -> staff.Member:
        newcomer = staff.NewMember(email=email, name="Rosa", role=role, house_ids=houses)
        visit = Visit(door=SessionKind.API)
        return await accounts.register_member(self.entrance, visit, newcomer, PASSWORD)

    async def sign_in(self, name: str, email: str) -> None:
        """Two fresh sessions, one for each kind of door."""
        for door in SessionKind:
            signed_in = await accounts.sign_in(
                self.entrance,
                Visit(door=door),
                email=email,
                password=PASSWORD,
                kinds=(Kind.STAFF, Kind.CUSTOMER),
            )
            self.tokens[name, door] = signed_in.token

    def guest_list(self) -> set[str]:
        """Who can sign in again."""
        return EMAILS.keys() - {"deactivated"}

    async def fingerprint(self) -> list[tuple[object, ...]]:
        """What a refused request must leave as it is."""
        async with self.books.reading() as look:
            counts = [
                await look.value(
                    Statement(select(func.count()).select_from(Model.metadata.tables[name]))
                )
                for name in WATCHED
            ]
            table = Model.metadata.tables["orders"]
            moved = await look.rows(Statement(select(table.c.id, table.c.version)))
            people = Model.metadata.tables["staff_members"]
            standing = await look.rows(
                Statement(select(people.c.id, people.c.role, people.c.is_active))
            )
        return [tuple(counts), *sorted(moved), *sorted(standing)]


EMAILS = {
    "customer_a": "anna@guest.example",
    "customer_b": "ben@guest.example",
    "cook": "cook@house.example",
    "cook_elsewhere": "elsewhere@house.example",
    "manager": "manager@house.example",
    "owner": "owner@house.example",
    "deactivated": "gone@house.example",
}


@pytest.fixture
async def scene(books: Books) -> Scene:
    entrance = Entrance.of(
        books,
        secret=b"s" * 32,
        limits=Limits(enabled=False),
        passwords=Passwords(memory_kib=64),
    )
    async with books.writing() as uow:
        house = await add_house(uow)
        elsewhere = await add_house(uow, name="Harbour")
        dish_id = await add_dish(uow)
    visit = Visit(door=SessionKind.API)
    anna = guests.NewGuest(email=EMAILS["customer_a"], name="Anna")
    ben = guests.NewGuest(email=EMAILS["customer_b"], name="Ben")
    customer_a, _ = await accounts.register_guest(entrance, visit, anna, PASSWORD)
    await accounts.register_guest(entrance, visit, ben, PASSWORD)
    scene = Scene(books, entrance, house, dish_id, customer_a)
    await scene.add_staff(EMAILS["cook"], houses=(house.id,))
    await scene.add_staff(EMAILS["cook_elsewhere"], houses=(elsewhere.id,))
    await scene.add_staff(EMAILS["manager"], Role.MANAGER)
    await scene.add_staff(EMAILS["owner"], Role.SUPER_ADMIN)
    gone = await scene.add_staff(EMAILS["deactivated"], Role.SUPER_ADMIN)
    for name, email in EMAILS.items():
        await scene.sign_in(name, email)
    async with books.writing() as uow:
        await staff.change_member(uow, gone.id, {"is_active": False})
    scene.other_capability = (await scene.place_order()).capability
    return scene


def routes_of(app: Litestar) -> set[str]:
    return {
        f"{method} {route.path}"
        for route, handler in handlers_of(app)
        if isinstance(handler, HTTPRouteHandler)
        for method in handler.http_methods
        if method != "HEAD"
    }


@dataclass(frozen=True)
class Thing:
    """What a request is about, fresh for each one."""

    parts: dict[str, str]
    capability: str = ""


async def make_thing(scene: Scene, route: str) -> Thing:
    if "{order_id" in route or "{capability" in route:
        placed = await scene.place_order()
        return Thing({"order_id:str": placed.id}, placed.capability)
    if "{staff_id" in route:
        async with scene.books.writing() as uow:
            newcomer = staff.NewMember(email=f"{new_id()}@house.example", name="Target")
            target = await staff.add_member(uow, newcomer, password_hash="none")
        return Thing({"staff_id:str": target.id})
    if "{dish_id" in route:
        async with scene.books.writing() as uow:
            return Thing({"dish_id:str": await add_dish(uow)})
    return Thing({})


async def knock(
    client: httpx.AsyncClient, scene: Scene, route: str, principal: str, thing: Thing
) -> httpx.Response:
    """Ask for a route as somebody."""
    method, path = route.split(" ", 1)
    capability = {"link": thing.capability, "other_link": scene.other_capability}.get(principal)
    known = thing.parts | {
        "house_id:str": scene.house.id,
        "day:date": "2030-12-24",
        "capability:str": capability or FILLER,
    }
    for name, value in known.items():
        path = path.replace("{" + name + "}", value)
    headers = credentials(scene, principal, path) | {"origin": OWN}
    if capability:
        headers["x-order-capability"] = capability
    return await send(client, method, fill(path), BODIES.get(route, {}), headers)


def credentials(scene: Scene, principal: str, path: str) -> dict[str, str]:
    if path.startswith("/api/"):
        token = scene.tokens.get((principal, SessionKind.API))
        return {"authorization": f"Bearer {token}"} if token else {}
    token = scene.tokens.get((principal, SessionKind.PAGE))
    return {"cookie": f"session={token}"} if token else {}


def fill(path: str) -> str:
    """Whatever else a route wants to know gets an id that names nothing."""
    while "{" in path:
        start, end = path.index("{"), path.index("}")
        path = path[:start] + FILLER + path[end + 1 :]
    return path


async def send(
    client: httpx.AsyncClient,
    method: str,
    path: str,
    body: dict[str, object],
    headers: dict[str, str],
) -> httpx.Response:
    client.cookies.clear()
    if method in SAFE:
        return await client.request(method, path, headers=headers)
    if path.startswith("/api/") or path.endswith(".json"):
        once = headers | {"idempotency-key": new_id()}
        return await client.request(method, path, json=body, headers=once)
    return await client.request(method, path, data=body, headers=headers)


def outcome_of(route: str, answer: httpx.Response) -> str:
    to_sign_in = answer.status_code == 303 and answer.headers["location"].startswith("/sign-in?")
    if to_sign_in or (answer.status_code == 401 and not is_sign_in(route)):
        return "401"
    if answer.status_code == 404 and any(name in route for name in OBJECTS):
        return "404"
    if answer.status_code == 403 and route != "POST /setup":
        return "403"
    return "in" if answer.status_code < 500 else str(answer.status_code)


def is_sign_in(route: str) -> bool:
    """Here 401 speaks of the password that was sent, not of who may ask."""
    return route.endswith(("/login", "POST /sign-in"))


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
