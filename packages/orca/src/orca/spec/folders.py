"""The files of a project on the disk. Nothing outside its folder is read, however it is named."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from difflib import SequenceMatcher
from pathlib import Path

from orca.spec.documents import FILE_BYTES_MAX
from orca.spec.problems import Code, Problem, SpecRefused
from orca.spec.project import CLUSTER, FILES_MAX, Project, read_project, unread

SERVICE = "service.toml"
LIKENESS = 0.8
MISSPELLED = (".tml", ".tom")


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
        raise SpecRefused((*problems, *strays(root, []), *refused.problems)) from None
    problems += strays(root, contexts_of(project, root))
    if problems:
        raise SpecRefused(problems)
    return project


def contexts_of(project: Project, root: Path) -> list[Path]:
    """The folders that images are built from: what lies there is theirs."""
    return [
        root / Path(one.document.file).parent / one.service.build.context
        for one in project.services.values()
        if one.service.build is not None
    ]


def strays(root: Path, contexts: Iterable[Path]) -> list[Problem]:
    """Files that look as if they were to be read, and are not: a service that is one folder too
    deep would be missing, and that is to remove it.
    """
    return [
        problem
        for path in (*misnamed(root), *misplaced(root))
        if not any(path.is_relative_to(context) for context in contexts)
        for problem in unread(path.relative_to(root).as_posix()).problems
    ]


def misnamed(root: Path) -> Iterator[Path]:
    for path in sorted(root.glob("*")):
        if path.is_dir() and is_nearly(path.name, "services"):
            yield from sorted(path.glob(f"*/{SERVICE}"))
        elif is_nearly(path.name, CLUSTER) or is_nearly(path.name, SERVICE):
            yield path
    for path in sorted(root.glob("services/*/*.t*")):
        if is_nearly(path.name, SERVICE):
            yield path


def misplaced(root: Path) -> Iterator[Path]:
    yield from sorted(root.glob(SERVICE))
    yield from sorted(root.glob("services/*.toml"))
    yield from sorted(root.glob(f"services/*/{CLUSTER}"))
    yield from sorted(root.glob(f"services/*/*/{SERVICE}"))


def is_nearly(name: str, wanted: str) -> bool:
    """Copies that editors leave have an ending of their own, and mean nothing."""
    is_kind = Path(name).suffix.lower() in (Path(wanted).suffix, *MISSPELLED)
    is_like = SequenceMatcher(None, name.lower(), wanted).ratio() >= LIKENESS
    return name != wanted and is_kind and is_like


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
