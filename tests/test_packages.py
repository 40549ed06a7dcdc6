"""What the packages promise to whoever installs them without this repository."""

import ast
import re
import subprocess
import sys
import tomllib
import zipfile
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = sorted(path.parent for path in ROOT.glob("packages/*/pyproject.toml"))

FOR_DEVELOPERS = {"pyelftools", "ziglang"}
"""They build the program on chain, whose image is kept; running it needs neither."""


def settings_of(package: Path) -> dict[str, Any]:
    return tomllib.loads((package / "pyproject.toml").read_text(encoding="utf-8"))


def canonical(requirement: str) -> str:
    """`SQLAlchemy[asyncio]>=2.1` is called `sqlalchemy`."""
    name = re.split(r"[\[<>=!~; ]", requirement, maxsplit=1)[0]
    return re.sub(r"[-_.]+", "-", name).lower()


def dependencies_of(package: Path) -> set[str]:
    project = settings_of(package)["project"]
    extras = project.get("optional-dependencies", {}).values()
    return {canonical(text) for part in (project["dependencies"], *extras) for text in part}


def pinned_in(name: str) -> set[str]:
    pinned = (ROOT / "requirements" / f"{name}.txt").read_text(encoding="utf-8")
    return {canonical(line) for line in pinned.splitlines() if "==" in line}


def sources_of(package: Path) -> list[Path]:
    def is_product(path: Path) -> bool:
        inside = path.relative_to(package).parts
        return "tests" not in inside and path.name != "conftest.py"

    return [path for path in sorted((package / "src").rglob("*.py")) if is_product(path)]


def imported_by(path: Path) -> set[str]:
    """The outermost names of everything a file imports."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names.add(node.module)
    return {name.partition(".")[0] for name in names} - set(sys.stdlib_module_names)


@pytest.mark.parametrize("package", PACKAGES, ids=lambda path: path.name)
def test_a_package_names_what_it_imports(package: Path) -> None:
    providers = packages_distributions()
    declared = dependencies_of(package) | {package.name}
    missing = {
        f"{path.relative_to(ROOT)} imports {name}"
        for path in sources_of(package)
        if path.name != "testing.py"
        for name in imported_by(path)
        if not declared & {canonical(found) for found in providers.get(name, [name])}
    }
    assert missing == set()


@pytest.mark.parametrize("package", PACKAGES, ids=lambda path: path.name)
def test_what_a_package_needs_is_pinned(package: Path) -> None:
    ours = {path.name for path in PACKAGES}
    needed = dependencies_of(package) - ours - FOR_DEVELOPERS
    assert needed - pinned_in("run") == set()
    assert pinned_in("dev") >= FOR_DEVELOPERS


@pytest.mark.parametrize("package", PACKAGES, ids=lambda path: path.name)
def test_a_wheel_holds_everything_but_the_tests(package: Path, tmp_path: Path) -> None:
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)],
        cwd=package,
        check=True,
        capture_output=True,
    )
    with zipfile.ZipFile(next(tmp_path.glob("*.whl"))) as wheel:
        packed = {name for name in wheel.namelist() if ".dist-info/" not in name}
    assert packed == product_files(package)


def product_files(package: Path) -> set[str]:
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z", "src"],
        cwd=package,
        check=True,
        capture_output=True,
        text=True,
    ).stdout.split("\0")
    return {
        name.removeprefix("src/")
        for name in listed
        if name and (package / name).is_file()
        if "/tests/" not in name and not name.endswith("/conftest.py")
    }
