"""Starts the server on each database, loads it, and prints one table in Markdown.

`python -m benchmarks` measures (BENCH_SECONDS for each row, BENCH_ORDERS in the table);
`python -m benchmarks plans` shows how each database answers every statement of the hot paths,
`python -m benchmarks matching` how long it takes to match bids, `python -m benchmarks rules` what a
thousand rules cost those who order, `python -m benchmarks settling` how many commands the rails of
couriers take, `python -m benchmarks orca` what a cluster costs and how quick it is.
"""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from basis.kit.testing import NoPostgres, postgres_cluster
from benchmarks.bookings import month_workload, remember_bookings
from benchmarks.cluster import print_cluster
from benchmarks.fanout import KITCHENS, TRACKERS, measure_fanout
from benchmarks.house import Furnished, furnish
from benchmarks.load import Pace, has_wrk, run_load, run_wrk
from benchmarks.matching import print_matching
from benchmarks.past import remember_orders
from benchmarks.planning import print_planning
from benchmarks.plans import print_plans
from benchmarks.ruling import measure_ruling, print_ruling_heads
from benchmarks.settling import print_settling
from benchmarks.usage import Meter, load_of_machine
from benchmarks.workloads import (
    ORDERING_HOUSE,
    PAST_HOUSE,
    Workload,
    cold_menu_workload,
    menu_workloads,
    order_workload,
    staff_workloads,
)
from tests.server import Server

SECONDS = float(os.environ.get("BENCH_SECONDS", "3"))
ORDERS = int(os.environ.get("BENCH_ORDERS", "100000"))
CLIENTS = (1, 8, 32)
HEADINGS = (
    "database", "workload", "clients", "requests/s", "p50 ms", "p99 ms", "server cpu s",
    "cpu ms/request", "server MB", "busy (503)",
)  # fmt: skip

Measure = Callable[[str, str, Path], None]


def main() -> None:
    if sys.argv[1:] == ["plans"]:
        on_each_database(lambda name, url, _folder: print_plans(name, url, ORDERS))
        return
    if sys.argv[1:] == ["matching"]:
        print_matching()
        return
    if sys.argv[1:] == ["settling"]:
        print_settling()
        return
    if sys.argv[1:] == ["rules"]:
        print_rules()
        return
    if sys.argv[1:] == ["orca"]:
        print_orca()
        return
    maker = "wrk" if has_wrk() else "our own client, as wrk is not installed: it is the bottleneck"
    print(
        f"{load_of_machine()} before the start; the load is made on the same cores as the server."
    )
    print(f"The cached menu is asked for by {maker}; all else by a client of our own.")
    print(f"{SECONDS:g} s a row; rows marked * with {ORDERS:,} orders in the table.\n")
    print(f"| {' | '.join(HEADINGS)} |\n|---|---|" + "--:|" * (len(HEADINGS) - 2), flush=True)
    on_each_database(measure)
    print_rules()
    print_matching()
    print_settling()
    print_orca()
    print(f"\n{load_of_machine()} at the end.")


def print_orca() -> None:
    print_planning()
    print_cluster(SECONDS)


def print_rules() -> None:
    print_ruling_heads()
    on_each_database(measure_ruling)


def on_each_database(measure_one: Measure) -> None:
    with tempfile.TemporaryDirectory() as folder:
        measure_one("SQLite", f"sqlite:///{folder}/house.db", Path(folder))
    try:
        with postgres_cluster() as cluster, tempfile.TemporaryDirectory() as folder:
            cluster.create_database("house")
            measure_one("PostgreSQL", cluster.url("house"), Path(folder))
    except NoPostgres as missing:
        print(missing)


def measure(name: str, url: str, folder: Path) -> None:
    """All workloads on one database; the server is started anew when the orders are in it."""
    furnished = asyncio.run(furnish(url))
    # A server of its own, since going round so many houses fills what it keeps.
    with serving(url, folder / "cold") as server:
        run_workload(name, server, cold_menu_workload(furnished))
    with serving(url, folder / "few") as server:
        few = order_workload(furnished, "W2 order", ORDERING_HOUSE)
        for workload in [*menu_workloads(server.url, furnished), few]:
            run_workload(name, server, workload)
    past_house = furnished.house_ids[PAST_HOUSE]
    asyncio.run(remember_orders(furnished, past_house, ORDERS))
    with serving(url, folder / "many") as server:
        many = order_workload(furnished, "W2 order *", PAST_HOUSE)
        # The orders come last: they would lie open on the board that is measured before.
        for workload in [*staff_workloads(furnished), many]:
            run_workload(name, server, workload)
    booked = remember_bookings(url)
    with serving(url, folder / "tables") as server:
        for house in booked:
            run_workload(name, server, month_workload(house))
    with serving(url, folder / "live") as server:
        run_fanout(name, server, furnished)


@contextmanager
def serving(url: str, folder: Path) -> Iterator[Server]:
    server = Server(
        folder, environment={"KITCHENASTY_RATE_LIMITS": "off", "KITCHENASTY_DATABASE_URL": url}
    )
    server.start()
    try:
        yield server
    finally:
        server.stop()


def run_workload(name: str, server: Server, workload: Workload) -> None:
    for clients in CLIENTS:
        meter = Meter.of(server)
        if workload.from_memory and has_wrk():
            pace = run_wrk(server.url, workload.calls[0], clients, SECONDS)
        else:
            pace = run_load(server.url, workload.calls, clients, SECONDS)
        show(name, workload.name, str(clients), pace, meter)


def run_fanout(name: str, server: Server, furnished: Furnished) -> None:
    meter = Meter.of(server)
    pace = measure_fanout(server.url, furnished, when_all_follow=meter.start)
    show(name, "W4 change to all sockets *", f"{KITCHENS} + {TRACKERS}", pace, meter)


def show(name: str, workload: str, clients: str, pace: Pace, meter: Meter) -> None:
    cpu = meter.seconds
    figures = (
        f"{pace.count / pace.seconds:,.0f}", f"{pace.p50:.1f}", f"{pace.p99:.1f}", f"{cpu:.1f}",
        f"{cpu * 1_000 / max(1, pace.count):.2f}", f"{meter.megabytes:.0f}", str(pace.refused),
    )  # fmt: skip
    print(f"| {' | '.join((name, workload, clients, *figures))} |", flush=True)


if __name__ == "__main__":
    main()
