"""Rules about the code itself that no linter knows."""

import ast
import hashlib
import json
import re
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[1]

FILE_LINES_MAX = 400
FUNCTION_LINES_MAX = 40
BASIS_LINES_MAX = 1_500
TRACKED_BYTES_MAX = 2_000_000

# What is called -> where it may be called, and what to do elsewhere.
BANNED_CALLS = {
    "datetime.now": ("basis/clock.py", "take the time from uow.now or look.now"),
    "datetime.utcnow": ("", "it has no zone; take the time from uow.now"),
    "date.today": ("", "whose day? ask the house's zone for the local date of uow.now"),
    "session.commit": ("/kit/", "the edge commits, application code never does"),
    "session.rollback": ("/kit/", "raise, and the edge rolls back"),
    "float": ("/kit/", "money and quantities are integers"),
    "uuid4": ("basis/src", "ids come from basis.ids, so that they sort"),
}
# Where calls of the list above are the point: tools and tests are at the edge themselves.
FREE_OF_BANS = ("/tests/", "conftest.py", "/tools/", "/benchmarks/")

# Written in pieces, so that this file does not contain what it looks for.
FOREIGN_WORDS = re.compile(
    "|".join(
        [
            "py" + r"pi\.org",
            "python" + "hosted",
            "npm" + "js",
            "yarn" + r"pkg\.com",
            "/wo" + "rk/",
            "/fa" + "rm/",
            "/ro" + "ot/",
            "deb" + r"\.debian",
        ]
    )
)


@cache
def tracked_files() -> tuple[Path, ...]:
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    paths = [ROOT / name for name in listed.stdout.split("\0") if name]
    return tuple(sorted(path for path in paths if path.is_file()))


@cache
def python_files() -> tuple[Path, ...]:
    """All our Python, but for what Alembic generates."""
    return tuple(
        path
        for path in tracked_files()
        if path.suffix == ".py" and "migrations/versions" not in path.as_posix()
    )


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def functions_of(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def calls_of(path: Path) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Call):
            yield node.lineno, ast.unparse(node.func)


def place(path: Path, line: int) -> str:
    return f"{path.relative_to(ROOT)}:{line}"


def line_count(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


def is_free_of_bans(path: Path) -> bool:
    return any(part in path.as_posix() for part in FREE_OF_BANS)


def test_files_fit_in_a_head() -> None:
    counts = {str(path.relative_to(ROOT)): line_count(path) for path in python_files()}
    assert {name: count for name, count in counts.items() if count > FILE_LINES_MAX} == {}


def test_functions_fit_on_a_screen() -> None:
    long = [
        f"{place(path, node.lineno)} {node.name}"
        for path in python_files()
        for node in functions_of(path)
        if (node.end_lineno or node.lineno) - node.lineno + 1 > FUNCTION_LINES_MAX
    ]
    assert long == []


def test_basis_stays_small() -> None:
    """What every product must have; the kit beside it is an extra."""
    names = {path: path.as_posix() for path in python_files()}
    product = [
        path
        for path, name in names.items()
        if "basis/src" in name and "/tests/" not in name and "basis/kit/" not in name
    ]
    assert sum(line_count(path) for path in product) <= BASIS_LINES_MAX


def test_nobody_calls_what_is_banned() -> None:
    found = [
        f"{place(path, line)} {banned}: {instead}"
        for path in python_files()
        if not is_free_of_bans(path)
        for line, called in calls_of(path)
        for banned, (allowed, instead) in BANNED_CALLS.items()
        if called == banned or called.endswith(f".{banned}")
        if not (allowed and allowed in path.as_posix())
    ]
    assert found == []


def test_nothing_names_a_registry_or_a_machine() -> None:
    found = []
    for path in tracked_files():
        text = path.read_bytes().decode("utf-8", errors="ignore")
        for number, line in enumerate(text.splitlines(), start=1):
            if FOREIGN_WORDS.search(line):
                found.append(place(path, number))
    assert found == []


def test_no_tracked_file_is_huge() -> None:
    huge = [path.name for path in tracked_files() if path.stat().st_size > TRACKED_BYTES_MAX]
    assert huge == []


def test_every_pinned_dependency_has_a_hash() -> None:
    for name in ("run", "dev", "uv"):
        text = (ROOT / "requirements" / f"{name}.txt").read_text(encoding="utf-8")
        entries = [part for part in re.split(r"\n(?=[a-z0-9])", text) if "==" in part]
        assert entries, name
        assert [entry for entry in entries if "--hash=sha256:" not in entry] == []


def test_vendored_files_are_the_ones_that_were_looked_at() -> None:
    lock = ROOT / "vendor.lock"
    entries = json.loads(lock.read_text(encoding="utf-8"))["files"] if lock.exists() else []
    changed = [
        entry["file"]
        for entry in entries
        if hashlib.sha256((ROOT / entry["file"]).read_bytes()).hexdigest() != entry["sha256"]
    ]
    assert changed == []
