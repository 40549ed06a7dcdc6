"""Every key of `cluster.toml` that changes is told, and what opens a door is not shown."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import msgspec
import pytest

from orca.spec import ClusterFile, changed_settings

EXAMPLE = Path(__file__).parents[6] / "docs/operators/orca/example/cluster.toml"
SAID = tomllib.loads(EXAMPLE.read_text())
Place = tuple[str | int, ...]


def places(value: Any, path: Place = ()) -> Iterator[Place]:
    if isinstance(value, dict):
        for key, below in value.items():
            yield from places(below, (*path, key))
    elif isinstance(value, list) and value and isinstance(value[0], dict):
        for index, below in enumerate(value):
            yield from places(below, (*path, index))
    else:
        yield path


def file_of(said: dict[str, Any]) -> ClusterFile:
    return msgspec.convert(said, ClusterFile)


def other(value: Any) -> Any:
    if isinstance(value, list):
        return [*value, "10.9.0.0/16" if "/" in value[0] and value[0][0] != "/" else value[0] + "x"]
    if isinstance(value, int):
        return value + 1
    choices = {"starttls": "tls", "nvidia": "amd", "24Gi": "48Gi"}
    return choices.get(value) or (value[:-1] + "X}" if value.endswith("}") else value + "x")


@pytest.mark.parametrize("place", list(places(SAID)), ids=str)
def test_each_key_that_has_another_value_is_named(place: Place) -> None:
    changed = deepcopy(SAID)
    table: Any = changed
    for key in place[:-1]:
        table = table[key]
    table[place[-1]] = other(table[place[-1]])
    found = changed_settings(file_of(SAID), file_of(changed))
    assert found
    assert all(set(setting.key.split(".")) & {str(key) for key in place} for setting in found)


def test_the_example_names_every_key_so_that_none_is_forgotten_here() -> None:
    named = {str(key) for place in places(SAID) for key in place}
    for table in ("cluster", "node", "mounts", "notify", "edge", "certificates"):
        assert table in named
    assert set(ClusterFile.__struct_fields__) <= named


def test_another_order_and_what_is_said_as_it_is_anyway_change_nothing() -> None:
    turned = deepcopy(SAID)
    turned["node"].reverse()
    assert changed_settings(file_of(SAID), file_of(turned)) == ()
    plain = {"cluster": {"name": "harbour"}}
    said = plain | {"edge": {"http_port": 80}, "node": [], "mounts": {"allow": []}}
    assert changed_settings(file_of(plain), file_of(said)) == ()


def test_the_path_of_an_address_is_not_shown() -> None:
    plain = {"cluster": {"name": "harbour"}}
    for door in ("https://me:planted@a.example/planted?key=planted", "http://a.example/planted"):
        after = file_of(plain | {"notify": {"webhook": door}})
        told = [setting.words for setting in changed_settings(file_of(plain), after)]
        assert any("a.example/…" in words for words in told)
        assert "planted" not in " ".join(told)
