"""Tables whose rows name tests: mistakes that were studied, scenarios, promises. One loader for all
of them, and one list of what can be wrong with a row.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path

import msgspec

ROOT = Path(__file__).parents[1]
TEST = re.compile(r"\bdef (test_\w+)")


class Row(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What it is about, and the tests or the scenarios of a table of its own that hold it; or the
    part of the product that will bring the feature and its tests (`later`); or why there is nothing
    here that could do it (`absent`).
    """

    words: str
    tests: tuple[str, ...] = ()
    scenarios: tuple[int, ...] = ()
    later: str = ""
    absent: str = ""


def read_table(name: str) -> dict[str, dict[str, object]]:
    """A file of docs/developers by its tables."""
    return tomllib.loads((ROOT / "docs" / "developers" / name).read_text(encoding="utf-8"))


def rows_of(table: Mapping[str, object]) -> dict[str, Row]:
    return msgspec.convert(table, dict[str, Row])


def names_of(table: Mapping[str, object]) -> dict[str, list[str]]:
    """Rows that are nothing but the names of tests."""
    return msgspec.convert(table, dict[str, list[str]])


def sources_in(places: Iterable[str], *, without: Path | None = None) -> list[str]:
    paths = {path for place in places for path in ROOT.glob(place)} - {without}
    return [path.read_text(encoding="utf-8") for path in sorted(filter(None, paths))]


def names_in(sources: Iterable[str]) -> set[str]:
    return {name for source in sources for name in TEST.findall(source)}


def wrong_rows(rows: Mapping[str, Row], tests: set[str], parts: Collection[str]) -> list[str]:
    """Everything that is wrong with them, in words."""
    wrong = [
        f"{number}: there is no {name}"
        for number, row in rows.items()
        for name in sorted({*row.tests} - tests)
    ]
    for number, row in rows.items():
        if not (row.tests or row.scenarios or row.later or row.absent):
            wrong.append(f"{number}: neither a test nor a part that will bring one")
        if row.later not in {"", *parts}:
            wrong.append(f"{number}: {row.later} is no part")
    return wrong


def wrong_names(names: Mapping[str, Collection[str]], tests: set[str]) -> list[str]:
    wrong = [
        f"{number}: there is no {name}"
        for number, named in names.items()
        for name in sorted({*named} - tests)
    ]
    return [*wrong, *(f"{number} has no test" for number, named in names.items() if not named)]


def count_in_words(of_whom: str, rows: Mapping[str, Row]) -> str:
    with_tests = sum(bool(row.tests or row.scenarios) for row in rows.values())
    absent = sum(bool(row.absent) for row in rows.values())
    rest = len(rows) - with_tests - absent
    about = f", {absent} have nothing here that could do it" if absent else ""
    return f"{of_whom}: {with_tests} of {len(rows)} have tests, {rest} wait{about}"
