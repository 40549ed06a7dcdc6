"""Every setting of the office counts: with another value, somebody outside sees something else."""

from __future__ import annotations

import httpx
import pytest
from litestar import Litestar

from kitchenasty.dashboard import CHAPTERS
from kitchenasty.kit.data.books import Books
from kitchenasty.kit.identity.sessions import SessionKind
from kitchenasty.tests.scene import Scene
from kitchenasty.tests.setting_probes import PROBES, Probe, World


@pytest.fixture
def world(app: Litestar, books: Books, client: httpx.AsyncClient, scene: Scene) -> World:
    owner = {"authorization": f"Bearer {scene.tokens['owner', SessionKind.API]}"}
    return World(books, client, scene.house, scene.dish_id, app.state.limits, owner)


@pytest.mark.parametrize("probe", PROBES, ids=lambda one: one.group.key(one.group.field(one.name)))
async def test_a_setting_changes_what_it_says(world: World, probe: Probe) -> None:
    seen = []
    for value in probe.values:
        await world.save(probe.group, **{probe.name: value})
        seen.append(await probe.ask(world))
    assert tuple(seen) == probe.answers


def test_a_setting_that_nobody_reads_would_be_found() -> None:
    """The answers to both values of a probe differ."""
    assert [probe.name for probe in PROBES if probe.answers[0] == probe.answers[1]] == []
    assert CHAPTERS
