"""The figures of the dashboard as the contract's clients read them."""

from __future__ import annotations

from basis.kit.http.wire import Amount, WireStruct, amount
from kitchenasty import orders, reports


class MetricsView(WireStruct, kw_only=True):
    """Orders are counted when they are accepted, money when it is paid: with tax, without tips,
    less what was given back. A week begins on Monday. `pendingReviews` wait for somebody to read
    them.
    """

    orders_today: int
    revenue_today: Amount
    orders_this_week: int
    revenue_this_week: Amount
    orders_this_month: int
    revenue_this_month: Amount
    total_orders: int
    total_revenue: Amount
    active_items: int
    total_customers: int
    pending_reservations: int
    pending_reviews: int
    currency: str


class TopItemView(WireStruct, kw_only=True):
    menu_item_id: str
    name: str
    total_quantity: int


class StatsView(WireStruct, kw_only=True):
    metrics: MetricsView
    recent_orders: list[orders.OrderView]
    top_items: list[TopItemView]


class DayView(WireStruct, kw_only=True):
    """`date` is the house's own."""

    date: str
    orders: int
    revenue: Amount


class TypeView(WireStruct, kw_only=True):
    type: str
    count: int


class StatusView(WireStruct, kw_only=True):
    status: str
    count: int


class HourView(WireStruct, kw_only=True):
    """An hour of the house's clock, 0 to 23."""

    hour: int
    orders: int


class CategoryRevenueView(WireStruct, kw_only=True):
    """`orders`: how often one of its dishes was on an order."""

    name: str
    revenue: Amount
    orders: int


class AnalyticsView(WireStruct, kw_only=True):
    daily_stats: list[DayView]
    order_type_distribution: list[TypeView]
    order_status_distribution: list[StatusView]
    hourly_distribution: list[HourView]
    category_revenue: list[CategoryRevenueView]
    currency: str

    @classmethod
    def of(cls, found: reports.LastDays) -> AnalyticsView:
        code = found.currency
        return cls(
            daily_stats=[
                DayView(
                    date=day.isoformat(),
                    orders=taken.orders,
                    revenue=amount(taken.revenue_minor, code),
                )
                for day, taken in found.days
            ],
            order_type_distribution=[
                TypeView(type=key, count=count) for key, count in found.types.items()
            ],
            order_status_distribution=[
                StatusView(status=key, count=count) for key, count in found.statuses.items()
            ],
            hourly_distribution=[
                HourView(hour=hour, orders=count) for hour, count in enumerate(found.hours)
            ],
            category_revenue=[
                CategoryRevenueView(
                    name=row.name, revenue=amount(row.minor, code), orders=row.orders
                )
                for row in found.categories
            ],
            currency=code,
        )


def metrics_of(
    found: reports.Overview, *, dishes: int, customers: int, reservations: int, unread: int
) -> MetricsView:
    code = found.currency
    return MetricsView(
        orders_today=found.today.orders,
        revenue_today=amount(found.today.revenue_minor, code),
        orders_this_week=found.week.orders,
        revenue_this_week=amount(found.week.revenue_minor, code),
        orders_this_month=found.month.orders,
        revenue_this_month=amount(found.month.revenue_minor, code),
        total_orders=found.ever.orders,
        total_revenue=amount(found.ever.revenue_minor, code),
        active_items=dishes,
        total_customers=customers,
        pending_reservations=reservations,
        pending_reviews=unread,
        currency=code,
    )
