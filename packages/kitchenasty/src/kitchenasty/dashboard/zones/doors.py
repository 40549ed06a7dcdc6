"""The controllers of the pages of zones, for the composition root."""

from kitchenasty.dashboard.zones.address_pages import AddressPages
from kitchenasty.dashboard.zones.file_pages import ZoneFiles
from kitchenasty.dashboard.zones.pages import ZonePages

ZONE_DOORS = (ZonePages, AddressPages, ZoneFiles)
