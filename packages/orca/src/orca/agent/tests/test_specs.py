"""What a wanted copy is made of, without an engine."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import msgspec
import pytest

from orca.agent.specs import spec_of
from orca.agent.tests.builders import wanted
from orca.planning import Declaration, fingerprint
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


NESTED: dict[str, dict[str, object]] = {
    "resources": {"memory": "300Mi", "cpu": 0.5, "gpu": {"count": 1}},
    "readiness": {
        "command": ["ask"], "interval_secs": 7, "timeout_secs": 2, "failure_threshold": 9,
        "initial_delay_secs": 4, "port": 81,
    },
    "build": {"context": "web", "dockerfile": "Other", "args": {"A": "1"}},
    "deploy": {
        "strategy": "canary", "max_surge": 2, "max_unavailable": 1, "canary_weight": 5,
        "ready_within_secs": 9, "drain_secs": 3, "rollback": False,
    },
    "placement": {"node": "n1", "labels": {"a": "b"}, "spread": "none"},
}  # fmt: skip
"""Another value for every key below these."""
ELSEWHERE = [("build", "context")]
"""What is in the folder is known by its digest: where it lies is no part of a container."""
ASKED: dict[str, dict[str, object]] = {"readiness": {"command": ["else"]}}


@pytest.mark.parametrize(
    ("field", "key"), [(field, key) for field, keys in NESTED.items() for key in keys]
)
def test_a_key_below_one_is_in_the_container_or_around_it_too(field: str, key: str) -> None:
    """A new one fails until it stands here."""
    asked = ASKED.get(field, {})
    before = msgspec.convert({**plain(), field: asked}, Service)
    known = {one.name for one in msgspec.structs.fields(getattr(before, field))}
    assert known - {"path", "tcp"} == {*NESTED[field]}
    after = msgspec.convert({**plain(), field: {**asked, key: NESTED[field][key]}}, Service)
    assert before != after
    is_renewed = fingerprint(before) != fingerprint(after)
    is_around = field in ("deploy", "placement") or (field, key) in ELSEWHERE
    assert is_renewed is not is_around
    if field != "build":
        assert is_renewed or replace(made(before), made_of="") == replace(made(after), made_of="")


def plain() -> dict[str, object]:
    return {"name": "web", "image": "test/web:1", "port": 80}
