"""Certificates in the store, their keys in the vault; one turn orders, renews and takes what was
brought.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import msgspec
import structlog

from basis.clock import Clock, system_clock
from basis.kit.secret import Secret
from orca.certificates.authority import Authority, OrderFailed, Publish
from orca.certificates.material import BadCertificate, Material, facts_of
from orca.certificates.timing import is_due, may_try
from orca.edge import Served
from orca.secrets import SYSTEM, Vault
from orca.store import NEVER, Compare, Delete, Entry, Put, Store

logger = structlog.get_logger(__name__)

PREFIX = "certificates/"
TRIES = "certificate-tries/"
FILE_BYTES_MAX = 65_536
REASON_MAX = 500


class Kept(msgspec.Struct, frozen=True, kw_only=True):
    """A certificate; its key lies in the vault under a name of its own, so that a crash between
    the two never joins a certificate with the key of another.
    """

    domains: tuple[str, ...]
    chain: str
    key_name: str
    begins_at: datetime
    ends_at: datetime
    digest: str
    is_own: bool


class Tries(msgspec.Struct, frozen=True, kw_only=True):
    """Orders that failed, one after the other."""

    failures: int
    failed_at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class CertificateLine:
    """What may be told of a certificate, or of a domain that has none yet."""

    name: str
    domains: tuple[str, ...]
    ends_at: datetime | None
    is_own: bool
    trouble: str


class Certificates:
    """Those of one cluster. The leader alone calls `turn`."""

    def __init__(
        self,
        store: Store,
        vault: Vault,
        authority: Authority | None,
        *,
        clock: Clock = system_clock,
    ) -> None:
        self._store = store
        self._vault = vault
        self._authority = authority
        self._clock = clock

    def use(self, authority: Authority | None) -> None:
        """Whom to order from now on; nobody is asked without one."""
        self._authority = authority

    async def due(self, domains: Iterable[str]) -> list[str]:
        """Those that have none, or one that is to be renewed."""
        kept = await self._all()
        return [domain for domain in sorted(set(domains)) if not self._is_good(domain, kept)]

    async def digests(self) -> frozenset[str]:
        """Of all that are valid."""
        now = self._clock()
        return frozenset(one.digest for _, one in (await self._all()).values() if one.ends_at > now)

    async def turn(
        self, domains: Iterable[str], publish: Publish, *, brought: Path | None = None
    ) -> bool:
        """Look at all of them once: take what was brought, order what is missing or due. Whether
        something changed. One that fails holds up no other.
        """
        changed = await self._take_brought(brought) if brought else False
        kept = await self._all()
        for domain in sorted(set(domains)):
            if self._is_good(domain, kept):
                continue
            changed |= await self._try(domain, publish)
        return changed

    def _is_good(self, domain: str, kept: dict[str, tuple[Entry, Kept]]) -> bool:
        now = self._clock()
        for _, one in kept.values():
            if domain in one.domains or f"*.{domain.partition('.')[2]}" in one.domains:
                is_due_now = is_due(begins_at=one.begins_at, ends_at=one.ends_at, now=now)
                # What people brought is theirs to renew, as long as it is valid.
                if not is_due_now or (one.is_own and one.ends_at > now):
                    return True
        return False

    async def _try(self, domain: str, publish: Publish) -> bool:
        entry = await self._find(TRIES + domain)
        tries = msgspec.json.decode(entry.value, type=Tries) if entry else None
        now = self._clock()
        if self._authority is None or (
            tries and not may_try(failures=tries.failures, failed_at=tries.failed_at, now=now)
        ):
            return False
        try:
            material = await self._authority.order(domain, publish)
            await self._keep(domain, material, is_own=False)
        except (OrderFailed, BadCertificate) as error:
            failures = tries.failures + 1 if tries else 1
            told = Tries(failures=failures, failed_at=now, reason=str(error)[:REASON_MAX])
            await self._store.transact([Put(TRIES + domain, msgspec.json.encode(told))])
            logger.warning(
                "certificate.failed", domain=domain, failures=failures, reason=told.reason
            )
            return False
        if entry is not None:
            await self._store.transact([Delete(TRIES + domain)])
        logger.info("certificate.kept", domain=domain)
        return True

    async def _keep(self, name: str, material: Material, *, is_own: bool) -> None:
        """The key first, under a name of its own; then, at once, the certificate that names it."""
        facts = facts_of(material)
        key_name = f"certificate-{facts.digest}"
        before = await self._find(PREFIX + name)
        await self._vault.put(SYSTEM, key_name, material.key.encode("ascii"))
        kept = Kept(
            domains=facts.domains,
            chain=material.chain,
            key_name=key_name,
            begins_at=facts.begins_at,
            ends_at=facts.ends_at,
            digest=facts.digest,
            is_own=is_own,
        )
        await self._store.transact(
            [Put(PREFIX + name, msgspec.json.encode(kept))],
            compares=[Compare(PREFIX + name, before.revision if before else NEVER)],
        )
        if before is not None:
            old = decode(before)
            if old.key_name != key_name:
                await self._vault.remove(SYSTEM, old.key_name)

    async def _take_brought(self, folder: Path) -> bool:
        """Each `<name>.crt` with its `<name>.key`; looked at each time, so that a replaced file is
        noticed.
        """
        changed = False
        for name, certificate, key in await asyncio.to_thread(read_brought, folder):
            own = f"own-{name}"
            found = await self._find(PREFIX + own)
            try:
                facts = facts_of(Material(certificate, key))
                if found is None or decode(found).digest != facts.digest:
                    await self._keep(own, Material(certificate, key), is_own=True)
                    changed = True
                trouble = "" if facts.ends_at > self._clock() else "It is no longer valid."
            except BadCertificate as error:
                trouble = str(error)
            await self._note_trouble(own, trouble)
        return changed

    async def _note_trouble(self, name: str, trouble: str) -> None:
        entry = await self._find(TRIES + name)
        if trouble and entry is None:
            told = Tries(failures=1, failed_at=self._clock(), reason=trouble)
            await self._store.transact([Put(TRIES + name, msgspec.json.encode(told))])
        elif not trouble and entry is not None:
            await self._store.transact([Delete(TRIES + name)])

    async def list_all(self) -> tuple[CertificateLine, ...]:
        kept = await self._all()
        troubles = {
            entry.key.removeprefix(TRIES): msgspec.json.decode(entry.value, type=Tries).reason
            for entry in (await self._store.range(TRIES)).entries
        }
        lines = [
            CertificateLine(name, one.domains, one.ends_at, one.is_own, troubles.pop(name, ""))
            for name, (_, one) in kept.items()
        ]
        lines += [
            CertificateLine(name, (), None, name.startswith("own-"), reason)
            for name, reason in troubles.items()
        ]
        return tuple(sorted(lines, key=lambda line: line.name))

    async def materials(self) -> dict[str, tuple[Kept, Material]]:
        """All that are valid, with their keys: for the edges. What people brought comes first."""
        now = self._clock()
        every = [(name, one) for name, (_, one) in (await self._all()).items()]
        found: dict[str, tuple[Kept, Material]] = {}
        for name, one in sorted(every, key=lambda each: not each[1].is_own):
            if one.ends_at > now:
                key = await self._vault.take(SYSTEM, one.key_name)
                found[name] = (one, Material(one.chain, Secret(key.decode("ascii"))))
        return found

    async def served(self) -> tuple[Served, ...]:
        """As the edges are given them."""
        return tuple(
            Served(one.domains, material.chain, str(material.key), one.digest)
            for one, material in (await self.materials()).values()
        )

    async def _all(self) -> dict[str, tuple[Entry, Kept]]:
        return {
            entry.key.removeprefix(PREFIX): (entry, decode(entry))
            for entry in (await self._store.range(PREFIX)).entries
        }

    async def _find(self, key: str) -> Entry | None:
        found = await self._store.range(key, limit=1)
        return next((entry for entry in found.entries if entry.key == key), None)


def decode(entry: Entry) -> Kept:
    return msgspec.json.decode(entry.value, type=Kept)


def read_brought(folder: Path) -> list[tuple[str, str, Secret]]:
    """Pairs of files; half of a pair is not there yet."""
    pairs = []
    for certificate in sorted(folder.glob("*.crt")):
        key = certificate.with_suffix(".key")
        if key.is_file() and max(certificate.stat().st_size, key.stat().st_size) < FILE_BYTES_MAX:
            told = key.read_text(errors="replace")
            pairs.append((certificate.stem, certificate.read_text(errors="replace"), Secret(told)))
    return pairs
