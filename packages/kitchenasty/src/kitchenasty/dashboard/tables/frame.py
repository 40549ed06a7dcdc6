"""What the pages of the tables have in common: their addresses, tabs, and the house."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from enum import StrEnum
from typing import Annotated, Any
from urllib.parse import urlencode

import msgspec
from litestar.params import PathParameter

from basis.sentences import word
from kitchenasty import locations
from kitchenasty.availability import WishRefused
from kitchenasty.dashboard.order_pages import list_own_houses
from kitchenasty.dashboard.shell import shell_of
from kitchenasty.kit.books import Look
from kitchenasty.kit.http.i18n import translate
from kitchenasty.kit.http.web import WebRequest
from kitchenasty.kit.principals import Role

HERE = "/admin/tables"
DAY = timedelta(days=1)
FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2200, 1, 1)
HouseId = Annotated[str, PathParameter(max_length=64)]
ReservationId = Annotated[str, PathParameter(max_length=64)]
Line = Annotated[str, msgspec.Meta(max_length=120)]
Short = Annotated[str, msgspec.Meta(max_length=40)]


class Tab(StrEnum):
    """The pages of the tables, by the end of their address."""

    DAY = ""
    PLAN = "plan"
    NEW = "new"
    TRENDS = "trends"


TAB_WORDS = {
    Tab.DAY: word("The day"),
    Tab.PLAN: word("Floor plan"),
    Tab.NEW: word("Write down"),
    Tab.TRENDS: word("Trends"),
}
FOR_MANAGERS = frozenset({Tab.TRENDS})


async def frame_of(
    request: WebRequest, look: Look, house: locations.House, tab: Tab, day: date
) -> dict[str, Any]:
    """The frame of a page: where one can go from here, and on which day."""
    principal = look.actor
    houses = await list_own_houses(look, principal)
    return {
        "shell": shell_of(request, principal),
        "principal": principal,
        "house": house,
        "zone": house.zone,
        "now": look.now,
        "day": day,
        "houses": [one for one in houses if one.is_active or one.id == house.id],
        "tab": tab.value,
        "tabs": tabs_of(house, tab, day, is_manager=principal.has_role(Role.MANAGER)),
    }


def tabs_of(
    house: locations.House, tab: Tab, day: date, *, is_manager: bool
) -> Sequence[tuple[str, str, bool]]:
    return [
        (address(house.id, one, day=day.isoformat()), translate(TAB_WORDS[one]), one is tab)
        for one in Tab
        if is_manager or one not in FOR_MANAGERS
    ]


def address(house_id: str, tab: Tab = Tab.DAY, **query: str) -> str:
    path = f"{HERE}/{house_id}/{tab.value}".rstrip("/")
    asked = urlencode({name: value for name, value in query.items() if value})
    return f"{path}?{asked}" if asked else path


def day_in(text: str) -> date:
    """A date as the field of a browser sends it. Raises WishRefused."""
    found = day_or_none(text)
    if found is None:
        raise WishRefused("Please choose a date of the calendar.")
    return found


def day_or_none(text: str) -> date | None:
    """None for what is no date, or one at which nobody books a table."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if FIRST_DAY <= day <= LAST_DAY else None
