"""Every promise has tests that exist; every mistake that was studied has a row."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
MANIFEST = tomllib.loads((ROOT / "docs/developers/defects.toml").read_text())
DEFECTS: dict[str, dict[str, Any]] = MANIFEST["defects"]
PROMISES: dict[str, list[str]] = MANIFEST["promises"]
ORCA: dict[str, list[str]] = MANIFEST["orca"]
STUDIED = 114
PARTS = {
    "accounts", "automation", "house", "loyalty", "metrics", "money", "notices", "reports",
    "reservations", "reviews", "zones",
}  # fmt: skip
SOURCES = [
    path.read_text()
    for path in [*ROOT.glob("packages/**/tests/**/test_*.py"), *ROOT.glob("tests/**/test_*.py")]
    if path != Path(__file__)
]
TESTS = {name for source in SOURCES for name in re.findall(r"\bdef (test_\w+)", source)}
# `print(f"R7: ...` and `tell("R1", ...`: what a test counted for a promise.
COUNTER = re.compile(r"""(?:print\(\s*f?|tell\(\s*)["']([ACFHOPRSTWX]\d+)\b""")


def test_every_mistake_that_was_studied_has_a_row() -> None:
    assert [int(number) for number in DEFECTS] == list(range(1, STUDIED + 1))


def test_a_row_names_tests_or_the_part_that_brings_them() -> None:
    wrong = [
        f"{number}: there is no {name}"
        for number, row in DEFECTS.items()
        for name in set(row.get("tests", ())) - TESTS
    ]
    for number, row in DEFECTS.items():
        if not row.get("tests") and "later" not in row:
            wrong.append(f"{number}: neither a test nor a part that will bring one")
        if row.get("later") not in {None, *PARTS}:
            wrong.append(f"{number}: {row['later']} is no part")
    with_tests = sum(bool(row.get("tests")) for row in DEFECTS.values())
    print(f"D1: {with_tests} of {STUDIED} mistakes have tests, {STUDIED - with_tests} wait")
    assert "\n".join(wrong) == ""


def test_every_promise_has_its_tests_and_every_counter_its_promise() -> None:
    wrong = [
        f"{promise}: there is no {name}"
        for promise, names in PROMISES.items()
        for name in set(names) - TESTS
    ]
    wrong += [f"{promise} has no test" for promise, names in PROMISES.items() if not names]
    counted = {promise for source in SOURCES for promise in COUNTER.findall(source)}
    wrong += [f"{promise} is counted and has no row" for promise in sorted(counted - {*PROMISES})]
    wrong += [f"{promise} is counted nowhere" for promise in sorted({*PROMISES} - counted)]
    assert "\n".join(wrong) == ""


def test_mistakes_that_orca_could_make_have_tests() -> None:
    wrong = [f"{number}: there is no {name}" for number, names in ORCA.items() for name in names]
    assert [words for words in wrong if words.rpartition(" ")[2] not in TESTS] == []
    assert [number for number, names in ORCA.items() if not names] == []
