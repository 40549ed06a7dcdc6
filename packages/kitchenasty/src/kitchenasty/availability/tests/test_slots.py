"""Times at which a house seats guests: within its hours, each once, whatever its clock does."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kitchenasty.availability.slots import slots_on
from kitchenasty.locations import Interval, WeekHours
from kitchenasty.reservation_terms import Terms

ZONES = (
    "Europe/Berlin",
    "Europe/London",
    "America/New_York",
    "Australia/Lord_Howe",
    "Asia/Kathmandu",
    "Pacific/Apia",
    "UTC",
)
EVERY_DAY = tuple(Interval(weekday, 11 * 60, 26 * 60) for weekday in range(7))
TERMS = Terms(interval_minutes=30, last_seating_minutes=60)
WALKED: Counter[str] = Counter()
"""What the walks through the minutes have compared."""


def shown(zone: str, day: date, week: tuple[Interval, ...] = EVERY_DAY) -> list[str]:
    return [slot.shown for slot in slots_on(WeekHours(zone, week), TERMS, day)]


def test_times_begin_at_the_opening_and_end_before_the_closing() -> None:
    lunch = tuple(Interval(weekday, 11 * 60 + 45, 14 * 60) for weekday in range(7))
    assert shown("Europe/Berlin", date(2027, 5, 3), lunch) == ["11:45", "12:15", "12:45"]


def test_a_closed_day_has_no_times() -> None:
    hours = WeekHours("Europe/Berlin", EVERY_DAY, {date(2027, 12, 24): ()})
    assert slots_on(hours, TERMS, date(2027, 12, 24)) == []


def test_the_hour_that_is_skipped_has_no_times() -> None:
    night = tuple(Interval(weekday, 22 * 60, 29 * 60) for weekday in range(7))
    times = shown("Europe/Berlin", date(2027, 3, 27), night)
    assert times[6:9] == ["01:00", "01:30", "03:00"]


def test_the_hour_that_comes_twice_is_offered_once() -> None:
    night = tuple(Interval(weekday, 22 * 60, 29 * 60) for weekday in range(7))
    times = shown("Europe/Berlin", date(2027, 10, 30), night)
    assert times.count("02:30") == 1
    assert times[-1] == "04:00"


def test_touching_hours_are_seated_through() -> None:
    split = (*EVERY_DAY, *(Interval(weekday, 10 * 60, 11 * 60) for weekday in range(7)))
    assert shown("UTC", date(2027, 5, 3), split)[:3] == ["10:00", "10:30", "11:00"]


def test_a_night_that_runs_into_the_next_day_is_offered_once() -> None:
    always = tuple(Interval(weekday, 0, 1_440) for weekday in range(7))
    hours = WeekHours("UTC", (*always, Interval(5, 18 * 60, 26 * 60)))
    friday, saturday = (slots_on(hours, TERMS, date(2027, 5, day)) for day in (7, 8))
    assert not {slot.starts_at for slot in friday} & {slot.starts_at for slot in saturday}


@pytest.mark.parametrize("zone", ZONES)
def test_every_day_of_two_years_has_sound_times(zone: str) -> None:
    """T1: none outside the hours, none twice, none in a skipped hour."""
    hours, gap = WeekHours(zone, EVERY_DAY), timedelta(minutes=TERMS.last_seating_minutes)
    seen: set[datetime] = set()
    for offset in range(731):
        day = date(2027, 1, 1) + timedelta(days=offset)
        spans = hours.intervals_on(day)
        for slot in slots_on(hours, TERMS, day):
            assert slot.starts_at not in seen
            seen.add(slot.starts_at)
            assert any(start <= slot.starts_at <= end - gap for start, end in spans)
            assert slot.starts_at.astimezone(ZoneInfo(zone)).replace(tzinfo=None) == slot.wall
    print(f"T1: {zone}: {len(seen)} times on 731 days, all sound")


@given(
    opens=st.integers(0, 1_439),
    length=st.integers(1, 1_440),
    interval=st.sampled_from((5, 10, 15, 20, 30, 60)),
    last=st.integers(0, 240),
    offset=st.integers(0, 730),
    zone=st.sampled_from(ZONES),
)
def compare_with_a_walk(
    opens: int, length: int, interval: int, last: int, offset: int, zone: str
) -> None:
    """A model that looks at every minute of the clock on the wall."""
    day = date(2027, 1, 1) + timedelta(days=offset)
    weekday = day.isoweekday() % 7
    hours = WeekHours(zone, (Interval(weekday, opens, opens + length),))
    terms = Terms(interval_minutes=interval, last_seating_minutes=last)
    walk, zone_info = [], ZoneInfo(zone)
    midnight = datetime(day.year, day.month, day.day)  # noqa: DTZ001  # the clock on the wall
    ((start, end),) = hours.intervals_on(day) or ((None, None),)
    for minute in range(opens, opens + length):
        wall = midnight + timedelta(minutes=minute)
        instant = wall.replace(tzinfo=zone_info).astimezone(UTC)
        is_there = instant.astimezone(zone_info).replace(tzinfo=None) == wall
        if (minute - opens) % interval or not is_there or start is None or end is None:
            continue
        if start <= instant <= end - timedelta(minutes=max(last, 1)):
            walk.append(instant)
    assert [slot.starts_at for slot in slots_on(hours, terms, day)] == sorted(set(walk))
    WALKED.update(nights=1, minutes=length, times=len(walk))


def test_overnight_hours_offer_what_a_walk_through_the_minutes_offers() -> None:
    """T3."""
    WALKED.clear()
    compare_with_a_walk()
    print(
        f"T3: {WALKED['nights']} evenings of reservations, {WALKED['minutes']} minutes walked, "
        f"{WALKED['times']} times, 0 differences"
    )
