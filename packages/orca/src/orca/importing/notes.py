"""What is told about an import: which service, which key, and what became of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


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

    def tell_the_rest(self) -> None:
        for key in self.given:
            if key not in self.taken and not key.startswith("x-"):
                self.tell(key, "not carried over: there is nothing like it here.")
