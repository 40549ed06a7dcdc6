"""Data of services that were removed: kept, listed, and gone only when an admin says so."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from basis.kit.testing import HandClock
from orca.access import Role
from orca.link import Hello, encode
from orca.planning import ALL_SLOTS
from orca.runtime import MemoryEngine, MemoryImage
from orca.tests.linked import DIGEST, Linked, linked, service, until
from orca.tests.world import opened_world

WEB = service()
DATA = """
[[service.volumes]]
name = "data"
path = "/data"
[[service.volumes]]
name = "all"
path = "/all"
per = "service"
"""
DB = service("db", "replicas = 2") + DATA


@pytest.fixture
async def place(tmp_path: Path, clock: HandClock) -> AsyncIterator[Linked]:
    async with opened_world(tmp_path, clock) as world, linked(world) as made:
        yield made


def engine() -> MemoryEngine:
    return MemoryEngine({DIGEST: MemoryImage()})


async def volumes(place: Linked) -> list[tuple[Any, ...]]:
    return [
        (each["service"], each["name"], each["slot"], each["node"], each["isKept"])
        for each in await place.ask("GET", "/volumes")
    ]


async def is_gone(place: Linked) -> bool:
    return "shop/db" not in place.control.state.services


async def serves(place: Linked) -> bool:
    found = await place.service("shop/db")
    return bool(found and len(found["copies"]) == 2 and found["state"] == "running")


async def test_data_outlive_their_service_and_go_when_an_admin_says_so(place: Linked) -> None:
    machine = engine()
    async with place.node("n1", machine):
        await place.deploy(WEB, DB)
        await until(lambda: serves(place))
        names = {"quay.shop.db.all", "quay.shop.db.data.0", "quay.shop.db.data.1"}
        assert machine.volumes == names
        assert await volumes(place) == [
            ("shop/db", "all", None, "n1", False),
            ("shop/db", "data", 0, "n1", False),
            ("shop/db", "data", 1, "n1", False),
        ]
        in_use = await place.world.send(Role.ADMIN, "DELETE", "/api/v1/volumes/shop/db")
        assert (in_use.status_code, in_use.json()["code"]) == (409, "VolumesInUse")

        plan = await place.ask("POST", "/plans", {"files": files(WEB)})
        [removed] = [line["words"] for line in plan if line["about"] == "shop/db"]
        assert removed == "removed; its volumes stay on n1, and orca volumes lists them"
        await place.deploy(WEB)
        await until(lambda: is_gone(place))
        assert machine.volumes == names
        assert {kept for *_, kept in await volumes(place)} == {True}

        refused = await place.world.send(Role.DEPLOYER, "DELETE", "/api/v1/volumes/shop/db")
        assert refused.status_code == 403
        await place.ask("DELETE", "/volumes/shop/db")
        assert machine.volumes == set()
        assert await volumes(place) == []
        again = await place.world.send(Role.ADMIN, "DELETE", "/api/v1/volumes/shop/db")
        assert (again.status_code, again.json()["code"]) == (404, "NothingKept")
        told = [(each.about, each.words) for each in place.control.events.values()]
        assert ("shop/db", "its volumes stay: all and data on n1") in told
        assert ("shop/db", "its volumes are given up") in told


def files(*services: str) -> dict[str, str]:
    return {
        "cluster.toml": '[cluster]\nname = "quay"\n',
        "services/shop/service.toml": "\n".join(services),
    }


async def test_nothing_begins_with_volumes_that_are_being_taken_away(place: Linked) -> None:
    """A node is asked and takes its time; a deploy meanwhile would find half of its data."""
    async with place.node("n1", engine()):
        await place.deploy(WEB, DB)
        await until(lambda: serves(place))
        await place.deploy(WEB)
        await until(lambda: is_gone(place))
    await until(lambda: asyncio.sleep(0, "n1" not in place.control.links.by_node))
    async with place.again("n1") as link:
        await link.send_str(encode(Hello(4_000, 8 << 30)))
        await until(lambda: asyncio.sleep(0, "n1" in place.control.links.by_node))
        asked = asyncio.create_task(
            place.world.send(Role.ADMIN, "DELETE", "/api/v1/volumes/shop/db")
        )
        await until(lambda: asyncio.sleep(0, "shop/db" in place.control.giving_up))
        for method, path, body in (
            ("POST", "/api/v1/deploys", {"files": files(WEB, DB)}),
            ("DELETE", "/api/v1/volumes/shop/db", None),
        ):
            refused = await place.world.send(Role.ADMIN, method, path, json=body)
            assert (refused.status_code, refused.json()["code"]) == (409, "VolumesGoing")
    assert (await asked).status_code >= 400
    await place.deploy(WEB, DB)


async def test_data_on_a_node_that_is_away_stay_known(place: Linked) -> None:
    machine = engine()
    async with place.node("n1", machine):
        await place.deploy(WEB, DB)
        await until(lambda: serves(place))
        await place.deploy(WEB)
        await until(lambda: is_gone(place))
    await until(lambda: asyncio.sleep(0, "n1" not in place.control.links.by_node))
    away = await place.world.send(Role.ADMIN, "DELETE", "/api/v1/volumes/shop/db")
    assert (away.status_code >= 400, away.json()["code"]) == (True, "NodeAway")
    assert len(await volumes(place)) == 3
    assert len(machine.volumes) == 3
    assert set(place.control.state.kept["shop/db"].homes) == {ALL_SLOTS, 0, 1}
