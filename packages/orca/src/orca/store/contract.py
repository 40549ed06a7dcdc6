"""What every store can do: read a stretch of keys, change keys if others are as they were, tell of
changes in their order, and let go of keys whose owner is gone. Nothing here that etcd has not.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from basis.errors import Conflict, Invalid, NotFound, Unavailable

KEY_BYTES_MAX = 512
VALUE_BYTES_MAX = 1_000_000
OPERATIONS_MAX = 2_048
"""etcd is started with `--max-txn-ops` of this."""
LEASE_SECONDS_MAX = 24 * 3_600
NEVER = 0
"""The revision of a key that does not exist."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A key with its value and the revision of its last change."""

    key: str
    value: bytes
    revision: int
    lease: int | None = None


@dataclass(frozen=True, slots=True)
class Stretch:
    """Entries in the order of their keys, and the revision at which all of them were so."""

    revision: int
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Compare:
    """The change is made only if the key is at this revision; NEVER if it must not exist."""

    key: str
    revision: int


@dataclass(frozen=True, slots=True)
class Put:
    key: str
    value: bytes
    lease: int | None = None


@dataclass(frozen=True, slots=True)
class Delete:
    key: str


@dataclass(frozen=True, slots=True)
class Change:
    """What became of a key at a revision. Without a value it is gone."""

    revision: int
    key: str
    value: bytes | None


class ChangedMeanwhile(Conflict):
    """A key is not as it was compared with. Read again, decide again."""


class Malformed(Invalid):
    """A key, value or transaction that is out of bounds."""


class LeaseGone(NotFound):
    """A lease that has ended. Take a new one, and put the keys again."""


class Compacted(Conflict):
    """Changes so old are not kept. Read the stretch, then watch from its revision."""


class StoreAway(Unavailable):
    """The store cannot be reached or written just now."""


class Store(Protocol):
    """Revisions count the transactions that changed something, over all keys. StoreAway can come
    of everything.
    """

    async def range(self, prefix: str, *, limit: int | None = None) -> Stretch:
        """All entries whose keys begin so."""

    async def transact(
        self, operations: Sequence[Put | Delete], *, compares: Sequence[Compare] = ()
    ) -> int:
        """All operations or none, and the revision they have. It is on the disk when this
        returns. Raises ChangedMeanwhile, Malformed, LeaseGone.
        """

    def watch(self, prefix: str, *, after: int) -> AsyncIterator[tuple[Change, ...]]:
        """All changes after a revision, each once and in order, those of one transaction
        together; then those to come. Raises Compacted when the first of them is not kept.
        """

    async def grant(self, *, seconds: int) -> int:
        """A lease. What is put with it goes when it ends. Raises Malformed."""

    async def keep_alive(self, lease: int) -> None:
        """It ends its whole time later. Raises LeaseGone."""

    async def revoke(self, lease: int) -> None:
        """It ends now, and its keys go. Raises LeaseGone."""

    async def sweep(self) -> None:
        """Ends what is over. Whoever runs a store calls it every second."""

    async def compact(self, *, keep_after: int) -> None:
        """Changes up to a revision are no longer kept. What is there now stays."""


def check(operations: Sequence[Put | Delete], compares: Sequence[Compare]) -> None:
    """The same bounds for every store, so that none takes what another refuses."""
    if not operations or len(operations) + len(compares) > OPERATIONS_MAX:
        raise Malformed(f"A transaction has 1 to {OPERATIONS_MAX} operations and comparisons.")
    keys = [each.key for each in operations]
    if len(set(keys)) < len(keys):
        raise Malformed("A transaction changes each key once. Leave the earlier change out.")
    for key in (*keys, *(each.key for each in compares)):
        if not key.isprintable() or not 1 <= len(key.encode()) <= KEY_BYTES_MAX:
            raise Malformed(f"A key has 1 to {KEY_BYTES_MAX} bytes that can be printed.")
    for each in operations:
        if isinstance(each, Put) and len(each.value) > VALUE_BYTES_MAX:
            raise Malformed(f"The value of {each.key} is larger than {VALUE_BYTES_MAX:,} bytes.")
