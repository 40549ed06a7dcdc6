"""The menu's sheet as a table for a spreadsheet, and what such a table would change. Pure but for
words.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec

from basis.errors import Invalid
from basis.sentences import Sentence, word
from kitchenasty import menu
from kitchenasty.dashboard.menu.cells import CELL_OF, FIELDS, Legend
from kitchenasty.dashboard.menu.new_lines import NewDish, Shelves, known_as, path_in, read_new
from kitchenasty.kit.http.csv import CsvUnreadable
from kitchenasty.kit.http.i18n import say, translate

KEY, CATEGORY = "key", "category"
NEEDED = {CATEGORY, "name", "price"}
"""The columns without which no dish can be new."""
TITLES = {
    KEY: word("Key"),
    CATEGORY: word("Category"),
    "name": word("Dish"),
    "price": word("Price"),
    "allergens": word("Allergens"),
    "stock": word("Stock"),
    "is86": word("Sold out"),
    "active": word("On the menu"),
}
SWITCHES = {"is86", "active"}
YES, NO = word("yes"), word("no")
YESES, NOES = {"yes", "on", "x", "1", "true"}, {"no", "off", "", "-", "0", "false"}
LENGTH_MAX = {"name": 120, "price": 15, "allergens": 600, "stock": 7}
TEXT_LENGTH_MAX = 600


@dataclass(frozen=True, slots=True)
class Change:
    """A cell that would hold something else, as people read it."""

    dish: str
    title: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a line of the file cannot be taken; the first line is its header."""

    line: int
    words: str


@dataclass(slots=True)
class Plan:
    """What a file would do. It does all of it, or with a problem nothing."""

    shelves: Shelves
    edits: dict[str, dict[str, tuple[Any, Any]]] = field(default_factory=dict)
    changes: list[Change] = field(default_factory=list)
    added: list[NewDish] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    @property
    def mark(self) -> str:
        """By which the same plan is known again: dishes, what is seen in them, what is wanted."""
        told = {dish_id: sorted(edits.items()) for dish_id, edits in sorted(self.edits.items())}
        new = [(one.path, sorted(one.values.items())) for one in self.added]
        parts = [told, new, list(self.shelves.added.values())]
        return hashlib.sha256(msgspec.json.encode(parts)).hexdigest()


@dataclass(frozen=True)
class Present:
    """The dishes that are there, by their key, and by category and name where no other is so."""

    by_key: Mapping[str, menu.Line]
    by_name: Mapping[tuple[str, str], Sequence[menu.Line]]

    @classmethod
    def of(cls, lines: Iterable[menu.Line]) -> Present:
        by_key, by_name = {}, defaultdict(list)
        for line in lines:
            by_key[line.id] = line
            by_name[line.category_id, line.cells.name.casefold()].append(line)
        return cls(by_key, by_name)

    def find(self, cells: Mapping[str, str], shelves: Shelves) -> menu.Line | None:
        """None is a new dish. One without a key that is there already is meant, not doubled.

        Raises CsvUnreadable.
        """
        if cells.get(KEY):
            line = self.by_key.get(cells[KEY])
            if line is None:
                raise CsvUnreadable("No dish has this key. Leave the key empty if the dish is new.")
            return line
        category_id = shelves.id_of(path_in(cells.get(CATEGORY, "")))
        found = self.by_name.get((category_id or "", cells.get("name", "").casefold()), ())
        if len(found) > 1:
            raise CsvUnreadable("Several dishes are called so here: please write the key.")
        return found[0] if found else None


def header() -> list[str]:
    return [translate(title) for title in TITLES.values()]


def row_of(line: menu.Line, legend: Legend, paths: Mapping[str, str]) -> list[str]:
    texts = legend.texts(line.cells)
    cells = [told(name, texts[name]) for name in FIELDS]
    return [line.id, paths.get(line.category_id, ""), *cells]


def told(name: str, text: str) -> str:
    return text if name not in SWITCHES else translate(YES if text else NO)


def plan_of(
    rows: Sequence[Sequence[str]],
    lines: Iterable[menu.Line],
    branches: Iterable[menu.Branch],
    legend: Legend,
) -> Plan:
    """Raises CsvUnreadable if the file has no header of ours."""
    if not rows:
        raise CsvUnreadable("This file is empty.")
    columns = columns_in(rows[0])
    present = Present.of(lines)
    plan, seen = Plan(Shelves.of(branches)), set[object]()
    for number, row in enumerate(rows[1:], 2):
        cells = {name: row[at] for name, at in columns.items() if at < len(row)}
        if not any(row):
            continue
        try:
            take_line(plan, cells, present, legend, seen)
        except Invalid as refusal:
            plan.problems.append(Problem(number, say(refusal)))
    return plan


def columns_in(titles: Sequence[str]) -> dict[str, int]:
    """Where each column stands, by its title in the reader's language or in ours. Columns that we
    do not know are left alone. Raises CsvUnreadable.
    """
    named = {title.casefold(): at for at, title in enumerate(titles)}
    found = {}
    for name, title in TITLES.items():
        for called in (title, translate(title)):
            if called.casefold() in named:
                found[name] = named[called.casefold()]
    if KEY not in found and not found.keys() >= NEEDED:
        raise CsvUnreadable(
            "The first line must name the columns: “Key” for dishes that are there, or “Category”, "
            "“Dish” and “Price” for new ones."
        )
    return found


def take_line(
    plan: Plan,
    cells: Mapping[str, str],
    present: Present,
    legend: Legend,
    seen: set[object],
) -> None:
    """Raises Invalid with the reason why this line cannot be taken."""
    line = present.find(cells, plan.shelves)
    wanted = {
        name: switched(name, cells[name]) if name in SWITCHES else cells[name]
        for name in FIELDS
        if name in cells
    }
    check_texts(wanted)
    category = cells.get(CATEGORY, "")
    new = None if line is not None else read_new(wanted, category, legend)
    once: object = line.id if line else known_as((*path_in(category), wanted["name"]))
    if once in seen:
        raise CsvUnreadable("This dish stands in the file twice.")
    seen.add(once)
    if line is not None:
        plan_edits(plan, line, wanted, legend)
    if new is not None:
        plan.shelves.need(new.path)
        plan.added.append(new)


def plan_edits(plan: Plan, line: menu.Line, wanted: Mapping[str, str], legend: Legend) -> None:
    """Raises Invalid."""
    now, edits = legend.texts(line.cells), {}
    for name, text in wanted.items():
        before, after = legend.read(name, now[name]), legend.read(name, text)
        if before != after:
            edits[name] = (before, after)
    if edits.keys() - {"is86"} and not line.may_change:
        raise CsvUnreadable("Every house sells this. Only who works for all of them can change it.")
    if not edits:
        return
    plan.edits[line.id] = {CELL_OF[name]: pair for name, pair in edits.items()}
    for name in edits:
        before, after = told(name, now[name]), told(name, wanted[name])
        plan.changes.append(Change(line.cells.name, translate(TITLES[name]), before, after))


def check_texts(wanted: Mapping[str, str]) -> None:
    """Raises CsvUnreadable."""
    for name, text in wanted.items():
        if len(text) > LENGTH_MAX.get(name, TEXT_LENGTH_MAX):
            raise CsvUnreadable(Sentence.of("{title}: this is too long.", title=TITLES[name]))
    if "name" in wanted and not wanted["name"]:
        raise CsvUnreadable("A dish needs a name.")


def switched(name: str, text: str) -> str:
    """`on` or nothing, as the sheet's own form says it. Raises CsvUnreadable."""
    plain = text.casefold()
    if plain in YESES | {translate(YES).casefold()}:
        return "on"
    if plain in NOES | {translate(NO).casefold()}:
        return ""
    raise CsvUnreadable(Sentence.of("{title}: please write yes or no.", title=TITLES[name]))
