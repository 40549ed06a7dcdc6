"""Secrets: sealed where they lie, opened at the last moment, never lost to a wrong key (26)."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import msgspec
import pytest

from basis.kit.testing import HandClock
from orca.secrets import (
    CLUSTER,
    SYSTEM,
    BadName,
    BadValue,
    KeyDamaged,
    KeyMissing,
    NoSuchSecret,
    Tampered,
    Vault,
    WrongKey,
    open_vault,
    scope_of,
)
from orca.spec import SecretMissing
from orca.store import Change, Put, SqliteStore, Stretch

SHOP = scope_of("shop")
VALUE = b"correct horse battery staple"


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[SqliteStore]:
    made = SqliteStore(tmp_path / "orca.db")
    await made.open()
    yield made
    await made.close()


@pytest.fixture
def key_file(tmp_path: Path) -> Path:
    return tmp_path / "keys" / "secrets.key"


@pytest.fixture
async def vault(store: SqliteStore, key_file: Path, clock: HandClock) -> Vault:
    return await open_vault(store, key_file, clock=clock)


def held(path: Path) -> bytes:
    return path.read_bytes()


def hold(path: Path, value: bytes) -> None:
    path.write_bytes(value)
    path.chmod(0o600)


def mode_of(path: Path) -> int:
    return path.stat().st_mode & 0o777


def all_bytes(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


async def copy_of(store: SqliteStore) -> Stretch:
    return await store.range("")


async def test_the_key_is_made_at_the_first_start_for_its_owner_alone(
    vault: Vault, store: SqliteStore, key_file: Path
) -> None:
    assert mode_of(key_file) == 0o600
    before = held(key_file)
    await vault.put(CLUSTER, "DB_URL", VALUE)
    again = await open_vault(store, key_file)
    assert await again.take(CLUSTER, "DB_URL") == VALUE
    assert held(key_file) == before


async def test_the_project_is_asked_before_the_cluster(vault: Vault) -> None:
    """Scenario 26: project scope before global."""
    await vault.put(CLUSTER, "DB_URL", b"of all")
    await vault.put(CLUSTER, "MAIL", b"mail of all")
    await vault.put(SHOP, "DB_URL", b"of the shop")
    templates = {"A": "${secrets.DB_URL}", "B": "to ${secrets.MAIL}, $${kept}", "C": "plain"}
    shop = await vault.fill("shop", templates)
    assert shop.values == {"A": "of the shop", "B": "to mail of all, ${kept}", "C": "plain"}
    assert shop.versions == {"DB_URL": 1, "MAIL": 1}
    tools = await vault.fill("tools", templates)
    assert tools.values["A"] == "of all"
    assert "of the shop" not in repr(shop)


async def test_a_missing_secret_is_named(vault: Vault) -> None:
    """Scenario 26: a missing key fails the deploy with the name."""
    await vault.put(scope_of("tools"), "TOKEN", VALUE)
    with pytest.raises(SecretMissing, match=r"no secret TOKEN, neither of the project shop") as no:
        await vault.fill("shop", {"A": "${secrets.TOKEN}"})
    assert no.value.details == {"name": "TOKEN", "project": "shop"}


async def test_a_value_with_a_reference_in_it_is_left_as_it_is(vault: Vault) -> None:
    await vault.put(SHOP, "A", b"${secrets.A}")
    assert (await vault.fill("shop", {"X": "${secrets.A}"})).values["X"] == "${secrets.A}"


async def test_ciphertexts_that_change_places_do_not_open(vault: Vault, store: SqliteStore) -> None:
    """Scenario 26: a swap is detected, between names, scopes, and versions of one name."""
    await vault.put(SHOP, "A", b"first")
    before = (await store.range(SHOP.key_of("A"))).entries[0].value
    await vault.put(SHOP, "A", b"second")
    await vault.put(SHOP, "B", b"other")
    await vault.put(CLUSTER, "A", b"of all")
    kept = {one.key: one.value for one in (await copy_of(store)).entries}
    sealed_before = msgspec.json.decode(before)["sealed"]
    for place, sealed in [
        (SHOP.key_of("A"), msgspec.json.decode(kept[SHOP.key_of("B")])["sealed"]),
        (SHOP.key_of("A"), msgspec.json.decode(kept[CLUSTER.key_of("A")])["sealed"]),
        (SHOP.key_of("A"), sealed_before),
        (SHOP.key_of("B"), sealed_before | {"nonce": ""}),
    ]:
        forged = msgspec.json.decode(kept[place]) | {"sealed": sealed}
        await store.transact([Put(place, msgspec.json.encode(forged))])
        name = place.rpartition("/")[2]
        with pytest.raises(Tampered, match=f"project/shop/{name}"):
            await vault.fill("shop", {"X": f"${{secrets.{name}}}"})
        await store.transact([Put(place, kept[place])])
    assert (await vault.fill("shop", {"X": "${secrets.A}"})).values["X"] == "second"


async def test_a_wrong_key_is_noticed_before_anything_is_written(
    vault: Vault, store: SqliteStore, key_file: Path
) -> None:
    """Scenario 26, D1: a wrong key never writes."""
    await vault.put(SHOP, "A", VALUE)
    before, right = await copy_of(store), held(key_file)
    hold(key_file, os.urandom(32).hex().encode())
    with pytest.raises(WrongKey, match="Nothing was changed"):
        await open_vault(store, key_file)
    os.unlink(key_file)  # noqa: PTH108 - no thread is needed for it
    with pytest.raises(KeyMissing, match="from a backup"):
        await open_vault(store, key_file)
    with pytest.raises(FileNotFoundError):
        held(key_file)  # a new key would hide that the old one is missing
    for damaged in (b"", b"00ff", b"not hex", os.urandom(40), right * 9):
        hold(key_file, damaged)
        with pytest.raises(KeyDamaged, match="holds no key"):
            await open_vault(store, key_file)
    assert await copy_of(store) == before
    hold(key_file, right)
    assert await (await open_vault(store, key_file)).take(SHOP, "A") == VALUE


@pytest.mark.usefixtures("vault")
async def test_a_key_that_others_can_read_is_refused(store: SqliteStore, key_file: Path) -> None:
    os.chmod(key_file, 0o640)  # noqa: PTH101 - as above
    with pytest.raises(KeyDamaged, match="chmod 600"):
        await open_vault(store, key_file)


async def test_a_value_stands_nowhere_in_the_clear(vault: Vault, tmp_path: Path) -> None:
    """A2, scenario 26: neither in the database nor in its log nor in what is listed."""
    await vault.put(SHOP, "A", VALUE)
    await vault.put(SHOP, "A", VALUE + b" again")
    await vault.rotate_key()
    assert b"sealed" in all_bytes(tmp_path)
    assert VALUE not in all_bytes(tmp_path)
    [line] = await vault.list_all()
    assert (line.project, line.name, line.version) == ("shop", "A", 2)
    assert VALUE.decode() not in repr(line)


async def test_versions_count_on_and_old_ones_never_fit_again(
    vault: Vault, store: SqliteStore
) -> None:
    assert await vault.put(SHOP, "A", b"one") == 1
    first = (await store.range(SHOP.key_of("A"))).entries[0].value
    assert await vault.remove(SHOP, "A") == 2
    with pytest.raises(NoSuchSecret, match="project/shop/A"):
        await vault.remove(SHOP, "A")
    assert await vault.list_of(SHOP) == ()
    assert await vault.put(SHOP, "A", b"two") == 3
    old = msgspec.json.decode(first) | {"version": 3}
    await store.transact([Put(SHOP.key_of("A"), msgspec.json.encode(old))])
    with pytest.raises(Tampered):
        await vault.take(SHOP, "A")


async def test_many_who_set_a_secret_at_once_get_a_version_each(vault: Vault) -> None:
    """Without the comparison in `_write` several have the same version: tried."""
    versions = await asyncio.gather(
        *(vault.put(SHOP, "A", str(number).encode()) for number in range(12))
    )
    assert sorted(versions) == list(range(1, 13))
    last = versions.index(12)
    assert await vault.take(SHOP, "A") == str(last).encode()


async def test_orcas_own_secrets_are_neither_listed_nor_reached(vault: Vault) -> None:
    await vault.put(SYSTEM, "shop.example", VALUE)
    assert await vault.take(SYSTEM, "shop.example") == VALUE
    assert await vault.list_all() == ()
    with pytest.raises(BadName):
        scope_of("../system")
    with pytest.raises(BadName):
        SHOP.key_of("../../system/shop.example")


@pytest.mark.parametrize("name", ["", "1A", "A B", "A/B", "A\n", "ä", "A" * 65])
async def test_odd_names_are_refused(vault: Vault, name: str) -> None:
    with pytest.raises(BadName):
        await vault.put(SHOP, name, VALUE)
    with pytest.raises(BadName):
        scope_of(f"{name}_")


async def test_values_have_bounds(vault: Vault) -> None:
    for value in (b"", b"x" * 65_537, b"a\0b"):
        with pytest.raises(BadValue):
            await vault.put(SHOP, "A", value)


class PowerCut(Exception):
    """The process is gone at this moment."""


class Cutting:
    """A real store whose process dies before the given write."""

    def __init__(self, store: SqliteStore, writes: int) -> None:
        self._store = store
        self._left = writes

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    async def transact(self, *given: Any, **named: Any) -> int:
        if self._left == 0:
            raise PowerCut
        self._left -= 1
        return await self._store.transact(*given, **named)

    def watch(self, prefix: str, *, after: int) -> AsyncIterator[tuple[Change, ...]]:
        return self._store.watch(prefix, after=after)


async def test_a_rotation_that_is_killed_anywhere_goes_on(
    vault: Vault, store: SqliteStore, key_file: Path
) -> None:
    secrets = {f"S{number}": os.urandom(20).hex() for number in range(3)}
    for name, value in secrets.items():
        await vault.put(SHOP, name, value.encode())
    await vault.put(SYSTEM, "shop.example", VALUE)
    templates = {name: f"${{secrets.{name}}}" for name in secrets}
    for writes in range(5):
        old = held(key_file)
        cut = await open_vault(Cutting(store, writes), key_file)
        with pytest.raises(PowerCut):
            await cut.rotate_key()
        after = await open_vault(store, key_file)
        assert (await after.fill("shop", templates)).values == secrets
        await after.rotate_key()
        assert (await after.fill("shop", templates)).values == secrets
        assert await after.take(SYSTEM, "shop.example") == VALUE
        assert len(held(key_file).split()) == 1
        assert held(key_file) not in old
    hold(key_file, old)
    with pytest.raises(WrongKey):
        await open_vault(store, key_file)


@asynccontextmanager
async def turning(vault: Vault) -> AsyncIterator[None]:
    task = asyncio.create_task(vault.rotate_key())
    yield
    await task


async def test_what_is_set_while_the_key_turns_is_kept(vault: Vault, key_file: Path) -> None:
    for number in range(8):
        await vault.put(SHOP, f"S{number}", b"before")
    async with turning(vault):
        for number in range(8):
            assert await vault.put(SHOP, f"S{number}", b"after") == 2
    for number in range(8):
        assert await vault.take(SHOP, f"S{number}") == b"after"
    assert len(held(key_file).split()) == 1


def each_bit(value: bytes) -> Iterator[bytes]:
    for index in range(len(value)):
        yield value[:index] + bytes([value[index] ^ 1]) + value[index + 1 :]


async def test_no_bit_of_a_sealed_value_can_be_turned(vault: Vault, store: SqliteStore) -> None:
    await vault.put(SHOP, "A", b"short")
    key = SHOP.key_of("A")
    kept = msgspec.json.decode((await store.range(key)).entries[0].value)
    sealed = msgspec.json.decode(msgspec.json.encode(kept["sealed"]), type=dict[str, str])
    ciphertext = msgspec.json.decode(f'"{sealed["ciphertext"]}"', type=bytes)
    for forged in each_bit(ciphertext):
        changed = kept | {"sealed": sealed | {"ciphertext": forged}}
        await store.transact([Put(key, msgspec.json.encode(changed))])
        with pytest.raises(Tampered):
            await vault.take(SHOP, "A")
