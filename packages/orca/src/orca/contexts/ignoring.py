"""`.dockerignore`, as Docker itself reads it: patterns stand at the root of the context, the last
that fits decides, `!` takes back in, and what is below a folder that fits, fits.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from posixpath import normpath

from basis.errors import Invalid

FILE_NAME = ".dockerignore"


class PatternMalformed(Invalid):
    """A line that Docker would refuse too."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """One line. `is_back` takes in again what lines before it have left out."""

    fits: re.Pattern[str]
    is_back: bool = False


@dataclass(frozen=True, slots=True)
class Ignored:
    """All lines of a file, in their order."""

    patterns: tuple[Pattern, ...] = ()

    @property
    def has_exceptions(self) -> bool:
        return any(pattern.is_back for pattern in self.patterns)

    def leaves_out(self, path: str) -> bool:
        """Of a path below the context, with slashes."""
        parts = path.split("/")
        above = ["/".join(parts[:length]) for length in range(1, len(parts) + 1)]
        is_out = False
        for pattern in self.patterns:
            # A line that would change nothing is not looked at: most files fit none.
            if pattern.is_back is is_out and any(map(pattern.fits.fullmatch, above)):
                is_out = not pattern.is_back
        return is_out


def read_patterns(text: str) -> Ignored:
    """Raises PatternMalformed."""
    found: list[Pattern] = []
    for line in text.removeprefix("\ufeff").splitlines():
        said = "" if line.startswith("#") else line.strip()
        if not said:
            continue
        is_back = said.startswith("!")
        said = said.removeprefix("!").strip()
        if not said:
            raise PatternMalformed(f"{FILE_NAME} has a line with nothing but `!`.")
        straight = normpath(said).lstrip("/")
        if straight:
            found.append(Pattern(regex_of(straight, line), is_back))
    return Ignored(tuple(found))


def regex_of(pattern: str, line: str) -> re.Pattern[str]:
    made, rest = "", pattern
    while rest:
        piece, rest = next_piece(rest)
        made += piece
    try:
        return re.compile(made, re.DOTALL)
    except re.error:
        raise PatternMalformed(f"{FILE_NAME} has a line that means nothing: {line}") from None


def next_piece(rest: str) -> tuple[str, str]:
    """What the beginning of a pattern means, and what is left of it."""
    if rest.startswith("**"):
        left = rest[2:].removeprefix("/")
        return ("(?:.*/)?" if left else ".*"), left
    first, left = rest[0], rest[1:]
    if first == "*":
        return "[^/]*", left
    if first == "?":
        return "[^/]", left
    if first == "\\":
        return re.escape(left[:1] or first), left[1:]
    if first == "[" and (closed := re.match(r"\[(\^?)((?:\\.|[^\]\\])+)\]", rest)):
        members = closed[2].replace("[", r"\[")
        return f"[{closed[1]}{members}]", rest[closed.end() :]
    return ("[" if first == "[" else re.escape(first)), left
