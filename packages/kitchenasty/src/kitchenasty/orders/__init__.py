"""Orders, from the moment they are agreed to the empty plate. Others use only these names."""

from kitchenasty.orders import totals
from kitchenasty.orders.capacity import QUARTER, list_loads, quarter_of, reserve
from kitchenasty.orders.claim import OrderIsTaken, claim_order
from kitchenasty.orders.events import OrderMoved, OrderPlaced
from kitchenasty.orders.lists import OrderFilter, count_orders, list_orders
from kitchenasty.orders.move import OrderChanged, move_order
from kitchenasty.orders.place import capability_of, record_order
from kitchenasty.orders.queries import (
    OrderNotFound,
    find_order_by_capability,
    is_opened_by,
    list_open_tickets,
    list_taxes,
    load_explanation,
    load_order,
    load_order_by_capability,
    load_tickets,
    load_visible,
)
from kitchenasty.orders.release import HeldOrder, hold_order, release
from kitchenasty.orders.schemas import OrderView, PlacedOrderView, TaxView
from kitchenasty.orders.states import (
    FORWARD,
    HANDED_OVER,
    KITCHEN_STATUSES,
    OPEN_STATUSES,
    NotForGuests,
    OrderMoveRefused,
    OrderStatus,
    OrderType,
    following,
    next_statuses,
    words,
)
from kitchenasty.orders.sums import POINTS_KEY, Sums, load_sums, sums_of, sums_of_breakdown
from kitchenasty.orders.views import (
    AgreedOrder,
    Contact,
    HistoryEntry,
    Line,
    LineOption,
    Order,
    PlacedOrder,
    Ticket,
    TicketLine,
)

__all__ = [
    "FORWARD",
    "HANDED_OVER",
    "KITCHEN_STATUSES",
    "OPEN_STATUSES",
    "POINTS_KEY",
    "QUARTER",
    "AgreedOrder",
    "Contact",
    "HeldOrder",
    "HistoryEntry",
    "Line",
    "LineOption",
    "NotForGuests",
    "Order",
    "OrderChanged",
    "OrderFilter",
    "OrderIsTaken",
    "OrderMoveRefused",
    "OrderMoved",
    "OrderNotFound",
    "OrderPlaced",
    "OrderStatus",
    "OrderType",
    "OrderView",
    "PlacedOrder",
    "PlacedOrderView",
    "Sums",
    "TaxView",
    "Ticket",
    "TicketLine",
    "capability_of",
    "claim_order",
    "count_orders",
    "find_order_by_capability",
    "following",
    "hold_order",
    "is_opened_by",
    "list_loads",
    "list_open_tickets",
    "list_orders",
    "list_taxes",
    "load_explanation",
    "load_order",
    "load_order_by_capability",
    "load_sums",
    "load_tickets",
    "load_visible",
    "move_order",
    "next_statuses",
    "quarter_of",
    "record_order",
    "release",
    "reserve",
    "sums_of",
    "sums_of_breakdown",
    "totals",
    "words",
]
