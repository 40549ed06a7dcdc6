"""A mealtime as it is typed, and the draft that it stands for."""

from __future__ import annotations

import re
from typing import Annotated

import msgspec

from basis.errors import Invalid
from kitchenasty import menu
from kitchenasty.dashboard.menu.seen import SeenForm
from kitchenasty.dashboard.week_days import days_in

WALL = re.compile(r"([01]\d|2[0-3]):([0-5]\d)")
HOUR_MINUTES = 60
Line = Annotated[str, msgspec.Meta(max_length=120)]
Short = Annotated[str, msgspec.Meta(max_length=40)]
Days = Annotated[list[Short], msgspec.Meta(max_length=7)]
FIELDS_OF = {"house_id": ("house",), "is_active": ("active",)}


class TimeUnreadable(Invalid):
    """A time of day is no time of day."""


class MealtimeForm(SeenForm, kw_only=True):
    """Times of day as `HH:MM`; days are numbers from 0, which is Sunday."""

    name: Line = ""
    starts: Short = "11:00"
    ends: Short = "15:00"
    days: Days = []
    house: Short = ""
    active: Short = ""


def form_of(entry: menu.MealtimeDraft) -> MealtimeForm:
    """The mealtime as one would type it; `seen` stays empty."""
    return MealtimeForm(
        name=entry.name,
        starts=wall(entry.starts),
        ends=wall(entry.ends),
        days=[str(day) for day in entry.days],
        house=entry.house_id or "",
        active="on" if entry.is_active else "",
    )


def draft_of(form: MealtimeForm) -> menu.MealtimeDraft:
    """Raises TimeUnreadable."""
    return menu.MealtimeDraft(
        name=form.name,
        starts=minutes_in(form.starts),
        ends=minutes_in(form.ends),
        days=days_in(form.days),
        house_id=form.house or None,
        is_active=bool(form.active),
    )


def minutes_in(text: str) -> int:
    """Minutes after midnight. Raises TimeUnreadable."""
    found = WALL.fullmatch(text.strip())
    if found is None:
        raise TimeUnreadable("Please write a time like 11:30.")
    return int(found[1]) * HOUR_MINUTES + int(found[2])


def wall(minutes: int) -> str:
    """`11:30`; midnight at the end of a day is the one that begins the next."""
    hour, minute = divmod(minutes, HOUR_MINUTES)
    return f"{hour % 24:02}:{minute:02}"
