"""ASVS 5, levels 1 and 2: every requirement has tests that exist, a reason, or an open gap."""

from __future__ import annotations

import ast
import tomllib
from collections import Counter
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
LIST = ROOT / "docs" / "developers" / "checklists" / "asvs.toml"
REQUIREMENTS = 217
ANSWERS = ("tests", "reason", "gap")
WORDS_LENGTH_MAX = 80


def rows() -> dict[str, dict[str, Any]]:
    chapters = tomllib.loads(LIST.read_text(encoding="utf-8"))
    return {name: row for chapter in chapters.values() for name, row in chapter.items()}


def known_tests() -> set[str]:
    paths = [*ROOT.glob("tests/**/test_*.py"), *ROOT.glob("packages/*/src/**/tests/test_*.py")]
    return {
        node.name
        for path in paths
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }


def test_every_requirement_of_two_levels_has_one_row() -> None:
    found = rows()
    chapters = tomllib.loads(LIST.read_text(encoding="utf-8"))
    assert len(found) == REQUIREMENTS == sum(len(one) for one in chapters.values())
    levels = Counter(row["level"] for row in found.values())
    assert set(levels) == {1, 2}
    assert all(f"V{name.split('.')[0]}" in chapters for name in found)
    assert all(0 < len(row["words"]) <= WORDS_LENGTH_MAX for row in found.values())


def test_every_row_is_answered_once_and_its_tests_exist() -> None:
    known, wrong = known_tests(), []
    answered: Counter[str] = Counter()
    for name, row in rows().items():
        given = [one for one in ANSWERS if row.get(one)]
        if len(given) != 1:
            wrong.append(f"{name}: {given or 'nothing'}")
        answered.update(given)
        wrong += [f"{name}: there is no {one}" for one in row.get("tests", ()) if one not in known]
    print(
        f"ASVS: {sum(answered.values())} of {REQUIREMENTS} rows, {answered['tests']} with tests, "
        f"{answered['reason']} with a reason, {answered['gap']} open"
    )
    assert "\n".join(wrong) == ""
