"""The menu's sheet as a table for a spreadsheet, and what such a table would change. Pure but for
words.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec

from basis.errors import Invalid
from basis.sentences import Sentence, word
from kitchenasty import menu
from kitchenasty.dashboard.menu.cells import CELL_OF, FIELDS, Legend
from kitchenasty.kit.http.csv import CsvUnreadable
from kitchenasty.kit.http.i18n import say, translate

KEY = "key"
TITLES = {
    KEY: word("Key"),
    "category": word("Category"),
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

    edits: dict[str, dict[str, tuple[Any, Any]]] = field(default_factory=dict)
    changes: list[Change] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    @property
    def mark(self) -> str:
        """By which the same plan is known again: dishes, what is seen in them, what is wanted."""
        told = {dish_id: sorted(edits.items()) for dish_id, edits in sorted(self.edits.items())}
        return hashlib.sha256(msgspec.json.encode(told)).hexdigest()


def header() -> list[str]:
    return [translate(title) for title in TITLES.values()]


def row_of(line: menu.Line, legend: Legend, paths: Mapping[str, str]) -> list[str]:
    texts = legend.texts(line.cells)
    cells = [told(name, texts[name]) for name in FIELDS]
    return [line.id, paths.get(line.category_id, ""), *cells]


def told(name: str, text: str) -> str:
    return text if name not in SWITCHES else translate(YES if text else NO)


def plan_of(rows: Sequence[Sequence[str]], lines: Iterable[menu.Line], legend: Legend) -> Plan:
    """Raises CsvUnreadable if the file has no header of ours."""
    if not rows:
        raise CsvUnreadable("This file is empty.")
    columns = columns_in(rows[0])
    known = {line.id: line for line in lines}
    plan, seen = Plan(), set[str]()
    for number, row in enumerate(rows[1:], 2):
        cells = {name: row[at] for name, at in columns.items() if at < len(row)}
        if not any(row):
            continue
        try:
            take_line(plan, cells, known, legend, seen)
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
    if KEY not in found:
        raise CsvUnreadable("The first line must name the columns; “Key” is missing.")
    return found


def take_line(
    plan: Plan,
    cells: Mapping[str, str],
    known: Mapping[str, menu.Line],
    legend: Legend,
    seen: set[str],
) -> None:
    """Raises Invalid with the reason why this line cannot be taken."""
    dish_id = cells.get(KEY, "")
    line = known.get(dish_id)
    if line is None:
        raise CsvUnreadable("No dish has this key. Dishes are added in the office.")
    if dish_id in seen:
        raise CsvUnreadable("This dish stands in the file twice.")
    seen.add(dish_id)
    now = legend.texts(line.cells)
    wanted = {
        name: switched(name, cells[name]) if name in SWITCHES else cells[name]
        for name in FIELDS
        if name in cells
    }
    check_texts(wanted)
    edits = {}
    for name, text in wanted.items():
        before, after = legend.read(name, now[name]), legend.read(name, text)
        if before != after:
            edits[name] = (before, after)
    if edits.keys() - {"is86"} and not line.may_change:
        raise CsvUnreadable("Every house sells this. Only who works for all of them can change it.")
    if not edits:
        return
    plan.edits[dish_id] = {CELL_OF[name]: pair for name, pair in edits.items()}
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
