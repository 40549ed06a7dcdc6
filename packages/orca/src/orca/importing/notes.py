"""What is told about an import: which service, which key, and what became of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from orca.importing.values import seconds_of


@dataclass(frozen=True, slots=True, order=True)
class Note:
    service: str
    key: str
    words: str

    def __str__(self) -> str:
        return f"{self.service}: {self.key}: {self.words}"


@dataclass
class Reading:
    """One service of a compose file. Every key is taken once; what nobody took is told."""

    name: str
    given: Mapping[str, Any]
    notes: list[Note] = field(default_factory=list)
    taken: set[str] = field(default_factory=set)

    def take(self, key: str) -> Any:
        self.taken.add(key)
        return self.given.get(key)

    def tell(self, key: str, words: str) -> None:
        self.notes.append(Note(self.name, key, words))

    def tell_keys(self, where: str, given: Mapping[str, Any], known: set[str]) -> None:
        """Of a table within a key: what is not known here."""
        for key in given.keys() - known:
            self.tell(f"{where}.{key}", "not carried over.")

    def bounded(self, key: str, given: int, least: int, most: int) -> int:
        found = min(max(given, least), most)
        if found != given:
            self.tell(key, f"{given} is {found} here: {least} to {most} are allowed.")
        return found

    def seconds(self, key: str, given: Any, most: int) -> int | None:
        """A duration in whole seconds; None for what is none, and that is told."""
        found = seconds_of(given)
        if found is None:
            self.tell(key, f"{given} is no duration that is known here.")
            return None
        return self.bounded(key, found, 1, most)

    def tell_the_rest(self) -> None:
        for key in self.given:
            if key not in self.taken and not key.startswith("x-"):
                self.tell(key, "not carried over: there is nothing like it here.")
