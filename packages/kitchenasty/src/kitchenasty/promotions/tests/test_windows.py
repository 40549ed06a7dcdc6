"""When promotions hold: by the wall clock of the house, over midnight and when clocks change."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kitchenasty.promotions.windows import (
    Promotion,
    PromotionDraft,
    PromotionRefused,
    check_promotion,
    share_out,
    wall_of_minutes,
    window_of,
)

BERLIN = "Europe/Berlin"


def happy(**fields: Any) -> Promotion:
    defaults = {"id": "a", "name": "Happy", "currency": "EUR", "rate_millionths": 200_000}
    return Promotion(**{**defaults, **fields})


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


@pytest.mark.parametrize(
    ("instant", "holds"),
    [
        ("2030-06-03T14:59:59+00:00", False),  # Monday, 16:59:59 in Berlin
        ("2030-06-03T15:00:00+00:00", True),
        ("2030-06-03T16:59:59+00:00", True),
        ("2030-06-03T17:00:00+00:00", False),
        ("2030-12-02T15:59:59+00:00", False),  # in winter an hour later
        ("2030-12-02T16:00:00+00:00", True),
        ("2030-06-04T15:30:00+00:00", False),  # Tuesday
    ],
)
def test_hours_are_those_of_the_house(instant: str, holds: bool) -> None:
    monday = happy(days=(1,), starts=17 * 60, ends=19 * 60)
    assert monday.holds_at(at(instant), BERLIN) is holds


@pytest.mark.parametrize(
    ("local", "holds"),
    [
        ("2030-06-07T21:59", False),
        ("2030-06-07T22:00", True),  # Friday
        ("2030-06-08T01:59", True),  # it began on Friday
        ("2030-06-08T02:00", False),
        ("2030-06-08T22:30", False),  # Saturday has none of its own
    ],
)
def test_friday_night_ends_on_saturday(local: str, holds: bool) -> None:
    starts, ends = window_of("22:00", "02:00")
    night = happy(days=(5,), starts=starts, ends=ends)
    assert night.holds_at(at(local).replace(tzinfo=ZoneInfo(BERLIN)), BERLIN) is holds


def test_an_hour_that_comes_twice_is_happy_twice_and_one_left_out_never() -> None:
    early = happy(starts=2 * 60, ends=3 * 60)
    # On 27 October 2030 it is 02:30 in Berlin twice, on 31 March it never is.
    twice = [at("2030-10-27T00:30:00+00:00"), at("2030-10-27T01:30:00+00:00")]
    assert [early.holds_at(instant, BERLIN) for instant in twice] == [True, True]
    around = [at("2030-03-31T00:59:59+00:00"), at("2030-03-31T01:00:00+00:00")]
    assert [early.holds_at(instant, BERLIN) for instant in around] == [False, False]


@given(st.integers(0, 1439), st.integers(1, 1440))
def test_hours_are_written_as_they_are_read(starts: int, ends: int) -> None:
    first, last = window_of(wall_of_minutes(starts), wall_of_minutes(ends))
    assert first == starts
    assert last in (ends, ends + 1440)
    assert 0 < last - first <= 1440


def test_a_dish_has_one_promotion_the_first_that_reaches_it() -> None:
    drinks = happy(id="b", category_ids=("drinks",), priority=10)
    all_day = happy(id="c", priority=20)
    wine = happy(id="d", dish_ids=("wine",), priority=5)
    dishes = {"wine": ("reds", "drinks"), "beer": ("drinks",), "soup": ("starters",)}
    shared = {one.id: set(reached) for one, reached in share_out([all_day, drinks, wine], dishes)}
    assert shared == {"d": {"wine"}, "b": {"beer"}, "c": {"soup"}}


@pytest.mark.parametrize(
    "fields",
    [
        {"name": " "},
        {"rate_millionths": 0},
        {"amount_minor": 5},
        {"rate_millionths": 1_000_001},
        {"days": ()},
        {"days": (7,)},
        {"starts": 1_440},
        {"ends": 0},
        {"priority": 100},
    ],
)
def test_a_promotion_that_makes_no_sense_is_refused(fields: dict[str, Any]) -> None:
    defaults = {"name": "Happy", "currency": "EUR", "rate_millionths": 200_000}
    with pytest.raises(PromotionRefused):
        check_promotion(PromotionDraft(**{**defaults, **fields}))


@pytest.mark.parametrize("text", ["", "25:00", "12:60", "noon", "24:01", "1:2:3", "-1:00", "١٢:٠٠"])
def test_hours_that_are_none_are_refused(text: str) -> None:
    with pytest.raises(PromotionRefused):
        window_of(text, "24:00")
