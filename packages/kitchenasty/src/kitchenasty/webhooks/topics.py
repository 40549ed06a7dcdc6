"""What goes out. Each slice says it of its own events, by a `Topic`; here nobody knows a slice."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec

from basis.kit.http.wire import ENCODER, Stamp, WireStruct, stamp
from kitchenasty.kit.books import Look

PING = "ping"
VERSION = 1


class PublicFacts(WireStruct, kw_only=True):
    """What receivers read of one event: ids, codes, amounts and instants. Never what a guest is
    called, where they live or what they wrote, and nothing that opens a door; whoever needs more
    asks the API with a key that may.
    """


@dataclass(frozen=True, slots=True)
class Topic:
    """An event that goes out: its topic, what it says in words, and its facts. `tell` may look
    into the books; None keeps an event of this topic at home.
    """

    name: str
    words: str
    facts: type[PublicFacts]
    tell: Callable[[Look, Mapping[str, Any]], Awaitable[PublicFacts | None]]
    version: int = VERSION
    """Another one when a fact means something else. A fact more is no other version."""


class Body(WireStruct, kw_only=True):
    """What is posted."""

    type: str
    version: int
    timestamp: Stamp
    data: PublicFacts


class PingFacts(PublicFacts, kw_only=True):
    """A try: nothing happened."""

    message: str = "It works."


class Vocabulary(Mapping[str, Topic]):
    """The topics of all slices by their names."""

    def __init__(self, topics: Iterable[Topic]) -> None:
        self._topics = {topic.name: topic for topic in topics}

    def __getitem__(self, name: str) -> Topic:
        return self._topics[name]

    def __iter__(self) -> Any:
        return iter(self._topics)

    def __len__(self) -> int:
        return len(self._topics)


def write_body(name: str, version: int, at: datetime, facts: PublicFacts) -> str:
    """The text that is signed and posted, the same on every try."""
    return ENCODER.encode(
        Body(type=name, version=version, timestamp=stamp(at), data=facts)
    ).decode()


def describe(topic: Topic) -> list[tuple[str, str, str]]:
    """Each fact of it: name on the wire, type in words, what it is."""
    (schema,), components = msgspec.json.schema_components([topic.facts])
    shape = components[schema["$ref"].rpartition("/")[2]]
    return [
        (name, type_words(part, components), part.get("description", ""))
        for name, part in shape["properties"].items()
    ]


def type_words(part: Mapping[str, Any], components: Mapping[str, Any]) -> str:
    if "$ref" in part:
        part = components[part["$ref"].rpartition("/")[2]]
    if "anyOf" in part:
        return " or ".join(type_words(one, components) for one in part["anyOf"])
    if "enum" in part:
        return " or ".join(f"`{value}`" for value in part["enum"])
    if part.get("type") == "array":
        return f"list of {type_words(part['items'], components)}"
    kind = str(part.get("format") or part.get("type", "anything"))
    return "number" if kind == "decimal" else kind
