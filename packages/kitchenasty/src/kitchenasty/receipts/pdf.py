"""A receipt as PDF on A4. Letters that its font lacks are shown as an empty box."""

from __future__ import annotations

from contextlib import closing
from datetime import datetime
from functools import cache
from pathlib import Path

from fpdf import FPDF
from fpdf.enums import XPos, YPos
from fpdf.fonts import TTFFont

from kitchenasty.receipts.document import Block, Document, Row, Weight

FONT = Path(__file__).parent / "fonts" / "receipt.ttf"
FAMILY = "receipt"
BOX = "\u25a1"
LINE_MM = 6
RIGHT_MM = 45
SIZES = {Weight.PLAIN: 10, Weight.SOFT: 9, Weight.STRONG: 13}


@cache
def letters() -> frozenset[int]:
    """What the font can show: Latin, Greek, Cyrillic."""
    with closing(font_of(FPDF())) as font:
        return frozenset(font.cmap)


def font_of(paper: FPDF) -> TTFFont:
    """The receipt's font, which holds its file open until it is closed."""
    paper.add_font(FAMILY, "", FONT)
    font = paper.fonts[FAMILY]
    assert isinstance(font, TTFFont)
    return font


def shown(text: str) -> str:
    return "".join(one if ord(one) in letters() else BOX for one in text)


def to_pdf(document: Document, *, made_at: datetime) -> bytes:
    """The same document at the same moment is the same file."""
    paper = FPDF(format="A4")
    paper.set_creation_date(made_at)
    paper.set_title(shown(document.title))
    paper.set_lang(document.language)
    paper.set_margins(25, 25)
    with closing(font_of(paper)):
        write_all(paper, document)
        return bytes(paper.output())


def write_all(paper: FPDF, document: Document) -> None:
    paper.add_page()
    for line in document.seller:
        write_line(paper, line, size=10, align="C")
    paper.ln(LINE_MM)
    write_line(paper, document.title, size=16, align="C")
    for block in document.blocks:
        write_block(paper, block)


def write_block(paper: FPDF, block: Block) -> None:
    paper.ln(LINE_MM / 2)
    paper.line(paper.l_margin, paper.get_y(), paper.w - paper.r_margin, paper.get_y())
    paper.ln(LINE_MM / 2)
    if block.title:
        write_line(paper, block.title, size=12, align="L")
    for row in block.rows:
        write_row(paper, row)


def write_row(paper: FPDF, row: Row) -> None:
    paper.set_font(FAMILY, size=SIZES[row.weight])
    width = paper.epw - RIGHT_MM if row.right else paper.epw
    indent = 5 * row.left.startswith(" ")
    paper.set_x(paper.l_margin + indent)
    left = shown(row.left.strip())
    paper.multi_cell(width - indent, LINE_MM, left, align="L", new_x=XPos.RIGHT, new_y=YPos.LAST)
    paper.cell(
        RIGHT_MM if row.right else 0,
        LINE_MM,
        shown(row.right),
        align="R",
        new_x=XPos.LMARGIN,
        new_y=YPos.NEXT,
    )


def write_line(paper: FPDF, text: str, *, size: int, align: str) -> None:
    paper.set_font(FAMILY, size=size)
    paper.multi_cell(0, LINE_MM, shown(text), align=align, new_x=XPos.LMARGIN, new_y=YPos.NEXT)
