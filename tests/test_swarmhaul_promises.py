"""Every mistake studied before SwarmHaul has its row, and every test that a row names exists."""

from __future__ import annotations

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

MANIFEST = read_table("swarmhaul-defects.toml")
DEFECTS = rows_of(MANIFEST["defects"])
PROMISES = names_of(MANIFEST["promises"])
STUDIED = 42
PARTS = {"credentials", "digital", "rewards"}
PLACES = (
    "packages/swarmhaul/**/tests/**/test_*.py",
    "packages/basis/src/basis/kit/signing/tests/test_*.py",
    "packages/basis/src/basis/escrow/tests/test_*.py",
    "tests/handoff/test_*.py",
    "tests/security/test_*.py",
    "tests/settlement/test_*.py",
)
TESTS = names_in(sources_in(PLACES))


def test_every_mistake_of_the_study_has_a_row() -> None:
    assert [int(number) for number in DEFECTS] == list(range(1, STUDIED + 1))


def test_a_row_names_tests_that_exist_or_the_part_that_brings_them() -> None:
    wrong = [*wrong_rows(DEFECTS, TESTS, PARTS), *wrong_names(PROMISES, TESTS)]
    print(count_in_words("SwarmHaul's mistakes", DEFECTS))
    assert "\n".join(wrong) == ""
