"""What a cluster of Orca costs and how quick it is: real processes, a real engine, a real proxy."""

from __future__ import annotations

import io
import json
import re
import socket
import statistics
import subprocess
import tarfile
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import urlencode

from benchmarks.load import Call, Pace, has_wrk, run_wrk
from orca.testing import PORT, NoEngine, RealEngine, ask, make_image, real_engine, within
from orca.tests.running import LOOPBACK, Running, running, started
from orca.tests.town import TRAEFIK
from orca.tests.traffic import SHOP, Street, site

ROUNDS = 5
LOOK_SECONDS = 0.02
CLIENTS = 32
ALONE_PORT = 8900
GO = "bench/go:1"
HOSTED = {"Host": SHOP}
SERVING = ["/traefik", "--ping=true", "--ping.entrypoint=web", f"--entrypoints.web.address=:{PORT}"]
"""A quick server of one small answer that is at hand: the proxy itself, as a backend."""


def print_cluster(seconds: float) -> None:
    try:
        with street() as made:
            print("\n| one node, one control plane | median s | slowest s |\n|---|--:|--:|")
            show_times("deploy of an image that is there, to the first request", deploys(made))
            show_times("`docker kill` of the only replica, to the next answer", kills(made))
            print_memory(made.cluster)
            print_paces(made, seconds)
    except NoEngine as missing:
        print(missing)


@contextmanager
def street() -> Iterator[Street]:
    with real_engine() as engine, tempfile.TemporaryDirectory() as folder:
        make_image(engine, "bench/web:1")
        make_go_image(engine)
        with started(running(engine, Path(folder), "bench")) as cluster:
            yield Street(cluster)


def make_go_image(engine: RealEngine) -> None:
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w") as tar:
        tar.add(TRAEFIK, "traefik")
    query = {
        "fromSrc": "-",
        "repo": "bench/go",
        "tag": "1",
        "changes": f"CMD {json.dumps(SERVING)}",
    }
    ask(engine, "POST", f"/images/create?{urlencode(query)}", made.getvalue())


def show_times(name: str, found: list[float]) -> None:
    print(f"| {name} | {statistics.median(found):.2f} | {max(found):.2f} |", flush=True)


def shop(number: int) -> str:
    return f"shop{number}.example"


def shops(count: int) -> list[str]:
    return [site(f"web{n}", "bench/web:1", domain=shop(n)) for n in range(count)]


def deploys(made: Street) -> list[float]:
    """A service more each time, with a domain of its own."""
    found = []
    for number in range(ROUNDS):
        start = time.perf_counter()
        folder = made.cluster.write(*shops(number + 1))
        names = ("cluster.toml", "services/shop/service.toml")
        files = {name: (folder / name).read_text() for name in names}
        made.call("POST", "/deploys", {"files": files})
        found.append(until_served(made, number) - start)
    return found


def kills(made: Street) -> list[float]:
    """Each service is killed once: the same one again would be begun later each time."""
    found = []
    for number in range(ROUNDS):
        name = next(name for name in made.cluster.containers() if f"shop.web{number}." in name)
        start = time.perf_counter()
        id_ = made.cluster.containers()[name]
        ask(
            made.cluster.engine, "POST", f"/containers/{id_}/kill"
        )  # it has ended when this returns
        found.append(until_served(made, number) - start)
    return found


def until_served(made: Street, number: int) -> float:
    return wait(lambda: made.page(shop(number)) == "bench/web:1")


def wait(is_so: Callable[[], bool]) -> float:
    """When it was so."""
    end = time.perf_counter() + 120
    while not is_so():
        if time.perf_counter() > end:
            raise TimeoutError("it does not come")
        time.sleep(LOOK_SECONDS)
    return time.perf_counter()


def print_memory(cluster: Running) -> None:
    """Resident, with five services that run."""
    print("\n| process | MB |\n|---|--:|")
    pids = {"control plane": cluster.processes["server"].pid, "agent": cluster.processes["n1"].pid}
    pids["proxy"] = int((cluster.folder / "n1/edge/traefik.pid").read_text())
    for name, pid in pids.items():
        status = Path(f"/proc/{pid}/status").read_text()
        [kilobytes] = re.findall(r"^VmRSS:\s+(\d+) kB", status, re.MULTILINE)
        print(f"| {name} | {int(kilobytes) / 1_000:.0f} |", flush=True)


def print_paces(made: Street, seconds: float) -> None:
    """The ways take turns, so that what else the machine does is spread over them."""
    if not has_wrk():
        print("wrk is not installed: no paces.")
        return
    made.deploy(site("go", GO, health=False, memory="256Mi", cpu=2.0))
    made.until_page(lambda _: made.page(path="/ping") == "OK", "it serves")
    [(_, port)] = made.cluster.doors()
    ways = {
        "directly at its published port": (f"http://{LOOPBACK}:{port}", {}),
        "Traefik alone, told by a file": (f"http://{LOOPBACK}:{ALONE_PORT}", HOSTED),
        "the edge of Orca": (f"http://{LOOPBACK}:80", HOSTED),
    }
    print(f"\n| {CLIENTS} clients | requests/s | p50 ms | p99 ms |\n|---|--:|--:|--:|")
    paces: dict[str, list[Pace]] = {name: [] for name in ways}
    with traefik_alone(made.cluster, port):
        for _ in range(3):
            for name, (url, headers) in ways.items():
                call = Call("/ping", headers=tuple(headers.items()))
                paces[name].append(measured(made, url, call, seconds))
    for name, found in paces.items():
        best = sorted(found, key=lambda pace: pace.count / pace.seconds)[len(found) // 2]
        print(f"| {name} | {best.count / best.seconds:,.0f} | {best.p50:.1f} | {best.p99:.1f} |")


def measured(made: Street, url: str, call: Call, seconds: float) -> Pace:
    return within(made.cluster.middle.pid, lambda: run_wrk(url, call, CLIENTS, seconds))


@contextmanager
def traefik_alone(cluster: Running, port: int) -> Iterator[None]:
    """The same program with the same backend, and nothing of ours."""
    told = cluster.folder / "alone.yml"
    router = {"rule": f"Host(`{SHOP}`)", "service": "go", "entryPoints": ["alone"]}
    server = {"loadBalancer": {"servers": [{"url": f"http://{LOOPBACK}:{port}"}]}}
    told.write_text(json.dumps({"http": {"routers": {"go": router}, "services": {"go": server}}}))
    options = [f"--entrypoints.alone.address=:{ALONE_PORT}", f"--providers.file.filename={told}"]
    command = cluster.middle.inside([str(TRAEFIK), *options])
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        answers = within(cluster.middle.pid, lambda: wait(lambda: is_there(ALONE_PORT)))
        assert answers
        yield
    finally:
        process.kill()
        process.wait()


def is_there(port: int) -> bool:
    with suppress(OSError), socket.create_connection((LOOPBACK, port), timeout=1):
        return True
    return False
