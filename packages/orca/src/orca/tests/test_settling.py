"""Settings of the cluster: kept with their deploy or not at all, shown before, an admin's."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from basis.kit.testing import HandClock
from orca.access import Role
from orca.control import Control, Links, Settled
from orca.planning import Deploy, Join, Tick
from orca.scheduling import Node
from orca.spec import Cluster, ClusterFile, Edge
from orca.store import SqliteStore, StoreAway
from orca.tests.world import World, opened_world

NAMED = '[cluster]\nname = "quay"\n'
NODE = '[[node]]\nname = "n1"\naddress = "10.0.0.1"\n'
WEB = '[[service]]\nname = "web"\nimage = "web:1"\n'
GUARDED = {
    "cluster.acme_email": NAMED + 'acme_email = "me@far.example"\n',
    "node.n1.address": NAMED + NODE,
    "mounts.allow": NAMED + '[mounts]\nallow = ["/etc"]\n',
    "edge.trusted": NAMED + '[edge]\ntrusted = ["0.0.0.0/0"]\n',
    "certificates.brought": NAMED + '[certificates]\nbrought = "/root"\n',
    "notify.webhook": NAMED + '[notify]\nwebhook = "https://far.example/planted-8f2c61"\n',
}


@pytest.fixture
async def world(tmp_path: Path, clock: HandClock) -> AsyncIterator[World]:
    async with opened_world(tmp_path, clock) as made:
        yield made


def body(cluster: str, web: str = WEB, *only: str) -> dict[str, Any]:
    files = {"cluster.toml": cluster, "services/shop/service.toml": web}
    return {"files": files, "services": [*only]}


async def deploy(world: World, role: Role, *given: str) -> httpx.Response:
    return await world.send(role, "POST", "/api/v1/deploys", json=body(*given))


async def planned(world: World, *given: str) -> list[str]:
    answer = await world.send(Role.DEPLOYER, "POST", "/api/v1/plans", json=body(*given))
    return [f"{line['about']}: {line['words']}" for line in answer.json()["data"]]


def control_of(world: World) -> Control:
    control: Control = world.app.state.control
    return control


async def kept(world: World) -> ClusterFile:
    """As a control plane that starts now would know them."""
    again = Control(world.store, world.vault, Links(), "quay")
    await again.open()
    return again.settings


async def test_what_holds_for_all_is_kept_and_its_changes_are_in_the_plan(world: World) -> None:
    first = NAMED + NODE + '[edge]\nnodes = ["n1"]\n'
    lines = await planned(world, first)
    assert "cluster.toml: node.n1.address: nothing → 10.0.0.1" in lines
    assert (await kept(world)).node == (), "a plan does nothing"
    assert (await deploy(world, Role.ADMIN, first)).status_code == 201
    assert (await kept(world)).edge.nodes == ("n1",)
    assert control_of(world).edges.is_edge("n1")
    assert not control_of(world).edges.is_edge("n2")

    assert await planned(world, first) == ["shop/web: unchanged"]
    other = NAMED + NODE.replace("10.0.0.1", "10.0.0.2") + "[edge]\nhttp_port = 81\n"
    assert await planned(world, other) == [
        "cluster.toml: edge.http_port: 80 → 81",
        "cluster.toml: edge.nodes: n1 → nothing",
        "cluster.toml: node.n1.address: 10.0.0.1 → 10.0.0.2",
        "shop/web: unchanged",
    ]
    told = [event.words for event in control_of(world).events.values()]
    assert "node.n1.address: nothing → 10.0.0.1" in told


@pytest.mark.parametrize("key", GUARDED)
async def test_only_an_admin_changes_what_holds_for_all(world: World, key: str) -> None:
    before = await everything(world)
    refused = await deploy(world, Role.DEPLOYER, GUARDED[key])
    assert (refused.status_code, refused.json()["code"]) == (403, "OnlyAdminsSettle")
    assert key in refused.json()["error"]
    assert await everything(world) == before
    assert (await deploy(world, Role.ADMIN, GUARDED[key])).status_code == 201

    changed = WEB.replace("web:1", "web:2")
    same = await deploy(world, Role.DEPLOYER, GUARDED[key], changed)
    assert same.status_code == 201, "whose cluster.toml is the same deploys"
    back = await deploy(world, Role.DEPLOYER, NAMED)
    assert (back.status_code, key in back.json()["error"]) == (403, True)
    for told in (refused.text, back.text, *await planned(world, NAMED)):
        assert "planted" not in told, "what opens a door is not shown"


async def everything(world: World) -> dict[str, bytes]:
    """But the journal, and when tokens were used."""
    found = (await world.store.range("")).entries
    return {one.key: one.value for one in found if one.key.split("/")[0] in {"plan", "settings"}}


async def test_a_service_alone_leaves_the_settings_and_has_to_fit_them(world: World) -> None:
    """Or whoever deploys would allow a service the whole disk by a file of their own."""
    mounting = WEB + '[[service.mounts]]\nhost = "/etc"\npath = "/in"\n'
    allowing = GUARDED["mounts.allow"]
    for role in (Role.DEPLOYER, Role.ADMIN):
        refused = await deploy(world, role, allowing, mounting, "shop/web")
        assert (refused.status_code, refused.json()["code"]) == (409, "NotSettled")
    pinned = WEB + '[service.placement]\nnode = "n1"\n'
    refused = await deploy(world, Role.ADMIN, NAMED + NODE, pinned, "shop/web")
    assert refused.json()["code"] == "NotSettled"

    done = await deploy(world, Role.DEPLOYER, allowing, WEB, "shop/web")
    assert done.status_code == 201
    assert (await kept(world)).mounts.allow == ()
    assert (await deploy(world, Role.ADMIN, allowing, mounting)).status_code == 201
    assert (await deploy(world, Role.DEPLOYER, NAMED, mounting, "shop/web")).status_code == 400


async def test_files_of_another_cluster_are_refused(world: World) -> None:
    """Else they would take the place of all that runs here."""
    await deploy(world, Role.ADMIN, NAMED)
    other = NAMED.replace("quay", "pier")
    for door in ("plans", "deploys"):
        for only in ((), ("shop/web",)):
            sent = body(other, WEB, *only)
            refused = await world.send(Role.ADMIN, "POST", f"/api/v1/{door}", json=sent)
            assert (refused.status_code, refused.json()["code"]) == (409, "OtherCluster")
            assert "pier" in refused.json()["error"]
    assert (await kept(world)).cluster.name == "quay"


class Failing:
    """A real store whose disk is full for a while, and that remembers what was written at once."""

    def __init__(self, store: SqliteStore) -> None:
        self._store = store
        self.is_full = False
        self.written: list[set[str]] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    async def transact(self, operations: Any, **named: Any) -> int:
        if self.is_full:
            raise StoreAway("The disk is full.")
        self.written.append({change.key for change in operations})
        return await self._store.transact(operations, **named)


async def test_settings_are_kept_with_their_deploy_or_not_at_all(world: World) -> None:
    """One transaction: there is no moment at which a crash could come between."""
    failing = Failing(world.store)
    control = world.app.state.control = Control(failing, world.vault, Links(), "quay")
    failing.is_full = True
    refused = await deploy(world, Role.ADMIN, NAMED + NODE)
    assert refused.status_code == 503
    assert control.settings == await kept(world) == ClusterFile(cluster=Cluster(name="quay"))
    assert control.edges.ground.addresses == {}
    assert control.state.services == {}

    failing.is_full = False
    assert (await deploy(world, Role.ADMIN, NAMED + NODE)).status_code == 201
    [together] = [keys for keys in failing.written if "settings" in keys]
    assert "plan/services/shop/web" in together
    assert control.edges.ground.addresses == {"n1": "10.0.0.1"}


async def test_what_the_plan_refuses_changes_no_settings(world: World) -> None:
    empty = {"files": {"cluster.toml": NAMED + NODE}, "services": []}
    refused = await world.send(Role.ADMIN, "POST", "/api/v1/deploys", json=empty)
    assert refused.json()["code"] == "EmptyDeploy"
    missing = WEB + '[service.env]\nKEY = "${secrets.NONE}"\n'
    refused = await deploy(world, Role.ADMIN, NAMED + NODE, missing)
    assert refused.status_code != 201
    assert (await kept(world)).node == ()
    assert control_of(world).machine_of("n1") is None


async def test_of_two_who_settle_at_once_the_later_one_looks_again(world: World) -> None:
    """Without the comparison the later one would undo what it never saw: tried."""
    control = control_of(world)
    seen = control.settings
    first = Settled(seen, ClusterFile(cluster=seen.cluster, edge=Edge(http_port=81)))
    await control.tell(Tick(), settled=first)
    late = Settled(seen, seen)
    with pytest.raises(Exception, match="just now"):
        await control.tell(Deploy(()), settled=late)
    assert control.settings.edge.http_port == 81


async def test_labels_come_with_the_deploy_and_raise_no_dead(world: World) -> None:
    """A node that is away stays away: nobody has heard it."""
    control = control_of(world)
    wall = HandClock()
    control.wall = lambda: wall().timestamp()
    for name in ("n1", "n2"):
        await control.tell(Join(Node(name, 4_000, 8 << 30)))
    for _ in range(12):
        wall.advance(seconds=5)
        await control.tell(Tick())
    assert control.state.is_lost("n1")
    labelled = NAMED + NODE + 'labels = { disk = "ssd" }\n'
    assert (await deploy(world, Role.ADMIN, labelled)).status_code == 201
    assert dict(control.state.nodes["n1"].node.labels) == {"disk": "ssd"}
    assert dict(control.state.nodes["n2"].node.labels) == {}
    assert control.state.is_lost("n1")
    await deploy(world, Role.DEPLOYER, NAMED, WEB, "shop/web")
    assert dict(control.state.nodes["n1"].node.labels) == {"disk": "ssd"}, "left alone"
