"""Engines for tests leave nothing behind, whatever becomes of the test."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from orca.testing import MIDDLE, RealNode, ask, real_nodes, visit, why_no_engine
from orca.testing.engine import CGROUPS, groups_named, sweep
from orca.testing.tests.start_and_wait import begin_container

pytestmark = [
    pytest.mark.skipif(why_no_engine() is not None, reason=str(why_no_engine())),
    pytest.mark.allow_hosts(["127.0.0.1", MIDDLE, "10.77.0.1", "10.77.0.2"]),
]

WITHIN_SECONDS = 60
PROC = Path("/proc")


def words_of(process: Path) -> bytes:
    """Its arguments; none when it has just ended."""
    with suppress(OSError):
        return (process / "cmdline").read_bytes()
    return b""


def processes_of(folder: Path) -> list[str]:
    """Of the engine and of all that it started: its folder stands in their arguments."""
    return [each.name for each in PROC.glob("[0-9]*") if str(folder).encode() in words_of(each)]


def network_of(pid: int | str) -> str:
    with suppress(OSError):
        return str((PROC / str(pid) / "ns/net").readlink())
    return ""


def processes_in(networks: set[str]) -> list[str]:
    return [each.name for each in PROC.glob("[0-9]*") if network_of(each.name) in networks]


def groups_of(folder: Path) -> list[Path]:
    return groups_named(f"orca-{folder.name}", CGROUPS)


def test_groups_of_others_may_go_while_ours_are_looked_for(tmp_path: Path) -> None:
    """Several engines end at the same time. A glob breaks off here."""
    (tmp_path / "controller/ours").mkdir(parents=True)
    over = threading.Event()

    def come_and_go() -> None:
        while not over.is_set():
            (tmp_path / "controller/theirs/inner").mkdir(parents=True)
            shutil.rmtree(tmp_path / "controller/theirs")

    others = threading.Thread(target=come_and_go)
    others.start()
    try:
        for _ in range(500):
            assert groups_named("ours", tmp_path) == [tmp_path / "controller/ours"]
    finally:
        over.set()
        others.join()


def said(*command: str) -> str:
    done = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603
    return done.stdout


def traces_here() -> Iterator[str]:
    """What only several engines on a bridge would have brought into the network of the machine."""
    for command in (["ip", "-oneline", "addr"], ["ip", "route"], ["iptables", "-w", "-S"]):
        for line in said(*command).splitlines():
            if "10.77.0." in line or "cable" in line or "172.31.250." in line:
                yield line


@pytest.mark.parametrize("count", [0, 2])
def test_engines_end_with_a_test_that_was_killed(count: int) -> None:
    """No process, network, mount, rule, group or folder of theirs is left."""
    forwards = (PROC / "sys/net/ipv4/ip_forward").read_text()
    program = [sys.executable, "-m", "orca.testing.tests.start_and_wait", str(count)]
    with subprocess.Popen(program, stdout=subprocess.PIPE) as test:  # noqa: S603 - our own program
        assert test.stdout
        told = json.loads(test.stdout.readline())
        folders = [Path(each) for each in told["folders"]]
        networks = {network_of(pid) for pid in told["pids"]}
        assert len(networks) == len(folders) + bool(count)
        assert network_of("self") not in networks
        for folder in folders:
            assert processes_of(folder)
            assert groups_of(folder)
        assert [*traces_here()] == []
        test.kill()
    wait_for_the_end(folders, networks)
    sweep_away(folders)
    mounts = (PROC / "mounts").read_text()
    for folder in folders:
        assert not folder.exists()
        assert groups_of(folder) == []
        assert str(folder) not in mounts
    assert not any(network in mounts for network in networks)
    assert [*traces_here()] == []
    assert (PROC / "sys/net/ipv4/ip_forward").read_text() == forwards


def sweep_away(folders: list[Path]) -> None:
    """A group in which anything runs, such as a container, could not be removed. Somebody else may
    be sweeping at the same moment: then it is theirs to do.
    """
    until = time.monotonic() + WITHIN_SECONDS
    while any(folder.exists() for folder in folders) and time.monotonic() < until:
        sweep()


def wait_for_the_end(folders: list[Path], networks: set[str]) -> None:
    """A network is gone when no process is in it and nothing holds it as a mount."""
    until = time.monotonic() + WITHIN_SECONDS
    while time.monotonic() < until:
        left = [each for folder in folders for each in processes_of(folder)]
        left += processes_in(networks)
        if not left:
            return
        time.sleep(0.05)
    raise TimeoutError(f"they still run: {left}")


def port_of(node: RealNode) -> int:
    [container] = json.loads(ask(node.engine, "GET", "/containers/json"))
    return int(next(port["PublicPort"] for port in container["Ports"] if "PublicPort" in port))


def test_nodes_can_be_cut_off_in_three_ways_and_healed() -> None:
    with real_nodes(2) as nodes:
        first, second = nodes.nodes
        for node in nodes.nodes:
            begin_container(node.engine)
        port = port_of(second)

        def is_reached_by(pid: int, seconds: float = WITHIN_SECONDS) -> bool:
            return visit(pid, second.address, port, seconds=seconds) is not None

        for cut in (nodes.cut, nodes.swallow):
            assert is_reached_by(nodes.pid)
            assert is_reached_by(first.engine.pid)
            cut(second.name)
            assert not is_reached_by(nodes.pid, 0.5)
            assert not is_reached_by(first.engine.pid, 0.5)
            assert is_reached_by(second.engine.pid)
            nodes.heal(second.name)
        nodes.deafen(second.name)
        assert not is_reached_by(nodes.pid, 0.5)
        assert is_reached_by(first.engine.pid)
        nodes.heal(second.name)
        assert is_reached_by(nodes.pid)
