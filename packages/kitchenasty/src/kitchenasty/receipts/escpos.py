"""A receipt as bytes for receipt printers (ESC/POS as Epson documents it and all others follow).

Written here and not taken from a library: it is four commands, and python-escpos 3.1 of 2023 brings
drivers, bar codes and pictures that nobody asked for. No byte of a guest's text is a command:
texts have no control codes, and each letter is encoded or becomes a question mark.
"""

from __future__ import annotations

import unicodedata

from kitchenasty.receipts.document import Document
from kitchenasty.receipts.layout import COLUMNS, lay_out

ESC, GS = b"\x1b", b"\x1d"
START = ESC + b"@"
CUT = ESC + b"d\x04" + GS + b"V\x01"
STRONG = {True: ESC + b"E\x01", False: ESC + b"E\x00"}
PAGES = (("cp858", 19), ("cp852", 18), ("cp866", 17), ("cp737", 14), ("cp857", 13))
"""Code pages by the numbers that ESC t gives them: western with the euro, central European,
Cyrillic, Greek, Turkish. A line is printed with the first that has all of its letters."""
SPACE = 0x20


def to_bytes(document: Document, paper_mm: int = 80) -> bytes:
    """What a printer with paper of 58 or 80 mm is sent; ends with a cut."""
    parts = [START]
    for line in lay_out(document, COLUMNS[paper_mm]):
        parts += [STRONG[line.is_strong], encoded(line.text), b"\n"]
    return b"".join([*parts, STRONG[False], CUT])


def encoded(text: str) -> bytes:
    """The text after the choice of a code page that has it; else what western letters can say."""
    for page, number in PAGES:
        try:
            return select(number) + printable(text.encode(page))
        except UnicodeEncodeError:
            continue
    page, number = PAGES[0]
    return select(number) + printable("".join(map(nearest, text)).encode(page, "replace"))


def nearest(letter: str) -> str:
    """The letter, or without its accents where the printer does not have it."""
    try:
        letter.encode(PAGES[0][0])
    except UnicodeEncodeError:
        plain = unicodedata.normalize("NFKD", letter)
        return "".join(one for one in plain if not unicodedata.combining(one)) or "?"
    return letter


def select(number: int) -> bytes:
    return ESC + b"t" + bytes([number])


def printable(line: bytes) -> bytes:
    """Nothing below the blank ever reaches the printer, whatever a code page makes of a letter."""
    return bytes(byte if byte >= SPACE and byte != 0x7F else SPACE for byte in line)
