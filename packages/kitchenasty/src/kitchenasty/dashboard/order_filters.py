"""The filters of the orders list, as they stand in its address."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from basis.kit.texts import one_line
from kitchenasty import orders
from kitchenasty.kit.principals import Principal

SEARCH_LENGTH_MAX = 100
LATE, OPEN = "late", "open"
LIST, EXPORT = "/admin/orders", "/admin/orders.csv"
STATE_LABELS = {
    "": "All",
    OPEN: "Open",
    LATE: "Late",
    "PENDING": "New",
    "CONFIRMED": "Confirmed",
    "PREPARING": "Preparing",
    "READY": "Ready",
    "OUT_FOR_DELIVERY": "On the way",
    "DELIVERED": "Delivered or served",
    "PICKED_UP": "Picked up",
    "CANCELLED": "Cancelled",
}


def status_words(order_type: orders.OrderType) -> dict[str, str]:
    """What is said of an order of this kind: at the table nothing is delivered."""
    done = "Served" if order_type is orders.OrderType.DINE_IN else "Delivered"
    return STATE_LABELS | {orders.OrderStatus.DELIVERED.value: done}


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which orders to show; an empty text leaves a question open. Nonsense is left out."""

    state: str = ""
    type: str = ""
    house: str = ""
    first_day: str = ""
    last_day: str = ""
    search: str = ""

    @classmethod
    def of(cls, query: Mapping[str, str]) -> Wanted:
        state, kind = query.get("state", ""), query.get("type", "")
        return cls(
            state=state if state in STATE_LABELS else "",
            type=kind if kind in set(orders.OrderType) else "",
            house=query.get("house", "")[:36],
            first_day=day_or_empty(query.get("from", "")),
            last_day=day_or_empty(query.get("to", "")),
            search=one_line(query.get("q", ""))[:SEARCH_LENGTH_MAX],
        )

    @property
    def is_narrow(self) -> bool:
        return self != Wanted()

    @property
    def statuses(self) -> tuple[orders.OrderStatus, ...]:
        if self.state in (LATE, OPEN):
            return orders.OPEN_STATUSES
        return (orders.OrderStatus(self.state),) if self.state else ()

    def to_filter(self, principal: Principal, zone: str) -> orders.OrderFilter:
        """What to ask for; days are days of the wall clock in `zone`, houses only one's own."""
        return orders.OrderFilter(
            house_ids=self.houses_of(principal),
            statuses=self.statuses,
            order_type=orders.OrderType(self.type) if self.type else None,
            placed_from=start_of(self.first_day, zone),
            placed_before=start_of(self.last_day, zone, later_days=1),
            search=self.search,
        )

    def houses_of(self, principal: Principal) -> frozenset[str] | None:
        if not self.house:
            return principal.house_ids
        return frozenset({self.house} if principal.may_see_house(self.house) else ())

    def address(self, *, path: str = LIST, after: str = "") -> str:
        """The list with these filters, from a cursor on; or another `path` with them."""
        asked = {
            "state": self.state,
            "type": self.type,
            "house": self.house,
            "from": self.first_day,
            "to": self.last_day,
            "q": self.search,
            "after": after,
        }
        query = urlencode({name: value for name, value in asked.items() if value})
        return f"{path}?{query}" if query else path


def day_or_empty(text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        return ""


def start_of(day: str, zone: str, *, later_days: int = 0) -> datetime | None:
    """The instant at which a day of the wall clock begins."""
    if not day:
        return None
    try:
        local = date.fromisoformat(day) + timedelta(days=later_days)
        return datetime.combine(local, time(), tzinfo=ZoneInfo(zone)).astimezone(UTC)
    except OverflowError:
        return None
