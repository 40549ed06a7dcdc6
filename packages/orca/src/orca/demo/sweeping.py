"""Outlives the demo: when that has ended, however it did, it takes away what no process is: the
folder, and the groups and folders of engines that were killed with it.
"""

from __future__ import annotations

import os
import select
import shutil
import subprocess
import sys
from pathlib import Path

from orca.testing import sweep


def begin_sweeper(folder: Path) -> None:
    """Apart from us, so that what ends us does not end it."""
    subprocess.Popen(  # noqa: S603 - our own program
        [sys.executable, "-m", "orca.demo.sweeping", str(os.getpid()), str(folder)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def main(pid: int, folder: Path) -> None:
    try:
        descriptor = os.pidfd_open(pid)
    except ProcessLookupError:
        pass  # it has ended before we were there
    else:
        select.select([descriptor], [], [])
    sweep()
    shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]))
