"""What a wanted copy is made of, without an engine."""

from __future__ import annotations

from orca.agent.specs import spec_of
from orca.agent.tests.builders import wanted

DATA = [{"name": "data", "path": "/data"}, {"name": "shared", "path": "/s", "per": "service"}]


def volumes(*, slot: int = 0, generation: int = 1, image: str = "test/web:1") -> list[str]:
    copy = wanted(image, slot=slot, generation=generation, volumes=DATA)
    return [each.name for each in spec_of("quay", "127.0.0.1", copy, {}).volumes]


def test_a_volume_belongs_to_its_slot_whatever_the_container_is_called() -> None:
    """D5: in the reference it bears the name of the container, and a new one begins empty."""
    first = ["quay.shop.web.data.0", "quay.shop.web.shared"]
    assert volumes() == volumes(generation=7, image="test/web:2") == first
    assert volumes(slot=1) == ["quay.shop.web.data.1", "quay.shop.web.shared"]
