"""The demo shows a page through its proxy and leaves nothing behind, however it is ended."""

from __future__ import annotations

import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from orca.testing import CGROUPS, groups_named, why_no_engine

pytestmark = pytest.mark.skipif(why_no_engine() is not None, reason=str(why_no_engine()))

WITHIN_SECONDS = 240
TEXT = re.compile(r"Version 1, from the container [0-9a-f]{12}\n")
ENGINE = re.compile(r"/orca-engines/(\w+)/")
RULES = ["iptables", "-w", "-S"]
CABLES = ["ip", "-oneline", "-brief", "link"]


def until(is_so: Callable[[], bool], what: Callable[[], str]) -> None:
    end = time.monotonic() + WITHIN_SECONDS
    while not is_so():
        if time.monotonic() > end:
            raise TimeoutError(f"not within {WITHIN_SECONDS} s: {what()}")
        time.sleep(0.2)


def two_ports() -> int:
    """The first of two that are free beside each other."""
    while True:
        with ExitStack() as ends:
            first = ends.enter_context(socket.create_server(("127.0.0.1", 0)))
            port: int = first.getsockname()[1]
            try:
                ends.enter_context(socket.create_server(("127.0.0.1", port + 1)))
            except OSError:
                continue
            return port


def said_by(command: list[str]) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603 - fixed
    return done.stdout


def status_of(pid: int) -> tuple[int, str]:
    """Its parent and its network; raises OSError when it has just ended."""
    parent = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1]
    return int(parent), str(Path(f"/proc/{pid}/ns/net").readlink())


def processes() -> Iterator[tuple[int, int, str]]:
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            yield int(folder.name), *status_of(int(folder.name))
        except OSError:
            continue


@dataclass(frozen=True)
class Traces:
    """What there is of a demo that runs."""

    pids: frozenset[int]
    networks: frozenset[str]
    engines: frozenset[str]
    folder: Path

    def left(self) -> list[str]:
        """What there is of it still."""
        own = Path("/proc/self/ns/net").readlink()
        assert str(own) not in self.networks
        found = [f"process {pid}" for pid, _, network in processes() if network in self.networks]
        found += [f"process {pid}" for pid in self.pids if str(self.folder) in words_of(pid)]
        mounts = Path("/proc/mounts").read_text()
        for name in self.engines:
            found += [str(path) for path in groups_named(f"orca-{name}", CGROUPS)]
            found += [f"mount of {name}"] if name in mounts else []
            found += [str(path) for path in self.folder.parent.glob(f"orca-engines/{name}")]
        return found + ([str(self.folder)] if self.folder.exists() else [])


def words_of(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace")
    except OSError:
        return ""


def traces_of(demo: int, said: str) -> Traces:
    family, found = {demo}, [*processes()]
    while more := {pid for pid, parent, _ in found if parent in family} - family:
        family |= more
    own = str(Path("/proc/self/ns/net").readlink())
    known = re.search(r"ORCA_TOKEN_FILE=(\S+)/server/admin.token", said)
    assert known
    return Traces(
        pids=frozenset(family),
        networks=frozenset(network for pid, _, network in found if pid in family) - {own},
        engines=frozenset(name for pid in family for name in ENGINE.findall(words_of(pid))),
        folder=Path(known[1]),
    )


def ask(port: int, path: str) -> str:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=30) as answer:
            return str(answer.read().decode())
    except (OSError, urllib.error.HTTPError):
        return ""


@pytest.mark.parametrize("end", [signal.SIGTERM, signal.SIGKILL])
def test_the_demo_answers_through_its_proxy_and_leaves_nothing_behind(
    end: signal.Signals, tmp_path: Path
) -> None:
    before = [said_by(RULES), said_by(CABLES)]
    port, said = two_ports(), tmp_path / "said"
    with said.open("w") as out:
        demo = subprocess.Popen(  # noqa: S603 - our own program
            [sys.executable, "-m", "orca.demo", "--port", str(port)],
            stdout=out,
            stderr=subprocess.STDOUT,
        )
    try:
        until(lambda: "Ready." in said.read_text() or demo.poll() is not None, said.read_text)
        assert demo.poll() is None, said.read_text()
        assert "release 1 serves" in said.read_text()
        until(lambda: bool(TEXT.fullmatch(ask(port, "/version"))), said.read_text)
        assert re.search(
            r"<h1>Version 1</h1>\n<p>from the container <code>[0-9a-f]{12}<", ask(port, "/")
        )
        assert [said_by(RULES), said_by(CABLES)] == before
        traces = traces_of(demo.pid, said.read_text())
        assert len(traces.engines) == 2
        assert len(traces.networks) == 6  # the middle, two nodes, three containers
        assert traces.left()  # the control: what is looked for below is there now
        demo.send_signal(end)
        assert demo.wait(WITHIN_SECONDS) == (-end if end is signal.SIGKILL else 0)
    finally:
        demo.kill()
        demo.wait()
    until(lambda: traces.left() == [], lambda: str(traces.left()))
    assert [said_by(RULES), said_by(CABLES)] == before
