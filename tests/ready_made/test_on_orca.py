"""The ready-made house really runs on Orca: both images, their volumes and domains, orders in it.

Two nodes, as the files say: both products are on the first, and guests come in by the other one's
proxy. The control plane is killed and the house updated while guests order.
"""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import httpx
import pytest

from basis.clock import system_clock
from basis.ids import new_id
from basis.kit.testing import SECRET_KEY
from orca.testing import NoEngine, begin_within, real_nodes, within
from orca.tests.running import ADDRESSES, WITHIN_SECONDS, Running, running_on, started
from tests.ready_made.python_image import make_product

FOLDER = Path(__file__).parents[2] / "deploy"
PRODUCTS = ("kitchenasty", "swarmhaul")
HOUSE, MARKET = "order.house.example", "market.house.example"
DEMO = 'command = ["kitchenasty", "demo", "--no-couriers", "--host", "0.0.0.0", "--data", "/data"]'
PAUSE_SECONDS = 0.2
BETWEEN = 5
"""So many orders more at least before each of the things that happen."""
Of = TypeVar("Of")
pytestmark = [pytest.mark.long, pytest.mark.allow_hosts(ADDRESSES)]


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    try:
        with real_nodes(2) as nodes:
            for product in PRODUCTS:
                make_product(nodes["n1"].engine, product, f"registry.example/{product}:1")
            folder = tmp_path_factory.mktemp("house")
            with started(running_on(nodes, folder, f"c{new_id()[-12:]}")) as cluster:
                yield cluster
    except NoEngine as why:
        pytest.skip(str(why))


def house_files(cluster: Running) -> dict[str, str]:
    """The files of `deploy/`, for nodes with other names, and with a house that has dishes."""
    services = (FOLDER / "services/house/service.toml").read_text(encoding="utf-8")
    services = services.replace('node = "first"', 'node = "n1"')
    # Production refuses a demo's people, and one guest here orders for many.
    services = services.replace(
        'KITCHENASTY_PRODUCTION = "yes"\n', 'KITCHENASTY_RATE_LIMITS = "off"\n'
    )
    services = services.replace("port = 8000\n", f"port = 8000\n{DEMO}\n", 1)
    top = (FOLDER / "cluster.toml").read_text(encoding="utf-8")
    for old, new in {
        '"house"': f'"{cluster.name}"', '"first"': '"n1"', '"second"': '"n2"',
        "10.0.0.1": cluster.nodes[0].address, "10.0.0.2": cluster.nodes[1].address,
        'acme_email = "you@house.example"\n': "",
    }.items():  # fmt: skip
        assert old in top
        top = top.replace(old, new)
    return {"cluster.toml": top, "services/house/service.toml": services}


def at_the_edge(cluster: Running, work: Callable[[httpx.Client], Of], *, domain: str = HOUSE) -> Of:
    """As a guest's phone asks: by the name of the domain, through the proxy of the other node."""
    return within(cluster.middle.pid, lambda: asked(cluster, work, domain=domain))


def asked(cluster: Running, work: Callable[[httpx.Client], Of], *, domain: str) -> Of:
    edge = f"http://{cluster.nodes[1].address}"
    with httpx.Client(base_url=edge, headers={"host": domain}, timeout=60) as client:
        return work(client)


def until_ready(cluster: Running, domain: str) -> None:
    def is_ready(client: httpx.Client) -> bool:
        return client.get("/health/ready").status_code == httpx.codes.OK

    cluster.until(lambda: at_the_edge(cluster, is_ready, domain=domain), f"{domain} is ready")


def follow(cluster: Running, job: str) -> None:
    cluster.until(lambda: cluster.outcome(job) != "running", "the job ends")
    assert cluster.outcome(job) == "done", cluster.api("GET", f"/jobs/{job}")


@dataclass
class Guests:
    """Who order one after the other, and ask again when nobody answered."""

    client: httpx.Client
    placed: list[dict[str, Any]] = field(default_factory=list)
    again: int = 0
    longest: float = 0
    """Seconds that somebody asked in vain."""
    over: threading.Event = field(default_factory=threading.Event)

    def order(self) -> None:
        for wish in self.wishes():
            if self.over.is_set():
                return
            key, start = new_id(), time.monotonic()
            while (answer := self.asked(key, wish)) is None:
                self.again += 1
                time.sleep(PAUSE_SECONDS)
            self.longest = max(self.longest, time.monotonic() - start)
            if answer.status_code == httpx.codes.CREATED:
                self.placed.append(answer.json()["data"])
            time.sleep(PAUSE_SECONDS)

    def asked(self, key: str, wish: dict[str, Any]) -> httpx.Response | None:
        """None if the house may not have heard: with the same key it is one order all the same."""
        try:
            answer = self.client.post("/api/orders", headers={"idempotency-key": key}, json=wish)
        except httpx.TransportError:
            return None
        return None if answer.is_server_error else answer

    def wishes(self) -> Iterator[dict[str, Any]]:
        """Whatever there is, at all times: some of it is refused, which is an answer as well."""
        houses = self.client.get("/api/locations").json()["data"]
        dishes = self.client.get("/api/menu/items").json()["data"]
        times = itertools.product(range(1, 4), range(12, 20), (0, 20, 40))
        for (days, hour, minute), house, dish in itertools.product(times, houses, dishes):
            yield {
                "orderType": "PICKUP",
                "locationId": house["id"],
                "items": [{"menuItemId": dish["id"], "quantity": 1}],
                "guestName": "Anna Berg",
                "guestPhone": "0301234567",
                "scheduledAt": at(house["timeZone"], days, hour, minute).isoformat(),
            }

    def until_more(self, count: int = BETWEEN) -> None:
        wanted, end = len(self.placed) + count, time.monotonic() + WITHIN_SECONDS
        while len(self.placed) < wanted:
            assert time.monotonic() < end, f"{len(self.placed)} orders, asked again {self.again}"
            time.sleep(PAUSE_SECONDS)


def at(zone: str, days: int, hour: int, minute: int) -> datetime:
    there = system_clock().astimezone(ZoneInfo(zone)) + timedelta(days=days)
    return there.replace(hour=hour, minute=minute, second=0, microsecond=0)


def test_no_order_is_lost_whatever_happens_to_the_house_on_orca(cluster: Running) -> None:
    """With the settings, the volumes and the user that the files give it."""
    cluster.api("PUT", "/secrets/KITCHENASTY_SECRET_KEY?project=house", {"value": str(SECRET_KEY)})
    told = cluster.api("POST", "/deploys", {"files": house_files(cluster)})
    follow(cluster, told["job"])
    for domain in (HOUSE, MARKET):
        until_ready(cluster, domain)
    shown = at_the_edge(cluster, lambda client: client.get("/"), domain=MARKET)
    assert (shown.status_code, "SwarmHaul" in shown.text) == (httpx.codes.OK, True)

    edge = f"http://{cluster.nodes[1].address}"
    with httpx.Client(base_url=edge, headers={"host": HOUSE}, timeout=60) as client:
        guests = Guests(client)
        ordering = begin_within(cluster.middle.pid, guests.order)
        try:
            guests.until_more()
            cluster.kill("server")
            guests.until_more()  # nobody decides, and the house serves on
            cluster.begin_server()
            cluster.until(lambda: len(cluster.connected()) == 2, "all nodes are back")
            first = cluster.containers()
            body = {"act": "redeploy"}
            told = cluster.api("POST", "/services/house/kitchenasty/acts", body)
            follow(cluster, told["job"])
            guests.until_more()
        finally:
            guests.over.set()
            ordering.result(WITHIN_SECONDS)
    renewed = {name for name in cluster.containers() if "kitchenasty" in name}
    assert renewed
    assert not renewed & first.keys()
    assert len({order["id"] for order in guests.placed}) == len(guests.placed) >= 3 * BETWEEN
    found = at_the_edge(cluster, lambda client: [find(client, order) for order in guests.placed])
    assert found == [order["id"] for order in guests.placed]
    print(
        f"R2: {len(found)} orders while the control plane was killed and the house updated, "
        f"0 lost; nobody asked in vain for more than {guests.longest:.0f} s"
    )


def find(client: httpx.Client, order: dict[str, Any]) -> str:
    proof = {"x-order-capability": order["capability"]}
    found: str = client.get(f"/api/orders/{order['id']}", headers=proof).json()["data"]["id"]
    return found
