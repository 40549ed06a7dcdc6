"""A control plane that is started again, or that falls ill: who visits a site notices nothing, and
who watches over the process does.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from cryptography import x509

from basis.clock import system_clock
from orca.certificates import Certificates, Material
from orca.link import make_key, request_for
from orca.planning import Patience
from orca.secrets import open_vault
from orca.serving import Place, opened
from orca.store import SqliteStore
from orca.tests.standing import Standing, edge_at, standing, web
from orca.tests.town import settings_in
from orca.tests.village import pebble_in, signed

SHOP = "shop.example"
LIFE = 15
"""Of a certificate, in seconds: renewed after two thirds of it."""
UNREADABLE = Path("/proc/self/mem")
"""Whoever reads it gets an error of the disk, root too."""


@pytest.fixture
async def control(tmp_path: Path) -> AsyncIterator[Standing]:
    async with standing(tmp_path) as made:
        yield made


def bring(folder: Path, name: str, material: Material) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.crt").write_text(material.chain)
    (folder / f"{name}.key").write_text(material.key)


def bring_unreadable(folder: Path, name: str) -> None:
    (folder / f"{name}.crt").write_text(signed("other.example").chain)
    (folder / f"{name}.key").symlink_to(UNREADABLE)


async def nobody(_tokens: Mapping[str, str]) -> None:
    """No challenge is answered."""


@dataclass
class Visitor:
    """Asks by TLS again and again, and looks at the certificate as a browser does."""

    port: int
    root: str
    shaken: int = 0
    failed: list[str] = field(default_factory=list)

    async def visit(self) -> None:
        context = ssl.create_default_context(cadata=self.root)
        try:
            _, writer = await asyncio.open_connection(
                "127.0.0.1", self.port, ssl=context, server_hostname=SHOP
            )
        except OSError as error:
            self.failed.append(str(error))
            return
        self.shaken += 1
        writer.close()

    async def go_on(self) -> None:
        while True:
            await self.visit()
            await asyncio.sleep(0.02)

    async def visited(self, more: int) -> None:
        """So many times again, well or not."""
        until = self.shaken + len(self.failed) + more
        async with asyncio.timeout(120):
            while self.shaken + len(self.failed) < until:  # noqa: ASYNC110 - of the network
                await asyncio.sleep(0.02)


async def test_no_handshake_fails_while_the_control_plane_is_killed_and_started_again(
    control: Standing, tmp_path: Path
) -> None:
    """R3: though a key that somebody has brought cannot be read. A real proxy; visits go on over
    the kill, the start, the first orders after it, and some turns of the certificates.
    """
    ports, shop = settings_in(tmp_path / "ports"), signed(SHOP)
    brought = control.data / "certificates"
    bring(brought, "shop", shop)
    await control.deploy(edge_at(ports), {"shop": web(SHOP)})
    async with control.node("n1", ports):
        await control.until(lambda: control.obeys("n1"))
        visitor = Visitor(ports.https_port, shop.chain)
        await control.until(lambda: is_served(visitor))
        bring_unreadable(brought, "other")
        visitor.failed.clear()
        visiting = asyncio.create_task(visitor.go_on())
        await visitor.visited(20)
        control.kill()
        await visitor.visited(20)
        await control.begin()
        await control.until(lambda: control.obeys("n1"))
        await control.until(lambda: is_in_trouble(control, "other"))
        await visitor.visited(100)
        visiting.cancel()
        await asyncio.wait([visiting])
    print(f"R3: {visitor.shaken} handshakes over a kill, {len(visitor.failed)} failed")
    assert visitor.failed == []


async def is_served(visitor: Visitor) -> bool:
    await visitor.visit()
    return visitor.shaken > 0


async def is_in_trouble(control: Standing, name: str) -> bool:
    lines = await control.ask("GET", "/certificates")
    return any(name in line["name"] and "cannot be read" in line["trouble"] for line in lines)


async def test_what_edges_are_given_is_there_before_anybody_is_listened_to(tmp_path: Path) -> None:
    """R3: no loop has run yet, and a node may connect."""
    store = SqliteStore(tmp_path / "orca.db")
    await store.open()
    vault = await open_vault(store, tmp_path / "secrets.key")
    bring(tmp_path / "brought", "shop", signed(SHOP))
    certificates = Certificates(store, vault, None)
    await certificates.turn([], nobody, brought=tmp_path / "brought")
    await store.close()
    place = Place(tmp_path, "quay", 0, "127.0.0.1", 0, Patience())
    async with opened(place) as parts:
        [served] = parts.control.edges.certificates
        assert served.domains == (SHOP,)


async def test_certificates_of_nodes_are_good_for_as_long_as_people_say(tmp_path: Path) -> None:
    place = Place(tmp_path, "quay", 0, "127.0.0.1", 0, Patience(), timedelta(days=30))
    async with opened(place) as parts:
        made = parts.members.authority.vouch("n1", request_for("n1", make_key()))
        left = made.not_valid_after_utc - system_clock()
        assert timedelta(days=29) < left <= timedelta(days=30)


async def test_a_control_plane_whose_store_is_spoiled_ends_and_says_which_part_did(
    control: Standing,
) -> None:
    """R14: it went on with dead parts, and seemed to be well. Now systemd starts it again."""
    for name in ("orca.db", "orca.db-wal", "orca.db-shm"):
        with (control.data / name).open("r+b") as file:
            file.write(b"\xff" * (control.data / name).stat().st_size)
    assert await control.ended() == 1
    assert "It has ended by itself: " in control.log()
    assert "sqlite3.DatabaseError" in control.log()


async def test_scenario_13_certificates_are_renewed_by_themselves_again_and_again(
    control: Standing, tmp_path: Path
) -> None:
    """Acceptance 4: a real control plane, authority, agent and proxy, and certificates that are
    good for seconds. Nobody does anything; whoever visits sees newer ones.
    """
    ports = settings_in(tmp_path / "ports")
    with pebble_in(tmp_path / "pebble", http_port=ports.http_port, seconds=LIFE) as pebble:
        signing = f'directory = "{pebble.directory}"\nauthority = "{pebble.trust}"\n'
        files = f'acme_email = "ops@{SHOP}"\n{edge_at(ports)}[certificates]\n{signing}'
        await control.deploy(files, {"shop": web(SHOP)})
        seen: set[int] = set()

        async def is_renewed(times: int) -> bool:
            with suppress(OSError):  # until the first one is there
                seen.add((await shown(ports.https_port, SHOP)).serial_number)
            return len(seen) > times

        async with control.node("n1", ports):
            await control.until(partial(is_renewed, 2))
    [line] = await control.ask("GET", "/certificates")
    assert (line["name"], line["trouble"]) == (SHOP, "")


async def shown(port: int, domain: str) -> x509.Certificate:
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    _, writer = await asyncio.open_connection(
        "127.0.0.1", port, ssl=context, server_hostname=domain
    )
    der = writer.get_extra_info("ssl_object").getpeercert(binary_form=True)
    writer.close()
    return x509.load_der_x509_certificate(der)
