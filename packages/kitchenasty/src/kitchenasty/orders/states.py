"""Which way an order may go, and who may send it there. Pure."""

from __future__ import annotations

from enum import StrEnum
from functools import cache

from basis.errors import Conflict, Forbidden
from basis.sentences import Sentence


class OrderType(StrEnum):
    DELIVERY = "DELIVERY"
    PICKUP = "PICKUP"
    DINE_IN = "DINE_IN"


class OrderStatus(StrEnum):
    PENDING = "PENDING"
    CONFIRMED = "CONFIRMED"
    PREPARING = "PREPARING"
    READY = "READY"
    OUT_FOR_DELIVERY = "OUT_FOR_DELIVERY"
    DELIVERED = "DELIVERED"
    PICKED_UP = "PICKED_UP"
    CANCELLED = "CANCELLED"


class Mover(StrEnum):
    """Who moves an order: the guest it belongs to, or somebody of the house."""

    GUEST = "GUEST"
    STAFF = "STAFF"


S = OrderStatus
KITCHEN_STATUSES = (S.PENDING, S.CONFIRMED, S.PREPARING, S.READY)
OPEN_STATUSES = (*KITCHEN_STATUSES, S.OUT_FOR_DELIVERY)
HANDED_OVER = (S.DELIVERED, S.PICKED_UP)
FINAL_STATUSES = (*HANDED_OVER, S.CANCELLED)

_SHARED: dict[OrderStatus, frozenset[OrderStatus]] = {
    S.PENDING: frozenset({S.CONFIRMED, S.CANCELLED}),
    S.CONFIRMED: frozenset({S.PREPARING, S.CANCELLED}),
    # A bump too early is taken back: Ready to Preparing to Confirmed.
    S.PREPARING: frozenset({S.READY, S.CONFIRMED, S.CANCELLED}),
    S.DELIVERED: frozenset(),
    S.PICKED_UP: frozenset(),
    S.CANCELLED: frozenset(),
}
NEXT: dict[OrderType, dict[OrderStatus, frozenset[OrderStatus]]] = {
    OrderType.DELIVERY: {
        **_SHARED,
        S.READY: frozenset({S.OUT_FOR_DELIVERY, S.DELIVERED, S.PREPARING, S.CANCELLED}),
        S.OUT_FOR_DELIVERY: frozenset({S.DELIVERED, S.CANCELLED}),
    },
    OrderType.PICKUP: {
        **_SHARED,
        S.READY: frozenset({S.PICKED_UP, S.PREPARING, S.CANCELLED}),
        S.OUT_FOR_DELIVERY: frozenset(),
    },
    # Delivered to the table: it is paid when the guests ask for the bill.
    OrderType.DINE_IN: {
        **_SHARED,
        S.READY: frozenset({S.DELIVERED, S.PREPARING, S.CANCELLED}),
        S.OUT_FOR_DELIVERY: frozenset(),
    },
}
FORWARD: dict[OrderType, tuple[OrderStatus, ...]] = {
    OrderType.DELIVERY: (
        S.PENDING,
        S.CONFIRMED,
        S.PREPARING,
        S.READY,
        S.OUT_FOR_DELIVERY,
        S.DELIVERED,
    ),
    OrderType.PICKUP: (S.PENDING, S.CONFIRMED, S.PREPARING, S.READY, S.PICKED_UP),
    OrderType.DINE_IN: (S.PENDING, S.CONFIRMED, S.PREPARING, S.READY, S.DELIVERED),
}
"""The steps that a guest sees, in order."""


class OrderMoveRefused(Conflict):
    """The order cannot go there from where it is."""


class NotForGuests(Forbidden):
    """Guests may cancel their order while the house allows it, and nothing else."""


@cache
def next_statuses(status: OrderStatus, order_type: OrderType) -> tuple[OrderStatus, ...]:
    """Where staff may send it, in the order of the enum."""
    allowed = NEXT[order_type][status]
    return tuple(target for target in OrderStatus if target in allowed)


def following(status: OrderStatus, order_type: OrderType) -> OrderStatus | None:
    """The next step forward; None at the end."""
    steps = FORWARD[order_type]
    if status not in steps or status is steps[-1]:
        return None
    return steps[steps.index(status) + 1]


def check_move(
    current: OrderStatus,
    target: OrderStatus,
    order_type: OrderType,
    *,
    mover: Mover = Mover.STAFF,
    guest_may_cancel_until: OrderStatus = OrderStatus.CONFIRMED,
) -> None:
    """Raises OrderMoveRefused or NotForGuests."""
    if mover is Mover.GUEST and target is not OrderStatus.CANCELLED:
        raise NotForGuests("Only the house can move an order on.")
    if target not in NEXT[order_type][current]:
        raise OrderMoveRefused(
            Sentence.of(
                "An order that is {status} cannot become {target}.",
                status=words(current),
                target=words(target),
            ),
            status=current.value,
        )
    if mover is Mover.GUEST and not guest_may_cancel(current, order_type, guest_may_cancel_until):
        raise OrderMoveRefused(
            "The kitchen has begun, so this order can no longer be cancelled here. Please call us.",
            status=current.value,
        )


def guest_may_cancel(current: OrderStatus, order_type: OrderType, until: OrderStatus) -> bool:
    """Whether the house still lets the guest cancel: up to and including the step `until`."""
    steps = FORWARD[order_type]
    if order_type is OrderType.DINE_IN or current not in steps or until not in steps:
        return False  # at the table one tells the waiter
    return (
        steps.index(current) <= steps.index(until)
        and OrderStatus.CANCELLED in (NEXT[order_type][current])
    )


def words(status: OrderStatus) -> Sentence:
    """`OUT_FOR_DELIVERY` as `out for delivery`."""
    return Sentence.of(status.value.lower().replace("_", " "))
