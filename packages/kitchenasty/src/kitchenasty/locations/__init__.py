"""Houses: where they are, when they are open, how they hand over. Others use only these names."""

from kitchenasty.locations.areas import Area, AreaRefused, AxisOrder, Place, read_area
from kitchenasty.locations.drafts import HouseDraft, IntervalDraft, ZoneDraft
from kitchenasty.locations.hours import Interval, WeekHours, parse_wall
from kitchenasty.locations.queries import (
    HouseNotFound,
    NotYourHouse,
    find_house_by_slug,
    list_houses,
    load_house,
    load_own_house,
)
from kitchenasty.locations.service import (
    add_house,
    change_house,
    set_exception,
    set_taxes,
)
from kitchenasty.locations.views import BusyMode, House, TaxRate
from kitchenasty.locations.zone_service import (
    ZoneNotFound,
    ZoneRefused,
    add_zone,
    change_zone,
    remove_zone,
    zone_in,
)
from kitchenasty.locations.zones import (
    OutsideZones,
    PostalCodeRefused,
    Whereabouts,
    WhereaboutsNeeded,
    Zone,
    find_zone,
)

__all__ = [
    "Area",
    "AreaRefused",
    "AxisOrder",
    "BusyMode",
    "House",
    "HouseDraft",
    "HouseNotFound",
    "Interval",
    "IntervalDraft",
    "NotYourHouse",
    "OutsideZones",
    "Place",
    "PostalCodeRefused",
    "TaxRate",
    "WeekHours",
    "Whereabouts",
    "WhereaboutsNeeded",
    "Zone",
    "ZoneDraft",
    "ZoneNotFound",
    "ZoneRefused",
    "add_house",
    "add_zone",
    "change_house",
    "change_zone",
    "find_house_by_slug",
    "find_zone",
    "list_houses",
    "load_house",
    "load_own_house",
    "parse_wall",
    "read_area",
    "remove_zone",
    "set_exception",
    "set_taxes",
    "zone_in",
]
