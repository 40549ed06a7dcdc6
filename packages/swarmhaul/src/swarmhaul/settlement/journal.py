"""What a rail carried out: an append-only chain of entries in double entry, in one SQLite file.

The hash of an entry covers the one before it, so whoever changes the past changes every hash after
it. A journal is made in one step and has one writer at a time.
"""

from __future__ import annotations

import hashlib
import os
import sqlite3
import struct
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from basis.errors import Conflict, Unavailable
from swarmhaul.settlement.rail import Head

FIRST_HASH = b"swarmhaul/journal/1\0"
WORDS = struct.Struct("<qqII")
POSTING = struct.Struct("<Iq")
SYNCHRONOUS_FULL = 2
SCHEMA = """
CREATE TABLE genesis (id INTEGER PRIMARY KEY CHECK (id = 1), identity BLOB NOT NULL) STRICT;
CREATE TABLE entry (
    seq INTEGER PRIMARY KEY, at INTEGER NOT NULL, body BLOB NOT NULL, proof BLOB NOT NULL,
    digest BLOB NOT NULL UNIQUE, hash BLOB NOT NULL
) STRICT;
CREATE TABLE posting (
    seq INTEGER NOT NULL REFERENCES entry, account BLOB NOT NULL, amount INTEGER NOT NULL,
    PRIMARY KEY (seq, account)
) STRICT, WITHOUT ROWID;
CREATE INDEX posting_account ON posting (account, amount);
"""
GUARD = """
CREATE TRIGGER {table}_{deed} BEFORE {deed} ON {table}
BEGIN SELECT raise(ABORT, 'the journal is append-only'); END;
"""
GUARDED = [
    (table, deed) for table in ("genesis", "entry", "posting") for deed in ("UPDATE", "DELETE")
]

Posting = tuple[bytes, int]
"""An account (a wallet, or the escrow of a job) and what it gained. Those of an entry sum to 0."""


class JournalDamaged(Exception):  # a refusal, as all our errors
    """`seq` is the first entry that is not as it was written; None: the file as a whole is not."""

    def __init__(self, why: str, *, seq: int | None = None) -> None:
        super().__init__(why if seq is None else f"Entry {seq}: {why}")
        self.seq = seq


class JournalInUse(Conflict):
    """Two writers would each believe that they know how things stand."""


class JournalAway(Unavailable):
    """The disk did not take it. Nothing was carried out, so the same may be sent again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """`body` is what was asked, `proof` who said so; `digest` names what was signed."""

    seq: int
    at: int
    body: bytes
    proof: bytes
    digest: bytes
    postings: tuple[Posting, ...]
    hash: bytes = b""


class Journal:
    """Open it with `open_journal`. Not safe for several threads at once."""

    def __init__(self, connection: sqlite3.Connection, identity: bytes) -> None:
        self.connection = connection
        self.head = Head(0, first_hash(identity))
        self.at = 0
        self.is_away = False

    def read_all(self) -> Iterator[Row]:
        """Every entry from the first, each checked before it is given. Raises JournalDamaged."""
        try:
            for row in rows(self.connection, "seq > 0 ORDER BY seq"):
                if row.seq != self.head.seq + 1 or row.at < self.at:
                    raise JournalDamaged("an entry is missing before it", seq=row.seq)
                if row.hash != chained(self.head.hash, row) or sum_of(row.postings):
                    raise JournalDamaged("it is not what was written", seq=row.seq)
                self.head, self.at = Head(row.seq, row.hash), row.at
                yield row
        except (sqlite3.DatabaseError, UnicodeDecodeError) as broken:
            raise JournalDamaged(str(broken), seq=self.head.seq + 1) from broken

    def append(self, row: Row) -> Row:
        """On the disk when this returns. Raises JournalAway."""
        assert not sum_of(row.postings)
        if self.is_away:
            raise JournalAway("The journal was away in the middle of a write. Start again.")
        row = replace(row, hash=chained(self.head.hash, row))
        try:
            self.connection.execute("BEGIN IMMEDIATE")
            self.connection.execute(
                "INSERT INTO entry VALUES (?, ?, ?, ?, ?, ?)",
                (row.seq, row.at, row.body, row.proof, row.digest, row.hash),
            )
            self.connection.executemany(
                "INSERT INTO posting VALUES (?, ?, ?)", [(row.seq, *each) for each in row.postings]
            )
            self.connection.execute("COMMIT")
        except sqlite3.Error as away:
            self.give_up()
            raise JournalAway("The journal cannot be written now. Send it again.") from away
        self.head, self.at = Head(row.seq, row.hash), row.at
        return row

    def give_up(self) -> None:
        """After a write that failed: go on only where the disk is known to be as before."""
        self.is_away = True
        with suppress(sqlite3.Error):
            if self.connection.in_transaction:
                self.connection.execute("ROLLBACK")
            (last,) = self.connection.execute("SELECT max(seq) FROM entry").fetchone()
            self.is_away = (last or 0) != self.head.seq

    def find(self, digest: bytes) -> Row | None:
        return next(rows(self.connection, "digest = ?", digest), None)

    def list_rows(self, *, since: int, limit: int) -> list[Row]:
        return list(rows(self.connection, "seq > ? ORDER BY seq LIMIT ?", since, limit))

    def balance(self, account: bytes) -> int:
        asked = "SELECT coalesce(sum(amount), 0) FROM posting WHERE account = ?"
        (balance,) = self.connection.execute(asked, (account,)).fetchone()
        return int(balance)

    def close(self) -> None:
        self.connection.close()


def open_journal(path: Path, identity: bytes) -> Journal:
    """The journal of this rail, made when there is none. Raises JournalDamaged, JournalInUse."""
    if not path.exists():
        make_journal(path, identity)
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    try:
        check_alone(connection)
        check_whole(connection, identity)
    except sqlite3.DatabaseError as broken:
        connection.close()
        raise JournalDamaged(str(broken)) from broken
    except (JournalDamaged, JournalInUse):
        connection.close()
        raise
    return Journal(connection, identity)


def make_journal(path: Path, identity: bytes) -> None:
    """Under another name until it is whole: an empty file is never taken for a new journal."""
    unfinished = path.with_name(f"{path.name}.new")
    unfinished.unlink(missing_ok=True)
    connection = sqlite3.connect(unfinished, isolation_level=None)
    connection.executescript(f"BEGIN; {SCHEMA}")
    for table, deed in GUARDED:
        connection.execute(GUARD.format(table=table, deed=deed))
    connection.execute("INSERT INTO genesis VALUES (1, ?)", (identity,))
    connection.execute("COMMIT")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.close()
    with unfinished.open("rb") as written:
        os.fsync(written.fileno())
    unfinished.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    os.fsync(folder)
    os.close(folder)


def check_alone(connection: sqlite3.Connection) -> None:
    """Holds the file until the connection, or the process, ends."""
    try:
        connection.execute("PRAGMA locking_mode = EXCLUSIVE")
        connection.execute("PRAGMA busy_timeout = 0")
        connection.execute("BEGIN EXCLUSIVE")
        connection.execute("COMMIT")
    except sqlite3.OperationalError as held:
        if held.sqlite_errorcode == sqlite3.SQLITE_BUSY:
            raise JournalInUse("Another process writes this journal. Stop it first.") from held
        raise


def check_whole(connection: sqlite3.Connection, identity: bytes) -> None:
    connection.execute("PRAGMA synchronous = FULL")
    (synchronous,) = connection.execute("PRAGMA synchronous").fetchone()
    assert synchronous == SYNCHRONOUS_FULL
    (found,) = connection.execute("PRAGMA integrity_check(1)").fetchone()
    if found != "ok":
        raise JournalDamaged(found)
    written = connection.execute("SELECT identity FROM genesis").fetchone()
    if written is None or written[0] != identity:
        raise JournalDamaged("It belongs to another rail, treasury or program.")


def rows(connection: sqlite3.Connection, where: str, *values: object) -> Iterator[Row]:
    asked = f"SELECT seq, at, body, proof, digest, hash FROM entry WHERE {where}"  # noqa: S608
    for seq, at, body, proof, digest, told in connection.execute(asked, values):
        postings = connection.execute(
            "SELECT account, amount FROM posting WHERE seq = ? ORDER BY account", (seq,)
        ).fetchall()
        yield Row(
            seq=seq, at=at, body=body, proof=proof, digest=digest, hash=told,
            postings=tuple(postings),
        )  # fmt: skip


def first_hash(identity: bytes) -> bytes:
    """What the first entry of a rail follows."""
    return hashlib.sha256(FIRST_HASH + identity).digest()


def chained(before: bytes, row: Row) -> bytes:
    """The hash of an entry: of the one before it, and of all that the row says."""
    told = hashlib.sha256(before)
    told.update(WORDS.pack(row.seq, row.at, len(row.body), len(row.proof)))
    told.update(row.body + row.proof + row.digest)
    for account, amount in row.postings:
        told.update(POSTING.pack(len(account), amount) + account)
    return told.digest()


def sum_of(postings: tuple[Posting, ...]) -> int:
    return sum(amount for _, amount in postings)
