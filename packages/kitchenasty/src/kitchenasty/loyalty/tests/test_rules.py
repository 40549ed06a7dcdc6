"""What points are worth, and how refunds turn them back."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from kitchenasty.loyalty.rules import Moved, Programme

POINTS = st.integers(0, 10_000)


def test_points_come_with_whole_units_in_every_currency() -> None:
    for currency, minor in (("EUR", 1_999), ("JPY", 19), ("KWD", 19_999)):
        assert Programme(currency=currency).earned_for(minor) == 19
    assert Programme(points_per_unit=3).earned_for(1_050) == 31


@given(POINTS, st.integers(1, 1_000))
def test_no_more_points_are_used_than_take_off_what_they_took_off(points: int, worth: int) -> None:
    programme = Programme(hundred_points_minor=worth)
    off = programme.worth_minor(points)
    needed = programme.points_for(off)
    assert needed <= points
    assert programme.worth_minor(needed) == off


@given(POINTS, POINTS, st.integers(1, 100_000), st.lists(st.integers(1, 5_000), max_size=20))
def test_refunds_in_pieces_turn_back_what_one_refund_does(
    earned: int, spent: int, total: int, pieces: list[int]
) -> None:
    moved, refunded = Moved(earned=earned, spent=spent), 0
    for piece in [*pieces, total]:
        refunded = min(total, refunded + piece)
        back, less = moved.turned_back(refunded, total)
        moved = Moved(earned, spent, moved.given_back + back, moved.reversed + less)
        assert moved.turned_back(refunded, total) == (0, 0)
    assert (moved.given_back, moved.reversed) == (spent, earned)
