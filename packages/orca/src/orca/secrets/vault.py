"""Secrets over the store: set, listed by name, filled into templates, sealed anew.

The vault knows no door: whoever is at one gets names and versions. Values leave only through
`fill`, for the agent that starts the container, and through `take`, for Orca itself.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import msgspec

from basis.clock import Clock, system_clock
from basis.errors import Conflict, Invalid, NotFound
from basis.kit.secret import Secret
from orca.secrets.ring import KeyRing, open_ring
from orca.secrets.scopes import CLUSTER, SYSTEM, Scope, scope_of
from orca.secrets.sealing import Sealed, seal, unseal
from orca.spec import VALUE_BYTES_MAX, fill, secrets_in
from orca.store import NEVER, ChangedMeanwhile, Compare, Entry, Put, Store

PREFIX = "secrets/"
KNOWN = "vault/key"
"""Says which key the secrets are sealed with, so that another one is noticed at the start."""
TRIES_MAX = 50


class WrongKey(RuntimeError):
    """The key file is not the one that these secrets were sealed with."""


class NoSuchSecret(NotFound):
    """Nothing was set under this name, or it was removed."""


class BadValue(Invalid):
    """A value that is empty or too long."""


class TooBusy(Conflict):
    """Others set the same secret again and again."""


class Kept(msgspec.Struct, frozen=True, kw_only=True):
    """What the store keeps of a secret. Without `sealed` it was removed; its versions count on, so
    that no old ciphertext ever fits again.
    """

    version: int
    set_at: datetime
    sealed: Sealed | None


@dataclass(frozen=True, slots=True)
class SecretLine:
    """What may be told of a secret: everything but its value."""

    project: str | None
    name: str
    version: int
    set_at: datetime


@dataclass(frozen=True, slots=True)
class Filled:
    """Values with their secrets in them, and which versions those are."""

    values: Mapping[str, Secret]
    versions: Mapping[str, int]


class Vault:
    """The secrets of one cluster. Made by `open_vault`, which looks at the key first."""

    def __init__(self, store: Store, ring: KeyRing, *, clock: Clock) -> None:
        self._store = store
        self._ring = ring
        self._clock = clock
        self._turning = asyncio.Lock()

    async def put(self, scope: Scope, name: str, value: bytes) -> int:
        """The version that it has now. Raises BadName, BadValue."""
        if not 1 <= len(value) <= VALUE_BYTES_MAX:
            raise BadValue(f"A secret has 1 to {VALUE_BYTES_MAX:,} bytes.")
        if b"\0" in value:
            raise BadValue("A secret goes into variables of containers, and those hold no NUL.")
        return await self._change(scope.key_of(name), value)

    async def remove(self, scope: Scope, name: str) -> int:
        """The version at which it is gone. Raises BadName, NoSuchSecret."""
        return await self._change(scope.key_of(name), None)

    async def _change(self, key: str, value: bytes | None) -> int:
        for _ in range(TRIES_MAX):
            entry = await self._find(key)
            kept = read_kept(entry)
            if value is None and (kept is None or kept.sealed is None):
                raise NoSuchSecret(f"There is no secret {key.removeprefix(PREFIX)}.")
            version = kept.version + 1 if kept else 1
            sealed = None if value is None else self._seal(key, value, version)
            after = Kept(version=version, set_at=self._clock(), sealed=sealed)
            try:
                # Two who set it at once get a version each; without the comparison both had one.
                await self._write(key, after, entry)
            except ChangedMeanwhile:
                continue
            return version
        raise TooBusy("Others change this secret at the same time. Try again.")

    async def take(self, scope: Scope, name: str) -> bytes:
        """The value, for Orca itself. Raises NoSuchSecret, Tampered."""
        key = scope.key_of(name)
        entry = await self._find(key)
        found = self._open(entry) if entry else None
        if found is None:
            raise NoSuchSecret(f"There is no secret {key.removeprefix(PREFIX)}.")
        return found

    async def list_of(self, scope: Scope) -> tuple[SecretLine, ...]:
        """Names and versions, in the order of the names."""
        return tuple(
            SecretLine(project_of(entry.key), name_in(entry.key), kept.version, kept.set_at)
            for entry, kept in await self._stretch(scope.prefix)
            if kept.sealed is not None
        )

    async def list_all(self) -> tuple[SecretLine, ...]:
        """Those of the cluster and of every project; Orca's own are shown to nobody."""
        return tuple(
            SecretLine(project_of(entry.key), name_in(entry.key), kept.version, kept.set_at)
            for entry, kept in await self._stretch(PREFIX)
            if kept.sealed is not None and not entry.key.startswith(SYSTEM.prefix)
        )

    async def fill(self, project: str, templates: Mapping[str, str]) -> Filled:
        """The values of a container's templates. Only what they name is opened, and only now.

        Raises SecretMissing, which names it, and Tampered.
        """
        wanted = {name for text in templates.values() for name in secrets_in(text)}
        own, own_versions = await self._take_named(scope_of(project), wanted)
        common, common_versions = await self._take_named(CLUSTER, wanted - own.keys())
        values = {
            key: fill(text, project=project, of_project=own, of_all=common)
            for key, text in templates.items()
        }
        return Filled(values, common_versions | own_versions)

    async def _take_named(
        self, scope: Scope, wanted: set[str]
    ) -> tuple[dict[str, Secret], dict[str, int]]:
        values: dict[str, Secret] = {}
        versions: dict[str, int] = {}
        for entry, kept in await self._stretch(scope.prefix) if wanted else ():
            name = name_in(entry.key)
            opened = self._open(entry) if name in wanted else None
            if opened is not None:
                values[name] = Secret(opened.decode())
                versions[name] = kept.version
        return values, versions

    async def rotate_key(self) -> int:
        """A new key in the file, everything sealed with it, then the old ones out of the file; how
        many were sealed anew. Killed in between, it goes on with the next call: until the end both
        keys are in the file.
        """
        async with self._turning:
            ring = self._ring if len(self._ring.keys) > 1 else self._ring.with_new_key()
            # Said before anything is sealed with it: from here on the old file alone is refused.
            await self._tell_key(ring)
            self._ring = ring
            turned = 0
            for entry, _ in await self._stretch(PREFIX):
                turned += await self._turn(entry.key)
            self._ring = self._ring.with_current_alone()
            return turned

    async def _turn(self, key: str) -> int:
        """Same value, same version, the current key."""
        while True:
            entry = await self._find(key)
            kept = read_kept(entry)
            if entry is None or kept is None or kept.sealed is None:
                return 0
            if kept.sealed.key == self._ring.current[0]:
                return 0  # set anew meanwhile, or before the last kill
            value = self._open(entry)
            assert value is not None
            sealed = self._seal(key, value, kept.version)
            try:
                await self._write(key, msgspec.structs.replace(kept, sealed=sealed), entry)
            except ChangedMeanwhile:
                continue
            return 1

    async def check_key(self) -> None:
        """Raises WrongKey before anything is written; says which key it is if nobody did yet."""
        said = await self._find(KNOWN)
        needed = {kept.sealed.key for _, kept in await self._stretch(PREFIX) if kept.sealed}
        needed |= {said.value.decode()} if said else set()
        if missing := sorted(name for name in needed if self._ring.find(name) is None):
            raise WrongKey(
                f"{self._ring.path} does not hold the key that secrets were sealed with "
                f"({', '.join(missing)}). Bring the right file back. Nothing was changed."
            )
        if said is None:
            await self._tell_key(self._ring)

    async def _tell_key(self, ring: KeyRing) -> None:
        await self._store.transact([Put(KNOWN, ring.current[0].encode())])

    async def _find(self, key: str) -> Entry | None:
        found = await self._store.range(key, limit=1)
        return next((entry for entry in found.entries if entry.key == key), None)

    async def _stretch(self, prefix: str) -> list[tuple[Entry, Kept]]:
        found = await self._store.range(prefix)
        return [(entry, decode(entry)) for entry in found.entries]

    async def _write(self, key: str, kept: Kept, before: Entry | None) -> None:
        revision = before.revision if before else NEVER
        put = Put(key, msgspec.json.encode(kept))
        await self._store.transact([put], compares=[Compare(key, revision)])

    def _seal(self, key: str, value: bytes, version: int) -> Sealed:
        return seal(self._ring, value, place=key, version=version)

    def _open(self, entry: Entry) -> bytes | None:
        kept = decode(entry)
        if kept.sealed is None:
            return None
        return unseal(self._ring, kept.sealed, place=entry.key, version=kept.version)


async def open_vault(store: Store, key_file: Path, *, clock: Clock = system_clock) -> Vault:
    """Raises KeyMissing, KeyDamaged, WrongKey. Until the key is known to be the right one, nothing
    is written: a wrong key must cost nobody a secret.
    """
    known = await store.range(KNOWN, limit=1)
    sealed = await store.range(PREFIX, limit=1)
    is_new = not known.entries and not sealed.entries
    vault = Vault(store, open_ring(key_file, is_new=is_new), clock=clock)
    await vault.check_key()
    return vault


def read_kept(entry: Entry | None) -> Kept | None:
    return None if entry is None else decode(entry)


def decode(entry: Entry) -> Kept:
    return msgspec.json.decode(entry.value, type=Kept)


def project_of(key: str) -> str | None:
    parts = key.split("/")
    return parts[2] if parts[1] == "project" else None


def name_in(key: str) -> str:
    return key.rpartition("/")[2]
