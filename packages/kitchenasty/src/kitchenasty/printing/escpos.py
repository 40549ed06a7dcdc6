"""The bytes that a docket printer understands: ESC/POS, of which we need five commands. Pure.

Source: Epson, "ESC/POS Command Reference" (initialise, code page, cut, the two status requests).
The well-known library for it brings drivers, barcodes and pictures, and is seldom released.
What a text says can never be a command: control codes are left out before it is encoded.
"""

from __future__ import annotations

import textwrap
import unicodedata
from collections.abc import Iterator

INITIALISE = b"\x1b@"
CODE_PAGE_858 = b"\x1bt\x13"
"""Western Europe with the euro sign."""
DOUBLE, PLAIN = b"\x1d!\x11", b"\x1d!\x00"
FEED_AND_CUT = b"\x1dVB\x00"
ASK_LINE = b"\x10\x04\x01"
"""Answered at once, whatever is being printed."""
ASK_PAPER = b"\x10\x04\x04"
ASK_WHEN_DONE = b"\x1dr\x01"
"""Answered when all that was sent before is printed."""
OFFLINE_BIT = 0x08
PAPER_END_BITS = 0x60
REPRINT = "REPRINT"
LINES_MAX = 200
WIDTHS = (32, 42, 48)
"""Letters on a line: paper of 58 mm, and of 80 mm in two sizes of letters."""


def docket(text: str, *, width: int, is_reprint: bool) -> bytes:
    """Everything from the first letter to the cut. `is_reprint` is said in large letters first: who
    reads it looks whether the other one came too.
    """
    head = DOUBLE + encode(REPRINT) + b"\n" + PLAIN if is_reprint else b""
    body = b"".join(encode(line) + b"\n" for line in lines_of(text, width))
    return INITIALISE + CODE_PAGE_858 + head + body + FEED_AND_CUT


def lines_of(text: str, width: int) -> Iterator[str]:
    """Wrapped to the paper; a word that is longer than a line is broken."""
    count = 0
    for paragraph in text.replace("\r\n", "\n").split("\n"):
        for line in textwrap.wrap(plain(paragraph), width) or [""]:
            count += 1
            if count > LINES_MAX:
                yield "..."
                return
            yield line


def plain(text: str) -> str:
    """Without control codes and what is invisible."""
    return "".join(one for one in text if not unicodedata.category(one).startswith("C"))


def encode(text: str) -> bytes:
    """In the printer's code page; a letter that it has not loses its accents, or becomes a `?`."""
    return b"".join(encode_letter(letter) for letter in plain(text))


def encode_letter(letter: str) -> bytes:
    try:
        return letter.encode("cp858")
    except UnicodeEncodeError:
        bare = unicodedata.normalize("NFKD", letter).encode("cp858", "ignore")
        return bare or b"?"


def has_paper(answer: int) -> bool:
    return not answer & PAPER_END_BITS


def is_on_line(answer: int) -> bool:
    return not answer & OFFLINE_BIT
