from __future__ import annotations

from datetime import date

import pytest

from kitchenasty.reports.periods import DAYS_MAX, Span, parts_of, period_of, steps_of

TODAY = date(2028, 3, 31)
"""A Friday in a leap year."""


@pytest.mark.parametrize(
    ("name", "span", "before"),
    [
        ("today", ("2028-03-31", "2028-03-31"), ("2028-03-30", "2028-03-30")),
        ("yesterday", ("2028-03-30", "2028-03-30"), ("2028-03-29", "2028-03-29")),
        ("week", ("2028-03-27", "2028-03-31"), ("2028-03-20", "2028-03-24")),
        ("month", ("2028-03-01", "2028-03-31"), ("2028-02-01", "2028-02-29")),
        ("year", ("2028-01-01", "2028-03-31"), ("2027-01-01", "2027-03-31")),
    ],
)
def test_a_period_goes_on_until_today_and_is_compared_with_as_much(
    name: str, span: tuple[str, str], before: tuple[str, str]
) -> None:
    period = period_of(name, "", "")
    assert period.span(TODAY) == Span(*map(date.fromisoformat, span))
    assert period.before(TODAY) == Span(*map(date.fromisoformat, before))


def test_days_that_were_typed_are_put_in_order_and_compared_with_as_many() -> None:
    period = period_of("from-to", "2028-03-10", "2028-03-04")
    assert period.span(TODAY) == Span(date(2028, 3, 4), date(2028, 3, 10))
    assert period.before(TODAY) == Span(date(2028, 2, 26), date(2028, 3, 3))


@pytest.mark.parametrize("typed", ["", "nonsense", "0001-01-01", "9999-12-31", "2028-02-30"])
def test_days_that_are_none_ask_for_the_week(typed: str) -> None:
    assert period_of("from-to", typed, "").span(TODAY) == period_of("week", "", "").span(TODAY)


def test_nobody_waits_for_a_thousand_years() -> None:
    assert period_of("from-to", "1900-01-01", "2900-01-01").span(TODAY).length == DAYS_MAX


def test_a_leap_day_is_compared_with_the_day_before_it() -> None:
    assert period_of("year", "", "").before(date(2028, 2, 29)).last == date(2027, 2, 28)


@pytest.mark.parametrize(
    ("last", "bars"),
    [("2028-01-01", 1), ("2028-02-14", 45), ("2028-02-15", 8), ("2028-12-31", 12)],
)
def test_long_periods_have_weeks_and_months_for_bars(last: str, bars: int) -> None:
    span = Span(date(2028, 1, 1), date.fromisoformat(last))
    steps = steps_of(span)
    assert len(steps) == bars
    assert (steps[0][0], steps[-1][1]) == (span.first, span.last)
    assert sum((end - begin).days + 1 for begin, end in steps) == span.length


@pytest.mark.parametrize(
    ("first", "last", "months"),
    [
        ("2028-01-01", "2028-12-31", ("2028-01-01", "2028-12-31")),
        ("2028-01-01", "2028-01-30", None),
        ("2028-01-02", "2028-02-28", None),
        ("2028-01-31", "2028-02-29", ("2028-02-01", "2028-02-29")),
        ("2027-12-02", "2028-04-01", ("2028-01-01", "2028-03-31")),
    ],
)
def test_a_span_is_read_in_whole_months_and_the_days_around_them(
    first: str, last: str, months: tuple[str, str] | None
) -> None:
    span = Span(date.fromisoformat(first), date.fromisoformat(last))
    parts = parts_of(span)
    wanted = None if months is None else Span(*map(date.fromisoformat, months))
    assert parts.months == wanted
    read = [*parts.days, *([] if wanted is None else [wanted])]
    assert sorted(day for one in read for day in one.days()) == list(span.days())
