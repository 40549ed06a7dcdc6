"""What becomes of certificates over months: those that nobody needs, keys that do not open, files
that cannot be read, and authorities that sign something else.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from basis.clock import system_clock
from basis.kit.testing import HandClock
from orca.certificates import Certificates, Material, NoFailedOrder, OrderFailed, Publish
from orca.secrets import SYSTEM, NoSuchSecret, Vault, open_vault
from orca.store import Delete, Put, SqliteStore
from orca.tests.village import DAYS, signed

SHOP, NEWER = "shop.example", "newer.example"
UNREADABLE = Path("/proc/self/mem")
"""Whoever reads it gets an error of the disk, root too."""


@dataclass
class Signer:
    """An authority that signs what it is asked for, or does something else for a while."""

    names: Mapping[str, str] = field(default_factory=dict)
    error: Exception | None = None
    days: int = DAYS
    orders: list[str] = field(default_factory=list)

    async def order(self, domain: str, publish: Publish) -> Material:
        self.orders.append(domain)
        await publish({"token": "said"})
        if self.error is not None:
            raise self.error
        return signed(self.names.get(domain, domain), days=self.days)


async def nobody(_tokens: Mapping[str, str]) -> None:
    """No edge is needed: this authority does not look."""


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[SqliteStore]:
    made = SqliteStore(tmp_path / "orca.db")
    await made.open()
    yield made
    await made.close()


@pytest.fixture
async def vault(store: SqliteStore, tmp_path: Path) -> Vault:
    return await open_vault(store, tmp_path / "secrets.key")


@pytest.fixture
def now() -> HandClock:
    return HandClock(system_clock())


@pytest.fixture
def signer() -> Signer:
    return Signer()


@pytest.fixture
def certificates(store: SqliteStore, vault: Vault, signer: Signer, now: HandClock) -> Certificates:
    return Certificates(store, vault, signer, clock=now)


def bring(folder: Path, name: str, material: Material) -> None:
    folder.mkdir(exist_ok=True)
    (folder / f"{name}.crt").write_text(material.chain)
    (folder / f"{name}.key").write_text(material.key)


async def names_served(certificates: Certificates) -> list[str]:
    return sorted(name for one in await certificates.served() for name in one.domains)


async def troubles(certificates: Certificates) -> dict[str, str]:
    return {line.name: line.trouble for line in await certificates.list_all()}


async def tamper(store: SqliteStore, certificates: Certificates, name: str) -> None:
    """As somebody who can write the store and has no key."""
    key_name = (await certificates.materials())[name][0].key_name
    [entry] = (await store.range(f"secrets/system/{key_name}")).entries
    other = (await store.range("secrets/system/")).entries
    [moved] = [each for each in other if each.key != entry.key]
    await store.transact([Put(entry.key, moved.value)])


async def test_a_key_that_somebody_has_changed_stops_its_own_certificate_alone(
    certificates: Certificates, store: SqliteStore, vault: Vault, signer: Signer, now: HandClock
) -> None:
    """R3: after a start all others are served; this one is told, and ordered anew."""
    await certificates.turn([SHOP, NEWER], nobody)
    await tamper(store, certificates, SHOP)
    later = Certificates(store, vault, signer, clock=now)
    assert await names_served(later) == [NEWER]
    told = await troubles(later)
    assert "was changed in the store by somebody else" in told[SHOP]
    assert told[NEWER] == ""
    before = await later.digests()
    assert await later.due([SHOP, NEWER]) == [SHOP]
    assert await later.turn([SHOP, NEWER], nobody)
    assert await names_served(later) == [NEWER, SHOP]
    assert await later.digests() > before, "or no edge would be told"
    assert set((await troubles(later)).values()) == {""}


async def test_a_brought_key_that_is_lost_in_the_store_is_taken_from_its_file_again(
    certificates: Certificates, store: SqliteStore, tmp_path: Path
) -> None:
    bring(tmp_path / "brought", "shop", signed(SHOP))
    await certificates.turn([], nobody, brought=tmp_path / "brought")
    [entry] = (await store.range("secrets/system/")).entries
    await store.transact([Delete(entry.key)])
    assert await names_served(certificates) == []
    before = await certificates.digests()
    assert await certificates.turn([], nobody, brought=tmp_path / "brought")
    assert await names_served(certificates) == [SHOP]
    assert await certificates.digests() != before


async def test_a_file_that_cannot_be_read_holds_up_no_other_and_is_told(
    certificates: Certificates, tmp_path: Path
) -> None:
    folder = tmp_path / "brought"
    bring(folder, "shop", signed(SHOP))
    (folder / "a.crt").write_text(signed("a.example").chain)
    (folder / "a.key").symlink_to(UNREADABLE)
    bring(folder, "large", Material("x" * 70_000, signed(SHOP).key))
    bring(folder, "two\nlines", signed("two.example"))
    (folder / "half.crt").write_text("not there yet")
    assert await certificates.turn([], nobody, brought=folder)
    assert await names_served(certificates) == [SHOP, "two.example"]
    told = {name: words for name, words in (await troubles(certificates)).items() if words}
    assert set(told) == {"own:a", "own:large"}
    assert "a.key cannot be read" in told["own:a"]
    assert "is larger than 65,536 bytes" in told["own:large"]


async def test_what_was_wrong_with_files_that_are_gone_is_forgotten(
    certificates: Certificates, tmp_path: Path
) -> None:
    """And a reason that becomes another one is told as it is now."""
    folder = tmp_path / "brought"
    bring(folder, "shop", Material("no certificate", signed(SHOP).key))
    await certificates.turn([], nobody, brought=folder)
    assert "This is no certificate" in (await troubles(certificates))["own:shop"]
    bring(folder, "shop", Material(signed(SHOP).chain, signed(SHOP).key))
    await certificates.turn([], nobody, brought=folder)
    assert "another certificate" in (await troubles(certificates))["own:shop"]
    (folder / "shop.key").unlink()
    await certificates.turn([], nobody, brought=folder)
    assert await troubles(certificates) == {}


async def test_a_certificate_that_has_ended_takes_no_others_place(
    certificates: Certificates, now: HandClock, tmp_path: Path
) -> None:
    folder = tmp_path / "brought"
    bring(folder, "shop", signed(SHOP))
    await certificates.turn([], nobody, brought=folder)
    good = await certificates.digests()
    bring(folder, "shop", signed(SHOP, days=1))
    assert not await certificates.turn([], nobody, brought=folder)
    assert await certificates.digests() == good
    assert "no longer valid" in (await troubles(certificates))["own:shop"]
    (folder / "shop.crt").unlink()
    await certificates.turn([], nobody, brought=folder)
    assert await names_served(certificates) == [SHOP], "an empty folder takes nothing from edges"
    now.advance(days=DAYS)
    await certificates.turn([], nobody, brought=folder)
    assert await certificates.list_all() == ()


async def test_what_failed_for_a_domain_that_nobody_declares_is_forgotten(
    certificates: Certificates, signer: Signer
) -> None:
    """R16: it nagged for ever."""
    signer.error = OrderFailed("No.")
    await certificates.turn([SHOP, NEWER], nobody)
    await certificates.forget_all_but([NEWER])
    assert [*await troubles(certificates)] == [NEWER]


async def test_a_certificate_that_nobody_needs_is_forgotten_when_it_would_be_renewed(
    certificates: Certificates, vault: Vault, now: HandClock, signer: Signer
) -> None:
    """R16: with its key; a service that comes back before that finds it again, without an order."""
    await vault.put(SYSTEM, "acme-account", b"the account")
    await certificates.turn([SHOP, NEWER], nobody)
    await certificates.forget_all_but([])
    now.advance(days=DAYS / 2)
    await certificates.forget_all_but([NEWER])
    assert not await certificates.turn([SHOP, NEWER], nobody)
    assert signer.orders == [NEWER, SHOP]
    key_name = (await certificates.materials())[SHOP][0].key_name
    now.advance(days=DAYS / 4)
    await certificates.forget_all_but([NEWER])
    assert [line.name for line in await certificates.list_all()] == [NEWER]
    with pytest.raises(NoSuchSecret):
        await vault.take(SYSTEM, key_name)
    assert await vault.take(SYSTEM, "acme-account") == b"the account"


async def test_a_failed_order_is_tried_at_once_when_somebody_asks_for_it(
    certificates: Certificates, signer: Signer, now: HandClock
) -> None:
    """R16: once; the pauses go on growing, since authorities count."""
    signer.error = OrderFailed("No.")
    await certificates.turn([SHOP], nobody)
    await certificates.turn([SHOP], nobody)
    assert len(signer.orders) == 1
    await certificates.retry(SHOP)
    await certificates.turn([SHOP], nobody)
    await certificates.turn([SHOP], nobody)
    assert len(signer.orders) == 2
    now.advance(minutes=9)
    await certificates.turn([SHOP], nobody)
    assert len(signer.orders) == 2, "ten minutes after the second"
    signer.error = None
    await certificates.retry(SHOP)
    assert await certificates.turn([SHOP], nobody)
    with pytest.raises(NoFailedOrder, match="has failed: orca certificates"):
        await certificates.retry(SHOP)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (Signer(names={SHOP: "other.example"}), "has signed other names"),
        (Signer(days=1), "Look at the clock of the control plane"),
        (Signer(error=KeyError("newOrder")), "was not understood"),
    ],
    ids=["other-names", "ended", "unforeseen"],
)
async def test_an_authority_that_errs_is_asked_with_patience_and_holds_up_no_other(
    certificates: Certificates, now: HandClock, wrong: Signer, words: str
) -> None:
    """It was asked again every two seconds, for ever: authorities count."""
    certificates.use(wrong)
    for _ in range(3):
        await certificates.turn([SHOP], nobody)
    assert len(wrong.orders) == 1
    assert words in (await troubles(certificates))[SHOP]
    certificates.use(Signer())
    assert await certificates.turn([SHOP, NEWER], nobody)
    assert await names_served(certificates) == [NEWER]
    now.advance(minutes=6)
    assert await certificates.turn([SHOP, NEWER], nobody)
    assert set((await troubles(certificates)).values()) == {""}


async def test_a_clock_that_is_wrong_orders_no_certificate_in_every_turn(
    certificates: Certificates, signer: Signer, now: HandClock
) -> None:
    """What is signed looks as if it had to be renewed at once."""
    now.advance(days=DAYS * 2 / 3 + 5)
    for _ in range(3):
        await certificates.turn([SHOP], nobody)
    assert len(signer.orders) == 1
    now.advance(days=-DAYS)
    await certificates.turn([SHOP], nobody)
    assert len(signer.orders) == 1, "the clock is right again, and so is the certificate"
