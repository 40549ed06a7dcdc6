"""The controllers of the pages of houses, for the composition root."""

from kitchenasty.dashboard.houses.busy_pages import BusyPages
from kitchenasty.dashboard.houses.courier_pages import CourierPages
from kitchenasty.dashboard.houses.first_dish_pages import FirstDishPages
from kitchenasty.dashboard.houses.hours_pages import HoursPages
from kitchenasty.dashboard.houses.pages import HousePages
from kitchenasty.dashboard.houses.printer_pages import PrinterPages
from kitchenasty.dashboard.houses.table_pages import TablePages
from kitchenasty.dashboard.houses.terms_pages import TermsPages

HOUSE_DOORS = (
    HousePages,
    HoursPages,
    BusyPages,
    TablePages,
    TermsPages,
    PrinterPages,
    CourierPages,
    FirstDishPages,
)
