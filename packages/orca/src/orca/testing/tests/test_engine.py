"""An engine for tests leaves nothing behind, whatever becomes of the test."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path

import pytest

from orca.testing import why_no_engine
from orca.testing.engine import CGROUPS, sweep

WITHIN_SECONDS = 60


def processes_of(folder: Path) -> list[str]:
    """Of the engine and of all that it started: its folder stands in their arguments."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            words = (process / "cmdline").read_bytes()
        except OSError:
            continue  # it has just ended
        if str(folder).encode() in words:
            found.append(process.name)
    return found


def groups_of(folder: Path) -> list[Path]:
    return list(CGROUPS.glob(f"**/orca-{folder.name}"))


@pytest.mark.skipif(why_no_engine() is not None, reason=str(why_no_engine()))
def test_an_engine_ends_with_a_test_that_was_killed() -> None:
    program = [sys.executable, "-m", "orca.testing.tests.start_and_wait"]
    with subprocess.Popen(program, stdout=subprocess.PIPE) as test:  # noqa: S603 - our own program
        assert test.stdout
        folder = Path(json.loads(test.stdout.readline()))
        assert processes_of(folder)
        assert groups_of(folder)
        test.kill()
    until = time.monotonic() + WITHIN_SECONDS
    while processes_of(folder) and time.monotonic() < until:
        time.sleep(0.05)
    assert processes_of(folder) == []
    sweep()  # a group in which anything runs, such as a container, could not be removed
    assert not folder.exists()
    assert groups_of(folder) == []
    assert str(folder) not in Path("/proc/mounts").read_text()
