"""The file of one control node: what was acknowledged is there, whatever became of the process."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from orca.store import Put, SqliteStore, StoreAway
from orca.store.tests import kill_me

KILLS, ACKNOWLEDGED = 3, 40


def write_until_killed(path: Path) -> tuple[int, int]:
    """The last revision and number that a writer said were acknowledged before it was killed."""
    command = [sys.executable, kill_me.__file__, str(path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as writer:  # noqa: S603 - ours
        assert writer.stdout
        told = [writer.stdout.readline() for _ in range(ACKNOWLEDGED)]
        writer.kill()
        told += writer.stdout.readlines()
    revision, number = [line for line in told if line.endswith("\n")][-1].split()
    return int(revision), int(number)


async def test_what_was_acknowledged_before_a_kill_is_there_after_it(tmp_path: Path) -> None:
    """D13, D31 and D33: the reference keeps history, stops and scales in memory."""
    path = tmp_path / "orca.db"
    for _ in range(KILLS):
        revision, number = write_until_killed(path)
        store = SqliteStore(path)
        await store.open()
        found = await store.range("")
        await store.close()
        values = {each.value for each in found.entries}
        assert len(values) == 1, "both keys of a transaction or none"
        assert found.revision >= revision
        assert found.revision - revision == int(values.pop()) - number


async def test_a_file_has_one_process(tmp_path: Path) -> None:
    one, two = SqliteStore(tmp_path / "orca.db"), SqliteStore(tmp_path / "orca.db")
    await one.open()
    with pytest.raises(StoreAway, match="Stop it first"):
        await two.open()
    await one.transact([Put("a", b"")])
    await one.close()
    await two.open()
    assert (await two.range("a")).entries
    await two.close()


async def test_a_store_that_cannot_be_opened_says_so(tmp_path: Path) -> None:
    """D33: the reference goes on without keeping anything."""
    path = tmp_path / "orca.db"
    path.mkdir()
    with pytest.raises(StoreAway, match="cannot be used"):
        await SqliteStore(path).open()
