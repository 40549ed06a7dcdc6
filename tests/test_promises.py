"""Every promise has tests that exist; every mistake that was studied has a row."""

from __future__ import annotations

import re
from pathlib import Path

from tests.named_tests import (
    count_in_words,
    names_in,
    names_of,
    read_table,
    rows_of,
    sources_in,
    wrong_names,
    wrong_rows,
)

MANIFEST = read_table("defects.toml")
DEFECTS = rows_of(MANIFEST["defects"])
PROMISES = names_of(MANIFEST["promises"])
ORCA = names_of(read_table("orca-defects.toml")["promises"])
STUDIED = 114
PARTS = {
    "accounts", "house", "loyalty", "metrics", "money", "reports",
    "reservations", "reviews", "zones",
}  # fmt: skip
PLACES = ("packages/**/tests/**/test_*.py", "tests/**/test_*.py")
SOURCES = sources_in(PLACES, without=Path(__file__))
TESTS = names_in(SOURCES)
# `print(f"R7: ...` and `tell("R1", ...`: what a test counted for a promise.
COUNTER = re.compile(r"""(?:print\(\s*f?|tell\(\s*)["']([ACFHOPRSTWX]\d+)\b""")


def test_every_mistake_that_was_studied_has_a_row() -> None:
    assert [int(number) for number in DEFECTS] == list(range(1, STUDIED + 1))


def test_a_row_names_tests_or_the_part_that_brings_them() -> None:
    print(count_in_words("D1", DEFECTS))
    assert "\n".join(wrong_rows(DEFECTS, TESTS, PARTS)) == ""


def test_every_promise_has_its_tests_and_every_counter_its_promise() -> None:
    wrong = wrong_names(PROMISES, TESTS)
    counted = {promise for source in SOURCES for promise in COUNTER.findall(source)}
    wrong += [
        f"{promise} is counted and has no row" for promise in sorted(counted - {*PROMISES, *ORCA})
    ]
    wrong += [f"{promise} is counted nowhere" for promise in sorted({*PROMISES} - counted)]
    assert "\n".join(wrong) == ""
