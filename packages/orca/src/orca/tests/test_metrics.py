"""Figures: what is there is told, once for each service and node, and nothing that is secret."""

from __future__ import annotations

import asyncio
import re
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


def test_a_certificate_is_told_by_when_it_ends(clock: HandClock) -> None:
    """A time, not what is left of it: that a scrape is late changes nothing."""
    ends_at = clock() + timedelta(days=11)
    lines = [
        CertificateLine("a.example", ("a.example",), ends_at, False, ""),
        CertificateLine("b.example", (), None, False, "404"),
    ]
    ends, trouble = families_of_certificates(lines)
    assert [(each.labels["certificate"], each.value) for each in ends.samples] == [
        ("a.example", ends_at.timestamp())
    ]
    assert [each.value for each in trouble.samples] == [0, 1]


NAME = re.compile(r"orca_[a-z]+(_[a-z]+)*")
NO_BASE_UNIT = ("_days", "_hours", "_minutes", "_ms", "_milliseconds", "_percent", "_mb", "_kb")
WATCH = Path(__file__).parents[5] / "docs/operators/orca/watch.md"


async def test_every_figure_is_named_as_prometheus_has_it_and_explained(world: World) -> None:
    """Its own parser reads them: names, base units, `_total` of counters alone, words for all; and
    the page for operators lists each, and no other.
    """
    answer = await world.send(Role.VIEWER, "GET", "/metrics")
    families = [*text_string_to_metric_families(answer.text)]
    for family in families:
        assert NAME.fullmatch(family.name), family.name
        assert family.type in ("gauge", "counter"), family
        assert family.documentation[:1].isupper() or family.documentation[:1].isdigit(), family
        assert not family.name.endswith((*NO_BASE_UNIT, "_total", "_count", "_sum")), family.name
    shown = {line.split(" ")[2] for line in answer.text.splitlines() if line.startswith("# TYPE ")}
    counters = {family.name + "_total" for family in families if family.type == "counter"}
    assert counters == {name for name in shown if name.endswith("_total")}
    listed = re.findall(r"orca_\w+", await asyncio.to_thread(WATCH.read_text, "utf-8"))
    assert {*listed} == shown
