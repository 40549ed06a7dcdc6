"""Dishes that a table brings without a key: written down as new, with the categories they need.
Pure.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from kitchenasty import menu
from kitchenasty.dashboard.menu.cells import CELL_OF, Legend
from kitchenasty.kit.http.csv import CsvUnreadable

SEPARATOR = "›"
DEPTH_MAX = 5
NAME_LENGTH_MAX = 120
DEFAULTS = {"name": "", "price": "", "allergens": "", "stock": "", "is86": "", "active": "on"}
"""What a column that is missing says of a new dish: on the menu, its allergens not declared."""

Path = tuple[str, ...]
"""The names of a category and of those that it is in, the outermost first."""


@dataclass(frozen=True, slots=True)
class NewDish:
    """A line without a key that no dish answers to. `values` are those of the sheet's cells,
    `texts` what was typed for them.
    """

    path: Path
    values: Mapping[str, Any]
    texts: Mapping[str, str]

    @property
    def name(self) -> str:
        return self.texts["name"]

    @property
    def shown_path(self) -> str:
        return f" {SEPARATOR} ".join(self.path)


@dataclass(frozen=True)
class Shelves:
    """The categories that are there by their path, and those that a file adds, in its order.

    Names are compared without regard to case, for nobody means two categories by that.
    """

    ids: Mapping[Path, str]
    added: dict[Path, Path] = field(default_factory=dict)

    @classmethod
    def of(cls, branches: Iterable[menu.Branch]) -> Shelves:
        ids: dict[Path, str] = {}
        for category_id, shown in menu.shown_path(branches).items():
            ids.setdefault(known_as(path_in(shown)), category_id)
        return cls(ids)

    def id_of(self, path: Path) -> str | None:
        return self.ids.get(known_as(path))

    def need(self, path: Path) -> None:
        """Note what is missing of a path, what is further out first."""
        for depth in range(1, len(path) + 1):
            part = path[:depth]
            if self.id_of(part) is None:
                self.added.setdefault(known_as(part), part)


def path_in(text: str) -> Path:
    return tuple(name.strip() for name in text.split(SEPARATOR) if name.strip())


def known_as(path: Path) -> Path:
    return tuple(name.casefold() for name in path)


def read_new(wanted: Mapping[str, str], category: str, legend: Legend) -> NewDish:
    """Raises CsvUnreadable, CellRefused."""
    path = path_in(category)
    if not path:
        raise CsvUnreadable("A new dish needs a category.")
    if len(path) > DEPTH_MAX or any(len(name) > NAME_LENGTH_MAX for name in path):
        raise CsvUnreadable("This category is too long.")
    if not wanted.get("name"):
        raise CsvUnreadable("A dish needs a name.")
    texts = DEFAULTS | dict(wanted)
    values = {CELL_OF[name]: legend.read(name, texts[name]) for name in DEFAULTS}
    return NewDish(path, values, texts)


def house_for(own_house_ids: frozenset[str] | None) -> str | None:
    """Whose dish a new one is: all houses' for who works for all, else the only house's.

    Raises CsvUnreadable for who works at some.
    """
    if own_house_ids is None:
        return None
    if len(own_house_ids) != 1:
        raise CsvUnreadable(
            "You work at several houses: please add a new dish in the office, where you say which "
            "of them sells it."
        )
    return next(iter(own_house_ids))
