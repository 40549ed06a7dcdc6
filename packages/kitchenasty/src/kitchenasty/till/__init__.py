"""The drawer: cash counted by its coins, days closed on it, once. Others use only these names."""

from kitchenasty.till.rules import (
    CountedMeanwhile,
    CountKind,
    CountRefused,
    DayClosed,
    DayNotBegun,
    DayUnknown,
    Drawer,
    NotYoursToClose,
    ReasonNeeded,
    bounds_of,
    day_in,
    pieces_of,
)
from kitchenasty.till.service import (
    close_day,
    count_drawer,
    list_closed,
    look_at_day,
)
from kitchenasty.till.views import CashCount, CashDay

__all__ = [
    "CashCount",
    "CashDay",
    "CountKind",
    "CountRefused",
    "CountedMeanwhile",
    "DayClosed",
    "DayNotBegun",
    "DayUnknown",
    "Drawer",
    "NotYoursToClose",
    "ReasonNeeded",
    "bounds_of",
    "close_day",
    "count_drawer",
    "day_in",
    "list_closed",
    "look_at_day",
    "pieces_of",
]
