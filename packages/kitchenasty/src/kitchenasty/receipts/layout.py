"""A receipt on paper of so many letters' width: as plain text, and for a receipt printer."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from textwrap import wrap

from kitchenasty.receipts.document import Document, Row, Weight

MAIL_COLUMNS = 64
COLUMNS = {58: 32, 80: 48}
"""Letters on a line of paper of 58 and of 80 mm, in the printers' font A."""


@dataclass(frozen=True, slots=True)
class TextLine:
    text: str
    is_strong: bool = False


def plain(document: Document, columns: int = MAIL_COLUMNS) -> str:
    """The receipt as lines of text, for mail."""
    return "\n".join(line.text for line in lay_out(document, columns)) + "\n"


def lay_out(document: Document, columns: int) -> Iterator[TextLine]:
    """Every line of the receipt, none wider than this."""
    for line in document.seller:
        yield from (TextLine(centred(part, columns)) for part in broken(line, columns))
    yield TextLine("")
    for part in broken(document.title, columns):
        yield TextLine(centred(part, columns), is_strong=True)
    for block in document.blocks:
        yield TextLine("-" * columns)
        if block.title:
            yield TextLine(block.title[:columns], is_strong=True)
        for row in block.rows:
            yield from lines_of(row, columns)
    yield TextLine("-" * columns)


def lines_of(row: Row, columns: int) -> Iterator[TextLine]:
    """Words to the left, the amount at the right of their last line or below it."""
    is_strong = row.weight is Weight.STRONG
    indent = " " * (len(row.left) - len(row.left.lstrip()))
    parts = [indent + part for part in broken(row.left.strip(), columns - len(indent))]
    for part in parts[:-1]:
        yield TextLine(part, is_strong)
    last = parts[-1]
    gap = columns - width_of(last) - width_of(row.right)
    if row.right and gap < 1:
        yield TextLine(last, is_strong)
        for part in broken(row.right, columns):
            yield TextLine(" " * (columns - width_of(part)) + part, is_strong)
        return
    yield TextLine((last + " " * gap + row.right) if row.right else last, is_strong)


def broken(text: str, columns: int) -> list[str]:
    """The text in parts that fit. Letters of East Asia are two columns wide each."""
    narrow = columns if width_of(text) == len(text) else columns // 2
    return wrap(text, narrow) or [""]


def centred(text: str, columns: int) -> str:
    return " " * ((columns - width_of(text)) // 2) + text


def width_of(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(one) in "WF" else 1 for one in text)
