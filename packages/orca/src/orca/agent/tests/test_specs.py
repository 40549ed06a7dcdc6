"""What a wanted copy is made of, without an engine."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import msgspec
import pytest

from orca.agent.specs import spec_of
from orca.agent.tests.builders import wanted
from orca.planning import Declaration
from orca.runtime import ContainerSpec
from orca.spec import Probe, Service, load_project

DATA = [{"name": "data", "path": "/data"}, {"name": "shared", "path": "/s", "per": "service"}]


def volumes(*, slot: int = 0, generation: int = 1, image: str = "test/web:1") -> list[str]:
    copy = wanted(image, slot=slot, generation=generation, volumes=DATA)
    return [each.name for each in spec_of("quay", "127.0.0.1", copy, {}).volumes]


def test_a_volume_belongs_to_its_slot_whatever_the_container_is_called() -> None:
    """D5: in the reference it bears the name of the container, and a new one begins empty."""
    first = ["quay.shop.web.data.0", "quay.shop.web.shared"]
    assert volumes() == volumes(generation=7, image="test/web:2") == first
    assert volumes(slot=1) == ["quay.shop.web.data.1", "quay.shop.web.shared"]


EXAMPLE = Path(__file__).parents[6] / "docs/operators/orca/example"
FIELDS = sorted(field.name for field in msgspec.structs.fields(Service))


def made(service: Service) -> ContainerSpec:
    copy = replace(wanted(), declared=Declaration("shop/web", service))
    return spec_of("quay", "127.0.0.1", copy, {})


@pytest.mark.parametrize("field", sorted({*FIELDS} - {"build", "image", "name"}))
def test_scenario_3_what_the_engine_is_told_is_a_part_of_the_fingerprint(field: str) -> None:
    """Else a change of it would be called done while the container is as it was: two were. The
    example has every field.
    """
    usual = wanted().declared.service
    shown = [getattr(one.service, field) for one in load_project(EXAMPLE).services.values()]
    shown += [Probe(command=("ask",))] if field in ("readiness", "liveness") else []
    others = [value for value in shown if value != getattr(usual, field)]
    assert others
    for value in others:
        before, after = made(usual), made(msgspec.structs.replace(usual, **{field: value}))
        if replace(before, made_of="") != replace(after, made_of=""):
            assert before.made_of != after.made_of, value
