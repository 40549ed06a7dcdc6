"""The ready-made house really runs on Orca: its image, its volume, its domain, an order in it."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import httpx
import pytest

from basis.clock import system_clock
from basis.ids import new_id
from basis.kit.testing import SECRET_KEY
from orca.testing import NoEngine, real_engine, within
from orca.tests.running import WITHIN_SECONDS, Running, running, started
from tests.ready_made.python_image import make_product

FOLDER = Path(__file__).parents[2] / "deploy"
IMAGE = "registry.example/kitchenasty:1"
DOMAIN = "order.house.example"
DEMO = 'command = ["kitchenasty", "demo", "--no-couriers", "--host", "0.0.0.0", "--data", "/data"]'
Of = TypeVar("Of")


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    try:
        with real_engine() as engine:
            make_product(engine, "kitchenasty", IMAGE)
            made = running(engine, tmp_path_factory.mktemp("house"), f"c{new_id()[-12:]}")
            with started(made) as cluster:
                yield cluster
    except NoEngine as why:
        pytest.skip(str(why))


def write_house(cluster: Running, *, command: str) -> Path:
    """The files of `deploy/` without the market, for one node, with a house that has dishes."""
    text = (FOLDER / "services/house/service.toml").read_text(encoding="utf-8")
    house = text.partition('[[service]]\nname = "swarmhaul"')[0]
    house = house.replace('node = "first"', 'node = "n1"')
    house = house.replace('KITCHENASTY_PRODUCTION = "yes"\n', "")  # which refuses a demo's people
    house = house.replace("port = 8000\n", f"port = 8000\n{command}\n", 1)
    folder = cluster.folder / "house"
    (folder / "services/house").mkdir(parents=True, exist_ok=True)
    machine = '[[node]]\nname = "n1"\naddress = "127.0.0.1"\n'
    (folder / "cluster.toml").write_text(f'[cluster]\nname = "{cluster.name}"\n{machine}')
    (folder / "services/house/service.toml").write_text(house)
    return folder


def at_the_edge(cluster: Running, work: Callable[[httpx.Client], Of]) -> Of:
    """As a guest's phone asks: by the name of the domain, through the proxy."""

    def ask() -> Of:
        headers = {"host": DOMAIN}
        with httpx.Client(base_url="http://127.0.0.1", headers=headers, timeout=60) as client:
            return work(client)

    return within(cluster.middle.pid, ask)


def until_ready(cluster: Running) -> None:
    def is_ready(client: httpx.Client) -> bool:
        return client.get("/health/ready").status_code == httpx.codes.OK

    end = time.monotonic() + WITHIN_SECONDS
    while not at_the_edge(cluster, is_ready):
        assert time.monotonic() < end, cluster.orca("status").stdout
        time.sleep(0.5)


def place_order(client: httpx.Client) -> dict[str, Any]:
    """Of a dish that is served when the house is open; which one that is does not matter."""
    refused = []
    for days, house, dish in itertools.product(
        range(1, 4),
        client.get("/api/locations").json()["data"],
        client.get("/api/menu/items").json()["data"],
    ):
        answer = client.post(
            "/api/orders",
            headers={"idempotency-key": f"{days}-{house['id']}-{dish['id']}"},
            json={
                "orderType": "PICKUP",
                "locationId": house["id"],
                "items": [{"menuItemId": dish["id"], "quantity": 1}],
                "guestName": "Anna Berg",
                "guestPhone": "0301234567",
                "scheduledAt": noon(house["timeZone"], days).isoformat(),
            },
        )
        if answer.status_code == httpx.codes.CREATED:
            placed: dict[str, Any] = answer.json()["data"]
            return placed
        refused.append(answer.text)
    raise AssertionError(refused)


def noon(zone: str, days: int) -> datetime:
    there = system_clock().astimezone(ZoneInfo(zone)) + timedelta(days=days)
    return there.replace(hour=13, minute=0, second=0, microsecond=0)


@pytest.mark.long
def test_a_house_on_orca_keeps_an_order_over_new_containers(cluster: Running) -> None:
    """With the settings, the volume and the user that the files give it."""
    cluster.api("PUT", "/secrets/KITCHENASTY_SECRET_KEY?project=house", {"value": str(SECRET_KEY)})
    said = cluster.orca("deploy", str(write_house(cluster, command=DEMO)), "--yes").stdout
    assert "release 1 serves" in said
    until_ready(cluster)
    placed = at_the_edge(cluster, place_order)
    assert cluster.orca("exec", "house/kitchenasty", "ls", "-ln", "/data").stdout.count("10001") > 2

    first = cluster.containers()
    cluster.orca("redeploy", "house/kitchenasty")
    until_ready(cluster)
    assert not first.keys() & cluster.containers().keys()

    def find(client: httpx.Client) -> httpx.Response:
        proof = {"x-order-capability": placed["capability"]}
        return client.get(f"/api/orders/{placed['id']}", headers=proof)

    found = at_the_edge(cluster, find)
    assert found.json()["data"]["id"] == placed["id"]
    assert "is as you left it" in cluster.orca("logs", "house/kitchenasty").stdout
