"""When a house is open: its week, and the dates on which other hours hold."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import msgspec
from babel.dates import get_day_names
from litestar import Controller, Response, get, post
from litestar.params import PathParameter, URLEncodedBody

from basis.errors import DomainError, Invalid
from basis.kit.http.wire import Form
from kitchenasty import locations
from kitchenasty.dashboard.houses.frame import HERE, Tab, house_page
from kitchenasty.kit.books import Look, UnitOfWork
from kitchenasty.kit.http.access import Access, access
from kitchenasty.kit.http.i18n import current_locale
from kitchenasty.kit.http.keeping import keep_or_show_again
from kitchenasty.kit.http.visits import entrance_of
from kitchenasty.kit.http.web import (
    Actor,
    Reading,
    WebRequest,
    Work,
    back_to,
)

DAYS_SHOWN = 14
WEEKDAYS = (1, 2, 3, 4, 5, 6, 0)
"""Monday first, as a house counts its week; the numbers are the contract's."""
HouseId = Annotated[str, PathParameter(max_length=64)]
Typed = Annotated[str, msgspec.Meta(max_length=200)]
Day = Annotated[str, msgspec.Meta(max_length=10)]


class DayUnreadable(Invalid):
    """What was typed is no date."""


class WeekTyped(Form, kw_only=True, rename=None):
    """The hours of each weekday as they stand on a door. `copy` is the day to copy, if that was
    asked, and `to_0` to `to_6` the days that get its hours.
    """

    day_0: Typed = ""
    day_1: Typed = ""
    day_2: Typed = ""
    day_3: Typed = ""
    day_4: Typed = ""
    day_5: Typed = ""
    day_6: Typed = ""
    to_0: Day = ""
    to_1: Day = ""
    to_2: Day = ""
    to_3: Day = ""
    to_4: Day = ""
    to_5: Day = ""
    to_6: Day = ""
    copied: Day = ""
    step: Day = ""


class DatesTyped(Form, kw_only=True):
    """Other hours from `first` to `last` (empty: that day alone); without hours it is closed."""

    first: Day = ""
    last: Day = ""
    hours: Typed = ""
    note: Typed = ""


class HoursPages(Controller):
    path = f"{HERE}/{{house_id:str}}"
    include_in_schema = False
    opt = access(Access.MANAGER)

    @get("/hours")
    async def show_hours(
        self, request: WebRequest, look: Reading, principal: Actor, house_id: HouseId
    ) -> Response[Any]:
        return show(request, look, await locations.load_own_house(look, house_id))

    @post("/hours")
    async def set_week(
        self,
        request: WebRequest,
        principal: Actor,
        house_id: HouseId,
        data: URLEncodedBody[WeekTyped],
    ) -> Response[Any]:
        if data.step == "copy":
            async with entrance_of(request).books.reading(principal) as look:
                return await show_typed(request, look, house_id, week=copied(data))
        return await keep_or_show_again(
            request,
            principal,
            lambda uow: set_week(uow, house_id, data),
            lambda look, said: show_typed(request, look, house_id, week=data, refusal=said),
            refused=Invalid,
        )

    @post("/dates")
    async def set_dates(
        self,
        request: WebRequest,
        principal: Actor,
        house_id: HouseId,
        data: URLEncodedBody[DatesTyped],
    ) -> Response[Any]:
        return await keep_or_show_again(
            request,
            principal,
            lambda uow: set_dates(uow, house_id, data),
            lambda look, said: show_typed(request, look, house_id, dates=data, refusal=said),
            refused=Invalid,
        )

    @post("/dates/remove")
    async def remove_dates(
        self, uow: Work, house_id: HouseId, data: URLEncodedBody[DatesTyped]
    ) -> Response[Any]:
        """The week holds again on these days."""
        house = await locations.load_own_house(uow, house_id)
        first, last = days_in(data)
        await locations.remove_exception(uow, house.id, first, until=last)
        return back_to(f"{HERE}/{house_id}/hours?saved=dates#dates")


async def set_week(uow: UnitOfWork, house_id: str, form: WeekTyped) -> str:
    house = await locations.load_own_house(uow, house_id)
    await locations.set_week(uow, house.id, intervals_in(form))
    return f"{HERE}/{house_id}/hours?saved=week"


async def set_dates(uow: UnitOfWork, house_id: str, form: DatesTyped) -> str:
    first, last = days_in(form)
    spans = locations.read_hours(form.hours)
    house = await locations.load_own_house(uow, house_id)
    note = form.note or None
    await locations.set_exception(uow, house.id, first, spans, until=last, note=note)
    return f"{HERE}/{house_id}/hours?saved=dates#dates"


async def show_typed(
    request: WebRequest,
    look: Look,
    house_id: str,
    *,
    week: WeekTyped | None = None,
    dates: DatesTyped | None = None,
    refusal: DomainError | None = None,
) -> Response[Any]:
    house = await locations.load_own_house(look, house_id)
    return show(request, look, house, week=week, dates=dates, refusal=refusal)


def show(
    request: WebRequest,
    look: Look,
    house: locations.House,
    *,
    week: WeekTyped | None = None,
    dates: DatesTyped | None = None,
    refusal: DomainError | None = None,
) -> Response[Any]:
    today = look.now.astimezone(ZoneInfo(house.zone)).date()
    return house_page(
        request,
        look,
        house,
        Tab.HOURS,
        refusal=refusal,
        week=week or week_of(house),
        weekdays=weekdays(),
        dates=dates or DatesTyped(),
        coming=locations.list_dated(house.hours, today),
        days=locations.list_days(house.hours, today, DAYS_SHOWN),
        today=today,
        is_copied=refusal is None and week is not None,
        problem_of="dates" if dates else "week",
        saved=request.query_params.get("saved", ""),
        is_new="new" in request.query_params,
    )


def weekdays() -> list[tuple[int, str]]:
    """Number and name, Monday first."""
    names = get_day_names("wide", locale=current_locale.get())
    return [(day, names[(day - 1) % 7]) for day in WEEKDAYS]


def week_of(house: locations.House) -> WeekTyped:
    typed: dict[str, str] = {
        f"day_{day}": locations.typed_of(
            [(one.opens, one.closes) for one in house.hours.week if one.weekday == day]
        )
        for day in range(7)
    }
    return WeekTyped(**typed)


def copied(form: WeekTyped) -> WeekTyped:
    """The same form with one day's hours on the days that were ticked; nothing is kept yet."""
    source = form.copied if form.copied in {str(day) for day in range(7)} else "1"
    for day in range(7):
        if getattr(form, f"to_{day}"):
            setattr(form, f"day_{day}", getattr(form, f"day_{source}"))
    return form


def intervals_in(form: WeekTyped) -> list[locations.IntervalDraft]:
    """Raises HoursUnreadable."""
    return [
        locations.IntervalDraft(day, opens, closes)
        for day in range(7)
        for opens, closes in locations.read_hours(getattr(form, f"day_{day}"))
    ]


def days_in(form: DatesTyped) -> tuple[date, date]:
    """Raises DayUnreadable."""
    first = day_in(form.first)
    return first, day_in(form.last) if form.last else first


def day_in(text: str) -> date:
    """Raises DayUnreadable."""
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise DayUnreadable("Please choose a day, like 2026-12-24.") from error
