"""Houses: where they are, when they are open, how they hand over. Others use only these names."""

from kitchenasty.locations.areas import Area, AreaRefused, AxisOrder, Place, read_area
from kitchenasty.locations.charges import (
    DININGS,
    Charges,
    ChargesRefused,
    ServiceTerms,
    check_charges,
)
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
    set_charges,
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
    "DININGS",
    "Area",
    "AreaRefused",
    "AxisOrder",
    "BusyMode",
    "Charges",
    "ChargesRefused",
    "House",
    "HouseDraft",
    "HouseNotFound",
    "Interval",
    "IntervalDraft",
    "NotYourHouse",
    "OutsideZones",
    "Place",
    "PostalCodeRefused",
    "ServiceTerms",
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
    "check_charges",
    "find_house_by_slug",
    "find_zone",
    "list_houses",
    "load_house",
    "load_own_house",
    "parse_wall",
    "read_area",
    "remove_zone",
    "set_charges",
    "set_exception",
    "set_taxes",
    "zone_in",
]
