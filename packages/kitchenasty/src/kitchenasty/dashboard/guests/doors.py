"""The doors to the house's guests, and to what they say."""

from kitchenasty.dashboard.guests.data_pages import GuestDataPages, StrangerDataPages
from kitchenasty.dashboard.guests.export import GuestExport
from kitchenasty.dashboard.guests.pages import GuestPages
from kitchenasty.dashboard.guests.routes import CustomersApi
from kitchenasty.dashboard.review_pages import ReviewPages

DOORS = (GuestExport, GuestPages, GuestDataPages, StrangerDataPages, ReviewPages, CustomersApi)
