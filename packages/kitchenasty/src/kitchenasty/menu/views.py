"""The menu as other slices see it: frozen, already sorted, safe to keep in memory."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from kitchenasty.menu.selection import OptionGroup

DAY_MINUTES = 1_440


@dataclass(frozen=True, slots=True)
class Mealtime:
    """From `starts` to `ends` minutes after midnight on `days` (0 is Sunday)."""

    id: str
    name: str
    starts: int
    ends: int
    days: frozenset[int]

    def covers(self, instant: datetime, zone: str) -> bool:
        local = instant.astimezone(ZoneInfo(zone))
        weekday, minute = local.isoweekday() % 7, local.hour * 60 + local.minute
        if weekday in self.days and self.starts <= minute < self.ends:
            return True
        # A mealtime that began yesterday may last beyond midnight.
        return (weekday - 1) % 7 in self.days and minute + DAY_MINUTES < self.ends


@dataclass(frozen=True, slots=True)
class Component:
    """A part of a set menu; its price alone decides what share of the set is taxed like it."""

    name: str
    tax_category: str
    price_minor: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Dish:
    """A dish as it is sold. `stock` is None when it is not counted; `allergens` None is unknown."""

    id: str
    slug: str
    name: str
    description: str | None
    price_minor: int
    image: str | None
    category_id: str
    order_type: str | None
    house_id: str | None
    closed_to: frozenset[str]
    marks: tuple[str, ...]
    allergens: frozenset[str] | None
    work_minutes: int
    tax_category: str
    deposit_minor: int
    components: tuple[Component, ...]
    mealtimes: tuple[Mealtime, ...]
    options: tuple[OptionGroup, ...]

    def is_offered_at(self, house_id: str) -> bool:
        return self.house_id in (None, house_id) and house_id not in self.closed_to

    def is_offered_for(self, order_type: str) -> bool:
        """A dish that is not delivered is served at the table like any other."""
        kept_here = order_type == "DINE_IN" and self.order_type == "PICKUP"
        return self.order_type in (None, order_type) or kept_here

    def is_served(self, instant: datetime, zone: str) -> bool:
        """Without a mealtime a dish is served whenever the house is open."""
        return not self.mealtimes or any(m.covers(instant, zone) for m in self.mealtimes)


@dataclass(frozen=True, slots=True)
class Availability:
    """What changes from minute to minute. `stock` None: as many as one likes."""

    is_86: bool
    stock: int | None

    @property
    def is_sold_out(self) -> bool:
        return self.is_86 or self.stock == 0


AVAILABLE = Availability(is_86=False, stock=None)


@dataclass(frozen=True, slots=True)
class Category:
    id: str
    slug: str
    name: str
    description: str | None
    image: str | None
    parent_id: str | None
    children: tuple[Category, ...]
    dishes: tuple[Dish, ...]


@dataclass(frozen=True, slots=True)
class MenuBook:
    """The menu of one house: the tree for pages, the dishes for looking up."""

    version: int
    categories: tuple[Category, ...]
    dishes: Mapping[str, Dish]

    def find_by_slug(self, slug: str) -> Dish | None:
        return next((dish for dish in self.dishes.values() if dish.slug == slug), None)
