"""What the house learns from its reservations: how many come when, and who stays away."""

from __future__ import annotations

from typing import Any

from litestar import Controller, Response, get

from basis.sentences import word
from kitchenasty import availability, locations, reservation_figures, reservations
from kitchenasty.dashboard.charts import Chart, draw_bars
from kitchenasty.dashboard.tables.frame import HERE, HouseId, Tab, frame_of
from kitchenasty.kit.http.access import Access, access
from kitchenasty.kit.http.i18n import translate
from kitchenasty.kit.http.web import Actor, Reading, WebRequest, page

SPANS = (7, 30, 90)
WEEKDAYS = (
    word("Sunday"),
    word("Monday"),
    word("Tuesday"),
    word("Wednesday"),
    word("Thursday"),
    word("Friday"),
    word("Saturday"),
)
LEADS = ("0", "1–2", "3–7", "8–14", "15+")
WEEKDAY_LETTERS = 2
TITLES = {
    "days": word("Each day"),
    "weekdays": word("Days of the week"),
    "hours": word("Hours"),
    "parties": word("Sizes of parties"),
    "leads": word("How many days ahead"),
}


class TrendPages(Controller):
    path = f"{HERE}/{{house_id:str}}/trends"
    include_in_schema = False
    opt = access(Access.MANAGER)

    @get("/")
    async def show_trends(
        self, request: WebRequest, look: Reading, principal: Actor, house_id: HouseId
    ) -> Response[Any]:
        house = await locations.load_own_house(look, house_id)
        today = availability.service_day(house.hours, look.now)
        asked = request.query_params.get("days", "")
        days = int(asked) if asked in map(str, SPANS) else SPANS[1]
        found = await reservation_figures.look_around(look, [house], days)
        return page(
            "dashboard/tables/trends.html",
            **await frame_of(request, look, house, Tab.TRENDS, today),
            spans=[(span, span == days) for span in SPANS],
            found=found,
            charts=charts_of(found),
            status_words=reservations.STATUS_WORDS,
        )


def charts_of(found: reservation_figures.Statistics) -> list[tuple[str, str, Chart]]:
    """Each distribution with its id, its words, and its bars."""
    weekdays = [translate(name)[:WEEKDAY_LETTERS] for name in WEEKDAYS]
    return [
        (name, translate(TITLES[name]), bars(counted))
        for name, counted in (
            ("days", [(f"{day.day}.{day.month}.", count) for day, count, _ in found.days]),
            ("weekdays", list(zip(weekdays, found.weekdays, strict=True))),
            ("hours", [(f"{hour}:00", count) for hour, count in found.hours.items()]),
            ("parties", [(str(size), count) for size, count in found.parties.items()]),
            ("leads", list(zip(LEADS, found.leads.values(), strict=True))),
        )
    ]


def bars(counted: list[tuple[str, int]]) -> Chart:
    return draw_bars(
        [count for _, count in counted],
        [label for label, _ in counted],
        [f"{label}: {count}" for label, count in counted],
        unit=1,
        number=str,
    )
