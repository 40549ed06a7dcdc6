"""In which line a key of a TOML document stands.

`tomllib` reads the values and forgets where they were. This walks a document that tomllib has
accepted, so it looks only for where things begin and end and never decides what is valid.
"""

from __future__ import annotations

import re
import tomllib
from collections import Counter

from orca.spec.problems import Path

BLANK = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
BARE = re.compile(r"[A-Za-z0-9_-]+")
SCALAR = re.compile(r"[^,\]}#\r\n]+")
STRINGS = (
    re.compile(r'"""(?:[^\\]|\\.)*?"{3,5}', re.DOTALL),
    re.compile(r"'''.*?'{3,5}", re.DOTALL),
    re.compile(r'"(?:[^"\\]|\\.)*"'),
    re.compile(r"'[^']*'"),
)


def lines_of(text: str) -> dict[Path, int]:
    """The line of every key, table and element, by its path. The first line is 1."""
    return Walk(text).document()


class Walk:
    """A reader that goes once through the text and notes where it passes what."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.lines: dict[Path, int] = {}
        self._tables: Counter[Path] = Counter()
        self._counted = (0, 1)

    def document(self) -> dict[Path, int]:
        table: Path = ()
        self.skip()
        while self.at < len(self.text):
            if self.text.startswith("[[", self.at):
                table = self.header(2)
            elif self.text[self.at] == "[":
                table = self.header(1)
            else:
                self.pair(table)
            self.skip()
        return self.lines

    def header(self, brackets: int) -> Path:
        self.at += brackets
        names = self.key()
        self.at = self.text.index("]" * brackets, self.at) + brackets
        path = self.resolve(names[:-1])
        if brackets == 2:
            path = (*path, names[-1])
            self.note(path)
            self._tables[path] += 1
            path = (*path, self._tables[path] - 1)
        else:
            path = self.resolve(names)
        self.note(path)
        return path

    def resolve(self, names: Path) -> Path:
        """A table below an array of tables is one of its last element."""
        path: Path = ()
        for name in names:
            path = (*path, name)
            self.note(path)
            if path in self._tables:
                path = (*path, self._tables[path] - 1)
        return path

    def pair(self, table: Path) -> None:
        path = table
        for name in self.key():
            path = (*path, name)
            self.note(path)
        self.at += 1  # the equals sign
        self.skip()
        self.value(path)

    def key(self) -> Path:
        """The parts of a key with dots, up to what follows it."""
        names: list[str] = []
        while True:
            self.skip()
            start = self.at
            found = BARE.match(self.text, self.at)
            self.at = found.end() if found else self.string_end()
            names += tomllib.loads(f"{self.text[start : self.at]} = 0")
            self.skip()
            if not self.text.startswith(".", self.at):
                return tuple(names)
            self.at += 1

    def value(self, path: Path) -> None:
        self.note(path)
        opened = self.text[self.at]
        if opened == "[":
            self.array(path)
        elif opened == "{":
            self.inline_table(path)
        elif opened in "\"'":
            self.at = self.string_end()
        else:
            found = SCALAR.match(self.text, self.at)
            assert found, "tomllib accepted a value that is none"
            self.at = found.end()

    def array(self, path: Path) -> None:
        self.at += 1
        index = 0
        self.skip()
        while self.text[self.at] != "]":
            self.value((*path, index))
            index += 1
            self.skip_comma()
        self.at += 1

    def inline_table(self, path: Path) -> None:
        self.at += 1
        self.skip()
        while self.text[self.at] != "}":
            self.pair(path)
            self.skip_comma()
        self.at += 1

    def skip_comma(self) -> None:
        self.skip()
        if self.text[self.at] == ",":
            self.at += 1
            self.skip()

    def skip(self) -> None:
        found = BLANK.match(self.text, self.at)
        assert found, "nothing is blank too"
        self.at = found.end()

    def string_end(self) -> int:
        for string in STRINGS:
            if found := string.match(self.text, self.at):
                return found.end()
        raise AssertionError("tomllib accepted a string that does not end")

    def note(self, path: Path) -> None:
        if path not in self.lines:
            self.lines[path] = self.line()

    def line(self) -> int:
        """Counted on from where it was counted last, so that a document is counted once."""
        since, line = self._counted
        if self.at >= since:
            line += self.text.count("\n", since, self.at)
            self._counted = (self.at, line)
        return line
