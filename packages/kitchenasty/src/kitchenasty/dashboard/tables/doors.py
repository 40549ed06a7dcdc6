"""The controllers of the tables' pages, for the composition root."""

from kitchenasty.dashboard.tables.booking_pages import BookingPages
from kitchenasty.dashboard.tables.day_pages import DayPages
from kitchenasty.dashboard.tables.deposit_pages import PartyDepositPages
from kitchenasty.dashboard.tables.order_pages import TableOrderPages
from kitchenasty.dashboard.tables.party_pages import PartyPages
from kitchenasty.dashboard.tables.plan_pages import PlanPages
from kitchenasty.dashboard.tables.trend_pages import TrendPages
from kitchenasty.dashboard.tables.wait_pages import WaitPages

DOORS = (
    DayPages,
    PartyPages,
    PartyDepositPages,
    TableOrderPages,
    BookingPages,
    PlanPages,
    TrendPages,
    WaitPages,
)
