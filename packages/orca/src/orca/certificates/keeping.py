"""Certificates in the store, their keys in the vault; one turn orders, renews and takes what was
brought.
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import msgspec
import structlog

from basis.clock import Clock, system_clock
from basis.errors import NotFound
from basis.kit.secret import Secret
from orca.certificates.authority import Authority, OrderFailed, Publish
from orca.certificates.brought import OWN, Brought, read_brought
from orca.certificates.material import BadCertificate, Facts, Material, facts_of
from orca.certificates.timing import is_due, may_try, was_just_signed
from orca.edge import Served
from orca.secrets import SYSTEM, NoSuchSecret, Tampered, Vault
from orca.store import NEVER, Compare, Delete, Entry, Put, Store

logger = structlog.get_logger(__name__)

PREFIX = "certificates/"
TRIES = "certificate-tries/"
REASON_MAX = 500
SKEW = timedelta(hours=1)
"""Clocks differ: what begins so much later has begun."""
UNFORESEEN = (
    "What the authority answered was not understood. The log of the control plane says more."
)


class NoFailedOrder(NotFound):
    """There is nothing that could be tried again."""


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
    kept_at: datetime | None = None

    def covers(self, domain: str) -> bool:
        return domain in self.domains or f"*.{domain.partition('.')[2]}" in self.domains


class Tries(msgspec.Struct, frozen=True, kw_only=True):
    """Orders that failed, one after the other; `is_asked`: somebody wants the next one at once."""

    failures: int
    failed_at: datetime
    reason: str
    is_asked: bool = False


@dataclass(frozen=True, slots=True)
class CertificateLine:
    """What may be told of a certificate, or of a domain that has none yet."""

    name: str
    domains: tuple[str, ...]
    ends_at: datetime | None
    is_own: bool
    trouble: str
    begins_at: datetime | None = None


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
        self._broken: dict[str, str] = {}
        """Why there is no key, by the certificates: as it was when the edges were told last."""

    def use(self, authority: Authority | None) -> None:
        """Whom to order from now on; nobody is asked without one."""
        self._authority = authority

    async def due(self, domains: Iterable[str]) -> list[str]:
        """Those that have none, or one that is to be renewed."""
        kept = await self._all()
        return [domain for domain in sorted(set(domains)) if not self._is_good(domain, kept)]

    async def digests(self) -> frozenset[str]:
        """Of all that can be served."""
        now = self._clock()
        return frozenset(
            one.digest
            for name, (_, one) in (await self._all()).items()
            if one.ends_at > now and name not in self._broken
        )

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
        for name, (_, one) in kept.items():
            if name in self._broken or not one.covers(domain):
                continue
            is_early = not is_due(begins_at=one.begins_at, ends_at=one.ends_at, now=now)
            # What people brought is theirs to renew, as long as it is valid.
            if is_early or (one.is_own and one.ends_at > now) or is_new(one, now):
                return True
        return False

    async def _try(self, domain: str, publish: Publish) -> bool:
        entry = await self._find(TRIES + domain)
        tries = msgspec.json.decode(entry.value, type=Tries) if entry else None
        if self._authority is None or (tries and not self._may_try(tries)):
            return False
        try:
            material = await self._authority.order(domain, publish)
            self._check_ordered(domain, facts_of(material))
            await self._keep(domain, material, is_own=False)
        except (OrderFailed, BadCertificate) as error:
            await self._note_failure(domain, tries, str(error))
            return False
        except Exception:
            # Whatever an authority answers: counted, or it would be asked again every two seconds.
            logger.exception("certificate.unforeseen", domain=domain)
            await self._note_failure(domain, tries, f"{domain}: {UNFORESEEN}")
            return False
        if entry is not None:
            await self._store.transact([Delete(TRIES + domain)])
        logger.info("certificate.kept", domain=domain)
        return True

    def _may_try(self, tries: Tries) -> bool:
        return tries.is_asked or may_try(
            failures=tries.failures, failed_at=tries.failed_at, now=self._clock()
        )

    def _check_ordered(self, domain: str, facts: Facts) -> None:
        """Raises BadCertificate for what would be ordered again in the next turn."""
        if domain not in facts.domains:
            raise BadCertificate(f"{domain}: the authority has signed other names.")
        if not facts.begins_at - SKEW <= self._clock() < facts.ends_at:
            raise BadCertificate(
                f"{domain}: the authority has signed from {facts.begins_at} to {facts.ends_at}. "
                "Look at the clock of the control plane."
            )

    async def _note_failure(self, domain: str, before: Tries | None, reason: str) -> None:
        failures = before.failures + 1 if before else 1
        told = Tries(failures=failures, failed_at=self._clock(), reason=reason[:REASON_MAX])
        await self._store.transact([Put(TRIES + domain, msgspec.json.encode(told))])
        logger.warning("certificate.failed", domain=domain, failures=failures, reason=told.reason)

    async def retry(self, domain: str) -> None:
        """Its order is tried again in the next turn, and not only after the pause. The pauses after
        that go on growing: authorities count. Raises NoFailedOrder.
        """
        entry = await self._find(TRIES + domain)
        if entry is None or domain.startswith(OWN):
            raise NoFailedOrder(
                f"No order for {domain[:80]!r} has failed: orca certificates lists those that did."
            )
        tries = msgspec.json.decode(entry.value, type=Tries)
        asked = msgspec.structs.replace(tries, is_asked=True)
        # Compared: an order that has succeeded meanwhile is not made a failed one again.
        await self._store.transact(
            [Put(entry.key, msgspec.json.encode(asked))],
            compares=[Compare(entry.key, entry.revision)],
        )

    async def forget_all_but(self, domains: Collection[str]) -> None:
        """What failed for a domain that nobody declares any more is no trouble. Its certificate is
        kept until it would be renewed: a service that is brought back finds it again.
        """
        now = self._clock()
        for entry in (await self._store.range(TRIES)).entries:
            name = entry.key.removeprefix(TRIES)
            if name not in domains and not name.startswith(OWN):
                await self._store.transact([Delete(entry.key)])
        for name, (entry, one) in (await self._all()).items():
            if name in domains or one.is_own:
                continue
            if is_due(begins_at=one.begins_at, ends_at=one.ends_at, now=now):
                await self._forget(entry, one)
                logger.info("certificate.forgotten", name=name)

    async def _forget(self, entry: Entry, one: Kept) -> None:
        """The certificate first: a key that no certificate names is nobody's trouble."""
        await self._store.transact(
            [Delete(entry.key)], compares=[Compare(entry.key, entry.revision)]
        )
        with suppress(NoSuchSecret):
            await self._vault.remove(SYSTEM, one.key_name)

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
            kept_at=self._clock(),
        )
        await self._store.transact(
            [Put(PREFIX + name, msgspec.json.encode(kept))],
            compares=[Compare(PREFIX + name, before.revision if before else NEVER)],
        )
        self._broken.pop(name, None)
        if before is not None:
            old = decode(before)
            if old.key_name != key_name:
                with suppress(NoSuchSecret):
                    await self._vault.remove(SYSTEM, old.key_name)

    async def _take_brought(self, folder: Path) -> bool:
        """Looked at each time, so that a replaced file is noticed."""
        there = await asyncio.to_thread(read_brought, folder)
        changes = [await self._take(each) for each in there]
        await self._forget_taken_away({each.name for each in there})
        return any(changes)

    async def _take(self, brought: Brought) -> bool:
        """Whether it is another one. What cannot be used replaces nothing."""
        changed, trouble = False, brought.trouble
        if brought.material is not None:
            try:
                facts = facts_of(brought.material)
                check_dates(facts, self._clock())
                changed = await self._is_other(brought.name, facts)
                if changed:
                    await self._keep(brought.name, brought.material, is_own=True)
            except BadCertificate as error:
                trouble = str(error)
        await self._note_trouble(brought.name, trouble[:REASON_MAX])
        return changed

    async def _is_other(self, name: str, facts: Facts) -> bool:
        found = await self._find(PREFIX + name)
        return found is None or decode(found).digest != facts.digest or name in self._broken

    async def _forget_taken_away(self, there: set[str]) -> None:
        """What was wrong with files that are gone. Their certificate serves until it ends: a folder
        that is empty for a moment must not take it from the edges.
        """
        now = self._clock()
        for entry in (await self._store.range(TRIES + OWN)).entries:
            if entry.key.removeprefix(TRIES) not in there:
                await self._store.transact([Delete(entry.key)])
        for name, (entry, one) in (await self._all()).items():
            if one.is_own and name not in there and one.ends_at <= now:
                await self._forget(entry, one)

    async def _note_trouble(self, name: str, trouble: str) -> None:
        entry = await self._find(TRIES + name)
        known = msgspec.json.decode(entry.value, type=Tries).reason if entry else ""
        if trouble and trouble != known:
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
        # An order that failed says more than the key that it was to make good for.
        troubles = self._broken | troubles
        lines = [
            CertificateLine(
                name, one.domains, one.ends_at, one.is_own, troubles.pop(name, ""), one.begins_at
            )
            for name, (_, one) in kept.items()
        ]
        lines += [
            CertificateLine(name, (), None, name.startswith(OWN), reason)
            for name, reason in troubles.items()
        ]
        return tuple(sorted(lines, key=lambda line: line.name))

    async def materials(self) -> dict[str, tuple[Kept, Material]]:
        """All that can be served, with their keys: for the edges. What people brought comes first.
        One whose key does not open is left out, and noted: it is ordered or taken anew.
        """
        now = self._clock()
        every = [(name, one) for name, (_, one) in (await self._all()).items()]
        found: dict[str, tuple[Kept, Material]] = {}
        broken: dict[str, str] = {}
        for name, one in sorted(every, key=lambda each: not each[1].is_own):
            if one.ends_at <= now:
                continue
            try:
                key = await self._vault.take(SYSTEM, one.key_name)
                found[name] = (one, Material(one.chain, Secret(key.decode("ascii"))))
            except (NoSuchSecret, Tampered) as error:
                broken[name] = str(error)
        for name in broken.keys() - self._broken.keys():
            logger.warning("certificate.broken", name=name, reason=broken[name])
        self._broken = broken
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


def is_new(one: Kept, now: datetime) -> bool:
    """It was signed a while ago, whatever our clock makes of its dates."""
    return one.kept_at is not None and was_just_signed(
        begins_at=one.begins_at, ends_at=one.ends_at, kept_at=one.kept_at, now=now
    )


def check_dates(facts: Facts, now: datetime) -> None:
    """Raises BadCertificate."""
    if facts.ends_at <= now:
        raise BadCertificate(f"It is no longer valid: it ended on {facts.ends_at.date()}.")
    if facts.begins_at - SKEW > now:
        raise BadCertificate(f"It is not valid before {facts.begins_at}.")
