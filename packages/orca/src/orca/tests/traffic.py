"""Requests to a running cluster as browsers send them: to its edge, by the names of its domains."""

from __future__ import annotations

import asyncio
import threading
import tomllib
from collections import Counter
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from orca.testing import PORT, Visit, begin_within, within
from orca.tests.running import LOOPBACK, WITHIN_SECONDS, Running
from orca.tests.town import Answered, Client, crowd

HTTP = 80
SHOP = "shop.example"
Of = TypeVar("Of")


@dataclass
class Load:
    """Clients that ask one after the other, until it is enough."""

    counted: Counter[str] = field(default_factory=Counter)
    over: threading.Event = field(default_factory=threading.Event)

    @property
    def failed(self) -> dict[str, int]:
        return {name: times for name, times in self.counted.items() if name.startswith("!")}


@dataclass
class Street:
    """A cluster, its API without the seconds that a command takes, and its edge."""

    cluster: Running

    def within(self, work: Coroutine[Any, Any, Of]) -> Of:
        """In the network of the engine."""
        return within(self.cluster.middle.pid, lambda: asyncio.run(work))

    def call(self, method: str, path: str, body: Any = None) -> Any:
        return self.cluster.api(method, path, body)

    def deploy(self, *services: str, outcome: str = "done", top: str = "") -> str:
        """The files as they are to be, and what the job says at the end."""
        self.cluster.toml = top
        folder = self.cluster.write(*services)
        names = ("cluster.toml", "services/shop/service.toml")
        files = {name: (folder / name).read_text() for name in names}
        return self.follow(self.call("POST", "/deploys", {"files": files})["job"], outcome)

    def add(self, *services: str, outcome: str = "done") -> str:
        """These and no others: whatever else there is stays as it is."""
        text = "\n".join(services)
        names = [each["name"] for each in tomllib.loads(text)["service"]]
        files = {
            "cluster.toml": f'[cluster]\nname = "{self.cluster.name}"\n{self.cluster.toml}',
            "services/shop/service.toml": text,
        }
        body = {"files": files, "services": [f"shop/{name}" for name in names]}
        return self.follow(self.call("POST", "/deploys", body)["job"], outcome)

    def act(self, service: str, act: str, *, outcome: str = "done", **more: Any) -> str:
        told = self.call("POST", f"/services/shop/{service}/acts", {"act": act, **more})
        return self.follow(told["job"], outcome)

    def follow(self, job: str, outcome: str) -> str:
        self.cluster.until(lambda: self.job(job)["outcome"] != "running", "the job ends")
        told = self.job(job)
        assert told["outcome"] == outcome, told
        return "\n".join([*(event["words"] for event in told["events"]), *told["words"]])

    def job(self, job: str) -> Any:
        return self.call("GET", f"/jobs/{job}")

    def execute(self, service: str, *command: str) -> str:
        body = {"command": [*command]}
        told = self.call("POST", f"/services/shop/{service}/executions", body)
        assert told["code"] == 0, told
        return str(told["output"])

    def service(self, name: str) -> Any:
        found = self.call("GET", "/cluster")["services"]
        return next(each for each in found if each["id"] == f"shop/{name}")

    def nodes(self) -> Any:
        return self.call("GET", "/cluster")["nodes"]

    def ask(self, host: str = SHOP, path: str = "/", **more: Any) -> Answered:
        async def once() -> Answered:
            client = Client(HTTP)
            try:
                return await client.ask(host, path, **more)
            finally:
                await client.close()

        return self.within(once())

    def page(self, host: str = SHOP, path: str = "/", **more: Any) -> str:
        """What it says, or its status if that is not 200; empty when nobody answers."""
        try:
            answer = self.ask(host, path, **more)
        except (OSError, EOFError, IndexError):
            return ""
        return answer.body.strip() if answer.status == 200 else str(answer.status)

    def until_page(self, is_so: Callable[[str], bool], what: str, **more: Any) -> None:
        self.cluster.until(lambda: is_so(self.page(**more)), what)

    def answer(
        self,
        path: str,
        *,
        host: str = SHOP,
        method: str = "GET",
        source: str = LOOPBACK,
        **headers: str,
    ) -> tuple[int, list[tuple[str, str]], bytes]:
        """As it arrives, every header of it, when it is asked from that address."""
        visit = Visit(
            self.cluster.middle.pid, LOOPBACK, HTTP, seconds=WITHIN_SECONDS, source=source
        )
        try:
            named = {name.replace("_", "-"): value for name, value in headers.items()}
            visit.request(method, path, headers={"Host": host, **named})
            answer = visit.getresponse()
            return answer.status, answer.getheaders(), answer.read()
        finally:
            visit.close()

    def count(self, requests: int, *, clients: int = 4, host: str = SHOP) -> Counter[str]:
        """By whom so many requests were answered."""
        return self.within(crowd(HTTP, clients, lambda done: done >= requests, host=host))

    @contextmanager
    def load(self, *, clients: int = 3, host: str = SHOP) -> Iterator[Load]:
        """Requests while something happens; counted when it is over."""
        load = Load()
        asking = crowd(HTTP, clients, lambda _: load.over.is_set(), host=host, into=load.counted)
        running = begin_within(self.cluster.middle.pid, lambda: asyncio.run(asking))
        try:
            yield load
            self.enough(load, 100)
        finally:
            load.over.set()
            running.result(WITHIN_SECONDS)

    def enough(self, load: Load, more: int) -> None:
        """That many requests later."""
        until = load.counted.total() + more
        self.cluster.until(lambda: load.counted.total() >= until, f"{more} requests more")


def site(
    name: str = "web",
    image: str = "test/web:1",
    *,
    health: bool = True,
    deploy: dict[str, Any] | None = None,
    memory: str = "32Mi",
    cpu: float = 0.05,
    more: str = "",
    **keys: Any,
) -> str:
    """A service with a domain, in TOML. `more` are tables of it."""
    given = {
        "name": name,
        "image": image,
        "port": PORT,
        "domain": SHOP,
        "stop_grace_secs": 1,
        **({"health": "/healthz"} if health else {}),
        **keys,
    }
    rollout = {"drain_secs": 2, "ready_within_secs": 20, **(deploy or {})}
    return "\n".join(
        [
            "[[service]]",
            *lines_of({key: value for key, value in given.items() if value is not None}),
            "[service.resources]",
            f'memory = "{memory}"',
            f"cpu = {cpu}",
            "[service.deploy]",
            *lines_of(rollout),
            more,
            "",
        ]
    )


def lines_of(values: dict[str, Any]) -> Iterator[str]:
    for key, value in values.items():
        yield f"{key} = {spelled(value)}"


def spelled(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return f'"{value}"'
    if isinstance(value, dict):
        return "{" + ", ".join(lines_of(value)) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(map(spelled, value)) + "]"
    return str(value)


def proxy_folder(cluster: Running) -> Path:
    return cluster.folder / "n1/edge"
