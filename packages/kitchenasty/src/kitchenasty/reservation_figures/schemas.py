"""The figures of reservations on the wire."""

from __future__ import annotations

from basis.kit.http.wire import WireStruct
from kitchenasty.reservation_figures.statistics import Statistics
from kitchenasty.reservations import Status

DAY_NAMES = ("Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday")


class BookingSummaryView(WireStruct, kw_only=True):
    """Rates go from 0 to 1. `totalCovers`: the people who came."""

    total_reservations: int
    total_guests: int
    avg_party_size: float
    completion_rate: float
    range_start: str
    range_end: str
    total_covers: int
    no_shows: int
    no_show_rate: float
    walk_ins: int


class DailyView(WireStruct, kw_only=True):
    date: str
    count: int
    guests: int


class WeekdayView(WireStruct, kw_only=True):
    """`day`: 0 is Sunday."""

    day: int
    name: str
    count: int


class PartyView(WireStruct, kw_only=True):
    party_size: int
    count: int


class BookingStatusView(WireStruct, kw_only=True):
    status: Status
    count: int


class BookingHourView(WireStruct, kw_only=True):
    hour: int
    count: int


class LeadView(WireStruct, kw_only=True):
    bucket: str
    count: int


class ReservationAnalyticsView(WireStruct, kw_only=True):
    summary: BookingSummaryView
    daily_bookings: list[DailyView]
    day_of_week_distribution: list[WeekdayView]
    party_size_distribution: list[PartyView]
    status_distribution: list[BookingStatusView]
    hourly_distribution: list[BookingHourView]
    lead_time_buckets: list[LeadView]

    @classmethod
    def of(cls, found: Statistics) -> ReservationAnalyticsView:
        return cls(
            summary=BookingSummaryView(
                total_reservations=found.reservations,
                total_guests=found.guests,
                avg_party_size=found.average_party,
                completion_rate=found.completion_rate,
                range_start=found.first.isoformat(),
                range_end=found.last.isoformat(),
                total_covers=found.covers,
                no_shows=found.absent,
                no_show_rate=found.absence_rate,
                walk_ins=found.walk_ins,
            ),
            daily_bookings=[
                DailyView(date=day.isoformat(), count=count, guests=guests)
                for day, count, guests in found.days
            ],
            day_of_week_distribution=[
                WeekdayView(day=day, name=DAY_NAMES[day], count=count)
                for day, count in enumerate(found.weekdays)
            ],
            party_size_distribution=[
                PartyView(party_size=size, count=count) for size, count in found.parties.items()
            ],
            status_distribution=[
                BookingStatusView(status=status, count=count)
                for status, count in found.statuses.items()
            ],
            hourly_distribution=[
                BookingHourView(hour=hour, count=count) for hour, count in found.hours.items()
            ],
            lead_time_buckets=[
                LeadView(bucket=bucket, count=count) for bucket, count in found.leads.items()
            ],
        )
