"""Defect 99: whatever changes something of the house leaves a row in the trail."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import httpx
import pytest
from sqlalchemy import Column, Table, func, select

from basis.ids import new_code
from basis.kit.data.statements import Statement
from kitchenasty import loyalty
from kitchenasty.kit.config import Config
from kitchenasty.kit.tables import every_table
from kitchenasty.menu.tests.builders import add_dish
from kitchenasty.promotions.tests.builders import add_coupon, add_happy_hour
from kitchenasty.tests import access_bodies
from kitchenasty.tests.access_rows import PRINCIPALS
from kitchenasty.tests.access_table import TABLE
from kitchenasty.tests.audit_bodies import CHANGING, QUIET_COLUMNS, QUIET_TABLES, UNTOLD
from kitchenasty.tests.scene import EMAILS, OWN, SAFE, Scene, credentials, make_thing, send

CHANGED_MIN = 55
ENDS_SESSIONS = ("logout", "sign-out", "sign-in", "login")


@pytest.fixture
def config(config: Config) -> Config:
    return replace(config, rate_limits=False)


async def contents(scene: Scene) -> dict[str, Any]:
    """What stands in every table that matters."""
    async with scene.books.reading() as look:
        return {
            table.name: sorted(map(str, await look.rows(Statement(select(*told_columns(table))))))
            for table in every_table().values()
            if table.name not in QUIET_TABLES
        }


def told_columns(table: Table) -> list[Column[Any]]:
    """Without those that only say that somebody pressed "Save" once more."""
    return [one for one in table.columns if one.name not in QUIET_COLUMNS]


async def count_rows(scene: Scene) -> int:
    table = every_table()["audit_rows"]
    async with scene.books.reading() as look:
        number: int = await look.value(Statement(select(func.count()).select_from(table)))
    return number


async def things_for(scene: Scene, route: str) -> dict[str, str]:
    """What the address names, made anew."""
    found = dict((await make_thing(scene, route)).parts)
    async with scene.books.writing() as uow:
        if "{item_id" in route:
            found["item_id:str"] = await add_dish(uow)
        if "{coupon_id" in route:
            found["coupon_id:str"] = (await add_coupon(uow, code=new_code(8))).id
        if "{promotion_id" in route:
            found["promotion_id:str"] = (await add_happy_hour(uow)).id
        if "{customer_id" in route:
            found["customer_id:str"] = scene.customer_a.id
    return {"house_id:str": scene.house.id, "day:date": "2030-12-24"} | found


async def change(
    client: httpx.AsyncClient, scene: Scene, route: str, things: dict[str, str]
) -> httpx.Response:
    method, path = route.split(" ", 1)
    for name, value in things.items():
        path = path.replace("{" + name + "}", value)
    for part in [one for one in path.split("/") if one.startswith("{")]:
        path = path.replace(part, "01890000-0000-7000-8000-000000000009")
    body = CHANGING.get(route, access_bodies.BODIES.get(route, {}))
    known = {"{" + name + "}": value for name, value in things.items()}
    body = {
        name: known.get(value, value) if isinstance(value, str) else value
        for name, value in body.items()
    }
    is_guests = TABLE[route].split()[PRINCIPALS.index("owner")] == "403"
    headers = credentials(scene, "customer_a" if is_guests else "owner", path) | {"origin": OWN}
    return await send(client, method, path, body, headers)


async def test_every_change_leaves_a_row_in_the_trail(
    client: httpx.AsyncClient, scene: Scene
) -> None:
    """Every door that writes, as the owner or, where it is theirs, as a guest: if tables differ
    afterwards, the trail has grown.
    """
    changed, silent = [], []
    async with scene.books.writing() as uow:
        await loyalty.adjust(uow, scene.customer_a.id, 100, reason="to begin with")
    for route in TABLE:
        if route.split(" ", 1)[0] in SAFE:
            continue
        things = await things_for(scene, route)
        before, rows = await contents(scene), await count_rows(scene)
        answer = await change(client, scene, route, things)
        assert answer.status_code < 500, f"{route}: {answer.text}"
        after, grown = await contents(scene), await count_rows(scene) > rows
        tables = [name for name in before if before[name] != after[name]]
        if answer.status_code < 400 and tables:
            changed.append(route)
            if not grown:
                silent.append(f"{route}: {', '.join(tables)}")
        if any(word in route for word in ENDS_SESSIONS):
            for name in scene.guest_list():
                await scene.sign_in(name, EMAILS[name])
    assert sorted(UNTOLD.keys() - TABLE.keys()) == [], "a reason for a door that is gone"
    left = [one for one in silent if one.split(": ")[0] not in UNTOLD]
    print(f"99: {len(changed)} doors changed something, {len(left)} without a row in the trail")
    assert "\n".join(left) == ""
    assert len(changed) >= CHANGED_MIN
