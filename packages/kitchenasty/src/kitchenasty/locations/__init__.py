"""Houses: where they are, when they are open, how they hand over. Others use only these names."""

from kitchenasty.locations.areas import Area, AreaRefused, AxisOrder, Place, distance_m, read_area
from kitchenasty.locations.busy_service import set_busy
from kitchenasty.locations.charges import (
    DININGS,
    Charges,
    ChargesRefused,
    ServiceTerms,
    check_charges,
)
from kitchenasty.locations.described import address_facts, known
from kitchenasty.locations.drafts import HouseDraft, IntervalDraft, ZoneDraft
from kitchenasty.locations.expected import ExpectedParty, TableExpected, list_expected
from kitchenasty.locations.facts import HOUSE_FACTS, facts_of_house, load_houses, on_the_wall
from kitchenasty.locations.hours import Interval, WeekHours, first_instant, parse_wall
from kitchenasty.locations.hours_service import remove_exception, set_exception, set_week
from kitchenasty.locations.maps import MAPS, Tiles, load_tiles
from kitchenasty.locations.ordering import ORDER, Ordering, load_beginnings
from kitchenasty.locations.queries import (
    HouseNotFound,
    NotYourHouse,
    find_house_by_slug,
    list_houses,
    load_house,
    load_own_house,
)
from kitchenasty.locations.refusals import HouseInUse, HouseRefused, SlugTaken
from kitchenasty.locations.service import (
    CANCEL_UNTIL,
    add_house,
    change_house,
    close_down,
    set_charges,
    set_taxes,
)
from kitchenasty.locations.table_service import (
    TableInUse,
    TableNotFound,
    TableTaken,
    add_tables,
    change_table,
    list_tables,
    load_table,
    remove_table,
)
from kitchenasty.locations.tables import Table, TableDraft, TableRefused, read_names
from kitchenasty.locations.uses import picture_uses
from kitchenasty.locations.views import BusyMode, House, TaxRate
from kitchenasty.locations.week import (
    DatedHours,
    DayHours,
    HoursUnreadable,
    day_of,
    list_dated,
    list_days,
    read_hours,
    typed_of,
)
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
    postal_key,
)

__all__ = [
    "CANCEL_UNTIL",
    "DININGS",
    "HOUSE_FACTS",
    "MAPS",
    "ORDER",
    "Area",
    "AreaRefused",
    "AxisOrder",
    "BusyMode",
    "Charges",
    "ChargesRefused",
    "DatedHours",
    "DayHours",
    "ExpectedParty",
    "HoursUnreadable",
    "House",
    "HouseDraft",
    "HouseInUse",
    "HouseNotFound",
    "HouseRefused",
    "Interval",
    "IntervalDraft",
    "NotYourHouse",
    "Ordering",
    "OutsideZones",
    "Place",
    "PostalCodeRefused",
    "ServiceTerms",
    "SlugTaken",
    "Table",
    "TableDraft",
    "TableExpected",
    "TableInUse",
    "TableNotFound",
    "TableRefused",
    "TableTaken",
    "TaxRate",
    "Tiles",
    "WeekHours",
    "Whereabouts",
    "WhereaboutsNeeded",
    "Zone",
    "ZoneDraft",
    "ZoneNotFound",
    "ZoneRefused",
    "add_house",
    "add_tables",
    "add_zone",
    "address_facts",
    "change_house",
    "change_table",
    "change_zone",
    "check_charges",
    "close_down",
    "day_of",
    "distance_m",
    "facts_of_house",
    "find_house_by_slug",
    "find_zone",
    "first_instant",
    "known",
    "list_dated",
    "list_days",
    "list_expected",
    "list_houses",
    "list_tables",
    "load_beginnings",
    "load_house",
    "load_houses",
    "load_own_house",
    "load_table",
    "load_tiles",
    "on_the_wall",
    "parse_wall",
    "picture_uses",
    "postal_key",
    "read_area",
    "read_hours",
    "read_names",
    "remove_exception",
    "remove_table",
    "remove_zone",
    "set_busy",
    "set_charges",
    "set_exception",
    "set_taxes",
    "set_week",
    "typed_of",
    "zone_in",
]
