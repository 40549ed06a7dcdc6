"""Visitors of a cluster: from a network of their own they ask all of its edges, and each request
has a number that comes back. What fails is counted by its kind, what was done twice is noticed.
"""

from __future__ import annotations

import asyncio
import json
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

from orca.testing import PORT, RealNode, RealNodes, ask, begin_within, make_image
from orca.tests.running import WITHIN_SECONDS, Running
from orca.tests.town import Client
from orca.tests.traffic import HTTP, SHOP

SECONDS_MAX = 30.0
"""For one request: whoever waits for longer goes away."""
PAUSE_SECONDS = 0.01
POSTS_EVERY = 3
BODY = "one soup, two spoons"
SEEN = "/seen"
SERVING = ("/bin/sh", "/bin/serve")
BACKLOG = "-" + "l" * 64
"""As often as it is said so many may wait at its door."""
SERVE = f"""
trap 'exit 3' TERM
if [ "$MODE" = deaf ]; then sleep 3600 & wait; fi
nc {BACKLOG} -p {PORT} -e /bin/sh /bin/answer &
wait
"""
# Connections are kept. `MODE` says how it is unwell, if it is to be.
ANSWER = """
health() {
    case "$MODE" in
        unwell) return 1 ;;
        fading) mkdir /tmp/asked ;;
        crashing) if ! mkdir /tmp/asked; then rm -r /tmp/asked; kill 1; fi ;;
        single) [ "$(cat /tmp/mine)" ] || { mkdir "/seen/$ROUND" && echo 1 > /tmp/mine; } ;;
    esac
}
while read -r method target _; do
    length=0
    while read -r name value && [ "${name%?}" ]; do
        case "$name" in [Cc]ontent-[Ll]ength:) length=${value%?} ;; esac
    done
    [ "$length" -gt 0 ] && read -r -n "$length" body
    status="200 OK"
    said="VERSION $target"
    if [ "$target" = /healthz ]; then
        health 2>/dev/null || status="500 Unwell"
    else
        echo "$method $target" >> /seen/asked
    fi
    printf 'HTTP/1.1 %s\\r\\nContent-Length: %d\\r\\n\\r\\n%s' "$status" "${#said}" "$said"
done
"""


def make_counting_image(nodes: RealNodes, name: str, version: str) -> None:
    """It answers with its version and what it was asked, and notes that in the folder `/seen`."""
    files = {"bin/serve": SERVE, "bin/answer": ANSWER.replace("VERSION", version)}
    for node in nodes.nodes:
        make_image(node.engine, name, SERVING, files)


@dataclass(frozen=True, slots=True)
class Failure:
    """One request that was not answered well."""

    at: float
    edge: str
    kind: str
    request: str


@dataclass
class Visit:
    """Requests while something happens. `answered` counts by version, `failures` are the rest."""

    has_posts: bool
    answered: Counter[str] = field(default_factory=Counter)
    failures: list[Failure] = field(default_factory=list)
    slowest: float = 0.0
    begun: float = field(default_factory=time.monotonic)

    @property
    def kinds(self) -> dict[str, int]:
        return dict(Counter(failure.kind for failure in self.failures))

    @property
    def edges(self) -> dict[str, int]:
        """Where they failed."""
        return dict(Counter(failure.edge for failure in self.failures))

    def told(self, what: str) -> str:
        total = self.answered.total() + len(self.failures)
        return (
            f"{what}: {total:,} requests, {len(self.failures)} failed {self.kinds or ''}"
            f"{self.edges or ''}, the slowest took {self.slowest:.2f} s {dict(self.answered)}"
        )


@dataclass
class Visitors:
    """They ask the edges of a cluster, which has a service that notes requests in `folder`."""

    cluster: Running
    network: int
    folder: Path
    numbers: count[int] = field(default_factory=lambda: count(1))

    @property
    def edges(self) -> tuple[str, ...]:
        return tuple(node.address for node in self.cluster.nodes)

    @contextmanager
    def visiting(
        self, what: str, *, edges: tuple[str, ...] = (), has_posts: bool = True
    ) -> Iterator[Visit]:
        """At each edge one who keeps the connection and one who comes anew each time."""
        visit, over = Visit(has_posts), threading.Event()
        all_of_them = self.ask(visit, over, edges or self.edges)
        asking = begin_within(self.network, lambda: asyncio.run(all_of_them))
        try:
            self.more(visit, 50)
            yield visit
            self.more(visit, 100)
        finally:
            over.set()
            asking.result(WITHIN_SECONDS)
            print(visit.told(what))

    def more(self, visit: Visit, requests: int) -> None:
        until = visit.answered.total() + requests
        self.cluster.until(lambda: visit.answered.total() >= until, f"{requests} requests more")

    async def ask(self, visit: Visit, over: threading.Event, edges: tuple[str, ...]) -> None:
        await asyncio.gather(
            *(self.go(visit, over, edge, keeps=keeps) for edge in edges for keeps in (True, False))
        )

    async def go(self, visit: Visit, over: threading.Event, edge: str, *, keeps: bool) -> None:
        client = Client(HTTP, edge)
        while not over.is_set():
            number = next(self.numbers)
            is_post = visit.has_posts and number % POSTS_EVERY == 0
            method = "POST" if is_post else "GET"
            begun = time.monotonic()
            kind = await self.once(visit, client, method, f"/n/{number}")
            visit.slowest = max(visit.slowest, time.monotonic() - begun)
            if kind:
                at = time.monotonic() - visit.begun
                visit.failures.append(Failure(at, edge, kind, f"{method} {number}"))
            if kind or not keeps:
                await client.close()
            await asyncio.sleep(PAUSE_SECONDS)
        await client.close()

    async def once(self, visit: Visit, client: Client, method: str, path: str) -> str:
        """Why it failed; nothing when it did not."""
        body = BODY if method == "POST" else ""
        try:
            async with asyncio.timeout(SECONDS_MAX):
                answer = await client.ask(SHOP, path, method=method, body=body)
        except (OSError, EOFError, IndexError) as error:
            return type(error).__name__
        if answer.status != 200:
            return str(answer.status)
        version, _, number = answer.body.partition(" ")
        if number != path:
            return "the answer to another request"
        visit.answered[version] += 1
        return ""

    def containers(self) -> list[str]:
        """By their slots, also those that do not run."""
        return [
            f"container {self.cluster.named(each).rpartition('.g')[0]} {each['State']}"
            for node in self.cluster.nodes
            for each in json.loads(ask(node.engine, "GET", "/containers/json?all=true"))
            if each["Names"][0].startswith(f"/{self.cluster.name}.")
        ]

    def left(self) -> Counter[str]:
        """What there is of the cluster: containers, networks, proxies and files."""
        found = Counter(self.containers())
        for node in self.cluster.nodes:
            folder = self.cluster.folder / node.name
            found.update(f"{node.name}: network {name}" for name in self.networks(node))
            found.update(f"{node.name}: process {pid}" for pid in pids_of(str(folder)))
            found.update(f"{node.name}: {path.name}" for path in folder.rglob("*"))
        return found

    def networks(self, node: RealNode) -> list[str]:
        listed = json.loads(ask(node.engine, "GET", "/networks"))
        names = [each["Name"] for each in listed]
        return [name for name in names if name.startswith(f"{self.cluster.name}.")]

    def done_twice(self) -> list[str]:
        """Requests that servers were asked more than once."""
        asked = Counter((self.folder / "asked").read_text().splitlines())
        return sorted(request for request, times in asked.items() if times > 1)


def pids_of(words: str) -> list[int]:
    """Proxies that were started with a file of this folder. Agents come and go."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(OSError):
            if f"--configFile={words}" in path.read_text(errors="replace"):
                found.append(int(path.parent.name))
    return found
