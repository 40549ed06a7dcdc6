"""Scenario 13: a control plane, its link, agents, a real proxy and a real authority. One process,
so that time can go on by months.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import pytest
from cryptography import x509

from basis.clock import system_clock
from basis.kit.testing import HandClock
from orca.agent import Agent, Edging, OrdersFile, Talk, live
from orca.certificates import Certificates, Material
from orca.control import Certifying, Control, Links, Listener, Members
from orca.edge import Machine, Settings, Traefik
from orca.link import Authority, Membership, join, read_token
from orca.planning import Declaration, Deploy
from orca.runtime import MemoryEngine, MemoryImage, MemoryRuntime
from orca.secrets import open_vault
from orca.spec import Cluster, Edge, Service, Signing
from orca.store import SqliteStore
from orca.tests.settings import settle
from orca.tests.town import TRAEFIK, settings_in
from orca.tests.village import DAYS, Pebble, pebble_in, signed

SHOP, NEWER = "shop.example", "newer.example"
WITHIN_SECONDS = 120


@dataclass
class House:
    """A control plane with one edge that is real; `second` is what another one was told."""

    folder: Path
    control: Control
    certifying: Certifying
    members: Members
    address: str
    settings: Settings
    now: HandClock
    second: Machine

    @property
    def certificates(self) -> Certificates:
        return self.certifying.certificates

    async def stand_on(self, **signing: str) -> None:
        edge = Edge(http_port=self.settings.http_port, https_port=self.settings.https_port)
        mail = "ops@shop.example" if signing.get("directory") else None
        cluster = Cluster(name="quay", acme_email=mail)
        await settle(self.control, cluster=cluster, edge=edge, certificates=Signing(**signing))

    async def deploy(self, *domains: str) -> None:
        web = Service(name="web", image="web:1", port=80, domains=domains)
        await self.control.tell(Deploy((Declaration("shop/web", web),), is_whole=True))

    @asynccontextmanager
    async def node(self, name: str, make: Callable[[Settings], object]) -> AsyncIterator[None]:
        membership = Membership(self.folder / name)
        membership.folder.mkdir()
        token = await self.members.invite(name)
        await join(self.address, read_token(str(token)), membership)
        runtime = MemoryRuntime(MemoryEngine({"web:1": MemoryImage()}))
        agent = Agent(name, "quay", runtime, OrdersFile(membership.folder / "orders.json"))
        edging = Edging(membership.folder / "edge", make)  # type: ignore[arg-type]
        living = asyncio.create_task(live(agent, Talk(agent, self.address, membership, edging)))
        try:
            await until(lambda: name in self.control.state.nodes)
            yield
        finally:
            living.cancel()
            await asyncio.wait([living])
            await edging.shut()

    async def all_obey(self) -> None:
        edges = self.control.edges
        await until(lambda: not edges.behind(self.control.state, [*self.control.links.by_node]))

    async def seen(self, domain: str) -> x509.Certificate:
        """What a browser sees, once all edges do what they are told."""
        await self.all_obey()
        return await shown(self.settings.https_port, domain)


async def until(is_so: Callable[[], bool]) -> None:
    async with asyncio.timeout(WITHIN_SECONDS):
        while not is_so():  # noqa: ASYNC110 - other machines are waited for
            await asyncio.sleep(0.05)


async def shown(port: int, domain: str) -> x509.Certificate:
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    _, writer = await asyncio.open_connection(
        "127.0.0.1", port, ssl=context, server_hostname=domain
    )
    der = writer.get_extra_info("ssl_object").getpeercert(binary_form=True)
    writer.close()
    return x509.load_der_x509_certificate(der)


async def first_line(port: int, host: str) -> tuple[str, str]:
    """The status in the open, and where that leads."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(f"GET /a?b HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode())
    told = (await reader.read()).decode()
    writer.close()
    places = [line for line in told.split("\r\n") if line.startswith("Location: ")]
    return told.split(" ")[1], "".join(places).removeprefix("Location: ")


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return settings_in(tmp_path / "ports")


@pytest.fixture
def pebble(tmp_path: Path, settings: Settings) -> Iterator[Pebble]:
    with pebble_in(tmp_path / "pebble", http_port=settings.http_port) as running:
        yield running


@pytest.fixture
async def house(tmp_path: Path, settings: Settings) -> AsyncIterator[House]:
    """The authority knows no other time than that of the machine."""
    now = HandClock(system_clock())
    store = SqliteStore(tmp_path / "orca.db")
    await store.open()
    vault = await open_vault(store, tmp_path / "secrets.key")
    control, members = Control(store, vault, Links(), "quay"), Members(store, Authority(tmp_path))
    await control.open()
    certificates = Certificates(store, vault, None, clock=now)
    certifying = Certifying(control, certificates, tmp_path / "brought")
    listening = socket.create_server(("127.0.0.1", 0))
    address = f"127.0.0.1:{listening.getsockname()[1]}"
    second = Machine()
    second.may_obey.set()
    made = House(tmp_path, control, certifying, members, address, settings, now, second)
    async with AsyncExitStack() as ends:
        ends.push_async_callback(store.close)
        runner = await Listener("quay", control, members).begin(listening)
        ends.push_async_callback(runner.cleanup)
        going_on = asyncio.create_task(control.go_on())
        ends.callback(going_on.cancel)
        await made.stand_on()
        await ends.enter_async_context(made.node("n1", partial(real, settings)))
        await ends.enter_async_context(made.node("n2", second.proxy))
        yield made


def real(ports: Settings, told: Settings) -> Traefik:
    """With ports of its own on the loopback, since other tests run beside."""
    inner = replace(told, inner_port=ports.inner_port, feed_port=ports.feed_port)
    return Traefik(inner, program=TRAEFIK)


async def test_scenario_13_a_certificate_is_ordered_renewed_and_given_to_every_edge(
    house: House, pebble: Pebble
) -> None:
    """D66, D67, D68: ordered when a domain is declared, renewed in time by what stands in it; the
    open door leads to the closed one; one that fails holds up no other.
    """
    await house.stand_on(directory=pebble.directory, authority=str(pebble.trust))
    await house.deploy(SHOP)
    await house.all_obey()
    assert (await first_line(house.settings.http_port, SHOP))[0] == "503"
    await house.certifying.turn()
    first = await house.seen(SHOP)
    port = house.settings.https_port
    told = await first_line(house.settings.http_port, SHOP)
    assert told == ("301", f"https://{SHOP}:{port}/a?b")

    await house.deploy(SHOP, NEWER)
    await house.certifying.turn()
    newer = await house.seen(NEWER)
    assert newer.serial_number != first.serial_number
    assert await house.seen(SHOP) == first

    house.now.advance(days=DAYS * 2 / 3 + 1)
    await house.certifying.turn()
    renewed = await house.seen(SHOP)
    assert renewed.public_key() != first.public_key()
    assert len(list_files(house.folder / "n1/edge/certificates")) == 4
    challenged = [wish for wish in house.second.told if wish.challenges]
    assert len(challenged) >= 2, "every edge answers; a proof of a moment ago may count again"
    assert house.second.wish is not None
    assert len(house.second.wish.certificates) == 2


async def test_scenario_13_a_failed_order_stands_in_the_list_and_is_tried_again(
    house: House, pebble: Pebble
) -> None:
    """The authority is away; another domain is not held up; later it succeeds."""
    nobody = "https://127.0.0.1:1/dir"
    await house.stand_on(directory=nobody, authority=str(pebble.trust))
    await house.deploy(SHOP, NEWER)
    await house.certifying.turn()
    lines = await house.certificates.list_all()
    assert [line.name for line in lines] == [NEWER, SHOP]
    assert all("cannot be reached" in line.trouble for line in lines)
    await house.stand_on(directory=pebble.directory, authority="/nowhere/ca.pem")
    house.now.advance(minutes=6)
    await house.certifying.turn()
    assert all(line.trouble for line in await house.certificates.list_all()), "no CA file"
    await house.stand_on(directory=pebble.directory, authority=str(pebble.trust))
    await house.certifying.turn()
    assert all(line.ends_at is None for line in await house.certificates.list_all()), "too early"
    house.now.advance(minutes=11)
    await house.certifying.turn()
    lines = await house.certificates.list_all()
    assert [(line.domains, line.trouble) for line in lines] == [((NEWER,), ""), ((SHOP,), "")]
    await house.seen(SHOP)


async def test_scenario_13_a_certificate_that_was_brought_is_replaced_while_it_is_served(
    house: House,
) -> None:
    """And its key stands in the clear on the edge alone, for its owner."""
    first, second = signed("*.shop.example", SHOP), signed("*.shop.example", SHOP)
    await asyncio.to_thread(bring, house.folder / "brought", first)
    await house.deploy(SHOP)
    await house.certifying.turn()
    assert await house.seen(SHOP) == x509.load_pem_x509_certificate(first.chain.encode())
    await asyncio.to_thread(bring, house.folder / "brought", second)
    await house.certifying.turn()
    assert await house.seen(SHOP) == x509.load_pem_x509_certificate(second.chain.encode())
    line = second.key.splitlines()[1]
    holding = await asyncio.to_thread(files_with, house.folder, line)
    brought = {"brought/shop.key"}
    edges = {name for name in holding if "/edge/certificates/" in name}
    assert set(holding) == brought | edges
    assert {holding[name] for name in edges} == {0o600}


def bring(folder: Path, material: Material) -> None:
    folder.mkdir(exist_ok=True)
    (folder / "shop.crt").write_text(material.chain)
    (folder / "shop.key").write_text(material.key)


def files_with(folder: Path, text: str) -> dict[str, int]:
    return {
        str(path.relative_to(folder)): path.stat().st_mode & 0o777
        for path in folder.rglob("*")
        if path.is_file() and text.encode() in path.read_bytes()
    }


def list_files(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())
