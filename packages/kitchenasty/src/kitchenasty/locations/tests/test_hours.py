"""Opening hours against a model that walks through every minute (promises T1 and T3)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kitchenasty.locations.hours import Interval, WeekHours, parse_wall, show_wall

ZONES = (
    "Europe/Berlin",
    "Europe/London",
    "America/New_York",
    "Australia/Lord_Howe",
    "Asia/Kathmandu",
    "Pacific/Apia",
    "UTC",
)
WEEK = tuple(
    Interval(weekday, opens, closes)
    for weekday in range(7)
    for opens, closes in ((90, 170), (690, 870), (1_080, 1_560))
)
"""Lunch, dinner until two in the morning, and a night kitchen in the hour that clocks skip."""


def minutes_of(start: datetime, end: datetime) -> Iterator[datetime]:
    while start < end:
        yield start
        start += timedelta(minutes=1)


def open_minutes_by_walking(hours: WeekHours, start: datetime, end: datetime) -> set[datetime]:
    """The model: for each date and interval, walk until the wall clock reaches the opening time,
    then until it reaches the closing time.
    """
    zone = ZoneInfo(hours.zone)
    found: set[datetime] = set()
    day = start.astimezone(zone).date() - timedelta(days=2)
    while day <= end.astimezone(zone).date() + timedelta(days=1):
        spans = hours.exceptions.get(
            day, tuple((i.opens, i.closes) for i in hours.week if i.weekday == day.isoweekday() % 7)
        )
        midnight = datetime(day.year, day.month, day.day)  # noqa: DTZ001  # a wall time
        for opens, closes in spans:
            begin = datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(hours=16)
            opened = False
            for minute in minutes_of(begin, begin + timedelta(hours=72)):
                wall = minute.astimezone(zone).replace(tzinfo=None)
                opened = opened or wall >= midnight + timedelta(minutes=opens)
                if opened and wall >= midnight + timedelta(minutes=closes):
                    break
                if opened:
                    found.add(minute)
        day += timedelta(days=1)
    return {minute for minute in found if start <= minute < end}


def transitions(zone: str, year: int) -> list[datetime]:
    """The instants at which the zone's offset changes in a year, to the hour."""
    info = ZoneInfo(zone)
    hours = [datetime(year, 1, 1, tzinfo=UTC) + timedelta(hours=h) for h in range(366 * 24)]
    offsets = [hour.astimezone(info).utcoffset() for hour in hours]
    return [hours[i] for i in range(1, len(hours)) if offsets[i] != offsets[i - 1]]


@pytest.mark.parametrize("zone", ZONES)
def test_spans_equal_the_walk_around_every_clock_change(zone: str) -> None:
    hours = WeekHours(zone, WEEK)
    checked = differences = 0
    for change in [*transitions(zone, 2027), datetime(2028, 2, 29, tzinfo=UTC)]:
        start, end = change - timedelta(hours=30), change + timedelta(hours=30)
        expected = open_minutes_by_walking(hours, start, end)
        spans = [span for span in hours.spans_from(start, days=4) if span[0] < end]
        actual = {m for s, e in spans for m in minutes_of(max(s, start), min(e, end))}
        differences += len(expected ^ actual)
        checked += int((end - start).total_seconds() // 60)
    print(f"T3: {zone}, {checked} minutes walked, {differences} differences")
    assert differences == 0


@pytest.mark.parametrize("zone", ZONES)
def test_two_years_of_slots_lie_inside_hours_and_none_comes_twice(zone: str) -> None:
    hours, info = WeekHours(zone, WEEK), ZoneInfo(zone)
    slots: list[datetime] = []
    for start, end in hours.spans_from(datetime(2027, 1, 1, tzinfo=UTC), days=730):
        count = (end - start) // timedelta(minutes=15)
        slots += [start + timedelta(minutes=15) * n for n in range(count)]
    outside = sum(not hours.is_open(slot) for slot in slots[:: max(1, len(slots) // 3_000)])
    twice = len(slots) - len(set(slots))
    unreal = sum(slot.astimezone(info).astimezone(UTC) != slot for slot in slots)
    print(f"T1: {zone}, {len(slots)} slots, {outside} outside, {twice} twice, {unreal} in a gap")
    assert (outside, twice, unreal) == (0, 0, 0)


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(ZONES),
    st.lists(
        st.builds(
            lambda weekday, opens, length: Interval(weekday, opens, opens + length),
            st.integers(0, 6),
            st.integers(0, 1_439),
            st.integers(1, 1_440),
        ),
        max_size=5,
    ),
    st.integers(0, 1_050_000).map(
        lambda m: datetime(2027, 1, 2, tzinfo=UTC) + timedelta(minutes=m)
    ),
)
def test_open_until_and_next_opening_agree_with_is_open(
    zone: str, week: list[Interval], instant: datetime
) -> None:
    hours = WeekHours(zone, tuple(week))
    until, following = hours.open_until(instant), hours.next_opening(instant)
    if until is not None:
        assert hours.is_open(instant)
        assert not hours.is_open(until) or until - instant >= timedelta(days=1)
        assert hours.is_open(until - timedelta(microseconds=1))
    if following is not None:
        assert hours.is_open(following)
        assert not hours.is_open(following - timedelta(seconds=1))
    if not week:
        assert until is None
        assert following is None


def test_an_exception_replaces_its_date_and_no_other() -> None:
    christmas = date(2027, 12, 25)
    hours = WeekHours("Europe/Berlin", WEEK, {christmas: ()})
    assert hours.intervals_on(christmas) == []
    assert len(hours.intervals_on(date(2027, 12, 26))) == 3


@pytest.mark.parametrize("odd", ["25:99", "24:01", "7:30", "07:3", "ab:cd", "", "-1:00", "07:60"])
def test_what_is_no_time_is_refused(odd: str) -> None:
    with pytest.raises(ValueError, match="time"):
        parse_wall(odd)


@given(st.integers(0, 1_439))
def test_wall_times_survive_writing_and_reading(minutes: int) -> None:
    assert parse_wall(show_wall(minutes)) == minutes
