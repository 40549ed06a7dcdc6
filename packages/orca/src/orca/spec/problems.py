"""What is wrong with a project, all of it at once: where, what, and what to do."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from basis.errors import Invalid

SAID_MAX = 100
"""Nobody mends more at once; and whoever sends nonsense is not answered with ten times as much."""
KEY_LENGTH_MAX = 200

Path = tuple[str | int, ...]
"""Where something stands in a document: `("service", 0, "env", "PORT")`."""


class Code(StrEnum):
    """Stable: programs and documentation look for these."""

    FILE_MISSING = "file_missing"
    FILE_OUTSIDE = "file_outside"
    FILE_TOO_LARGE = "file_too_large"
    FILE_UNREAD = "file_unread"
    FILE_UNREADABLE = "file_unreadable"
    TOO_MANY = "too_many"
    TOML = "toml_invalid"
    UNKNOWN_KEY = "unknown_key"
    MISSING_KEY = "missing_key"
    WRONG_TYPE = "wrong_type"
    OUT_OF_BOUNDS = "out_of_bounds"
    MALFORMED = "malformed"
    NOT_A_CHOICE = "not_a_choice"
    DUPLICATE = "duplicate"
    CONTRADICTION = "contradiction"
    NEEDS = "needs"
    UNKNOWN_NAME = "unknown_name"
    CYCLE = "dependency_cycle"
    PATH_OUTSIDE = "path_outside"
    MOUNT_FORBIDDEN = "mount_forbidden"
    SECRET_MALFORMED = "secret_malformed"  # noqa: S105 - the name of a mistake
    SECRET_IN_BUILD = "secret_in_build"  # noqa: S105 - likewise


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing that is wrong. `advice` says what to do about it."""

    file: str
    line: int
    key: str
    code: Code
    words: str
    advice: str

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}" if self.line else self.file
        named = f" {self.key}:" if self.key else ""
        return f"{where}:{named} {self.words} {self.advice} [{self.code}]"


class SpecRefused(Invalid):
    """The project cannot be taken as it is. Nothing of it is."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(set(problems)))
        said = [str(problem) for problem in self.problems[:SAID_MAX]]
        if more := len(self.problems) - len(said):
            said.append(f"And {more:,} more of the kind.")
        super().__init__("\n".join(said))


def spelled(path: Path) -> str:
    """`service[0].env.PORT`: the first is 0, as in the schema's own words."""
    said = ""
    for part in path:
        said += f"[{part}]" if isinstance(part, int) else f".{part}"
    said = said.removeprefix(".")
    return said if len(said) <= KEY_LENGTH_MAX else f"{said[:KEY_LENGTH_MAX]}…"
