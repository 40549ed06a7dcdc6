"""CSV that a spreadsheet shows and never runs: what looks like a formula stays text."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal

from basis.errors import Invalid
from basis.kit.http.wire import stamp
from basis.kit.texts import one_line

Cell = str | int | Decimal | datetime | None

# What makes Excel, LibreOffice or Google Sheets compute, also in the wide letters of Asian
# keyboards. Some of them skip blanks and quotes before it.
FORMULA = re.compile(r"^[\s'\"]*[=+\-@|%\uFF1D\uFF0B\uFF0D\uFF20]")
BOM = "\ufeff"


def begin_csv(header: Sequence[str]) -> bytes:
    """The first line, behind a mark by which Excel knows UTF-8."""
    return BOM.encode() + csv_rows([header])


def csv_rows(rows: Iterable[Sequence[Cell]]) -> bytes:
    """Lines in UTF-8 with comma and CRLF (RFC 4180), for a file that is sent in parts."""
    file = io.StringIO(newline="")
    writer = csv.writer(file, lineterminator="\r\n")
    for row in rows:
        writer.writerow([csv_cell(value) for value in row])
    return file.getvalue().encode("utf-8", "replace")


def csv_cell(value: Cell) -> str:
    """The text of one cell. Numbers and instants are ours and stay as they are; a text that
    begins like a formula gets an apostrophe before it, which spreadsheets do not show.
    """
    if value is None:
        return ""
    if isinstance(value, datetime):
        return stamp(value)
    if not isinstance(value, str):
        return str(value)
    line = one_line(value)
    return f"'{line}" if FORMULA.match(line) else line


class CsvUnreadable(Invalid):
    """The file is no table, or too large a one; the sentence says which."""


def read_csv(content: bytes, *, rows_max: int) -> list[list[str]]:
    """The lines of a file that a spreadsheet has written: with comma, semicolon or tabulator, in
    UTF-8 or, as older ones write, in Windows-1252. What `csv_cell` has put before a formula is
    taken off again. Raises CsvUnreadable.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", "replace")
    first = text.partition("\n")[0]
    separator = max(",;\t", key=first.count)
    rows: list[list[str]] = []
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True):
            rows.append([plain_text(cell) for cell in row])
            if len(rows) > rows_max:
                raise CsvUnreadable("This file has too many lines.")
    except csv.Error as error:
        raise CsvUnreadable("This file cannot be read as a table.") from error
    return rows


def plain_text(cell: str) -> str:
    """What somebody wrote, without the apostrophe that keeps a spreadsheet from computing it."""
    line = one_line(cell)
    return line[1:] if line.startswith("'") and FORMULA.match(line[1:]) else line
