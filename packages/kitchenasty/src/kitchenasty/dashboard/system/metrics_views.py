"""What the counts of routes say: in sum, by hour, by route."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from kitchenasty.kit.books import Look
from kitchenasty.kit.watch.route_hours import Key, Sums, hour_of, list_since

HOURS_MAX = 168
HOURS_DEFAULT = 24
WIDTH, HEIGHT, FLOOR = 720, 160, 150


@dataclass(frozen=True, slots=True)
class Route:
    method: str
    path: str
    sums: Sums


@dataclass(frozen=True, slots=True)
class Hour:
    at: datetime
    sums: Sums


@dataclass(frozen=True, slots=True)
class Figures:
    """`minutes` is how long the time is that all this was counted in, up to now."""

    whole: Sums
    hours: list[Hour]
    routes: list[Route]
    minutes: int

    @property
    def error_percent(self) -> float:
        return round(100 * self.whole.errors / max(1, self.whole.answers), 2)

    @property
    def per_minute(self) -> float:
        return round(self.whole.answers / max(1, self.minutes), 2)


@dataclass(frozen=True, slots=True)
class Bar:
    """An hour in the drawing: all answers, and as the darker foot those that were refused."""

    x: float
    width: float
    y: float
    height: float
    errors_y: float
    errors_height: float


def bounded_hours(given: int | str | None) -> int:
    """How many hours to show; nonsense is a day."""
    try:
        wanted = int(given or HOURS_DEFAULT)
    except ValueError:
        return HOURS_DEFAULT
    return min(max(wanted, 1), HOURS_MAX)


async def load_figures(look: Look, hours: int) -> Figures:
    """The last `hours` hours, the one that is not over among them."""
    since = hour_of(look.now) - timedelta(hours=hours - 1)
    found = await list_since(look, since)
    whole = Sums()
    for _, sums in found:
        whole.add(sums)
    minutes = int((look.now - since).total_seconds() // 60)
    return Figures(whole, by_hour(found, since, hours), by_route(found), minutes)


def by_hour(found: Sequence[tuple[Key, Sums]], since: datetime, hours: int) -> list[Hour]:
    """Every hour of the time, also those in which nobody asked."""
    all_hours = {since + timedelta(hours=n): Sums() for n in range(hours)}
    for (hour, _, _), sums in found:
        if hour in all_hours:
            all_hours[hour].add(sums)
    return [Hour(at, sums) for at, sums in all_hours.items()]


def by_route(found: Sequence[tuple[Key, Sums]]) -> list[Route]:
    """The routes that were asked most come first."""
    all_routes: dict[tuple[str, str], Sums] = {}
    for (_, method, path), sums in found:
        all_routes.setdefault((method, path), Sums()).add(sums)
    routes = [Route(method, path, sums) for (method, path), sums in all_routes.items()]
    return sorted(routes, key=lambda one: (-one.sums.answers, one.path, one.method))


def draw(hours: Sequence[Hour]) -> list[Bar]:
    """A bar for each hour; the highest fills the height."""
    most = max((hour.sums.answers for hour in hours), default=0) or 1
    place = WIDTH / max(1, len(hours))
    bars = []
    for n, hour in enumerate(hours):
        tall = FLOOR * hour.sums.answers / most
        bad = FLOOR * hour.sums.errors / most
        bars.append(
            Bar(
                x=round(place * (n + 0.1), 1),
                width=round(place * 0.8, 1),
                y=round(FLOOR - tall, 1),
                height=round(tall, 1),
                errors_y=round(FLOOR - bad, 1),
                errors_height=round(bad, 1),
            )
        )
    return bars
