"""An agent's edge that is told something else again and again, until it is killed: as a program, so
that it can be. It forks for each line that it is told, since to begin anew costs a second.
"""

from __future__ import annotations

import asyncio
import os
import sys
from dataclasses import replace
from functools import partial
from pathlib import Path

import msgspec

from orca.agent import Edging, OrdersFile, Told
from orca.edge import Doors, EdgeOrders, Traefik
from orca.tests.town import TRAEFIK

DOORS_EVERY = 9
"""A proxy with other doors is another proxy."""


class Task(msgspec.Struct, frozen=True):
    """Where it writes, by which ports, and what it is told in turn."""

    folder: str
    inner_port: int
    feed_port: int
    orders: tuple[EdgeOrders, ...]

    def edging(self) -> Edging:
        make = partial(Traefik, program=TRAEFIK)
        return Edging(Path(self.folder) / "edge", make, self.inner_port, self.feed_port)

    def orders_file(self) -> OrdersFile:
        return OrdersFile(Path(self.folder) / "orders.json")


async def write_on(task: Task) -> None:
    edging, file = task.edging(), task.orders_file()
    orders = file.begin()
    await edging.tried(None)
    while True:
        orders = replace(orders, applied=orders.applied + 1)
        file.save(orders)
        turn, told = divmod(orders.applied, len(task.orders))
        trusted = ("192.0.2.0/24",) if turn % DOORS_EVERY == 0 else ()
        doors = task.orders[told].doors
        doors = Doors(doors.http_port, doors.https_port, trusted)
        await edging.tried(Told(orders.applied, replace(task.orders[told], doors=doors)))


def main() -> None:
    task = msgspec.json.decode(sys.argv[1], type=Task)
    for _ in sys.stdin:
        child = os.fork()
        if not child:
            asyncio.run(write_on(task))
        print(child, flush=True)
        os.waitpid(child, 0)


if __name__ == "__main__":
    main()
