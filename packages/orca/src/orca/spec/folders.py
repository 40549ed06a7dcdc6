"""The files of a project on the disk. Nothing outside its folder is read, however it is named."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from orca.spec.documents import FILE_BYTES_MAX
from orca.spec.problems import Code, Problem, SpecRefused
from orca.spec.project import CLUSTER, FILES_MAX, Project, read_project


def load_project(folder: Path) -> Project:
    """What the folder declares. Raises SpecRefused with everything that is wrong."""
    root = folder.resolve()
    files: dict[str, bytes] = {}
    problems: list[Problem] = []
    for path in names_below(root):
        name = path.relative_to(root).as_posix()
        try:
            files[name] = contents(path, root)
        except OutsideProject:
            words = "The file lies outside the project: a link leads there."
            advice = "Copy it here, so that what is deployed is what is under version control."
            problems.append(Problem(name, 0, "", Code.FILE_OUTSIDE, words, advice))
        except OSError as error:
            words = f"The file cannot be read: {error.strerror}."
            advice = "Look who may read it."
            problems.append(Problem(name, 0, "", Code.FILE_UNREADABLE, words, advice))
    try:
        project = read_project(files)
    except SpecRefused as refused:
        raise SpecRefused((*problems, *refused.problems)) from None
    if problems:
        raise SpecRefused(problems)
    return project


class OutsideProject(Exception):
    """A link that leads out."""


def names_below(root: Path) -> Iterator[Path]:
    if (root / CLUSTER).exists():
        yield root / CLUSTER
    found = sorted(root.glob("services/*/service.toml"))
    # One more than may be, so that reading can say that there are too many.
    yield from found[: FILES_MAX + 1]


def contents(path: Path, root: Path) -> bytes:
    if not path.resolve().is_relative_to(root):
        raise OutsideProject
    # One byte more than may be: a file without end is not read to its end.
    with path.open("rb") as file:
        return file.read(FILE_BYTES_MAX + 1)
