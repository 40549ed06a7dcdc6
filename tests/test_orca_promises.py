"""Every scenario and mistake studied before Orca has its row, and the tests of a row exist."""

from __future__ import annotations

import re

import msgspec

from tests.named_tests import (
    Row,
    count_in_words,
    names_in,
    names_of,
    read_table,
    rows_of,
    sources_in,
    wrong_names,
    wrong_rows,
)

LISTED = rows_of(read_table("orca-scenarios.toml")["scenarios"])
MANIFEST = read_table("orca-defects.toml")
DEFECTS = rows_of(MANIFEST["defects"])
PROMISES = names_of(MANIFEST["promises"])
# The study leaves gaps between its chapters.
STUDIED = [*range(1, 18), *range(20, 34), *range(40, 56), *range(60, 73)]
PARTS = {"backups", "consensus", "terminal", "updates", "wasm", "webhooks"}
PLACES = (
    "packages/orca/**/tests/**/test_*.py",
    "packages/kitchenasty/src/kitchenasty/kit/tests/test_limits.py",
    "tests/orca/**/test_*.py",
    "tests/security/test_*.py",
)
TESTS = names_in(sources_in(PLACES))
# `test_scenario_8_what_…` and `test_scenarios_16_17_and_19_…` say which they are.
NUMBERED = re.compile(r"test_scenarios?_((?:\d+_)+(?:and_\d+_)?)")


def numbers_in(name: str) -> list[str]:
    found = NUMBERED.match(name)
    return re.findall(r"\d+", found[1]) if found else []


def with_numbered(number: str, row: Row) -> Row:
    """With the tests that carry the number of the scenario in their names."""
    numbered = (name for name in sorted(TESTS) if number in numbers_in(name))
    return msgspec.structs.replace(row, tests=(*row.tests, *numbered))


SCENARIOS = {number: with_numbered(number, row) for number, row in LISTED.items()}


def test_every_scenario_and_every_mistake_of_the_study_has_a_row() -> None:
    assert [int(number) for number in SCENARIOS] == list(range(1, 31))
    assert [int(number) for number in DEFECTS] == STUDIED


def test_a_row_names_tests_that_exist_or_the_part_that_brings_them() -> None:
    print(count_in_words("Orca's scenarios", SCENARIOS))
    print(count_in_words("Orca's mistakes", DEFECTS))
    wrong = [f"scenario {each}" for each in wrong_rows(SCENARIOS, TESTS, PARTS)]
    wrong += [f"D{each}" for each in wrong_rows(DEFECTS, TESTS, PARTS)]
    assert "\n".join([*wrong, *wrong_names(PROMISES, TESTS)]) == ""


def test_a_mistake_that_points_at_a_scenario_points_at_one_with_tests() -> None:
    wrong = [
        f"D{number}: scenario {each} has no test"
        for number, row in DEFECTS.items()
        for each in row.scenarios
        if str(each) not in SCENARIOS or not SCENARIOS[str(each)].tests
    ]
    assert wrong == []


def test_a_test_tells_the_numbers_it_carries() -> None:
    assert numbers_in("test_scenario_8_what_was_ended") == ["8"]
    assert numbers_in("test_scenarios_16_17_and_19_kills") == ["16", "17", "19"]
    assert numbers_in("test_500_power_cuts") == []
