"""The journal: nothing is changed, cut, written twice or written by two without being found."""

from __future__ import annotations

import random
import shutil
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from swarmhaul.settlement import (
    Accept,
    Arrive,
    Command,
    Confirm,
    Deposit,
    Head,
    JournalAway,
    JournalDamaged,
    JournalInUse,
    Key,
    open_ledger,
)
from swarmhaul.settlement.tests.cast import (
    ALICE,
    COORDINATOR,
    JOB,
    SHIPPER,
    STRANGER,
    TREASURY,
    awarding,
    opening,
)
from swarmhaul.svm import open_svm
from tests.settlement.houses import FUNDS, MEMORY, OPENERS, House, Opener, house

TABLES = ("genesis", "entry", "posting")
COLUMNS = ("at", "body", "proof", "digest", "hash", "account", "amount")
FLIPS = 100


def live(here: House, *, entries: int = 7) -> list[Head]:
    """A short life, and the head after each entry of it."""
    heads = [here.rail.head()]
    commands: tuple[tuple[Command, Key], ...] = (
        (Deposit(wallet=SHIPPER, amount=FUNDS), TREASURY),
        (Deposit(wallet=ALICE, amount=FUNDS), TREASURY),
        (opening(), SHIPPER),
        (awarding(ALICE), COORDINATOR),
        (Accept(job=JOB, leg=0), ALICE),
        (Arrive(job=JOB, leg=0), ALICE),
        (Confirm(job=JOB, leg=0, courier=ALICE), SHIPPER),
    )
    for command, signer in commands[:entries]:
        here.do(command, signer)
        heads.append(here.rail.head())
    return heads


@pytest.fixture(params=sorted(OPENERS))
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("deed", ["UPDATE {} SET rowid = 9", "DELETE FROM {}"])
def test_nothing_that_was_written_is_changed_or_deleted(here: House, table: str, deed: str) -> None:
    statement = deed.format(table).replace("rowid", {"genesis": "id"}.get(table, "seq"))
    with pytest.raises(sqlite3.IntegrityError, match="append-only"):
        here.rail.journal.connection.execute(statement)


def flip_one(path: Path, draw: random.Random) -> int:
    """Changes one bit of one value of one entry, past the triggers, and tells which entry."""
    with closing(sqlite3.connect(path, isolation_level=None)) as raw:
        for name in ("entry", "posting"):
            raw.execute(f"DROP TRIGGER {name}_UPDATE")
        column = draw.choice(COLUMNS)
        table = "posting" if column in {"account", "amount"} else "entry"
        found = raw.execute(f"SELECT seq, {column} FROM {table}").fetchall()  # noqa: S608
        seq, value = draw.choice(found)
        if isinstance(value, int):
            changed: int | bytes = value ^ 1 << draw.randrange(20)
        else:
            at = draw.randrange(len(value))
            changed = value[:at] + bytes([value[at] ^ 1 << draw.randrange(8)]) + value[at + 1 :]
        told = f"UPDATE {table} SET {column} = ? WHERE seq = ? AND {column} = ?"  # noqa: S608
        assert raw.execute(told, (changed, seq, value)).rowcount == 1
        return int(seq)


def test_one_flipped_bit_is_found_and_located_100_of_100(tmp_path: Path) -> None:
    with house("ledger", tmp_path) as here:
        live(here)
    draw, located = random.Random(7), 0
    for _ in range(FLIPS):
        copy = tmp_path / "copy.journal"
        shutil.copy(here.path, copy)
        seq = flip_one(copy, draw)
        with pytest.raises(JournalDamaged) as damaged:
            OPENERS["ledger"](copy, here.watch)
        located += damaged.value.seq == seq
    print(f"L2: {located} of {FLIPS} flipped bits found at their entry")
    assert located == FLIPS


def test_a_flipped_byte_of_the_file_changes_no_history_unseen(tmp_path: Path) -> None:
    with house("ledger", tmp_path) as here:
        heads = live(here)
    whole, draw = here.path.read_bytes(), random.Random(11)
    copy = tmp_path / "copy.journal"
    for _ in range(FLIPS):
        at = draw.randrange(len(whole))
        copy.write_bytes(whole[:at] + bytes([whole[at] ^ 1 << draw.randrange(8)]) + whole[at + 1 :])
        assert head_of(OPENERS["ledger"], copy, here) in {None, heads[-1]}


def head_of(opener: Opener, path: Path, here: House) -> Head | None:
    """Where the journal in this file ends; None: it is refused."""
    try:
        rail = opener(path, here.watch)
    except JournalDamaged:
        return None
    try:
        return rail.head()
    finally:
        rail.close()


def cut_everywhere(kind: str, folder: Path, *, step: int, entries: int = 7) -> tuple[int, int]:
    """How often a journal that was cut was recovered, and how often refused."""
    with house(kind, folder) as here:
        heads = live(here, entries=entries)
        # As a process leaves them that is killed: the last entries are in the log beside the file.
        left = {path.name: path.read_bytes() for path in folder.iterdir()}
    closed = {here.path.name: here.path.read_bytes()}
    recovered = refused = 0
    for files, cut in (
        (left, f"{here.path.name}-wal"), (left, here.path.name), (closed, here.path.name),
    ):  # fmt: skip
        for length in range(0, len(files[cut]), step):
            head = head_of(OPENERS[kind], lay_out(folder, files, cut, length), here)
            assert head is None or head in heads, length
            recovered, refused = recovered + (head is not None), refused + (head is None)
    return recovered, refused


def lay_out(folder: Path, files: dict[str, bytes], cut: str, length: int) -> Path:
    """The files in a folder of their own, one of them only as long as this."""
    place = folder / "cut"
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir()
    for name, content in files.items():
        (place / name).write_bytes(content[:length] if name == cut else content)
    return place / min(files, key=len)


@pytest.mark.parametrize(("kind", "step"), [("ledger", 997), ("svm", 4_999)])
def test_a_journal_cut_anywhere_is_recovered_or_refused(
    tmp_path: Path, kind: str, step: int
) -> None:
    recovered, refused = cut_everywhere(kind, tmp_path, step=step)
    print(f"{kind}: of {recovered + refused} cuts {recovered} recovered, {refused} refused")
    assert recovered
    assert refused


@pytest.mark.long
def test_a_journal_cut_at_every_byte_is_recovered_or_refused() -> None:
    with TemporaryDirectory(dir=MEMORY) as folder:
        recovered, refused = cut_everywhere("ledger", Path(folder), step=1, entries=3)
    print(f"of {recovered + refused} cuts {recovered} recovered, {refused} refused")


def test_a_journal_that_lost_its_last_entries_is_told_by_a_head_that_was_kept(
    tmp_path: Path,
) -> None:
    """What is cut off at the end leaves a true beginning; who keeps a head sees that it is one."""
    with house("ledger", tmp_path) as here:
        heads = live(here)
        kept = here.rail.head()
        shutil.copy(here.path, tmp_path / "earlier.journal")
    earlier = head_of(OPENERS["ledger"], tmp_path / "earlier.journal", here)
    assert earlier == heads[0]
    assert earlier.seq < kept.seq


def test_one_writer_at_a_time(here: House) -> None:
    with pytest.raises(JournalInUse):
        here.opener(here.path, here.watch)
    here.start_again()
    here.do(opening(), SHIPPER)


def test_the_journal_of_another_rail_is_refused(here: House) -> None:
    here.rail.close()
    with pytest.raises(JournalDamaged, match="another rail"):
        open_ledger(here.path, treasury=TREASURY, unit="cents", clock=here.watch)
    with pytest.raises(JournalDamaged, match="another rail"):
        open_svm(here.path, treasury=bytes(32), clock=here.watch)
    here.rail = here.opener(here.path, here.watch)


def test_an_empty_file_is_never_taken_for_a_new_journal(kind: str, tmp_path: Path) -> None:
    path = tmp_path / f"{kind}.journal"
    path.touch()
    with pytest.raises(JournalDamaged):
        House(OPENERS[kind], path)


def test_a_journal_that_was_not_finished_is_made_anew(kind: str, tmp_path: Path) -> None:
    (tmp_path / f"{kind}.journal.new").write_bytes(b"half of a database")
    with house(kind, tmp_path) as here:
        assert here.rail.head().seq == 0


def fill_the_disk(here: House) -> tuple[Head, dict[str, int]]:
    """Deposits until the disk takes no more, and how things stood before the last one."""
    for _ in range(1_000):
        before = (here.rail.head(), here.balances())
        try:
            here.do(Deposit(wallet=STRANGER, amount=1), TREASURY)
        except JournalAway:
            return before
    pytest.fail("the disk took everything")


def test_what_the_disk_does_not_take_is_not_carried_out_and_may_be_sent_again(
    here: House,
) -> None:
    connection = here.rail.journal.connection
    (pages,) = connection.execute("PRAGMA page_count").fetchone()
    connection.execute(f"PRAGMA max_page_count = {pages}")
    envelope = here.envelope(opening(), SHIPPER)
    signature = here.sign(envelope)
    before = fill_the_disk(here)
    assert (here.rail.head(), here.balances()) == before
    connection.execute("PRAGMA max_page_count = 1000000")
    assert here.rail.submit(envelope, signature).seq == before[0].seq + 1
    standing = (here.rail.head(), here.balances())
    here.start_again()
    assert (here.rail.head(), here.balances()) == standing


def test_a_history_that_no_rule_allows_is_refused_though_its_hashes_are_true(
    tmp_path: Path,
) -> None:
    """Whoever can write the file can make new hashes, but signatures of others they cannot."""
    with house("ledger", tmp_path) as here:
        live(here)
        journal = here.rail.journal
        last = journal.list_rows(since=6, limit=1)[0]
        forged = replace(
            last,
            seq=8,
            digest=bytes(32),
            postings=((ALICE, 5), (STRANGER, -5)),
        )
        journal.append(forged)
    with pytest.raises(JournalDamaged) as damaged:
        OPENERS["ledger"](here.path, here.watch)
    assert damaged.value.seq == 8
