"""What people wish of nodes and services is a job: with events, and what it came to."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from basis.kit.testing import HandClock
from orca.access import Role
from orca.control import Control
from orca.planning import Declaration, Deploy, Join, Report, Seen, Tick, Wanted, wanted_on
from orca.scheduling import CopyId, Node
from orca.spec import Mount, Mounts, Rollout, Service, Volume
from orca.tests.settings import settle
from orca.tests.world import World, opened_world

GIB = 1 << 30


@dataclass
class House:
    """A control plane whose nodes do as they are told; `broken` are images that never get ready."""

    world: World
    wall: HandClock = field(default_factory=HandClock)
    number: int = 0
    broken: set[str] = field(default_factory=set)
    well: set[CopyId] = field(default_factory=set)
    """Those that are ready all the same."""

    @property
    def control(self) -> Control:
        control: Control = self.world.app.state.control
        return control

    async def join(self, *names: str, memory: int = 8 * GIB) -> None:
        for name in names:
            await self.control.tell(Join(Node(name, 4_000, memory)))

    async def live(self, seconds: int, *heard: str) -> None:
        for _ in range(seconds):
            self.wall.advance(seconds=1)
            for name in heard:
                await self.report(name)
            await self.control.tell(Tick())

    async def report(self, name: str) -> None:
        self.number += 1
        state = self.control.state
        running = tuple(
            Seen(each.copy, is_ready=self.is_well(each)) for each in wanted_on(state, name)
        )
        said = Report(name, 1, self.number, state.revision, state.routed_at, running)
        await self.control.tell(said)

    def is_well(self, wanted: Wanted) -> bool:
        return wanted.copy in self.well or wanted.declared.service.image not in self.broken

    async def deploy(self, *services: Service) -> None:
        await self.control.tell(
            Deploy(tuple(Declaration(f"shop/{one.name}", one) for one in services))
        )

    async def wish(self, path: str, act: str) -> str:
        answer = await self.world.send(
            Role.DEPLOYER, "POST", f"/api/v1/{path}/acts", json={"act": act}
        )
        assert answer.status_code == 201, answer.text
        job: str = answer.json()["data"]["job"]
        return job

    async def job(self, id_: str) -> dict[str, Any]:
        answer = await self.world.send(Role.VIEWER, "GET", f"/api/v1/jobs/{id_}")
        job: dict[str, Any] = answer.json()["data"]
        return job

    async def outcome(self, id_: str) -> str:
        outcome: str = (await self.job(id_))["outcome"]
        return outcome

    def on(self, node: str) -> list[str]:
        services = self.control.state.services.values()
        return sorted(
            str(copy.id) for each in services for copy in each.copies if copy.node == node
        )


@pytest.fixture
async def house(tmp_path: Path, clock: HandClock) -> AsyncIterator[House]:
    async with opened_world(tmp_path, clock) as world:
        made = House(world)
        made.control.wall = lambda: made.wall().timestamp()
        yield made


def web(image: str = "web:1", **fields: Any) -> Service:
    return Service(name="web", image=image, **fields)


async def test_who_aborts_gets_what_was_asked_for(house: House) -> None:
    """It ended with 1: the verdict of the release that was aborted was taken for its own."""
    await house.join("a", "b")
    await house.deploy(web())
    await house.live(5, "a", "b")
    house.broken.add("web:2")
    await house.deploy(web("web:2"))
    await house.live(5, "a", "b")
    aborting = await house.wish("services/shop/web", "abort")
    assert await house.outcome(aborting) == "running"
    await house.live(10, "a", "b")
    job = await house.job(aborting)
    assert job["outcome"] == "done"
    assert "Release 2 was aborted." in [event["words"] for event in job["events"]]


async def test_what_failed_before_is_not_the_fault_of_what_is_wished_now(house: House) -> None:
    await house.join("a", "b")
    await house.deploy(web())
    await house.live(5, "a", "b")
    house.broken.add("web:2")
    await house.deploy(web("web:2"))
    await house.live(150, "a", "b")
    assert "Release 2 failed" in house.control.state.services["shop/web"].verdict
    for act in ("stop", "resume"):
        wished = await house.wish("services/shop/web", act)
        await house.live(10, "a", "b")
        assert await house.outcome(wished) == "done", act
    bad = "web@sha256:" + "3" * 64
    house.broken.add(bad)
    await house.deploy(web(bad))
    again = await house.wish("services/shop/web", "redeploy")
    await house.live(150, "a", "b")
    assert await house.outcome(again) == "failed", "its own verdict counts"


async def test_what_was_allowed_once_does_not_come_back_by_a_rollback(house: House) -> None:
    """Whoever may deploy would open a folder again that an admin has closed."""
    await house.join("a", "b")
    await house.deploy(web(mounts=(Mount(host="/srv/media", path="/media"),)))
    await house.live(5, "a", "b")
    await house.deploy(web("web:2"))
    await house.live(30, "a", "b")
    before = house.control.state.services["shop/web"]
    path = "/api/v1/services/shop/web/acts"
    refused = await house.world.send(Role.ADMIN, "POST", path, json={"act": "rollback"})
    assert (refused.status_code, refused.json()["code"]) == (409, "MountTakenBack")
    assert "/srv/media" in refused.json()["error"]
    assert house.control.state.services["shop/web"] == before
    await settle(house.control, mounts=Mounts(allow=("/srv",)))
    back = await house.wish("services/shop/web", "rollback")
    await house.live(30, "a", "b")
    assert await house.outcome(back) == "done"


async def test_a_drain_is_done_when_only_what_must_stay_is_left(house: House) -> None:
    """Scenario 20: and it says what stays, and because of which volume."""
    await house.join("a")
    data = Service(name="db", image="db:1", volumes=(Volume(name="data", path="/data"),))
    await house.deploy(web(replicas=2), data)
    await house.live(5, "a")
    assert len(house.on("a")) == 3
    await house.join("b")
    await house.live(1, "a", "b")

    draining = await house.wish("nodes/a", "drain")
    assert await house.outcome(draining) == "running"
    await house.live(2, "a", "b")
    assert await house.outcome(draining) == "running"
    await house.live(30, "a", "b")
    job = await house.job(draining)
    assert house.on("a") == ["shop/db.0.g1"]
    assert (job["outcome"], job["words"]) == (
        "done", ["shop/db.0.g1 stays on a: its volume data is here."],
    )  # fmt: skip
    told = [(event["about"], event["words"]) for event in job["events"]]
    assert told[0] == ("a", "is being drained")
    assert ("shop/web", "shop/web.0.g1 has ended") in told
    assert {about for about, _ in told} == {"a", "shop/web", "shop/db"}

    taking = await house.wish("nodes/a", "undrain")
    job = await house.job(taking)
    assert (job["outcome"], [event["words"] for event in job["events"]]) == (
        "done", ["takes copies again"],
    )  # fmt: skip


async def test_a_drain_of_what_has_no_place_elsewhere_fails_and_says_why(house: House) -> None:
    await house.join("a")
    await house.join("b", memory=GIB // 8)
    await house.deploy(web())
    await house.live(5, "a", "b")
    draining = await house.wish("nodes/a", "drain")
    await house.live(2, "a", "b")
    job = await house.job(draining)
    assert job["outcome"] == "failed"
    [words] = job["words"]
    assert words.startswith("shop/web.0.g1 stays on a: ")
    assert "b: " in words
    assert house.on("a") == ["shop/web.0.g1"], "it serves on"


async def test_a_drain_fails_when_the_successor_never_comes_up(house: House) -> None:
    await house.join("a", "b")
    await house.deploy(web(replicas=2, deploy=Rollout(ready_within_secs=5)))
    await house.live(10, "a", "b")
    house.broken.add("web:1")
    house.well = {copy.id for copy in house.control.state.services["shop/web"].copies}
    draining = await house.wish("nodes/a", "drain")
    await house.live(3, "a", "b")
    assert await house.outcome(draining) == "running"
    await house.live(10, "a", "b")
    job = await house.job(draining)
    assert job["outcome"] == "failed"
    assert "does not come up" in job["words"][0]
    assert len(house.on("a")) == 1, "what serves goes only when another one does"


async def test_a_drain_of_a_node_that_is_away_says_what_ends_later(house: House) -> None:
    await house.join("a", "b")
    await house.deploy(web(replicas=2))
    await house.live(5, "a", "b")
    await house.live(50, "b")
    draining = await house.wish("nodes/a", "drain")
    await house.live(10, "b")
    job = await house.job(draining)
    assert job["outcome"] == "done"
    assert all(words.endswith("ends when a is back.") for words in job["words"])


async def test_a_drain_that_is_called_off_or_whose_node_is_forgotten_ends(house: House) -> None:
    await house.join("a", "b", "c")
    await house.deploy(web(replicas=3))
    await house.live(5, "a", "b", "c")
    draining = await house.wish("nodes/a", "drain")
    await house.wish("nodes/a", "undrain")
    assert await house.outcome(draining) == "done"
    assert (await house.job(draining))["words"] == ["a takes copies again."]
    draining = await house.wish("nodes/b", "drain")
    answer = await house.world.send(Role.ADMIN, "DELETE", "/api/v1/nodes/b")
    assert answer.status_code == 200
    assert (await house.job(draining))["words"] == ["b was forgotten."]
