"""X2: what a guest types is letters on paper, and never a command to the printer."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from kitchenasty.printing.escpos import (
    CODE_PAGE_858,
    DOUBLE,
    FEED_AND_CUT,
    INITIALISE,
    LINES_MAX,
    PLAIN,
    WIDTHS,
    docket,
    encode,
)


def bare(paper: bytes) -> bytes:
    """Without the frame that every docket has."""
    assert paper.startswith(INITIALISE + CODE_PAGE_858)
    assert paper.endswith(FEED_AND_CUT)
    return paper[len(INITIALISE + CODE_PAGE_858) : -len(FEED_AND_CUT)]


@given(st.text(max_size=400), st.sampled_from(WIDTHS))
def test_no_text_is_a_command(text: str, width: int) -> None:
    inside = bare(docket(text, width=width, is_reprint=False))
    assert all(one >= 0x20 or one == 0x0A for one in inside)
    assert all(len(line) <= width for line in inside.split(b"\n"))
    assert inside.count(b"\n") <= LINES_MAX + 1


def test_a_drawer_is_not_kicked_and_paper_not_cut_by_a_name() -> None:
    inside = bare(docket("Eve\x1bp\x00\x19\xfa\x1dVB\x00\x10\x14", width=42, is_reprint=False))
    assert inside == b"Evep" + "\u00fa".encode("cp858") + b"VB\n"


def test_letters_of_the_west_stay_and_others_are_as_near_as_the_paper_has_them() -> None:
    assert encode("Käse 9,80 €") == "Käse 9,80 €".encode("cp858")
    assert encode("Łódź ő ŝ 寿司 🍜") == "?\u00f3dz o s ?? ?".encode("cp858")


def test_a_reprint_says_so_in_large_letters_before_all_else() -> None:
    inside = bare(docket("Order 1", width=42, is_reprint=True))
    assert inside == DOUBLE + b"REPRINT\n" + PLAIN + b"Order 1\n"


def test_a_novel_is_cut_short() -> None:
    lines = bare(docket("line\n" * 1_000, width=42, is_reprint=False)).split(b"\n")
    assert (len(lines), lines[-2]) == (LINES_MAX + 2, b"...")
