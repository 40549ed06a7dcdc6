"""The day as a drawing: tables are rows, quarters of an hour are columns, stays are bars. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from kitchenasty.availability import NamedStay, Period
from kitchenasty.dashboard.tables.signs import AT_TABLE, PartyState, Secured
from kitchenasty.locations import Table

QUARTER = timedelta(minutes=15)
HOUR = timedelta(hours=1)
QUARTER_WIDTH, ROW_HEIGHT, HEAD_HEIGHT, INSET = 26, 44, 46, 3
QUARTERS_MAX = 4 * 30
"""A day of 25 hours, and the last party stays."""
TEXT_WIDTH_MIN = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """A stay. `state` is that of the party, None for a block; `label` stands on it."""

    stay: NamedStay
    state: PartyState | None
    party: int
    version: int
    is_movable: bool
    """Still there or expected."""
    keeps_time: bool
    """Who sits has come already, and changes tables only."""
    table_ids: tuple[str, ...]
    x: float
    y: float
    width: float
    label: str
    height: float = ROW_HEIGHT - 2 * INSET
    secured: Secured | None = None

    @property
    def has_room(self) -> bool:
        return self.width >= TEXT_WIDTH_MIN


@dataclass(frozen=True, slots=True)
class Row:
    table: Table
    y: float


@dataclass(frozen=True, slots=True)
class Column:
    """A quarter of an hour, and how many people arrive in it."""

    starts_at: datetime
    x: float
    covers: int
    is_hour: bool
    is_full: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeline:
    period: Period
    rows: tuple[Row, ...]
    columns: tuple[Column, ...]
    bars: tuple[Bar, ...]
    now_x: float | None
    row_height: int = ROW_HEIGHT
    head_height: int = HEAD_HEIGHT
    quarter_width: int = QUARTER_WIDTH

    @property
    def width(self) -> int:
        return max(1, len(self.columns)) * QUARTER_WIDTH

    @property
    def height(self) -> int:
        return HEAD_HEIGHT + max(1, len(self.rows)) * ROW_HEIGHT


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """A party as the drawing needs it."""

    state: PartyState
    party: int
    version: int
    is_movable: bool
    table_ids: tuple[str, ...]
    secured: Secured | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """What is drawn: the tables, who keeps them when, and how many arrive in each quarter."""

    zone: str
    opens: Sequence[Period]
    tables: Sequence[Table]
    stays: Sequence[NamedStay]
    parties: Mapping[str, Known]
    arrivals: Mapping[datetime, int]
    covers_max: int | None
    now: datetime


def draw(day: Day) -> Timeline:
    period = shown_period(day)
    count = min(QUARTERS_MAX, -(-int((period[1] - period[0]).total_seconds()) // 900))
    rows = tuple(
        Row(table, HEAD_HEIGHT + number * ROW_HEIGHT) for number, table in enumerate(day.tables)
    )
    places = {row.table.id: row.y for row in rows}
    bars = tuple(
        bar_of(day, stay, period, places[stay.table_id])
        for stay in day.stays
        if stay.table_id in places and stay.starts_at < period[1] and stay.ends_at > period[0]
    )
    is_now = period[0] <= day.now < period[1]
    return Timeline(
        period=period,
        rows=rows,
        columns=tuple(column_of(day, period[0], number) for number in range(count)),
        bars=bars,
        now_x=place_of(day.now, period) if is_now else None,
    )


def shown_period(day: Day) -> Period:
    """From the hour in which the house opens, or the first party comes, until all have left; an
    evening where it neither opens nor expects anybody.
    """
    known = [stay for stay in day.stays if stay.reservation_id in day.parties]
    starts = [start for start, _ in day.opens] + [stay.starts_at for stay in known]
    ends = [end for _, end in day.opens] + [stay.ends_at for stay in known]
    if not starts:
        start = whole_hour(day.now, day.zone)
        return start, start + 6 * HOUR
    start = whole_hour(min(starts), day.zone)
    return start, min(max(ends), start + QUARTERS_MAX * QUARTER)


def whole_hour(instant: datetime, zone: str) -> datetime:
    """The hour on the wall that contains the instant; not every zone lies whole hours off UTC."""
    wall = instant.astimezone(ZoneInfo(zone))
    return instant - timedelta(
        minutes=wall.minute, seconds=wall.second, microseconds=wall.microsecond
    )


def column_of(day: Day, first: datetime, number: int) -> Column:
    starts_at = first + number * QUARTER
    covers = day.arrivals.get(starts_at, 0)
    return Column(
        starts_at=starts_at,
        x=number * QUARTER_WIDTH,
        covers=covers,
        is_hour=starts_at.astimezone(ZoneInfo(day.zone)).minute == 0,
        is_full=day.covers_max is not None and covers >= day.covers_max,
    )


def bar_of(day: Day, stay: NamedStay, period: Period, y: float) -> Bar:
    left = place_of(max(stay.starts_at, period[0]), period)
    right = place_of(min(stay.ends_at, period[1]), period)
    known = day.parties.get(stay.reservation_id or "")
    return Bar(
        stay=stay,
        state=known.state if known else None,
        party=known.party if known else 0,
        version=known.version if known else 0,
        is_movable=known is not None and known.is_movable,
        keeps_time=known is not None and known.state in AT_TABLE,
        table_ids=known.table_ids if known else (),
        x=left + 1,
        y=y + INSET,
        width=max(4, round(right - left - 2, 1)),
        label=stay.words,
        secured=known.secured if known else None,
    )


def place_of(instant: datetime, period: Period) -> float:
    return round((instant - period[0]) / QUARTER * QUARTER_WIDTH, 1)
