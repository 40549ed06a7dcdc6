"""The office: today, orders, staff, for the people who run the house."""

from kitchenasty.dashboard.settings import CHAPTERS, OPEN_IN_MAINTENANCE

__all__ = ["CHAPTERS", "OPEN_IN_MAINTENANCE"]
