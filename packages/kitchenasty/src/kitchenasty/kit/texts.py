"""What people type, made safe to show and to print: no control codes, nothing invisible.

A control code in a name can open a cash drawer at the printer, split a line of the log or a
header; a bidirectional override makes staff read another name than the one that is stored; a
zero-width blank makes two names look the same. None of them is ever meant.
"""

from __future__ import annotations

import re
import unicodedata

JOINERS = "\u200c\u200d"
"""Persian needs the one, families of emoji the other: kept where they join something."""

# Cc: control codes, Cf: invisible formats (overrides, isolates, zero-width, tags), Cs: halves of
# characters, Co and Cn: nobody's characters, Zl and Zp: line ends of their own.
UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
LOOSE_JOINER = re.compile(f"(?<![^\\s{JOINERS}])[{JOINERS}]+|[{JOINERS}]+(?=\\s|$)")
MANY_JOINERS = re.compile(f"[{JOINERS}]{{2,}}")
BLANKS = re.compile(r"[^\S\n]+")
LINE_ENDS = re.compile(r"\r\n?|[\u2028\u2029\x85\x0b\x0c]")
MANY_LINE_ENDS = re.compile(r" ?\n ?(?:\n ?)+")


def one_line(text: str) -> str:
    """The text on one line, without outer blanks and with single ones inside."""
    if text.isascii() and text.isprintable():
        return " ".join(text.split())
    return " ".join(seen(text).split())


def paragraphs(text: str) -> str:
    """The text with plain line ends, at most two of them together."""
    lines = BLANKS.sub(" ", seen(LINE_ENDS.sub("\n", text), keep="\n"))
    return MANY_LINE_ENDS.sub("\n\n", lines.replace(" \n", "\n").replace("\n ", "\n")).strip()


def seen(text: str, *, keep: str = "") -> str:
    """Only what a reader sees: a control code becomes a blank, the invisible goes."""
    shown = "".join(shown_as(character, keep) for character in text)
    joined = MANY_JOINERS.sub(lambda found: found.group()[0], shown)
    return LOOSE_JOINER.sub("", joined)


def shown_as(character: str, keep: str) -> str:
    if character in keep or character in JOINERS:
        return character
    kind = unicodedata.category(character)
    if kind in ("Cc", "Zl", "Zp"):
        return " "
    return "" if kind in UNSEEN else character
