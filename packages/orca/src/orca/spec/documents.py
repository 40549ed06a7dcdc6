"""One file: read, compared with its types, with the line of everything that is wrong."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

import msgspec
from msgspec import inspect

from orca.spec.lines import lines_of
from orca.spec.problems import Code, Path, Problem, spelled
from orca.spec.reader import misfits

FILE_BYTES_MAX = 256 * 1024
AT_LINE = re.compile(r" \(at line (\d+), column \d+\)$")

Of = TypeVar("Of")


@dataclass(slots=True)
class Document:
    """A file that was read: the line of everything in it, and what is wrong with it."""

    file: str
    lines: Mapping[Path, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def refuse(self, path: Path, code: Code, words: str, advice: str) -> None:
        named = spelled(path)
        self.problems.append(Problem(self.file, self.line_of(path), named, code, words, advice))

    def line_of(self, path: Path) -> int:
        """The line of what stands there, or of the nearest around it."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)


def read_document(name: str, raw: bytes, kind: type[Of]) -> tuple[Document, Of | None]:
    """The file as its type, or None and a document that says what is wrong."""
    document = Document(name)
    values = parse(document, raw)
    if values is None:
        return document, None
    for found in misfits(values, inspect.type_info(kind)):
        document.refuse(found.path, found.code, found.words, found.advice)
    if document.problems:
        return document, None
    return document, msgspec.convert(values, kind)


def parse(document: Document, raw: bytes) -> dict[str, Any] | None:
    if len(raw) > FILE_BYTES_MAX:
        words = f"The file has {len(raw):,} bytes."
        advice = f"At most {FILE_BYTES_MAX:,}: split it by projects."
        document.refuse((), Code.FILE_TOO_LARGE, words, advice)
        return None
    try:
        # Editors of another world end lines with two characters.
        text = raw.decode("utf-8").replace("\r\n", "\n")
        values = tomllib.loads(text)
        document.lines = lines_of(text)
    except UnicodeDecodeError as error:
        document.lines = {(): raw.count(b"\n", 0, error.start) + 1}
        words = f"Byte {error.start} is no UTF-8."
        document.refuse((), Code.FILE_UNREADABLE, words, "Save the file as UTF-8.")
        return None
    except tomllib.TOMLDecodeError as error:
        found = AT_LINE.search(str(error))
        line = int(found[1]) if found else text.count("\n") + 1
        document.lines = {(): line}
        words = f"{AT_LINE.sub('', str(error))}."
        document.refuse((), Code.TOML, words, "This line, or what is open before it, is no TOML.")
        return None
    except RecursionError:
        words = "Tables or lists lie too deep in each other."
        document.refuse((), Code.TOML, words, "Nothing here needs more than four levels.")
        return None
    return values
