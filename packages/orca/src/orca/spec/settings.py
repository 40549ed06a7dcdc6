"""What `cluster.toml` says otherwise than before, key by key, as people may read it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import msgspec

from orca.spec.types import ClusterFile

NOTHING = "nothing"
LENGTH_MAX = 200


@dataclass(frozen=True, slots=True)
class Setting:
    """A key that has another value. An address is shown without its path, which may open doors."""

    key: str
    before: str
    after: str

    @property
    def words(self) -> str:
        return f"{self.key}: {self.before} → {self.after}"


def changed_settings(before: ClusterFile, after: ClusterFile) -> tuple[Setting, ...]:
    """In the order of the keys; the order of the nodes is none."""
    old, new = values_of(before), values_of(after)
    return tuple(
        Setting(key, shown(old.get(key)), shown(new.get(key)))
        for key in sorted({*old, *new})
        if old.get(key) != new.get(key)
    )


def values_of(file: ClusterFile) -> dict[str, Any]:
    return dict(leaves_of("", msgspec.to_builtins(file)))


def leaves_of(path: str, value: Any) -> Iterator[tuple[str, Any]]:
    """Tables by their keys, named ones by their names, all else as it is. What is empty is as if
    nobody had said it.
    """
    if isinstance(value, Mapping):
        for key, below in value.items():
            yield from leaves_of(f"{path}.{key}" if path else key, below)
    elif is_named(value):
        for each in value:
            below = {key: inner for key, inner in each.items() if key != "name"}
            yield from leaves_of(f"{path}.{each['name']}", below)
    elif value not in (None, [], ()):
        yield path, value


def is_named(value: Any) -> bool:
    return (
        isinstance(value, tuple | list)
        and bool(value)
        and all(isinstance(each, Mapping) and "name" in each for each in value)
    )


def shown(value: Any) -> str:
    if value is None:
        return NOTHING
    if isinstance(value, tuple | list):
        return ", ".join(map(shown, value))[:LENGTH_MAX]
    if isinstance(value, Mapping):
        return " ".join(f"{key}={shown(each)}" for key, each in value.items())[:LENGTH_MAX]
    if isinstance(value, str) and value.startswith(("https://", "http://")):
        return f"{urlsplit(value).scheme}://{urlsplit(value).hostname}/…"
    return str(value)[:LENGTH_MAX]
