"""Houses: where they are, when they are open, how they hand over. Others use only these names."""

from kitchenasty.locations.drafts import HouseDraft, IntervalDraft
from kitchenasty.locations.hours import Interval, WeekHours, parse_wall
from kitchenasty.locations.queries import (
    HouseNotFound,
    find_house_by_slug,
    list_houses,
    load_house,
)
from kitchenasty.locations.service import (
    add_house,
    change_house,
    set_exception,
    set_taxes,
)
from kitchenasty.locations.views import BusyMode, House, TaxRate

__all__ = [
    "BusyMode",
    "House",
    "HouseDraft",
    "HouseNotFound",
    "Interval",
    "IntervalDraft",
    "TaxRate",
    "WeekHours",
    "add_house",
    "change_house",
    "find_house_by_slug",
    "list_houses",
    "load_house",
    "parse_wall",
    "set_exception",
    "set_taxes",
]
