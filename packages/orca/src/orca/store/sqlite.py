"""The store of one control node: a file, a write-ahead log, every commit on the disk.

`synchronous=FULL` is asserted at start: with less, a power cut loses what was acknowledged. One
process opens the file; a second one is refused, because it would not hear of changes.
"""

from __future__ import annotations

import asyncio
import fcntl
import sqlite3
from collections.abc import AsyncIterator, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from datetime import datetime, timedelta
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from typing import IO, Any, TypeVar

from basis.clock import Clock, system_clock
from orca.store.contract import (
    LEASE_SECONDS_MAX,
    NEVER,
    Change,
    ChangedMeanwhile,
    Compacted,
    Compare,
    Delete,
    Entry,
    LeaseGone,
    Malformed,
    Put,
    StoreAway,
    Stretch,
    check,
)

SCHEMA = """
CREATE TABLE IF NOT EXISTS entries (
    key TEXT PRIMARY KEY, value BLOB NOT NULL, revision INTEGER NOT NULL, lease INTEGER
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS entries_by_lease ON entries (lease) WHERE lease IS NOT NULL;
CREATE TABLE IF NOT EXISTS changes (
    revision INTEGER NOT NULL, key TEXT NOT NULL, value BLOB, PRIMARY KEY (revision, key)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS leases (
    id INTEGER PRIMARY KEY AUTOINCREMENT, seconds INTEGER NOT NULL, ends_at TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS counters (name TEXT PRIMARY KEY, value INTEGER NOT NULL);
INSERT OR IGNORE INTO counters VALUES ('revision', 0), ('compacted', 0);
"""
FULL = 2
RETRY_SECONDS = 2
BATCH = 1_000
END = "\U0010ffff"

R = TypeVar("R")


class SqliteStore:
    """All statements run in one thread, one after the other."""

    def __init__(self, path: Path, *, clock: Clock = system_clock) -> None:
        self._path = path
        self._clock = clock
        self._changed = asyncio.Condition()
        self._database: sqlite3.Connection
        self._lock: IO[bytes]
        self._thread: ThreadPoolExecutor

    async def open(self) -> None:
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="store")
        try:
            await self._run(self._connect)
        except BaseException:
            self._thread.shutdown()
            raise

    async def close(self) -> None:
        await self._run(self._disconnect)
        self._thread.shutdown()

    def _connect(self) -> None:
        with ExitStack() as opened:
            self._lock = opened.enter_context(self._path.with_suffix(".lock").open("wb"))
            try:
                fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                words = f"Another process has opened {self._path}. Stop it first."
                raise StoreAway(words) from None
            self._database = sqlite3.connect(
                self._path, isolation_level=None, check_same_thread=False
            )
            opened.callback(self._database.close)
            self._prepare()
            opened.pop_all()  # it went well: what was opened stays open

    def _prepare(self) -> None:
        self._database.execute("PRAGMA journal_mode = WAL")
        self._database.execute("PRAGMA synchronous = FULL")
        [(mode,)] = self._database.execute("PRAGMA synchronous")
        assert mode == FULL, "a commit would be acknowledged before it is on the disk"
        self._database.executescript(SCHEMA)

    def _disconnect(self) -> None:
        self._database.close()
        self._lock.close()

    async def _run(self, work: Any, *arguments: Any) -> Any:
        loop = asyncio.get_running_loop()
        try:
            return await loop.run_in_executor(self._thread, work, *arguments)
        except sqlite3.OperationalError as error:
            raise StoreAway(
                f"The store cannot be used: {error}. Look at its disk.", retry_after=RETRY_SECONDS
            ) from error

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        self._database.execute("BEGIN IMMEDIATE")
        try:
            yield self._database
        except BaseException:
            self._database.execute("ROLLBACK")
            raise
        self._database.execute("COMMIT")

    async def range(self, prefix: str, *, limit: int | None = None) -> Stretch:
        found: Stretch = await self._run(self._range, prefix, limit)
        return found

    def _range(self, prefix: str, limit: int | None) -> Stretch:
        self._database.execute("BEGIN")
        try:
            found = self._database.execute(
                "SELECT key, value, revision, lease FROM entries WHERE key >= ? AND key < ? "
                "ORDER BY key LIMIT ?",
                (prefix, prefix + END, -1 if limit is None else limit),
            )
            return Stretch(self._counter("revision"), tuple(Entry(*row) for row in found))
        finally:
            self._database.execute("COMMIT")

    async def transact(
        self, operations: Sequence[Put | Delete], *, compares: Sequence[Compare] = ()
    ) -> int:
        check(operations, compares)
        revision: int = await self._run(self._transact, operations, compares)
        await self._tell()
        return revision

    def _transact(self, operations: Sequence[Put | Delete], compares: Sequence[Compare]) -> int:
        with self._writing() as database:
            for compare in compares:
                self._compare(compare)
            revision = self._next_revision()
            for each in operations:
                if isinstance(each, Put):
                    self._put(each, revision)
                else:
                    self._delete(each.key, revision)
            database.execute("UPDATE counters SET value = ? WHERE name = 'revision'", (revision,))
        return revision

    def _compare(self, compare: Compare) -> None:
        found = self._database.execute(
            "SELECT revision FROM entries WHERE key = ?", (compare.key,)
        ).fetchone()
        revision = found[0] if found else NEVER
        if revision != compare.revision:
            raise ChangedMeanwhile(
                f"{compare.key} is at revision {revision}, not {compare.revision}. Read it again.",
                key=compare.key,
                revision=revision,
            )

    def _put(self, put: Put, revision: int) -> None:
        if put.lease is not None:
            self._lease(put.lease)
        self._database.execute(
            "INSERT INTO entries VALUES (?, ?, ?, ?) ON CONFLICT (key) DO UPDATE SET "
            "value = excluded.value, revision = excluded.revision, lease = excluded.lease",
            (put.key, put.value, revision, put.lease),
        )
        self._note(revision, put.key, put.value)

    def _delete(self, key: str, revision: int) -> None:
        gone = self._database.execute("DELETE FROM entries WHERE key = ?", (key,))
        if gone.rowcount:
            self._note(revision, key, None)

    def _note(self, revision: int, key: str, value: bytes | None) -> None:
        self._database.execute("INSERT INTO changes VALUES (?, ?, ?)", (revision, key, value))

    def _next_revision(self) -> int:
        return self._counter("revision") + 1

    def _counter(self, name: str) -> int:
        [(value,)] = self._database.execute("SELECT value FROM counters WHERE name = ?", (name,))
        return int(value)

    async def _tell(self) -> None:
        async with self._changed:
            self._changed.notify_all()

    async def watch(self, prefix: str, *, after: int) -> AsyncIterator[tuple[Change, ...]]:
        while True:
            found: list[Change] = await self._run(self._changes, prefix, after)
            for revision, together in groupby(found, key=attrgetter("revision")):
                after = revision
                yield tuple(together)
            if not found:
                await self._wait_beyond(prefix, after)

    async def _wait_beyond(self, prefix: str, after: int) -> None:
        async with self._changed:
            # Looked at again under the lock: what came in between has been told already.
            if not await self._run(self._changes, prefix, after):
                await self._changed.wait()

    def _changes(self, prefix: str, after: int) -> list[Change]:
        if after < self._counter("compacted"):
            raise Compacted(f"Changes after revision {after} are no longer kept. Read anew.")
        found = [
            Change(*row)
            for row in self._database.execute(
                "SELECT revision, key, value FROM changes WHERE revision > ? "
                "AND key >= ? AND key < ? ORDER BY revision, key LIMIT ?",
                (after, prefix, prefix + END, BATCH),
            )
        ]
        if len(found) < BATCH:
            return found
        # The last transaction may have been cut in two: it is read whole the next time.
        last = found[-1].revision
        return [each for each in found if each.revision < last] or found

    async def grant(self, *, seconds: int) -> int:
        if not 1 <= seconds <= LEASE_SECONDS_MAX:
            raise Malformed(f"A lease is for 1 to {LEASE_SECONDS_MAX} seconds.")
        lease: int = await self._run(self._grant, seconds)
        return lease

    def _grant(self, seconds: int) -> int:
        ends_at = self._clock() + timedelta(seconds=seconds)
        with self._writing() as database:
            made = database.execute(
                "INSERT INTO leases (seconds, ends_at) VALUES (?, ?)",
                (seconds, ends_at.isoformat()),
            )
        assert made.lastrowid
        return made.lastrowid

    async def keep_alive(self, lease: int) -> None:
        await self._run(self._keep_alive, lease)

    def _keep_alive(self, lease: int) -> None:
        with self._writing() as database:
            seconds = self._lease(lease)
            ends_at = self._clock() + timedelta(seconds=seconds)
            database.execute(
                "UPDATE leases SET ends_at = ? WHERE id = ?", (ends_at.isoformat(), lease)
            )

    def _lease(self, lease: int) -> int:
        """Its seconds, if it has not ended; what is over counts as gone before it is swept."""
        found = self._database.execute(
            "SELECT seconds, ends_at FROM leases WHERE id = ?", (lease,)
        ).fetchone()
        if found is None or datetime.fromisoformat(found[1]) <= self._clock():
            raise LeaseGone(f"The lease {lease} has ended. Take a new one.")
        return int(found[0])

    async def revoke(self, lease: int) -> None:
        await self._run(self._revoke, lease)
        await self._tell()

    def _revoke(self, lease: int) -> None:
        with self._writing():
            self._lease(lease)
            self._end([lease])

    async def sweep(self) -> None:
        await self._run(self._sweep)
        await self._tell()

    def _sweep(self) -> None:
        with self._writing() as database:
            rows = database.execute("SELECT id, ends_at FROM leases").fetchall()
            now = self._clock()
            self._end([lease for lease, ends in rows if datetime.fromisoformat(ends) <= now])

    def _end(self, leases: Sequence[int]) -> None:
        """The keys of leases go, in one revision, and then the leases."""
        keys = [
            key
            for lease in leases
            for (key,) in self._database.execute(
                "SELECT key FROM entries WHERE lease = ? ORDER BY key", (lease,)
            ).fetchall()
        ]
        if keys:
            revision = self._next_revision()
            for key in keys:
                self._delete(key, revision)
            self._database.execute(
                "UPDATE counters SET value = ? WHERE name = 'revision'", (revision,)
            )
        self._database.executemany("DELETE FROM leases WHERE id = ?", [(one,) for one in leases])

    async def compact(self, *, keep_after: int) -> None:
        await self._run(self._compact, keep_after)

    def _compact(self, keep_after: int) -> None:
        with self._writing() as database:
            upto = min(keep_after, self._counter("revision"))
            database.execute("DELETE FROM changes WHERE revision <= ?", (upto,))
            database.execute(
                "UPDATE counters SET value = max(value, ?) WHERE name = 'compacted'", (upto,)
            )
