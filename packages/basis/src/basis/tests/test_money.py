from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from basis.money import CurrencyMismatch, Money, exponent_of, round_half_up, split_minor

amounts = st.integers(-(10**12), 10**12)
weights = st.lists(st.integers(0, 10**6), min_size=1, max_size=20).filter(sum)


@given(amounts, weights)
def test_shares_add_up_to_the_whole(minor: int, shares: list[int]) -> None:
    assert sum(split_minor(minor, shares)) == minor


@given(amounts, weights)
def test_no_share_is_a_whole_unit_away_from_its_exact_value(minor: int, shares: list[int]) -> None:
    total = sum(shares)
    for share, weight in zip(split_minor(minor, shares), shares, strict=True):
        assert abs(share - Fraction(minor * weight, total)) < 1


@given(amounts, st.integers(1, 10**6))
def test_rounding_is_to_the_nearest(numerator: int, denominator: int) -> None:
    exact = Fraction(numerator, denominator)
    assert abs(round_half_up(numerator, denominator) - exact) <= Fraction(1, 2)


def test_halves_go_away_from_zero() -> None:
    assert [round_half_up(n, 2) for n in (-3, -1, 1, 3)] == [-2, -1, 1, 2]


def test_included_tax_is_the_part_of_a_gross_price() -> None:
    assert Money(30_000, "EUR").included(2_000).minor == 5_000


def test_currencies_do_not_mix() -> None:
    with pytest.raises(CurrencyMismatch):
        Money(1, "EUR") + Money(1, "USD")


@pytest.mark.parametrize(("currency", "decimals"), [("EUR", 2), ("JPY", 0), ("KWD", 3)])
def test_a_currency_has_its_own_decimals(currency: str, decimals: int) -> None:
    assert exponent_of(currency) == decimals
