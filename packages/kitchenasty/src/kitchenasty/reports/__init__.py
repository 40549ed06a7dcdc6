"""What the house took: figures of any days, kept up to date beside the orders. Others use only
these names.
"""

from kitchenasty.reports.counting import count_all, count_anew, count_now
from kitchenasty.reports.entries import Figure, Kind
from kitchenasty.reports.overview import (
    LastDays,
    Overview,
    Taken,
    TopDish,
    look_back,
    look_over,
)
from kitchenasty.reports.periods import Period, PeriodName, Span, Step, period_of
from kitchenasty.reports.queries import Guests, Sums, sum_figures
from kitchenasty.reports.service import (
    COUPON,
    HAPPY_HOUR,
    POINTS,
    make_reports,
    spans_of,
    today_in,
)
from kitchenasty.reports.views import Report, Reports, Row, StepRow, Totals

__all__ = [
    "COUPON",
    "HAPPY_HOUR",
    "POINTS",
    "Figure",
    "Guests",
    "Kind",
    "LastDays",
    "Overview",
    "Period",
    "PeriodName",
    "Report",
    "Reports",
    "Row",
    "Span",
    "Step",
    "StepRow",
    "Sums",
    "Taken",
    "TopDish",
    "Totals",
    "count_all",
    "count_anew",
    "count_now",
    "look_back",
    "look_over",
    "make_reports",
    "period_of",
    "spans_of",
    "sum_figures",
    "today_in",
]
