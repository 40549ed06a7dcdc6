"""One file holds the whole restaurant: the books, the pictures and the secret key.

The books are copied while the house works: SQLite's own backup sees one moment, whatever is
written meanwhile. PostgreSQL has better tools of its own, and we point at them.
"""

from __future__ import annotations

import sqlite3
import tarfile
import tempfile
from contextlib import closing
from pathlib import Path

from kitchenasty.kit.config import Config

BOOKS = "kitchenasty.db"
# Beside the copied books, SQLite's journals would be another moment of them.
LEFT_OUT = (".db", ".db-wal", ".db-shm", ".log")


class BackupRefused(RuntimeError):
    """Nothing was written; the message says why and what to do instead."""


def write(config: Config, target: Path) -> int:
    """Write a backup and read it back. Answers its size in bytes. Raises BackupRefused."""
    if not config.database_url.startswith("sqlite:///"):
        raise BackupRefused(
            "These books are kept by PostgreSQL: use pg_dump or your server's own backups, "
            f"and copy {config.data_dir} beside them."
        )
    source = Path(config.database_url.removeprefix("sqlite:///"))
    if not source.exists():
        raise BackupRefused(f"There are no books at {source}.")
    if target.exists():
        raise BackupRefused(f"{target} exists. Choose another name; backups are not overwritten.")
    try:
        return pack(source, config.data_dir, target)
    except (OSError, sqlite3.Error) as error:
        raise BackupRefused(
            f"The backup could not be written: {error}. Nothing was left of it; make room, or "
            "choose another place."
        ) from error


def read(file: Path, folder: Path) -> None:
    """Lay out a backup in an empty folder. Raises BackupRefused."""
    if folder.exists() and any(folder.iterdir()):
        raise BackupRefused(f"{folder} is not empty. Choose another folder, or move it away first.")
    unpack(file, folder)


def pack(source: Path, data: Path, target: Path) -> int:
    with tempfile.TemporaryDirectory(dir=target.parent) as folder:
        books, packed = Path(folder) / BOOKS, Path(folder) / "backup"
        copy_books(source, books)
        check_whole(books)
        with tarfile.open(packed, "w:gz") as archive:
            archive.add(books, BOOKS)
            for path in sorted(data.rglob("*")):
                if path.is_file() and not path.name.endswith(LEFT_OUT):
                    archive.add(path, str(path.relative_to(data)))
        packed.chmod(0o600)  # it holds guests' addresses and the key
        packed.rename(target)
    return target.stat().st_size


def unpack(file: Path, folder: Path) -> None:
    try:
        with tarfile.open(file, "r:gz") as archive:
            folder.mkdir(parents=True, exist_ok=True)
            archive.extractall(folder, filter="data")
    except (tarfile.TarError, EOFError, OSError) as error:
        raise BackupRefused(f"{file} is not a whole backup: {error}") from error
    check_whole(folder / BOOKS)


def copy_books(source: Path, target: Path) -> None:
    with closing(sqlite3.connect(source)) as live, closing(sqlite3.connect(target)) as copy:
        live.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")


def check_whole(books: Path) -> None:
    try:
        with closing(sqlite3.connect(f"file:{books}?mode=ro", uri=True)) as raw:
            complaint = raw.execute("PRAGMA integrity_check(1)").fetchone()[0]
    except sqlite3.Error as error:
        complaint = str(error)
    if complaint != "ok":
        raise BackupRefused(f"The books in {books} are damaged: {complaint}")
