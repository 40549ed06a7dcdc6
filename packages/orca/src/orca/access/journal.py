"""The journal: every write, who, what, when, and what came of it; the last ten thousand.

An act is written down before it is begun and gets its outcome afterwards. If the process is killed
in between, the journal says that it was begun, and not that nothing was.
"""

from __future__ import annotations

import asyncio
from datetime import datetime
from enum import StrEnum

import msgspec

from basis.clock import Clock, system_clock
from orca.access.tokens import Principal
from orca.store import NEVER, ChangedMeanwhile, Compare, Delete, Entry, Put, Store

PREFIX = "journal/acts/"
HEAD = "journal/head"
DIGITS = 12
PAGE_DIGITS = 2
PAGE = 10**PAGE_DIGITS
"""Acts whose keys begin alike: the store reads them in one stretch."""
KEPT_MAX = 10_000
LIMIT_MAX = 500
TEXT_MAX = 200


class Outcome(StrEnum):
    """BEGUN stays where the process was killed before it could say more."""

    BEGUN = "begun"
    DONE = "done"
    REFUSED = "refused"
    FAILED = "failed"


class Act(msgspec.Struct, frozen=True, kw_only=True):
    """One write. `what` is the door, `target` what was named in its path."""

    number: int
    at: datetime
    token: str
    who: str
    what: str
    target: str
    outcome: Outcome = Outcome.BEGUN
    status: int = 0


class Journal:
    """The acts of one cluster, numbered from 1."""

    def __init__(
        self, store: Store, *, clock: Clock = system_clock, kept_max: int = KEPT_MAX
    ) -> None:
        self._store = store
        self._clock = clock
        self._kept_max = kept_max
        self._turn = asyncio.Lock()

    async def begin(self, who: Principal, *, what: str, target: str) -> Act:
        """Numbered without a gap; the oldest goes in the same transaction."""
        async with self._turn:  # those of this process wait; those of others are compared with
            while True:
                head = await self._head()
                number = int(head.value) + 1 if head else 1
                act = Act(
                    number=number,
                    at=self._clock(),
                    token=who.id,
                    who=who.name,
                    what=what,
                    target=target[:TEXT_MAX],
                )
                try:
                    await self._add(act, head)
                except ChangedMeanwhile:
                    continue
                return act

    async def _add(self, act: Act, head: Entry | None) -> None:
        operations: list[Put | Delete] = [
            Put(key_of(act.number), msgspec.json.encode(act)),
            Put(HEAD, str(act.number).encode()),
        ]
        if act.number > self._kept_max:
            operations.append(Delete(key_of(act.number - self._kept_max)))
        revision = head.revision if head else NEVER
        await self._store.transact(operations, compares=[Compare(HEAD, revision)])

    async def end(self, act: Act, *, status: int) -> None:
        told = msgspec.structs.replace(act, outcome=outcome_of(status), status=status)
        found = await self._store.range(key_of(act.number), limit=1)
        if found.entries:  # else so much was done meanwhile that it is forgotten already
            await self._store.transact(
                [Put(key_of(act.number), msgspec.json.encode(told))],
                compares=[Compare(key_of(act.number), found.entries[0].revision)],
            )

    async def list_before(self, number: int | None, *, limit: int) -> tuple[Act, ...]:
        """The newest first, those before a number."""
        head = await self._head()
        last = int(head.value) if head else 0
        below = last + 1 if number is None else min(number, last + 1)
        acts: list[Act] = []
        page = (below - 1) // PAGE
        while page >= 0 and (page + 1) * PAGE > last - self._kept_max and len(acts) < limit:
            found = await self._store.range(page_of(page))
            read = [msgspec.json.decode(entry.value, type=Act) for entry in found.entries]
            acts += [act for act in reversed(read) if act.number < below]
            page -= 1
        return tuple(acts[: min(limit, LIMIT_MAX)])

    async def _head(self) -> Entry | None:
        found = await self._store.range(HEAD, limit=1)
        return found.entries[0] if found.entries else None


def key_of(number: int) -> str:
    return f"{PREFIX}{number:0{DIGITS}}"


def page_of(page: int) -> str:
    return f"{PREFIX}{page:0{DIGITS - PAGE_DIGITS}}"


def outcome_of(status: int) -> Outcome:
    if status < 400:
        return Outcome.DONE
    return Outcome.REFUSED if status < 500 else Outcome.FAILED
