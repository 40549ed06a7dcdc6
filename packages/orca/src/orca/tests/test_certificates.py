"""Scenario 13: certificates by a real authority, answered and served by a real proxy."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from cryptography import x509

from basis.clock import system_clock
from basis.kit.testing import HandClock
from orca.certificates import (
    AcmeAuthority,
    Certificates,
    Material,
)
from orca.edge import Settings, Site, Wish, place_files, sweep_files
from orca.secrets import Vault, open_vault
from orca.store import SqliteStore
from orca.tests.town import proxy_in, servers, settings_in
from orca.tests.village import DAYS, Pebble, pebble_in, signed

SHOP, NEWER = "shop.example", "newer.example"


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[SqliteStore]:
    made = SqliteStore(tmp_path / "orca.db")
    await made.open()
    yield made
    await made.close()


@pytest.fixture
def now() -> HandClock:
    """The authority knows no other time than that of the machine."""
    return HandClock(system_clock())


@pytest.fixture
async def vault(store: SqliteStore, tmp_path: Path) -> Vault:
    return await open_vault(store, tmp_path / "secrets.key")


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return settings_in(tmp_path / "edge")


@pytest.fixture
def pebble(tmp_path: Path, settings: Settings) -> Iterator[Pebble]:
    with pebble_in(tmp_path / "pebble", http_port=settings.http_port) as running:
        yield running


async def nobody(_tokens: Mapping[str, str]) -> None:
    """Forgets to tell the edges."""


@dataclass
class House:
    """Certificates, and the edge that serves what they say."""

    certificates: Certificates
    folder: Path
    apply: Callable[[Wish], Awaitable[None]]
    sites: tuple[Site, ...] = ()
    wish: Wish = field(default_factory=Wish)

    async def publish(self, tokens: Mapping[str, str]) -> None:
        self.wish = Wish(self.wish.sites, self.wish.certificates, tokens)
        await self.apply(self.wish)

    async def serve(self) -> None:
        files = place_files(self.folder, await self.certificates.served())
        self.wish = Wish(self.sites, files)
        await self.apply(self.wish)
        sweep_files(self.folder, files)


async def served_by(port: int, domain: str, root: str | None) -> x509.Certificate:
    """The certificate that a browser sees, checked as it does unless there is no root."""
    context = ssl.create_default_context(cadata=root)
    if root is None:
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    reader, writer = await asyncio.open_connection(
        "127.0.0.1", port, ssl=context, server_hostname=domain
    )
    writer.write(f"GET / HTTP/1.1\r\nHost: {domain}\r\nConnection: close\r\n\r\n".encode())
    assert (await reader.readline()).startswith(b"HTTP/1.1 200")
    der = writer.get_extra_info("ssl_object").getpeercert(binary_form=True)
    writer.close()
    return x509.load_der_x509_certificate(der)


async def test_a_certificate_is_ordered_served_and_renewed_before_it_ends(
    store: SqliteStore, vault: Vault, now: HandClock, settings: Settings, pebble: Pebble
) -> None:
    """Acceptance 4, D66, D67: ordered through the edge, renewed in time, a new domain while it
    runs; the key stands nowhere in the clear.
    """
    authority = AcmeAuthority(
        vault, mail="ops@shop.example", directory=pebble.directory, trust=str(pebble.trust)
    )
    certificates = Certificates(store, vault, authority, clock=now)
    root = await asyncio.to_thread(pebble.root)
    async with proxy_in(settings) as proxy, servers("web") as found:
        site = Site("shop/web", (SHOP, NEWER), (found["web"][1],))
        house = House(certificates, settings.folder / "certificates", proxy.apply, (site,))
        await house.serve()
        assert await certificates.turn([SHOP], house.publish)
        await house.serve()
        first = await served_by(settings.https_port, SHOP, root)
        with pytest.raises((ssl.SSLError, ConnectionError)):
            await served_by(settings.https_port, NEWER, root)  # no certificate, no answer
        assert await certificates.turn([SHOP, NEWER], house.publish)
        assert not await certificates.turn([SHOP, NEWER], house.publish)
        await house.serve()
        newer = await served_by(settings.https_port, NEWER, root)
        assert newer.serial_number != first.serial_number
        assert await served_by(settings.https_port, SHOP, root) == first
        now.advance(days=DAYS * 2 / 3 + 1)
        assert await certificates.turn([SHOP], house.publish)
        await house.serve()
        renewed = await served_by(settings.https_port, SHOP, root)
        assert renewed.serial_number != first.serial_number
        assert renewed.public_key() != first.public_key()
    key = (await certificates.materials())[SHOP][1].key.splitlines()[1]
    for entry in (await store.range("")).entries:
        assert key.encode() not in entry.value


async def test_a_failed_order_is_told_and_tried_again_with_patience(
    store: SqliteStore, vault: Vault, now: HandClock, settings: Settings, pebble: Pebble
) -> None:
    """Scenario 13: nobody answers the challenge; the reason is kept; the pauses grow."""
    authority = AcmeAuthority(vault, mail=None, directory=pebble.directory, trust=str(pebble.trust))
    certificates = Certificates(store, vault, authority, clock=now)
    async with proxy_in(settings) as proxy:
        house = House(certificates, settings.folder / "certificates", proxy.apply)
        await house.serve()
        assert not await certificates.turn([SHOP], nobody)
        [line] = await certificates.list_all()
        assert (line.name, line.ends_at) == (SHOP, None)
        assert "unauthorized" in line.trouble.lower() or "404" in line.trouble, line.trouble
        assert not await certificates.turn([SHOP], house.publish), "tried again at once"
        now.advance(minutes=5)
        assert await certificates.turn([SHOP], house.publish)
        [line] = await certificates.list_all()
        assert (line.domains, line.trouble) == ((SHOP,), "")


async def test_an_authority_that_is_away_is_tried_again(
    store: SqliteStore, vault: Vault, now: HandClock
) -> None:
    authority = AcmeAuthority(vault, mail=None, directory="https://127.0.0.1:1/dir")
    certificates = Certificates(store, vault, authority, clock=now)
    assert not await certificates.turn([SHOP], nobody)
    [line] = await certificates.list_all()
    assert line.trouble == "shop.example: the authority cannot be reached."


def bring(folder: Path, name: str, material: Material) -> None:
    folder.mkdir(exist_ok=True)
    (folder / f"{name}.crt").write_text(material.chain)
    (folder / f"{name}.key").write_text(material.key)


async def test_a_certificate_that_was_brought_is_taken_and_its_replacement_noticed(
    store: SqliteStore, vault: Vault, now: HandClock, settings: Settings, tmp_path: Path
) -> None:
    """Scenario 13, D68: by what is in the files, not their time; a wrong one replaces nothing."""
    brought = tmp_path / "brought"
    certificates = Certificates(store, vault, None, clock=now)
    first, second = signed("*.shop.example", SHOP), signed("*.shop.example", SHOP)
    bring(brought, "shop", first)
    async with proxy_in(settings) as proxy, servers("web") as found:
        site = Site("shop/web", ("www.shop.example",), (found["web"][1],))
        house = House(certificates, settings.folder / "certificates", proxy.apply, (site,))
        assert await certificates.turn(["www.shop.example"], nobody, brought=brought)
        assert not await certificates.turn(["www.shop.example"], nobody, brought=brought)
        await house.serve()
        seen = await served_by(settings.https_port, "www.shop.example", None)
        assert seen == x509.load_pem_x509_certificate(first.chain.encode())
        bring(brought, "shop", Material(second.chain, first.key))
        assert not await certificates.turn([], nobody, brought=brought)
        [line] = await certificates.list_all()
        assert "key is that of another certificate" in line.trouble
        bring(brought, "shop", second)
        assert await certificates.turn([], nobody, brought=brought)
        await house.serve()
        seen = await served_by(settings.https_port, "www.shop.example", None)
        assert seen == x509.load_pem_x509_certificate(second.chain.encode())
        [line] = await certificates.list_all()
        assert (line.is_own, line.trouble) == (True, "")
        assert len(list_files(house.folder)) == 2


def list_files(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())
