"""The figures of reservations against the plainest way of counting them."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from kitchenasty.reservation_figures.statistics import (
    LEAD_BUCKETS,
    LONG_AHEAD,
    Booking,
    summarise,
)
from kitchenasty.reservations import Source, Status

FIRST = date(2030, 4, 1)
LAST = FIRST + timedelta(days=20)
days = st.integers(0, 20).map(lambda offset: FIRST + timedelta(days=offset))
bookings = st.lists(
    st.builds(
        lambda day, lead, **rest: Booking(day=day, booked_on=day - timedelta(days=lead), **rest),
        day=days,
        lead=st.integers(0, 40),
        hour=st.integers(0, 23),
        party=st.integers(1, 20),
        status=st.sampled_from(Status),
        source=st.sampled_from(Source),
    ),
    max_size=60,
)


@given(bookings)
def test_every_distribution_counts_every_reservation_once(found: list[Booking]) -> None:
    told = summarise(found, FIRST, LAST)
    assert told.reservations == len(found)
    assert [day for day, _, _ in told.days] == [FIRST + timedelta(days=n) for n in range(21)]
    for day, count, guests in told.days:
        assert count == len([one for one in found if one.day == day])
        assert guests == sum(one.party for one in found if one.day == day)
    for weekday, count in enumerate(told.weekdays):
        assert count == len([one for one in found if one.day.strftime("%w") == str(weekday)])
    for status in Status:
        assert told.statuses[status] == len([one for one in found if one.status is status])
    for hour in range(24):
        assert told.hours.get(hour, 0) == len([one for one in found if one.hour == hour])
    for size in range(1, 21):
        assert told.parties.get(size, 0) == len([one for one in found if one.party == size])
    came = [one for one in found if one.status in (Status.SEATED, Status.COMPLETED)]
    assert told.covers == sum(one.party for one in came)
    if found:
        assert told.completion_rate == round(len(came) / len(found), 4)


@given(bookings)
def test_lead_times_fall_into_one_bucket_each(found: list[Booking]) -> None:
    told = summarise(found, FIRST, LAST).leads
    edges = {"same-day": (0, 0), "1-2d": (1, 2), "3-7d": (3, 7), "8-14d": (8, 14), "15d+": (15, 99)}
    assert list(told) == [*(name for name, _ in LEAD_BUCKETS), LONG_AHEAD] == list(edges)
    for name, (least, most) in edges.items():
        ahead = [(one.day - one.booked_on).days for one in found]
        assert told[name] == len([days for days in ahead if least <= days <= most])


def test_nothing_is_no_division_by_nothing() -> None:
    told = summarise([], FIRST, LAST)
    assert (told.average_party, told.completion_rate, told.absence_rate) == (0.0, 0.0, 0.0)
