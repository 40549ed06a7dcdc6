"""A2: a body changes what its form names, whatever else it carries."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import msgspec
import pytest
from litestar import Litestar
from sqlalchemy import select

from basis.ids import new_code
from basis.kit.data.statements import Statement
from kitchenasty.kit.http.access import handlers_of
from kitchenasty.kit.tables import every_table
from kitchenasty.tests.scene import OWN, Scene, credentials, make_thing, send

WRITES: list[tuple[str, str, str, dict[str, Any]]] = [
    # route, as whom, which table it changes, and the least that it takes
    ("POST /api/orders", "customer_a", "orders", {"orderType": "PICKUP", "guestPhone": "030 1"}),
    ("PATCH /api/orders/{order_id:str}/status", "cook", "orders", {"status": "CONFIRMED"}),
    ("POST /api/orders/{order_id:str}/cancel", "customer_a", "orders", {}),
    ("POST /api/orders/{order_id:str}/refunds", "manager", "refunds",
     {"amount": 1, "reason": "cold"}),
    ("POST /admin/tables/{house_id:str}/parties/{reservation_id:str}/notes", "cook",
     "reservations", {"version": "1", "houseNote": "By the window"}),
    ("POST /api/auth/customer/register", "nobody", "customers", {"name": "Tom"}),
    ("POST /api/addresses", "customer_a", "addresses",
     {"line1": "Long Lane 1", "postalCode": "10117", "city": "Berlin"}),
    ("POST /account/addresses", "customer_a", "addresses",
     {"line1": "Long Lane 1", "postal_code": "10117", "city": "Berlin"}),
    ("PATCH /api/auth/me", "customer_a", "customers", {"name": "Tom"}),
    ("POST /account", "customer_a", "customers", {"name": "Tom"}),
    ("POST /account/adverts", "customer_a", "advert_words", {"way": "PUSH"}),
    ("POST /register", "nobody", "customers", {"name": "Tom"}),
    ("POST /api/auth/push-token", "customer_a", "push_followers", {"expoPushToken": "Expo[x]"}),
    ("POST /api/auth/staff/register", "owner", "staff_members", {"name": "Neo"}),
    ("PATCH /api/staff/{staff_id:str}", "owner", "staff_members", {"name": "Rosa"}),
    ("PATCH /api/auth/me", "cook", "staff_members", {"name": "Rosa"}),
    ("POST /admin/me", "cook", "staff_members", {"name": "Rosa"}),
    ("PATCH /api/locations/{house_id:str}", "manager", "locations", {"description": "new"}),
    ("POST /api/locations/{house_id:str}/tables", "manager", "tables", {"capacity": 4}),
    ("PATCH /api/locations/{house_id:str}/tables/{table_id:str}", "manager", "tables",
     {"capacity": 6, "sortOrder": 1}),
    ("PUT /api/locations/{house_id:str}/busy", "cook", "locations", {"mode": "NONE"}),
    ("POST /admin/houses/{house_id:str}/busy", "cook", "locations", {"mode": "NONE"}),
    ("POST /admin/houses/{house_id:str}", "manager", "locations",
     {"name": "Quay", "address": "1 Quay", "city": "Berlin", "postalCode": "10115",
      "country": "DE", "zone": "Europe/Berlin", "pickup": "on"}),
    ("POST /api/locations/{house_id:str}/delivery-zones", "manager", "delivery_zones",
     {"name": "Near", "rank": 1, "isActive": False}),
    ("PATCH /api/locations/{house_id:str}/delivery-zones/{zone_id:str}", "manager",
     "delivery_zones", {"charge": 2}),
    ("POST /admin/zones/{house_id:str}/{zone_id:str}", "manager", "delivery_zones",
     {"name": "Near", "rank": "1"}),
    ("PUT /api/locations/{house_id:str}/charges", "manager", "locations", {"tipOptions": [5]}),
    ("POST /admin/charges/{house_id:str}", "manager", "locations",
     {"tips": "5", "policy": "by-rate/half-up"}),
    ("POST /api/menu/categories", "manager", "categories", {"name": "Soups"}),
    ("POST /admin/menu/categories/{category_id:str}", "manager", "categories", {"name": "Soups"}),
    ("POST /admin/menu/mealtimes/{mealtime_id:str}", "manager", "mealtimes",
     {"name": "Noon", "starts": "11:00", "ends": "14:00", "days": "1"}),
    ("POST /admin/menu/allergens", "manager", "allergens", {}),
    ("POST /api/menu/mealtimes", "manager", "mealtimes",
     {"name": "Noon", "startTime": "11:00", "endTime": "14:00", "days": [1]}),
    ("POST /api/menu/allergens", "manager", "allergens", {}),
    ("POST /api/legal/cookie-categories", "manager", "cookie_categories",
     {"label": "Counting", "description": "How many come."}),
    ("PATCH /api/legal/cookie-categories/{cookie_category_id:str}", "manager",
     "cookie_categories", {"label": "Counting"}),
    ("POST /admin/site/cookies", "manager", "cookie_categories",
     {"label": "Counting", "description": "How many come.", "isActive": "on"}),
    ("POST /api/coupons", "manager", "coupons", {"type": "PERCENTAGE", "value": 10}),
    ("POST /admin/coupons", "manager", "coupons", {"type": "PERCENTAGE", "value": "10"}),
    ("PUT /api/loyalty/programme", "manager", "point_programme",
     {"isOn": True, "currency": "EUR", "pointsPerUnit": 1, "hundredPointsWorth": 1,
      "minimumPoints": 1}),
    ("POST /admin/loyalty", "manager", "point_programme",
     {"currency": "EUR", "perUnit": "1", "hundred": "1", "least": "1"}),
    ("POST /api/promotions", "manager", "promotions", {"name": "Late", "percent": 10}),
    ("POST /api/gift-cards", "manager", "gift_cards", {"amount": 5, "currency": "EUR"}),
    ("POST /admin/gift-cards", "manager", "gift_cards", {"amount": "5", "currency": "EUR"}),
    ("PATCH /api/customers/{customer_id:str}", "manager", "customers", {"allergies": "nuts"}),
    ("POST /admin/guests/{customer_id:str}/allergies", "cook", "customers", {"allergies": "nuts"}),
    ("POST /api/customers/{customer_id:str}/notes", "cook", "guest_notes", {"body": "Tall."}),
    ("POST /admin/guests/{customer_id:str}/notes", "cook", "guest_notes", {"body": "Tall."}),
    ("POST /admin/guests/{customer_id:str}/tags", "cook", "guest_tags", {"tags": "tall"}),
    ("POST /admin/staff", "owner", "staff_invitations", {"name": "Neo", "role": "STAFF"}),
    ("POST /api/staff/invite", "owner", "staff_invitations", {"name": "Neo"}),
    ("POST /api/keys", "owner", "api_keys", {"name": "Till", "scopes": ["orders:read"]}),
    ("POST /api/webhooks", "owner", "webhook_endpoints",
     {"url": "https://shop.example/", "topics": ["order.placed"]}),
    ("PATCH /api/webhooks/{webhook_id:str}", "owner", "webhook_endpoints", {"description": "Till"}),
    ("POST /api/reservations", "nobody", "reservations",
     {"date": "2030-05-18", "time": "19:00", "partySize": 2, "guestName": "Tom",
      "guestPhone": "030 1"}),
    ("POST /api/waiting-list", "nobody", "waiting_parties",
     {"date": "2030-05-18", "partySize": 9, "guestName": "Tom", "guestPhone": "030 1"}),
    ("PATCH /api/reservations/{reservation_id:str}", "customer_a", "reservations",
     {"comment": "By the window"}),
    ("POST /admin/orders/{order_id:str}/move", "cook", "orders",
     {"target": "CONFIRMED", "version": 1}),
]  # fmt: skip
ASKING = ("POST /api/legal/cookie-categories", "POST /admin/site/cookies")
INVITING = ("POST /admin/staff", "POST /api/staff/invite")
FRESH = {"id", "number", "email", "slug", "name", "code", "capability_hash", "password_hash",
         "token_hash", "secret", "hint", "shown", "code_hash",
         "kitchen_slot", "promised_at", "fire_at", "version", "updated_at",
         "is_default", "order_id"}  # fmt: skip
"""What differs between two of the same, made one after the other."""
VALUES: tuple[Any, ...] = (
    "smuggled",
    424_242,
    True,
    False,
    None,
    "SUPER_ADMIN",
    "DELIVERED",
    "PAID",
)
MARKS = ("smuggled", "424242")


def fields_of(app: Litestar, route: str) -> set[str]:
    """What the form of this route names."""
    method, path = route.split(" ", 1)
    for found, handler in handlers_of(app):
        parameter = handler.parsed_fn_signature.parameters.get("data")
        kind: Any = parameter.annotation if parameter else handler.opt.get("reads")
        if found.path == path and method in getattr(handler, "http_methods", ()) and kind:
            return {field.encode_name for field in msgspec.structs.fields(kind)}
    raise AssertionError(f"{route} reads no form")


def forbidden_fields(app: Litestar, route: str) -> Iterator[str]:
    """The name of every column of ours, as the wire spells it, that the form does not have."""
    names = {column.name for table in every_table().values() for column in table.columns}
    more = {"isAdmin", "isOwner", "type", "user", "permissions", "__proto__", "price", "total"}
    shortened = {name.removesuffix("_minor").removesuffix("_hash") for name in names}
    spelt = {camel(name) for name in names | shortened} | names | more
    yield from sorted(spelt - fields_of(app, route))


def camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(part.capitalize() for part in rest)


def whole_body(route: str, least: dict[str, Any], scene: Scene) -> dict[str, Any]:
    """The least that the route takes, with names that were never used before."""
    tag = new_code(8).lower()
    body = dict(least)
    if "register" in route or route in INVITING:
        body |= {"email": f"{tag}@house.example", "password": "seven green kettles"}
    if route == "POST /api/orders":
        line = {"menuItemId": scene.dish_id, "quantity": 1}
        body |= {"locationId": scene.house.id, "items": [line]}
    if route in {"POST /api/reservations", "POST /api/waiting-list"}:
        body["locationId"] = scene.house.id
    if route == "POST /api/menu/categories":
        body["slug"] = tag
    if route == "POST /api/locations/{house_id:str}/tables":
        body |= {"name": tag, "sortOrder": 1}
    if route.endswith("/menu/allergens") or route in ASKING:
        body["name"] = tag
    return body


async def write(
    client: httpx.AsyncClient, scene: Scene, route: str, principal: str, body: dict[str, Any]
) -> httpx.Response:
    method, path = route.split(" ", 1)
    thing = await make_thing(scene, route)
    for name, value in (thing.parts | {"house_id:str": scene.house.id}).items():
        path = path.replace("{" + name + "}", value)
    headers = credentials(scene, principal, path) | {"origin": OWN}
    return await send(client, method, path, body, headers)


async def newest_of(scene: Scene, table: str) -> dict[str, Any]:
    """The row that was written last."""
    of = every_table()[table]
    newest = select(of).order_by(of.c.get("updated_at", of.c.id).desc(), of.c.id.desc()).limit(1)
    async with scene.books.reading() as look:
        row = await look.row(Statement(newest))
    assert row is not None
    return dict(zip(of.columns.keys(), row, strict=True))


async def whole_database(scene: Scene) -> str:
    async with scene.books.reading() as look:
        found = [await look.rows(Statement(select(one))) for one in every_table().values()]
    return str(found)


@pytest.mark.parametrize(("route", "principal", "table", "least"), WRITES)
async def test_what_the_form_does_not_name_changes_nothing(
    app: Litestar,
    client: httpx.AsyncClient,
    scene: Scene,
    clock: Any,
    route: str,
    principal: str,
    table: str,
    least: dict[str, Any],
) -> None:
    """The row is the same with and without smuggled fields, and their values are nowhere."""
    names = list(forbidden_fields(app, route))
    clock.advance(seconds=1)
    plain = await write(client, scene, route, principal, whole_body(route, least, scene))
    assert plain.status_code < 400, plain.text
    expected = await newest_of(scene, table)
    sent, changed = 0, []
    for value in VALUES:
        clock.advance(seconds=1)
        body = dict.fromkeys(names, value) | whole_body(route, least, scene)
        answer = await write(client, scene, route, principal, body)
        assert answer.status_code < 400, answer.text
        found = await newest_of(scene, table)
        sent += len(names)
        times = {name for name in expected if name.endswith("_at")}
        changed += [
            f"{name}: {found[name]!r} with {value!r}"
            for name in expected.keys() - FRESH - times
            if found[name] != expected[name]
        ]
    kept = await whole_database(scene)
    print(f"A2: {route}: {sent} smuggled fields, {len(changed)} changed something")
    assert changed == []
    assert [mark for mark in MARKS if mark in kept] == []


def test_every_door_that_takes_a_form_of_people_or_money_is_tried() -> None:
    """At least one door for each table that holds rights, prices or orders."""
    assert {table for _, _, table, _ in WRITES} >= {
        "orders",
        "refunds",
        "customers",
        "staff_members",
        "locations",
        "delivery_zones",
        "categories",
        "mealtimes",
    }
