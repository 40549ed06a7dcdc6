from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from basis.money import (
    CurrencyMismatch,
    Money,
    Rate,
    RateUnreadable,
    Rounding,
    exponent_of,
    round_half_up,
    split_minor,
)

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


HALVES = (-5, -3, -1, 1, 3, 5)


@pytest.mark.parametrize(
    ("rounding", "rounded"),
    [
        (Rounding.HALF_UP, [-3, -2, -1, 1, 2, 3]),
        (Rounding.HALF_EVEN, [-2, -2, 0, 0, 2, 2]),
        (Rounding.HALF_DOWN, [-2, -1, 0, 0, 1, 2]),
        (Rounding.UP, [-3, -2, -1, 1, 2, 3]),
        (Rounding.DOWN, [-2, -1, 0, 0, 1, 2]),
    ],
)
def test_halves_go_where_the_name_says(rounding: Rounding, rounded: list[int]) -> None:
    assert [rounding.apply(n, 2) for n in HALVES] == rounded


@given(st.sampled_from(Rounding), amounts, st.integers(1, 10**6))
def test_no_rounding_moves_an_amount_by_a_whole_unit(
    rounding: Rounding, numerator: int, denominator: int
) -> None:
    exact, found = Fraction(numerator, denominator), rounding.apply(numerator, denominator)
    assert abs(found - exact) < 1
    assert rounding.apply(-numerator, denominator) == -found
    if rounding not in (Rounding.UP, Rounding.DOWN):
        assert abs(found - exact) <= Fraction(1, 2)
    assert abs(found) >= abs(exact) if rounding is Rounding.UP else True
    assert abs(found) <= abs(exact) if rounding is Rounding.DOWN else True


@given(st.integers(0, 99_999_999))
def test_a_rate_reads_what_it_writes(millionths: int) -> None:
    assert Rate.parse(Rate(millionths).to_text()) == Rate(millionths)


@pytest.mark.parametrize(
    "text", ["", "7,5", "-1", "1e2", "8.87525", "٧", " 7", "7.", "12345", "NaN"]
)
def test_a_rate_is_read_from_plain_percent_alone(text: str) -> None:
    with pytest.raises(RateUnreadable):
        Rate.parse(text)


def test_a_rate_is_exact_where_basis_points_are_not() -> None:
    assert Rate.parse("8.875").of(257_500) == 22_853
    assert Rate.of_basis_points(1_900) == Rate.parse("19")


def test_currencies_do_not_mix() -> None:
    with pytest.raises(CurrencyMismatch):
        Money(1, "EUR") + Money(1, "USD")


@pytest.mark.parametrize(("currency", "decimals"), [("EUR", 2), ("JPY", 0), ("KWD", 3)])
def test_a_currency_has_its_own_decimals(currency: str, decimals: int) -> None:
    assert exponent_of(currency) == decimals
