"""X2: nothing invisible is kept of what people type."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from basis.kit.texts import decimal_in, one_line, paragraphs, whole_in

ODD = st.text(
    st.one_of(
        st.sampled_from("\x00\x07\x1b\x1d\r\n\t\x85\u2028\u200b\u200d\u202e\u2066\ufeff\U000e0041"),
        st.characters(),
    )
)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Ada", "Ada"),
        ("  Ada \t Byron ", "Ada Byron"),
        ("Ada\r\nSet-Cookie: x=y", "Ada Set-Cookie: x=y"),
        ("Ada\x1bp0drawer\x1dV", "Ada p0drawer V"),
        ("\u202egnp.exe\u202c", "gnp.exe"),
        ("A\u200bda\ufeff", "Ada"),
        ("\U000e0041\U000e0042", ""),
        ("\ud800Ada", "Ada"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("👩\u200d🍳", "👩\u200d🍳"),
        ("\u200dAda\u200d \u200d\u200dBo", "Ada Bo"),
        ("\x00\x00", ""),
    ],
)
def test_what_is_kept_of_a_line(typed: str, kept: str) -> None:
    assert one_line(typed) == kept


def test_a_description_keeps_its_paragraphs() -> None:
    assert paragraphs("Slow\x1b roast. \r\n\r\n\r\n With\ttea.\u2028Hot.") == (
        "Slow roast.\n\nWith tea.\nHot."
    )


@given(ODD)
def test_a_line_is_one_line_of_what_can_be_seen(typed: str) -> None:
    kept = one_line(typed)
    assert kept.replace("\u200c", "").replace("\u200d", "").isprintable()
    assert kept.splitlines() in ([], [kept])
    assert one_line(kept) == kept
    kept.encode("utf-8")


@given(ODD)
def test_cleaning_paragraphs_again_changes_nothing(typed: str) -> None:
    kept = paragraphs(typed)
    assert paragraphs(kept) == kept
    assert not set(kept) & set("\r\t\x00\x1b\u202e\u200b")


@pytest.mark.parametrize("text", ["", "-1", "1.5", "½", "٣", " 1", "1234567890", "9" * 5_000])
def test_what_is_no_number_of_ours_is_none(text: str) -> None:
    assert whole_in(text) is None


def test_a_whole_number_is_read() -> None:
    assert (whole_in("007"), whole_in("12", digits=2), whole_in("123", digits=2)) == (7, 12, None)


@pytest.mark.parametrize("text", ["", "much", "nan", "-Infinity", "1.2.3", "1,000.5"])
def test_what_nobody_counts_with_is_no_number(text: str) -> None:
    assert decimal_in(text) is None


def test_a_number_is_read_with_a_comma_or_a_point() -> None:
    typed = [decimal_in(text) for text in ("12,50", " 12.50 ", "−3")]
    assert typed == [Decimal("12.5"), Decimal("12.5"), Decimal(-3)]
