"""Services that are built, over both doors of the control plane, with engines in memory on nodes
that join and connect as they should, and with one that does not.
"""

from __future__ import annotations

import asyncio
import hashlib
import io
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
import msgspec
import pytest

from basis.kit.testing import HandClock
from orca.access import Role
from orca.contexts import pack
from orca.link import CONTROL, Answer, Membership, calling, encode
from orca.runtime import MemoryEngine, MemoryImage
from orca.tests.linked import Linked, Socket, files_of, linked, until
from orca.tests.world import bearer, opened_world

NODES = "".join(f'[[node]]\nname = "{name}"\naddress = "127.0.0.1"\n' for name in ("n1", "n2"))
COPYING = "FROM base:1\nCOPY page /page\n"
WEB = "shop/web"


@pytest.fixture
async def place(tmp_path: Path, clock: HandClock) -> AsyncIterator[Linked]:
    async with opened_world(tmp_path, clock) as world, linked(world) as made:
        yield made


@dataclass
class Yard:
    """What is built, and where."""

    place: Linked
    folder: Path
    engines: dict[str, MemoryEngine] = field(default_factory=dict)

    def pack(self, page: str, dockerfile: str = COPYING) -> tuple[str, bytes]:
        self.folder.mkdir(exist_ok=True)
        (self.folder / "Dockerfile").write_text(dockerfile)
        (self.folder / "page").write_text(page)
        to = io.BytesIO()
        packed = pack(self.folder, "Dockerfile", to)
        return packed.name, to.getvalue()

    async def bring(self, page: str, dockerfile: str = COPYING) -> str:
        name, content = self.pack(page, dockerfile)
        answer = await self.place.world.send(
            Role.DEPLOYER, "PUT", f"/api/v1/contexts/{name}", content=content
        )
        assert answer.status_code == 200, answer.text
        return name

    async def deploy(self, **contexts: str) -> str:
        services = [built(name, "replicas = 2") for name in contexts]
        named = {f"shop/{name}": context for name, context in contexts.items()}
        body = {"files": files_of(*services, nodes=NODES), "contexts": named}
        job: str = (await self.place.ask("POST", "/deploys", body))["job"]
        return job

    async def outcome(self, job: str) -> dict[str, Any]:
        async def ended() -> Any:
            told = await self.place.ask("GET", f"/jobs/{job}")
            return told if told["outcome"] != "running" else None

        told: dict[str, Any] = await until(ended)
        return told

    def pages(self) -> list[str]:
        """What containers that run have been built with."""
        return sorted(
            kept.image.commands["cat /page"].output
            for engine in self.engines.values()
            for kept in engine.containers.values()
            if kept.seen.is_running
        )

    def names(self) -> set[str]:
        return {name for engine in self.engines.values() for name in engine.containers}

    def builds(self) -> int:
        """How many images were built, wherever they lie now."""
        return len({digest for engine in self.engines.values() for digest in engine.described})


@asynccontextmanager
async def two_nodes(place: Linked, folder: Path) -> AsyncIterator[Yard]:
    yard = Yard(place, folder / "context")
    for name in ("n1", "n2"):
        yard.engines[name] = MemoryEngine({"base:1": MemoryImage()})
    async with place.node("n1", yard.engines["n1"]), place.node("n2", yard.engines["n2"]):
        yield yard


@pytest.fixture
async def yard(place: Linked, tmp_path: Path) -> AsyncIterator[Yard]:
    async with two_nodes(place, tmp_path) as made:
        yield made


def built(name: str = "web", *lines: str) -> str:
    return "\n".join(["[[service]]", f'name = "{name}"', "build = {}", *lines, ""])


async def test_what_is_built_on_one_node_runs_on_both(yard: Yard) -> None:
    """A change of a file is another image, none is none, and going back builds nothing."""
    first = await yard.bring("one")
    job = await yard.deploy(web=first)
    told = await yard.outcome(job)
    assert (told["outcome"], yard.pages(), yard.builds()) == ("done", ["one", "one"], 1)
    assert {*map(len, (engine.containers for engine in yard.engines.values()))} == {1}
    said = [event["words"] for event in told["events"]]
    assert any(words.startswith("is built on n") for words in said)
    assert "build: Step 2/2 : COPY page /page" in said
    before = yard.names()
    told = await yard.outcome(await yard.deploy(web=await yard.bring("one")))
    assert (told["outcome"], yard.names(), yard.builds()) == ("done", before, 1)
    told = await yard.outcome(await yard.deploy(web=await yard.bring("two")))
    assert (told["outcome"], yard.pages(), yard.builds()) == ("done", ["two", "two"], 2)
    acted = await yard.place.ask("POST", f"/services/{WEB}/acts", {"act": "rollback"})
    assert (await yard.outcome(acted["job"]))["outcome"] == "done"
    assert (yard.pages(), yard.builds()) == (["one", "one"], 2)


async def test_a_build_that_fails_says_why_and_the_old_one_serves_on(yard: Yard) -> None:
    await yard.outcome(await yard.deploy(web=await yard.bring("one")))
    before = yard.names()
    broken = await yard.bring("two", "FROM base:1\nRUN echo hallo\nRUN false\n")
    told = await yard.outcome(await yard.deploy(web=broken))
    assert told["outcome"] == "failed"
    [words] = told["words"]
    assert "could not build it: " in words
    assert "hallo / Step 3/3 : RUN false / " in words
    assert "returned a non-zero code: 1" in words
    assert words.endswith("serves on.")
    assert (yard.names(), yard.pages()) == (before, ["one", "one"])


async def test_a_first_build_that_fails_waits_for_another_deploy(yard: Yard) -> None:
    broken = await yard.bring("x", "FROM nowhere:1\n")
    told = await yard.outcome(await yard.deploy(web=broken))
    assert told["outcome"] == "failed"
    assert told["words"][0].endswith("It is built again when it is deployed again.")
    for engine in yard.engines.values():
        engine.images["nowhere:1"] = MemoryImage()
    again = await yard.outcome(await yard.deploy(web=broken))
    assert again["outcome"] == "done"
    assert len(yard.names()) == 2


async def test_two_services_of_the_same_files_are_built_once(yard: Yard) -> None:
    context = await yard.bring("one")
    told = await yard.outcome(await yard.deploy(web=context, other=context))
    assert (told["outcome"], yard.pages(), yard.builds()) == ("done", ["one"] * 4, 1)
    begun = [event for event in told["events"] if event["words"].startswith("is built on")]
    assert len(begun) == 1


async def test_redeploy_builds_again(yard: Yard) -> None:
    await yard.outcome(await yard.deploy(web=await yard.bring("one")))
    before = yard.names()
    acted = await yard.place.ask("POST", f"/services/{WEB}/acts", {"act": "redeploy"})
    told = await yard.outcome(acted["job"])
    said = [event["words"] for event in told["events"]]
    assert "build: It is tried with the images that lie on this node." in said
    assert told["outcome"] == "done"
    assert not before & yard.names()


async def test_an_image_of_one_node_alone_comes_to_the_other_one_too(yard: Yard) -> None:
    """It was loaded there by hand, and is in no registry."""
    yard.engines["n1"].images["web:1"] = MemoryImage(says="hallo")
    service = '[[service]]\nname = "web"\nimage = "web:1"\nreplicas = 2\n'
    placed = 'placement = { spread = "require" }\n'
    job = (await yard.place.deploy(service + placed, nodes=NODES))["job"]
    assert (await yard.outcome(job))["outcome"] == "done"
    assert [len(engine.containers) for engine in yard.engines.values()] == [1, 1]


async def test_a_deploy_of_what_nobody_brought_is_refused(yard: Yard) -> None:
    name, _ = yard.pack("one")
    body = {"files": files_of(built(), nodes=NODES), "contexts": {WEB: name}}
    answer = await yard.place.world.send(Role.ADMIN, "POST", "/api/v1/deploys", json=body)
    assert (answer.status_code, answer.json()["code"]) == (409, "ContextAway")
    planned = await yard.place.ask("POST", "/plans", body)
    assert [line["change"] for line in planned if WEB in line.values()] == ["new"]
    del body["contexts"]
    answer = await yard.place.world.send(Role.ADMIN, "POST", "/api/v1/deploys", json=body)
    assert answer.json()["code"] == "ContextUnsaid"


async def test_what_is_brought_is_looked_at(yard: Yard) -> None:
    """Scenario of item 6: cut half-way, under another name, no tar, by one who only looks."""
    name, content = yard.pack("one")
    send, path = yard.place.world.send, f"/api/v1/contexts/{name}"
    for role, expected in ((Role.VIEWER, 403), (None, 401)):
        assert (await send(role, "PUT", path, content=content)).status_code == expected
        assert (await send(role, "GET", path)).status_code == expected
    zeros = b"\0" * 4_096
    tries = {
        path: content[: len(content) // 2],
        f"/api/v1/contexts/{'0' * 64}": content,
        f"/api/v1/contexts/{hashlib.sha256(zeros[:100]).hexdigest()}": zeros[:100],
        "/api/v1/contexts/nothing": content,
        "/api/v1/contexts/..%2f..%2forca.db": content,
    }
    for wrong, body in tries.items():
        answer = await send(Role.DEPLOYER, "PUT", wrong, content=body)
        assert answer.status_code in (400, 404), (wrong, answer.text)
    huge = {"content-length": str(1 << 40)}
    headers = bearer(str(yard.place.world.issued[Role.DEPLOYER].token)) | huge
    answer = await yard.place.world.client.put(path, headers=headers, content=content)
    assert answer.status_code == 413
    assert (await send(Role.DEPLOYER, "GET", path)).status_code == 404
    assert (await send(Role.DEPLOYER, "PUT", path, content=content)).status_code == 200
    shown = await yard.place.ask("GET", f"/contexts/{name}")
    assert shown == {"name": name, "bytes": len(content)}


@asynccontextmanager
async def door(
    place: Linked, node: str, method: str, path: str, body: bytes | None = None
) -> AsyncIterator[aiohttp.ClientResponse]:
    membership = Membership(place.world.folder / node)
    context = calling(membership.authority, membership.pair)
    async with (
        aiohttp.ClientSession() as session,
        session.request(
            method, f"https://{place.address}{path}", data=body, ssl=context,
            server_hostname=CONTROL,
        ) as answer,
    ):  # fmt: skip
        yield answer


async def asked_on(link: Socket, kind: str) -> dict[str, Any]:
    async with asyncio.timeout(60):
        while True:
            told: dict[str, Any] = msgspec.json.decode((await link.receive()).data)
            if told["kind"] == kind:
                return told


async def test_a_node_gets_and_brings_what_it_was_asked_for_and_nothing_else(
    place: Linked, tmp_path: Path
) -> None:
    """And its word for an image is not taken unless it is an id."""
    yard = Yard(place, tmp_path / "context")
    asked_for, other = await yard.bring("one"), await yard.bring("two")
    image = "d" * 64
    async with place.stranger("n1") as link:
        for path in (f"/contexts/{asked_for}", f"/images/{image}", "/contexts/..%2f..%2forca.db"):
            async with door(place, "n1", "GET", path) as answer:
                assert answer.status in (403, 404)
        await yard.deploy(web=asked_for)
        question = await asked_on(link, "make")
        assert question["context"] == asked_for
        async with door(place, "n1", "GET", f"/contexts/{asked_for}") as answer:
            assert hashlib.sha256(await answer.read()).hexdigest() == asked_for
        async with door(place, "n1", "GET", f"/contexts/{other}") as answer:
            assert answer.status == 403
        async with door(place, "n1", "PUT", f"/images/{image}", b"x" * 100) as answer:
            assert answer.status == 403
        for lie in ("evil.example/x@sha256:" + image, "web:1", image, ""):
            await link.send_str(encode(Answer(question["number"], lie)))
            tries = 1 + ["evil.example/x@sha256:" + image, "web:1", image].index(lie) if lie else 0
            if tries in (0, 3):
                break
            question = await asked_on(link, "make")
        found = await until(lambda: is_why(place, "not believed"))
        assert found.target.declared.digest == ""


async def is_why(place: Linked, words: str) -> Any:
    service = place.control.state.services[WEB]
    return service if service.rollout and words in service.rollout.why else None


async def test_a_build_is_begun_again_when_its_node_is_lost(place: Linked, tmp_path: Path) -> None:
    yard = Yard(place, tmp_path / "context", {"n2": MemoryEngine({"base:1": MemoryImage()})})
    async with place.stranger("n1") as link:
        await until(lambda: asyncio.sleep(0, "n1" in place.control.state.nodes))
        await place.ask("POST", "/nodes/n1/acts", {"act": "drain"})
        await yard.deploy(web=await yard.bring("one"))
        await asked_on(link, "make")
    async with place.node("n2", yard.engines["n2"]):
        await until(lambda: asyncio.sleep(0, yard.pages() == ["one", "one"]))


async def test_what_no_release_needs_is_swept_and_the_rest_stays(yard: Yard) -> None:
    first, unused = await yard.bring("one"), await yard.bring("never")
    await yard.outcome(await yard.deploy(web=first))
    depot, state = yard.place.depot, yard.place.control.state
    image = state.services[WEB].target.declared.digest.removeprefix("sha256:")
    assert depot.images.has(image)
    assert depot.sweep(state) == []
    assert depot.sweep(state, older_than_seconds=0) == [unused]
    assert depot.contexts.has(first)
    assert depot.images.has(image)
