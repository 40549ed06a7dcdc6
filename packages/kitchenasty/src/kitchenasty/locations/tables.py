"""Tables: what one is, and many of them named in one go. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

from basis.errors import Invalid
from basis.sentences import Sentence

NAME_LENGTH_MAX = 40
SEATS_MAX = 100
POSITION_MAX = 10_000
TABLES_MAX = 500
TYPED_MAX = 400
SEPARATORS = re.compile(r"[,;\n]+")
RANGE = re.compile(
    r"(\D{0,20}?)(\d{1,4})\s*[-–]\s*(\D{0,20}?)(\d{1,4})"
)  # people type the long one


class TableRefused(Invalid):
    """Something about a table does not fit; the sentence says what."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TableDraft:
    """A table as somebody wants it; for `seats_min` to `seats` people. `area` is the room or the
    part of it, empty where there is only one. `position` None: after all others.
    """

    name: str
    seats: int
    seats_min: int = 1
    area: str = ""
    position: int | None = None
    is_active: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table of a house. Those that are not active are not given to anybody."""

    id: str
    house_id: str
    name: str
    area: str
    seats: int
    seats_min: int
    position: int
    is_active: bool


def check_table(draft: TableDraft) -> None:
    """Raises TableRefused."""
    if not 1 <= len(draft.name.strip()) <= NAME_LENGTH_MAX:
        raise TableRefused("Please give the table a short name or number.")
    if len(draft.area) > NAME_LENGTH_MAX:
        raise TableRefused("Please use fewer words for the room.")
    if not 1 <= draft.seats <= SEATS_MAX:
        raise TableRefused(Sentence.of("A table has 1 to {most} seats.", most=SEATS_MAX))
    if not 1 <= draft.seats_min <= draft.seats:
        raise TableRefused("The fewest people at a table are not more than its seats.")
    if draft.position is not None and not 1 <= draft.position <= POSITION_MAX:
        raise TableRefused(Sentence.of("A place lies between 1 and {most}.", most=POSITION_MAX))


def read_names(text: str) -> list[str]:
    """`1-12, Bar, A1-A3` as names, each once. Raises TableRefused."""
    names: dict[str, None] = {}
    for part in SEPARATORS.split(text[:TYPED_MAX]):
        name = " ".join(part.split())
        if name:
            names.update(dict.fromkeys(names_in(name)))
    if not names:
        raise TableRefused("Please write which tables there are, like 1-12, Bar.")
    return list(names)


def names_in(text: str) -> list[str]:
    """The names of a range, or the one that it is. Raises TableRefused."""
    found = RANGE.fullmatch(text)
    if found is None or found[3] not in ("", found[1]):
        return [text]
    first, last = int(found[2]), int(found[4])
    if not first <= last < first + TABLES_MAX:
        raise TableRefused(
            Sentence.of("“{text}” counts no tables: write it like 1-12.", text=text[:40])
        )
    return [f"{found[1]}{number}" for number in range(first, last + 1)]
