"""Every setting of the office counts: with another value, somebody outside sees something else."""

from __future__ import annotations

import re
from pathlib import Path

import httpx
import pytest
from litestar import Litestar

from kitchenasty.dashboard import CHAPTERS
from kitchenasty.kit.books import Books
from kitchenasty.kit.identity.sessions import SessionKind
from kitchenasty.tests.advert_probes import PROBES as ADVERT_PROBES
from kitchenasty.tests.openid_probes import PROBES as OPENID_PROBES
from kitchenasty.tests.reservation_probes import RESERVATION_PROBES
from kitchenasty.tests.scene import Scene, credentials
from kitchenasty.tests.setting_probes import PROBES as OTHER_PROBES
from kitchenasty.tests.setting_world import Probe, World
from kitchenasty.tests.texting_probes import PROBES as TEXTING_PROBES

ROOT = Path(__file__).parents[5]
PROBES = [*OTHER_PROBES, *OPENID_PROBES, *RESERVATION_PROBES, *TEXTING_PROBES, *ADVERT_PROBES]
pytestmark = pytest.mark.enable_socket


@pytest.fixture
def world(
    app: Litestar, books: Books, client: httpx.AsyncClient, scene: Scene, paypal_url: str
) -> World:
    owner = {"authorization": f"Bearer {scene.tokens['owner', SessionKind.API]}"}
    desk = credentials(scene, "owner", "/admin")
    return World(
        books, client, scene.house, scene.dish_id, app.state.limits, owner, desk, paypal_url
    )


@pytest.mark.parametrize("probe", PROBES, ids=lambda one: one.id)
async def test_a_setting_changes_what_it_says(world: World, probe: Probe) -> None:
    seen = []
    for value in probe.values:
        await world.save(probe.group, **{**probe.beside, probe.name: value})
        seen.append(await probe.ask(world))
    assert tuple(seen) == probe.answers


def test_every_setting_has_its_probe() -> None:
    there = {one.group.key(field) for one in CHAPTERS for field in one.group.fields}
    assert {probe.id for probe in PROBES} == there


def test_every_setting_is_read_somewhere_and_the_table_says_where() -> None:
    table = (ROOT / "docs" / "operators" / "settings.md").read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| `([a-zA-Z.]+)` \|.*\| (.*) \| `\1` \|$", table, re.MULTILINE))
    assert rows.keys() == {probe.id for probe in PROBES}
    assert [key for key, readers in rows.items() if not readers.strip()] == []


def test_a_setting_that_nobody_reads_would_be_found() -> None:
    """The answers to both values of a probe differ."""
    assert [probe.name for probe in PROBES if probe.answers[0] == probe.answers[1]] == []
