"""One document on every kind of paper, and nothing of a guest's words that is a command."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kitchenasty.receipts.document import Block, Document, Row, Weight
from kitchenasty.receipts.escpos import encoded, to_bytes
from kitchenasty.receipts.layout import COLUMNS, lay_out, plain, width_of
from kitchenasty.receipts.pdf import BOX, shown, to_pdf

MADE_AT = datetime(2030, 1, 2, 12, 0, tzinfo=UTC)


def document(*rows: Row) -> Document:
    return Document("Receipt 2030-000001", ("Grünes Haus", "DE 123"), (Block("", rows),), "de")


@pytest.mark.parametrize("columns", COLUMNS.values())
def test_an_amount_stands_at_the_right_edge(columns: int) -> None:
    lines = plain(document(Row("2 x Käsespätzle", "€25.80")), columns).splitlines()
    (line,) = (one for one in lines if "Käsespätzle" in one)
    assert line == "2 x Käsespätzle" + " " * (columns - 21) + "€25.80"


@given(text=st.text(max_size=120), amount=st.text("0123456789.,€-", max_size=18))
@pytest.mark.parametrize("columns", COLUMNS.values())
def test_no_line_is_wider_than_the_paper(text: str, amount: str, columns: int) -> None:
    for line in lay_out(document(Row(text, amount, Weight.STRONG)), columns):
        assert width_of(line.text) <= columns


@pytest.mark.parametrize(
    ("text", "page", "content"),
    [
        ("Soupe à l'oignon 5 €", 19, "Soupe à l'oignon 5 €".encode("cp858")),
        ("Pączki, żurek", 18, "Pączki, żurek".encode("cp852")),
        ("Борщ", 17, "Борщ".encode("cp866")),
        ("Μουσακάς", 14, "Μουσακάς".encode("cp737")),
        ("Nguyễn 李", 19, b"Nguyen ?"),
    ],
)
def test_a_line_is_printed_in_a_code_page_that_has_its_letters(
    text: str, page: int, content: bytes
) -> None:
    assert encoded(text) == b"\x1bt" + bytes([page]) + content


@given(text=st.text(max_size=60))
def test_no_text_becomes_a_command_of_the_printer(text: str) -> None:
    """A guest who is called ESC p opens no drawer; only the choice of a page stands before."""
    printed = encoded(text)
    assert printed.startswith(b"\x1bt")
    assert all(byte >= 0x20 and byte != 0x7F for byte in printed[3:])


def test_the_printer_is_told_to_cut_once_at_the_end() -> None:
    sent = to_bytes(document(Row("\x1dV\x00\x1bp\x00 Eve", "€1.00")), 58)
    assert sent.startswith(b"\x1b@")
    assert sent.count(b"\x1dV") == 1
    assert sent.endswith(b"\x1dV\x01")
    assert b"\x1bp" not in sent


def test_the_same_receipt_is_the_same_file() -> None:
    rows = Row("2 x Käsespätzle", "€25.80"), Row("Борщ, Μουσακάς, Đặng", "€9.00")
    first, second = (to_pdf(document(*rows), made_at=MADE_AT) for _ in range(2))
    assert first == second
    assert first.startswith(b"%PDF-")


def test_a_letter_that_the_font_lacks_is_an_empty_box() -> None:
    assert shown("Łukasz Đặng Борис Ωmega €") == "Łukasz Đặng Борис Ωmega €"
    assert shown("李 小龙") == f"{BOX} {BOX}{BOX}"


def test_a_long_receipt_goes_on_on_the_next_page() -> None:
    rows = [Row(f"{n} x " + "Soup with a long name " * 6, "€1.00") for n in range(80)]
    assert to_pdf(document(*rows), made_at=MADE_AT).count(b"/Type /Page\n") > 2
