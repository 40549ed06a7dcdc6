"""A house at work, everybody who could knock, and how they knock."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta

import httpx
from sqlalchemy import func, select

from basis.ids import new_code, new_id
from basis.kit.data.statements import Statement
from basis.kit.limits import Limits
from kitchenasty import (
    accounts,
    availability,
    checkout,
    consent,
    guests,
    locations,
    menu,
    orders,
    payments,
    refunds,
    reservation_calendars,
    reservations,
    reviews,
    staff,
    waitlist,
)
from kitchenasty.checkout.tests.builders import draft_of
from kitchenasty.kit.books import Books, UnitOfWork
from kitchenasty.kit.identity.entrance import Entrance, Visit
from kitchenasty.kit.identity.passwords import Passwords
from kitchenasty.kit.identity.sessions import SessionKind, open_session
from kitchenasty.kit.identity.signed_in import list_places
from kitchenasty.kit.principals import Kind, Principal, Role
from kitchenasty.kit.tables import every_table
from kitchenasty.locations.tests.builders import add_house
from kitchenasty.menu.tests.builders import add_category, add_dish
from kitchenasty.promotions.tests.builders import add_coupon, add_happy_hour
from kitchenasty.tests.access_bodies import BODIES
from kitchenasty.tests.scene_receivers import make_receiver

PASSWORD = "seven green kettles"
OWN = "http://house.example"
SAFE = ("GET", "HEAD")
FILLER = "01890000-0000-7000-8000-000000000009"
WATCHED = (
    "orders",
    "reservations",
    "table_stays",
    "waiting_parties",
    "staff_members",
    "customers",
    "sessions",
    "audit_rows",
    "set_up_codes",
    "webhook_endpoints",
    "webhook_deliveries",
)


@dataclass
class Scene:
    """A house at work, and everybody who could knock."""

    books: Books
    entrance: Entrance
    house: locations.House
    dish_id: str
    customer_a: guests.Guest
    other_capability: str = ""
    regular_id: str = ""
    tokens: dict[tuple[str, SessionKind], str] = field(default_factory=dict)

    async def place_order(self) -> checkout.AcceptedOrder:
        """An order of customer A."""
        customer = Principal(kind=Kind.CUSTOMER, id=self.customer_a.id, name="Anna")
        line = checkout.CartLine(dish_id=self.dish_id, quantity=1)
        draft = draft_of(self.house.id, line, customer_id=self.customer_a.id)
        async with self.books.writing(customer) as uow:
            return await checkout.place_order(uow, draft)

    async def know_a_regular(self, route: str) -> dict[str, str]:
        """A guest who ordered at the house, and a note about them where a route is about one."""
        async with self.books.writing() as uow:
            if not self.regular_id:
                newcomer = guests.NewGuest(email="regular@guest.example", name="Greta")
                guest = await guests.register_guest(uow, newcomer, password_hash="none")
                self.regular_id = guest.id
                line = checkout.CartLine(dish_id=self.dish_id, quantity=1)
                draft = draft_of(self.house.id, line, customer_id=guest.id)
                await checkout.place_order(uow, draft)
            known = {"customer_id:str": self.regular_id}
            if "{note_id" in route:
                note = await guests.write_note(uow, self.regular_id, "Sits by the window.")
                known["note_id:str"] = note.id
        return known

    async def have_a_review(self) -> str:
        """Of an order that was handed over."""
        placed = await self.place_order()
        customer = Principal(kind=Kind.CUSTOMER, id=self.customer_a.id, name="Anna")
        async with self.books.writing() as uow:
            for status in orders.FORWARD[orders.OrderType.PICKUP][1:]:
                await orders.move_order(uow, placed.id, status)
        async with self.books.writing(customer) as uow:
            draft = reviews.Draft(rating=4, body="Good.", order_id=placed.id)
            return (await reviews.submit(uow, draft)).id

    async def reserve_table(self) -> reservations.Booked:
        """A table of customer A, for an evening on which a new one is put up."""
        customer = Principal(kind=Kind.CUSTOMER, id=self.customer_a.id, name="Anna")
        async with self.books.writing() as uow:
            table = locations.TableDraft(name=new_id()[-12:], seats=2)
            await locations.add_tables(uow, self.house.id, [table])
        day = self.books.clock().date() + timedelta(days=1)
        wish = availability.Wish(house_id=self.house.id, day=day, shown="19:00", party=2)
        async with self.books.reading(customer) as look:
            plan = await availability.plan(look, wish)
        guest = reservations.Guest(name="Anna", phone="030 1", customer_id=customer.id)
        async with self.books.writing(customer) as uow:
            return await reservations.book(uow, plan, guest, source=reservations.Source.GUEST)

    async def wait_for_a_table(self) -> tuple[str, str]:
        """Customer A, for more people than any table has seats; the id, and what opens it."""
        customer = Principal(kind=Kind.CUSTOMER, id=self.customer_a.id, name="Anna")
        day = self.books.clock().date() + timedelta(days=1)
        asked = waitlist.Asked(house_id=self.house.id, day=day, party=9)
        guest = reservations.Guest(name="Anna", phone="030 1", customer_id=customer.id)
        async with self.books.writing(customer) as uow:
            return await waitlist.join(uow, asked, guest)

    async def refund_part(self, order: orders.Order) -> str:
        """Have it paid and give a little of it back."""
        async with self.books.writing() as uow:
            await payments.collect_cash(uow, order.id)
            wish = refunds.Wish(units={}, amount_minor=1)
            return (await refunds.refund(uow, order, wish, reason="It was cold.")).id

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
                await look.value(Statement(select(func.count()).select_from(every_table()[name])))
                for name in WATCHED
            ]
            table = every_table()["orders"]
            moved = await look.rows(Statement(select(table.c.id, table.c.version)))
            people = every_table()["staff_members"]
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
    "manager_here": "here@house.example",
    "manager_elsewhere": "there@house.example",
    "owner": "owner@house.example",
    "deactivated": "gone@house.example",
}


async def open_scene(books: Books) -> Scene:
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
    await scene.add_staff(EMAILS["manager_here"], Role.MANAGER, (house.id,))
    await scene.add_staff(EMAILS["manager_elsewhere"], Role.MANAGER, (elsewhere.id,))
    await scene.add_staff(EMAILS["owner"], Role.SUPER_ADMIN)
    gone = await scene.add_staff(EMAILS["deactivated"], Role.SUPER_ADMIN)
    for name, email in EMAILS.items():
        await scene.sign_in(name, email)
    async with books.writing() as uow:
        await staff.change_member(uow, gone.id, {"is_active": False})
    scene.other_capability = (await scene.place_order()).capability
    return scene


@dataclass(frozen=True)
class Thing:
    """What a request is about, fresh for each one."""

    parts: dict[str, str]
    capability: str = ""


async def make_thing(scene: Scene, route: str) -> Thing:
    kept = await make_kept(scene, route)
    if kept is not None:
        return kept
    about = {**BODIES.get(route, {}), "": route}
    if any(mark in str(one) for one in about.values() for mark in ("{order_id", "{capability")):
        placed = await scene.place_order()
        known = {"order_id:str": placed.id}
        if "/refund" in route:
            known["refund_id:str"] = await scene.refund_part(placed.order)
        return Thing(known, placed.capability)
    if "{staff_id" in route:
        async with scene.books.writing() as uow:
            newcomer = staff.NewMember(
                email=f"{new_id()}@house.example", name="Target", house_ids=(scene.house.id,)
            )
            target = await staff.add_member(uow, newcomer, password_hash="none")
            await open_session(
                uow, kind=SessionKind.PAGE, subject_kind=Kind.STAFF, subject_id=target.id
            )
            (place,) = await list_places(uow, subject_kind=Kind.STAFF, subject_id=target.id)
        return Thing({"staff_id:str": target.id, "session_id:str": place.id})
    if "{review_id" in route:
        return Thing({"review_id:str": await scene.have_a_review()})
    if "{customer_id" in route:
        parts = await scene.know_a_regular(route)
    elif "{zone_id" in route:
        parts = {"zone_id:str": await find_zone(scene)}
    else:
        parts = await make_own(scene, f"{route} {about}")
    return Thing(parts)


async def make_kept(scene: Scene, route: str) -> Thing | None:
    """A table that is kept or waited for, or the calendar of such; None: it is about none."""
    if "{reservation_id" in route or "/r/{capability" in route:
        booked = await scene.reserve_table()
        return Thing({"reservation_id:str": booked.reservation.id}, booked.capability)
    if receiver := await make_receiver(scene.books, scene.house.id, route):
        return Thing(receiver)
    if "{waiting_id" in route or "/w/{capability" in route:
        waiting_id, capability = await scene.wait_for_a_table()
        return Thing({"waiting_id:str": waiting_id}, capability)
    if "{calendar_id" in route or "/calendar/{capability" in route:
        async with scene.books.writing() as uow:
            link = await reservation_calendars.make_link(uow, scene.house.id, shows_details=False)
            # The house has room for a few: the routes are asked for many times.
            for older in (await reservation_calendars.list_links(uow, scene.house.id))[:-3]:
                await reservation_calendars.end_link(uow, scene.house.id, older.id)
        return Thing({"calendar_id:str": link.id}, link.capability)
    return None


async def find_zone(scene: Scene) -> str:
    """A zone of the house, which has room for fifty."""
    async with scene.books.writing() as uow:
        zones = (await locations.load_house(uow, scene.house.id)).zones
        if zones:
            return zones[-1].id
        draft = locations.ZoneDraft(name="Near", rank=1, is_active=False)
        return (await locations.add_zone(uow, scene.house.id, draft)).id


async def make_own(scene: Scene, wanted: str) -> dict[str, str]:
    """What belongs to the house, and to no other one."""
    there = {"house_id": scene.house.id}
    parts: dict[str, str] = {}
    async with scene.books.writing() as uow:
        if "{dish_id" in wanted:
            parts["dish_id:str"] = await add_dish(uow)
        if "{item_id" in wanted:
            parts["item_id:str"] = await add_dish(uow, **there)
        if "{table_id" in wanted or wanted.startswith("POST /api/reservations"):
            table = locations.TableDraft(name=new_id()[-12:], seats=4)
            [made] = await locations.add_tables(uow, scene.house.id, [table])
            parts["table_id:str"] = made.id
        if "{category_id" in wanted:
            parts["category_id:str"] = await add_category(uow, **there)
        if "{cookie_category_id" in wanted:
            parts["cookie_category_id:str"] = await some_cookies(uow)
        if "{mealtime_id" in wanted:
            draft = menu.MealtimeDraft(
                name="Noon", starts=660, ends=840, days=(1,), house_id=there.get("house_id")
            )
            parts["mealtime_id:str"] = await menu.add_mealtime(uow, draft)
        if "{coupon_id" in wanted:
            parts["coupon_id:str"] = (await add_coupon(uow, code=new_code(10), **there)).id
        if "{promotion_id" in wanted:
            parts["promotion_id:str"] = (await add_happy_hour(uow, **there)).id
    return parts


async def some_cookies(uow: UnitOfWork) -> str:
    """A category of cookies, made where there is none."""
    known = await consent.list_categories(uow)
    if known:
        return known[0].id
    draft = consent.CategoryDraft(name=new_id(), label="Counting", description="How many come.")
    return (await consent.add_category(uow, draft)).id


async def knock(
    client: httpx.AsyncClient, scene: Scene, route: str, principal: str, thing: Thing
) -> httpx.Response:
    """Ask for a route as somebody."""
    method, path = route.split(" ", 1)
    capability = {"link": thing.capability, "other_link": scene.other_capability}.get(principal)
    known = thing.parts | {
        "house_id:str": scene.house.id,
        "day:date": "2030-12-24",
        "day:str": "2030-05-16",
        "capability:str": capability or FILLER,
        "key:str": "account.known",
    }
    for name, value in known.items():
        path = path.replace("{" + name + "}", value)
    headers = credentials(scene, principal, path) | {"origin": OWN}
    if capability:
        for name in ("order", "reservation", "waiting"):
            headers[f"x-{name}-capability"] = capability
    body = {name: filled(value, known) for name, value in BODIES.get(route, {}).items()}
    return await send(client, method, fill(path), body, headers)


def filled(value: object, known: dict[str, str]) -> object:
    """The value of a body, with the ids of the things that it names."""
    if isinstance(value, list):
        return [filled(one, known) for one in value]
    return known.get(value[1:-1], value) if isinstance(value, str) else value


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
