"""An agent that is killed while it writes what its edge is told: the next one begins and serves."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from orca.agent import Told
from orca.edge import Backend, Doors, EdgeOrders, Served, Site
from orca.tests.running import end_proxies
from orca.tests.town import Client, free_ports, servers, until
from orca.tests.village import signed
from orca.tests.writing_edge import Task

SHOP = "shop.example"
KILLS = 15
MOMENT_SECONDS_MAX = 0.4


@contextmanager
def writers(task: Task) -> Iterator[subprocess.Popen[str]]:
    words = [sys.executable, "-m", "orca.tests.writing_edge", msgspec.json.encode(task).decode()]
    begun = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)  # noqa: S603 - ours
    try:
        yield begun
    finally:
        begun.kill()
        begun.communicate()


def kill_again_and_again(begun: subprocess.Popen[str], kills: int, seed: int) -> None:
    assert begun.stdin
    assert begun.stdout
    moments = random.Random(seed)
    for _ in range(kills):
        begun.stdin.write("\n")
        begun.stdin.flush()
        child = int(begun.stdout.readline())
        threading.Event().wait(moments.random() * MOMENT_SECONDS_MAX)
        os.kill(child, signal.SIGKILL)


async def test_an_agent_that_is_killed_at_any_moment_is_followed_by_one_that_serves(
    tmp_path: Path,
) -> None:
    """Files of its edge, its doors, its certificates and its orders: old or new, never half."""
    http, https, inner, feed = free_ports(4)
    folder = tmp_path / "quay" / "n1"
    folder.mkdir(parents=True)
    material = [signed(SHOP) for _ in range(2)]
    async with servers("web", "next") as found:
        orders = tuple(
            EdgeOrders(
                Doors(http, https),
                (Site("shop/web", (f"{name}.example",), (found[name][1],)),),
                (Served((SHOP,), one.chain, str(one.key), f"{number}" * 16),),
            )
            for number, (name, one) in enumerate(zip(("web", "next"), material, strict=True))
        )
        task = Task(str(folder), inner, feed, orders)
        try:
            with writers(task) as begun:
                kill_again_and_again(begun, KILLS, seed=7)
            await follow(task, found["web"][1])
        finally:
            end_proxies(folder.parent)


async def follow(task: Task, backend: Backend) -> None:
    known = task.orders_file().begin()
    assert known.applied > 0
    last = EdgeOrders(task.orders[0].doors, (Site("shop/web", (SHOP,), (backend,)),))
    edging = task.edging()
    await edging.tried(None)
    await edging.tried(Told(known.applied, last))
    assert (edging.trouble, edging.routed) == ("", known.applied)
    client = Client(last.doors.http_port)
    await until(lambda: is_web(client))
    await client.close()
    assert edging.proxy is not None
    await edging.proxy.stop()


async def is_web(client: Client) -> bool:
    return (await client.ask(SHOP)).server == "web"
