"""Figures: what is there is told, once for each service and node, and nothing that is secret."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from basis.kit.testing import HandClock
from orca.access import Role
from orca.certificates import CertificateLine
from orca.metrics import Outcomes, families_of_certificates
from orca.planning import (
    SEARCHES_MAX,
    Declaration,
    Deploy,
    ImageAway,
    Join,
    Report,
    Seen,
)
from orca.scheduling import CopyId, Node
from orca.secrets import CLUSTER
from orca.spec import Service
from orca.tests.world import World, opened_world

PLANTED = "planted-8f2c61"
WEB = "shop/web"


@pytest.fixture
async def world(tmp_path: Path, clock: HandClock) -> AsyncIterator[World]:
    async with opened_world(tmp_path, clock) as made:
        yield made


async def figures(world: World) -> dict[tuple[str, str], float]:
    """By the name and the label's value."""
    answer = await world.send(Role.VIEWER, "GET", "/metrics")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/plain")
    assert PLANTED not in answer.text
    return {
        (sample.name, next(iter(sample.labels.values()), "")): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


def declared(image: str = "web:1") -> Declaration:
    service = Service(name="web", image=image, replicas=2, env={"A": "${secrets.DB_URL}"})
    return Declaration(WEB, service)


async def test_a_cluster_in_figures(world: World) -> None:
    await world.vault.put(CLUSTER, "DB_URL", PLANTED.encode())
    own = world.app.state
    control, link = own.control, own.control.links.open("n1")
    await control.tell(Join(Node("n1", 4_000, 8 << 30)))
    await control.tell(Deploy((declared(),)))
    first = CopyId(WEB, 0, 1)
    seen = (Seen(first, is_ready=True, crashes=2), Seen(CopyId(WEB, 1, 2), is_ready=False))
    await control.tell(Report("n1", 1, 1, control.state.revision, 0, seen))
    found = await figures(world)
    assert found["orca_service_copies_wanted", WEB] == 2
    assert found["orca_service_copies_ready", WEB] == 1
    assert found["orca_service_copies_failures", WEB] == 2
    assert found["orca_service_release", WEB] == 1
    assert found["orca_node_connected", "n1"] == 1
    assert found["orca_node_links_total", "n1"] == 1
    assert found["orca_node_silent_seconds", "n1"] >= 0
    assert found["orca_plan_revision", ""] == control.state.revision
    assert found["orca_store_revision", ""] >= found["orca_plan_revision", ""]
    control.links.close("n1", link)
    control.links.open("n1")
    assert (await figures(world))["orca_node_links_total", "n1"] == 2


async def test_how_releases_ended_is_counted(world: World) -> None:
    outcomes = Outcomes()
    control = world.app.state.control
    control.hearers.append(outcomes.hear)
    await control.tell(Join(Node("n1", 4_000, 8 << 30)))
    await control.tell(Deploy((declared(),)))
    well = tuple(Seen(CopyId(WEB, slot, slot + 1), is_ready=True) for slot in (0, 1))
    await control.tell(Report("n1", 1, 1, control.state.revision, 0, well))
    assert outcomes.counted == {"served": 1, "failed": 0}
    await control.tell(Deploy((replace(declared("web:2"), is_sought=True),)))
    for _ in range(SEARCHES_MAX):
        await control.tell(ImageAway(WEB, 2, "There is none."))
    await control.tell(Report("n1", 1, 2, control.state.revision, 0, well))
    assert control.state.services[WEB].rollout is None
    assert outcomes.counted == {"served": 1, "failed": 1}


def test_a_certificate_is_told_by_the_days_it_has_left(clock: HandClock) -> None:
    lines = [
        CertificateLine("a.example", ("a.example",), clock() + timedelta(days=11), False, ""),
        CertificateLine("b.example", (), None, False, "404"),
    ]
    days, trouble = families_of_certificates(lines, clock)
    assert [(each.labels["certificate"], each.value) for each in days.samples] == [
        ("a.example", 11)
    ]
    assert [each.value for each in trouble.samples] == [0, 1]
