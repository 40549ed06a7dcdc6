"""The doors to the house's guests."""

from kitchenasty.dashboard.guests.data_pages import GuestDataPages
from kitchenasty.dashboard.guests.export import GuestExport
from kitchenasty.dashboard.guests.pages import GuestPages
from kitchenasty.dashboard.guests.routes import CustomersApi

DOORS = (GuestExport, GuestPages, GuestDataPages, CustomersApi)
