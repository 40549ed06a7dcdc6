"""A disk that keeps a write only after an fsync, and a plug that can be pulled.

Everything written since a file's last fsync may be on the disk, wholly, partly, in any order, or
not at all. SQLite runs on it through a VFS; that needs the SQLite inside apsw, so
`PoweredConnection` speaks to it in the words of the standard driver, as far as the embedded
database uses them.
"""

from __future__ import annotations

import contextlib
import random
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import apsw

SECTOR_BYTES = 512
SURVIVES = 0.5
IS_TORN = 0.3
# Small, so that checkpoints of the journal into the file happen between the cuts as well.
CHECKPOINT_PAGES = 150
NEVER = 10**12  # steps


class PowerCut(Exception):
    """The plug is out; nothing can be written any more."""


class Disk:
    """What is on the platters, and what only the machine believes to be there."""

    def __init__(self) -> None:
        self.synced: dict[str, bytearray] = {}
        self.waiting: dict[str, list[tuple[int, bytes | None]]] = {}
        self.steps = 0
        self.syncs = 0
        self.cut_at = NEVER

    def step(self) -> None:
        """One operation that reaches for the disk. Raises PowerCut from the chosen one on."""
        self.steps += 1
        if self.steps >= self.cut_at:
            raise PowerCut

    def open(self, name: str, path: Path) -> None:
        """A file that is there when it is opened has been there for long."""
        if name not in self.synced:
            self.synced[name] = bytearray(path.read_bytes() if path.exists() else b"")
            self.waiting[name] = []

    def sync(self, name: str) -> None:
        self.syncs += 1
        for change in self.waiting[name]:
            apply(self.synced[name], *change)
        self.waiting[name].clear()

    def leave_behind(self, folder: Path, chance: random.Random) -> None:
        """Write what somebody finds who puts the plug in again."""
        for name, synced in self.synced.items():
            found = bytearray(synced)
            for offset, content in survivors(self.waiting[name], chance):
                apply(found, offset, content)
            (folder / Path(name).name).write_bytes(found)


def survivors(
    waiting: Sequence[tuple[int, bytes | None]], chance: random.Random
) -> Iterator[tuple[int, bytes | None]]:
    """Some of the changes, in any order, some of them broken off at the end of a sector."""
    changes = [change for change in waiting if chance.random() < SURVIVES]
    chance.shuffle(changes)
    for offset, content in changes:
        if content is not None and chance.random() < IS_TORN:
            sectors = chance.randrange(len(content) // SECTOR_BYTES + 1)
            yield offset, content[: sectors * SECTOR_BYTES]
        else:
            yield offset, content


def apply(file: bytearray, offset: int, content: bytes | None) -> None:
    """A write, or without content a truncation."""
    if content is None:
        del file[offset:]
        return
    if len(file) < offset:
        file.extend(bytes(offset - len(file)))
    file[offset : offset + len(content)] = content


class PoweredFile(apsw.VFSFile):
    def __init__(self, disk: Disk, filename: Any, flags: list[int]) -> None:
        super().__init__("", filename, flags)
        is_uri = isinstance(filename, apsw.URIFilename)
        self.name: str = filename.filename() if is_uri else str(filename)
        self.disk = disk
        disk.open(self.name, Path(self.name))

    def xWrite(self, content: bytes, offset: int) -> None:  # noqa: N802  # SQLite's name
        self.disk.step()
        self.disk.waiting[self.name].append((offset, bytes(content)))
        super().xWrite(content, offset)

    def xTruncate(self, size: int) -> None:  # noqa: N802
        self.disk.step()
        self.disk.waiting[self.name].append((size, None))
        super().xTruncate(size)

    def xSync(self, flags: int) -> None:  # noqa: N802
        self.disk.step()
        self.disk.sync(self.name)


class PoweredVfs(apsw.VFS):
    def __init__(self, name: str, disk: Disk) -> None:
        self.name = name
        self.disk = disk
        super().__init__(name, "")

    def xOpen(self, filename: Any, flags: list[int]) -> PoweredFile:  # noqa: N802
        return PoweredFile(self.disk, filename, flags)

    def xDelete(self, filename: str, sync_folder: bool) -> None:  # noqa: N802
        self.disk.step()
        super().xDelete(filename, sync_folder)
        self.disk.synced.pop(filename, None)
        self.disk.waiting.pop(filename, None)


class PoweredConnection:
    """apsw in the words of `sqlite3.Connection`."""

    def __init__(self, path: str, vfs: str, *, synchronous: str) -> None:
        self._raw = apsw.Connection(path, vfs=vfs)
        self._synchronous = synchronous
        # apsw's files know no shared memory, so the journal's index stays in ours.
        self._raw.execute("PRAGMA locking_mode=EXCLUSIVE")

    @property
    def in_transaction(self) -> bool:
        return bool(self._raw.in_transaction)

    def execute(self, sql: str, arguments: Sequence[Any] = ()) -> Answer:
        if sql.startswith("PRAGMA synchronous="):
            sql = f"PRAGMA synchronous={self._synchronous}"
        rows = self._raw.execute(sql, tuple(arguments)).fetchall()
        if sql == "PRAGMA journal_mode=WAL":
            self._raw.execute(f"PRAGMA wal_autocheckpoint={CHECKPOINT_PAGES}")
        return Answer(rows, self._raw.changes())

    def executemany(self, sql: str, rows: Sequence[Sequence[Any]]) -> None:
        self._raw.executemany(sql, [tuple(row) for row in rows])

    def create_function(
        self, name: str, arity: int, function: Callable[..., Any], *, deterministic: bool
    ) -> None:
        self._raw.create_scalar_function(name, function, arity, deterministic=deterministic)

    def close(self) -> None:
        """Closing wants to write, and after the cut it cannot."""
        with contextlib.suppress(PowerCut, apsw.Error):
            self._raw.close(force=True)


class Answer:
    """apsw in the words of `sqlite3.Cursor`."""

    def __init__(self, rows: list[tuple[Any, ...]], rowcount: int) -> None:
        self._rows = rows
        self.rowcount = rowcount

    def fetchall(self) -> list[tuple[Any, ...]]:
        return self._rows

    def fetchone(self) -> tuple[Any, ...] | None:
        return self._rows[0] if self._rows else None
