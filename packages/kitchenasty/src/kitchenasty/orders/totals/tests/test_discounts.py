"""Discounts that meet on the same lines."""

from __future__ import annotations

from kitchenasty.orders.totals import Per
from kitchenasty.orders.totals.tests.builders import line, lines, sell, standard
from kitchenasty.orders.totals.tests.vectors_of_discounts import amount, cuts_of, percent


def test_equal_lines_that_different_discounts_reach_are_not_interchangeable() -> None:
    """The cent of the first discount decides about the half of the second."""
    off = (
        amount(1, priority=0),
        percent("50", per=Per.LINE, line_ids=frozenset({"a"}), priority=500),
    )
    a, b = line("a", 5), line("b", 5)
    one, other = (sell(goods, standard("0"), discounts=off) for goods in ((a, b), (b, a)))
    assert one.total_minor == other.total_minor
    assert cuts_of(one) == list(reversed(cuts_of(other)))


def test_discounts_of_one_priority_apply_as_they_are_listed() -> None:
    half, tenth = percent("50", cap_minor=100), percent("10")
    half_first = sell(lines(1_000), standard("0"), discounts=(half, tenth))
    tenth_first = sell(lines(1_000), standard("0"), discounts=(tenth, half))
    assert (half_first.total_minor, tenth_first.total_minor) == (810, 800)


def test_the_cap_of_a_discount_per_line_is_shared_by_what_each_would_have_got() -> None:
    off = percent("20", per=Per.LINE, cap_minor=30)
    assert cuts_of(sell(lines(1_000, 500), standard("0"), discounts=(off,))) == [20, 10]


def test_an_amount_per_unit_never_takes_more_than_the_line_has() -> None:
    off = amount(300, per=Per.UNIT)
    found = sell((line("a", 250, 2), line("b", 900)), standard("0"), discounts=(off,))
    assert cuts_of(found) == [500, 300]
    assert found.discounts[0].unused_minor == 100
