"""Images by their digests, on real processes, a real engine and a registry beside it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from basis.ids import new_id
from orca.testing import FAILS, WELL, RealEngine, Registry, ask, registry_beside
from orca.tests.running import Running, running, started, web

HEALTH = '"/healthz"'


@pytest.fixture
def registry(engine: RealEngine, tmp_path: Path) -> Iterator[Registry]:
    with registry_beside(engine, tmp_path / "registry") as beside:
        yield beside


@pytest.fixture
def cluster(engine: RealEngine, tmp_path: Path) -> Iterator[Running]:
    with started(running(engine, tmp_path, f"c{new_id()[-12:]}")) as made:
        yield made


def deploy(cluster: Running, image: str, replicas: int) -> None:
    folder = cluster.write(web(image, replicas=replicas, health=HEALTH))
    names = ["cluster.toml", "services/shop/service.toml"]
    files = {name: (folder / name).read_text() for name in names}
    cluster.api("POST", "/deploys", {"files": files})


def act(cluster: Running, what: str) -> None:
    cluster.api("POST", "/services/shop/web/acts", {"act": what})


def verdict(cluster: Running) -> str:
    [service] = (cluster.seen() or {"services": [{"verdict": ""}]})["services"]
    return str(service["verdict"])


def is_served(cluster: Running, digest: str, copies: int) -> bool:
    """Exactly so many, all of them this image, and nothing on its way."""
    [service] = (cluster.seen() or {"services": [{"state": "", "copies": []}]})["services"]
    found = [copy["digest"].rpartition("@")[2] for copy in service["copies"]]
    return service["state"] == "running" and found == [digest] * copies


def test_a_release_is_its_digest_and_not_its_name(cluster: Running, registry: Registry) -> None:
    """A tag that moves, a rollback after that, a tag that vanishes, a registry that is ill, and an
    image that no registry has.
    """
    name = f"web-{new_id()}:1"
    image = registry.name_of(name)
    first = registry.put(name, "first")
    deploy(cluster, image, 1)
    cluster.until(lambda: is_served(cluster, first, 1), "a first release")
    second = registry.put(name, "second")
    deploy(cluster, image, 2)
    cluster.until(lambda: is_served(cluster, first, 2), "both are of one release")
    assert cluster.pages() == ["first"] * 2

    act(cluster, "redeploy")
    cluster.until(lambda: is_served(cluster, second, 2), "redeploy looks the name up again")
    assert cluster.pages() == ["second"] * 2
    assert f"{image} ({second[7:19]})" in cluster.orca("status").stdout
    registry.take_away(name)
    act(cluster, "rollback")
    cluster.until(lambda: is_served(cluster, first, 2), "back, though its name is gone")
    assert cluster.pages() == ["first"] * 2

    act(cluster, "redeploy")
    cluster.until(lambda: f"There is no image {image}" in verdict(cluster), "a name that is gone")
    assert verdict(cluster).endswith("serves on.")
    registry.put(name, "third")
    registry.be(FAILS)
    act(cluster, "redeploy")
    cluster.until(lambda: f"{image} cannot be had" in verdict(cluster), "a registry that is ill")
    registry.be(WELL)
    assert cluster.pages() == ["first"] * 2

    deploy(cluster, "test/web:2", 1)
    cluster.until(lambda: cluster.pages() == ["test/web:2"], "an image of this node alone, by id")
    [(node, there)] = cluster.listed()
    assert there["ImageID"] in ask(node.engine, "GET", "/images/test/web:2/json")
