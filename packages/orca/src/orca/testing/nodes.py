"""Several real engines, each in a network of its own, joined by a bridge in yet another one.
Nothing of it is in the network of this machine: no bridge, no rule, no route.

Whoever stands in the middle, where the bridge is, sees all nodes, as a client or a control plane.
"""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from orca.testing.engine import (
    START_SECONDS_MAX,
    NoEngine,
    RealEngine,
    real_engine,
    why_no_engine,
)

BRIDGE = "bridge0"
MIDDLE = "10.77.0.254"
NODES_MAX = 20
GUEST = "10.77.0.200"
# The bridge is the last thing that is made: when it has its address, the middle is ready.
BEGIN = f"""
set -e
ip link set lo up
ip link add {BRIDGE} type bridge
ip link set {BRIDGE} up
ip addr add {MIDDLE}/24 dev {BRIDGE}
exec sleep infinity
"""


@dataclass(frozen=True)
class RealNode:
    """An engine with an address that the others reach. `cable` is its end at the bridge."""

    name: str
    address: str
    cable: str
    engine: RealEngine


@dataclass(frozen=True)
class RealNodes:
    """All of them. `pid` is of a process in the middle."""

    pid: int
    nodes: tuple[RealNode, ...]

    def __getitem__(self, name: str) -> RealNode:
        return next(node for node in self.nodes if node.name == name)

    def inside(self, command: Sequence[str]) -> list[str]:
        """The command as it runs in the middle."""
        return inside(self.pid, command)

    def cut(self, name: str) -> None:
        """The cable is pulled: both sides see that at once."""
        run(self.inside(["ip", "link", "set", self[name].cable, "down"]))

    def swallow(self, name: str) -> None:
        """Nothing passes and nobody is told: links that stood are half open from now on."""
        run(self.inside(["bridge", "link", "set", "dev", self[name].cable, "state", "0"]))

    def deafen(self, name: str, *, source: str = MIDDLE) -> None:
        """The node hears nothing from this address any more, which still hears the node."""
        run(self[name].engine.inside([*RULES, "-I", "PREROUTING", "-s", source, "-j", "DROP"]))

    def heal(self, name: str) -> None:
        """Whatever was done to its way is undone."""
        cable, engine = self[name].cable, self[name].engine
        run(self.inside(["ip", "link", "set", cable, "up"]))
        run(self.inside(["bridge", "link", "set", "dev", cable, "state", "3"]))
        run(engine.inside([*RULES, "-F", "PREROUTING"]))


RULES = ("iptables", "-w", "-t", "raw")


@contextmanager
def real_nodes(count: int, *, is_kept: bool = False) -> Iterator[RealNodes]:
    """`n1`, `n2` and so on. Everything ends with the process that began it. Raises NoEngine."""
    if why := why_no_engine():
        raise NoEngine(why)
    assert 1 <= count <= NODES_MAX
    with ExitStack() as ends:
        middle = ends.enter_context(middle_running())
        made = tuple(
            join(middle, number, ends.enter_context(real_engine(is_kept=is_kept)))
            for number in range(1, count + 1)
        )
        yield RealNodes(middle, made)


@contextmanager
def middle_running() -> Iterator[int]:
    """The process inside. It ends with us, and the bridge with it."""
    space = ["--net", "--fork", "--kill-child", "sh", "-c", BEGIN]
    command = ["setpriv", "--pdeathsig", "KILL", "unshare", *space]
    process = subprocess.Popen(command, start_new_session=True)  # noqa: S603 - fixed programs
    try:
        yield wait_for_middle(process)
    finally:
        process.kill()
        process.wait()


def wait_for_middle(process: subprocess.Popen[bytes]) -> int:
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    until = time.monotonic() + START_SECONDS_MAX
    while time.monotonic() < until and process.poll() is None:
        inner = children.read_text().split()
        if inner and is_ready(int(inner[0])):
            return int(inner[0])
        time.sleep(0.02)
    raise NoEngine("no nodes can run: no bridge can be made here")


def is_ready(pid: int) -> bool:
    """Until it is in a network of its own it is in ours, where there is no such bridge."""
    return MIDDLE in said(inside(pid, ["ip", "-oneline", "addr", "show", "dev", BRIDGE]))


def join(middle: int, number: int, engine: RealEngine) -> RealNode:
    """A cable from the bridge to the engine. It goes with the network at either end."""
    node = RealNode(f"n{number}", f"10.77.0.{number}", f"cable{number}", engine)
    plug(middle, node.cable, engine.pid, node.address)
    return node


def plug(middle: int, cable: str, pid: int, address: str) -> None:
    here = ["ip", "link", "add", cable, "type", "veth", "peer", "name", "eth0"]
    run(inside(middle, [*here, "netns", str(pid)]))
    run(inside(middle, ["ip", "link", "set", cable, "master", BRIDGE, "up"]))
    run(inside(pid, ["ip", "addr", "add", f"{address}/24", "dev", "eth0"]))
    run(inside(pid, ["ip", "link", "set", "eth0", "up"]))


@contextmanager
def real_guest(nodes: RealNodes) -> Iterator[int]:
    """A network of its own on the bridge for whoever asks from outside: neither a node nor the
    control plane, and cut off from nobody when one of them is. It is that of the process told.
    """
    begin = ["sh", "-c", "ip link set lo up; exec sleep infinity"]
    command = ["setpriv", "--pdeathsig", "KILL", "unshare", "--net", *begin]
    process = subprocess.Popen(command, start_new_session=True)  # noqa: S603 - fixed programs
    try:
        wait_until_apart(process)
        plug(nodes.pid, "cable-guest", process.pid, GUEST)
        yield process.pid
    finally:
        process.kill()
        process.wait()


def wait_until_apart(process: subprocess.Popen[bytes]) -> None:
    """Until it is in a network of its own it is in ours."""
    until = time.monotonic() + START_SECONDS_MAX
    while time.monotonic() < until and process.poll() is None:
        if network_of(process.pid) != network_of(os.getpid()):
            return
        time.sleep(0.02)
    raise NoEngine("no guest can be there: no network can be made here")


def network_of(pid: int) -> Path:
    return Path(f"/proc/{pid}/ns/net").readlink()


def inside(pid: int, command: Sequence[str]) -> list[str]:
    return ["nsenter", "--target", str(pid), "--net", "--", *command]


def run(command: Sequence[str]) -> None:
    subprocess.run(command, check=True, capture_output=True)  # noqa: S603 - fixed programs


def said(command: Sequence[str]) -> str:
    done = subprocess.run(command, check=False, capture_output=True, text=True)  # noqa: S603
    return done.stdout
