"""Every mistake studied before SwarmHaul has its row, and every test that a row names exists."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
MANIFEST = tomllib.loads((ROOT / "docs/developers/swarmhaul-defects.toml").read_text())
DEFECTS: dict[str, dict[str, Any]] = MANIFEST["defects"]
PROMISES: dict[str, list[str]] = MANIFEST["promises"]
STUDIED = 42
PARTS = {"credentials", "digital", "mcp", "observatory", "rewards"}
PLACES = (
    "packages/swarmhaul/**/tests/**/test_*.py",
    "packages/basis/src/basis/kit/signing/tests/test_*.py",
    "packages/basis/src/basis/escrow/tests/test_*.py",
    "tests/security/test_*.py",
    "tests/settlement/test_*.py",
)
TESTS = {
    name
    for place in PLACES
    for path in ROOT.glob(place)
    for name in re.findall(r"\bdef (test_\w+)", path.read_text())
}


def test_every_mistake_of_the_study_has_a_row() -> None:
    assert [int(number) for number in DEFECTS] == list(range(1, STUDIED + 1))


def test_a_row_names_tests_that_exist_or_the_part_that_brings_them() -> None:
    wrong = [
        f"{number}: there is no {name}"
        for number, row in {
            **DEFECTS,
            **{key: {"tests": PROMISES[key]} for key in PROMISES},
        }.items()
        for name in set(row.get("tests", ())) - TESTS
    ]
    for number, row in DEFECTS.items():
        if not row.get("tests") and "later" not in row:
            wrong.append(f"{number}: neither a test nor a part that will bring one")
        if row.get("later") not in {None, *PARTS}:
            wrong.append(f"{number}: {row['later']} is no part")
    with_tests = sum(bool(row.get("tests")) for row in DEFECTS.values())
    print(f"SwarmHaul: {with_tests} of {STUDIED} mistakes have tests, {STUDIED - with_tests} wait")
    assert "\n".join(wrong) == ""
