"""A real Docker Engine of its own for tests and demos: with its own processes, mounts and network,
so that it meets no other, and all of it ends with the process that started it, however that ends.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

PROGRAMS = ("dockerd", "containerd", "runc", "iptables", "ip", "setpriv", "unshare", "nsenter")
BUSYBOX = Path("/bin/busybox")
BASE = Path(tempfile.gettempdir()) / "orca-engines"
CGROUPS = Path("/sys/fs/cgroup")
START_SECONDS_MAX = 60
# Whoever started it dies: setpriv's signal ends unshare, whose child is the first process of the
# namespace; with that one everything in it ends, and mounts and network are gone.
BEGIN = """
set -e
ip link set lo up
begin() {
    $2 dockerd --data-root "$0/data" --exec-root "$0/exec" --pidfile "$0/pid" \\
        --host "unix://$0/socket" --bip 172.31.250.1/24 --cgroup-parent "/$1" \\
        --default-address-pool base=10.200.0.0/16,size=24 $3
}
"""
ALONE = 'begin "$1" exec ""'
# As a server has it: begun anew when it ended, and its containers outlive it.
KEPT = """
while :; do
    while [ -e "$0/away" ]; do sleep 0.1; done
    rm -f "$0/pid"
    begin "$1" "" --live-restore || true
done
"""


class NoEngine(Exception):
    """Why no engine can run here."""


@dataclass(frozen=True)
class RealEngine:
    """An engine that runs. `pid` is of the process whose network it has."""

    folder: Path
    pid: int

    @property
    def url(self) -> str:
        return f"unix://{self.folder / 'socket'}"

    def inside(self, command: Sequence[str]) -> list[str]:
        """The command as it runs in the network of this engine, where its ports are."""
        return ["nsenter", "--target", str(self.pid), "--net", "--", *command]

    @property
    def daemon(self) -> int:
        """The process that answers, of an engine that is kept."""
        return next(pid for pid in children_of(self.pid) if name_of(pid) == "dockerd")

    def guardian_of(self, container: str) -> int:
        """The process that holds a container while no engine is there."""
        return next(pid for pid in children_of(self.pid) if container in command_of(pid))

    def kill(self) -> None:
        """It stays away until `come_back`; its containers go on."""
        (self.folder / "away").touch()
        os.kill(self.daemon, signal.SIGKILL)

    def come_back(self) -> None:
        (self.folder / "away").unlink()


def why_no_engine() -> str | None:
    """What is missing here, in words; None when an engine can be tried."""
    if os.geteuid() != 0:  # who does not find programs either: they lie where root looks
        return "no engine can run: only root may start one"
    missing = [name for name in PROGRAMS if shutil.which(name) is None]
    if missing:
        return f"no engine can run: {', '.join(missing)} missing"
    return None if BUSYBOX.exists() else "no image can be made: busybox-static is missing"


@contextmanager
def real_engine(*, is_kept: bool = False) -> Iterator[RealEngine]:
    """One that is kept may be killed, and is begun anew. Raises NoEngine."""
    if why := why_no_engine():
        raise NoEngine(why)
    sweep()
    BASE.mkdir(mode=0o700, exist_ok=True)
    folder = Path(tempfile.mkdtemp(dir=BASE))
    try:
        with claimed(folder), running(folder, KEPT if is_kept else ALONE) as process:
            yield RealEngine(folder, wait_until_ready(process, folder))
    finally:
        forget(folder)


@contextmanager
def claimed(folder: Path) -> Iterator[None]:
    """Locked before it is there for others: whoever sweeps takes a lock that nobody holds for that
    of an engine that has ended.
    """
    with (folder / "new.lock").open("wb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        (folder / "new.lock").rename(folder / "lock")
        yield


@contextmanager
def running(folder: Path, how: str) -> Iterator[subprocess.Popen[bytes]]:
    space = ["--mount", "--pid", "--net", "--fork", "--kill-child", "--mount-proc"]
    command = ["setpriv", "--pdeathsig", "KILL", "unshare", *space]
    begin = ["sh", "-c", BEGIN + how, str(folder), cgroup_of(folder)]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(  # noqa: S603 - fixed programs
            [*command, *begin], stdout=log, stderr=log, start_new_session=True
        )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def wait_until_ready(process: subprocess.Popen[bytes], folder: Path) -> int:
    """The process inside. The engine makes its socket when it is ready to be asked."""
    until = time.monotonic() + START_SECONDS_MAX
    while time.monotonic() < until and process.poll() is None:
        if (folder / "socket").exists():
            return children_of(process.pid)[0]
        time.sleep(0.02)
    said = (folder / "log").read_text(errors="replace").splitlines()[-5:]
    raise NoEngine("no engine can run: " + " / ".join(said))


def children_of(pid: int) -> list[int]:
    return [int(each) for each in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def command_of(pid: int) -> str:
    return Path(f"/proc/{pid}/cmdline").read_text()


def name_of(pid: int) -> str:
    return Path(f"/proc/{pid}/comm").read_text().strip()


def cgroup_of(folder: Path) -> str:
    return f"orca-{folder.name}"


def forget(folder: Path) -> None:
    """What is left of an engine that has ended: empty groups and its folder."""
    for top in groups_named(cgroup_of(folder), CGROUPS):
        for group, _, _ in os.walk(top, topdown=False):
            remove_group(Path(group))
    shutil.rmtree(folder, ignore_errors=True)


def groups_named(name: str, below: Path) -> list[Path]:
    """Groups of others come and go meanwhile, which a walk passes over and a glob does not."""
    return [Path(path) / name for path, folders, _ in os.walk(below) if name in folders]


def remove_group(group: Path) -> None:
    """The kernel needs a moment to let go of what was killed."""
    until = time.monotonic() + START_SECONDS_MAX
    while group.exists():
        try:
            group.rmdir()
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.02)


def sweep() -> None:
    """Engines whose test was killed have ended with it; their folders are still there."""
    for folder in BASE.glob("*"):
        try:
            with (folder / "lock").open("rb") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except (BlockingIOError, FileNotFoundError):
            continue  # somebody uses it, or is just making it
        forget(folder)
