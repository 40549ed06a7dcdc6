"""How a party or a table looks to whoever is on the floor, by colour and by sign. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum

from basis.sentences import word
from kitchenasty.orders import OrderStatus, Round
from kitchenasty.reservation_terms import Terms
from kitchenasty.reservations import EXPECTED, Reservation, Status


class PartyState(StrEnum):
    """What a party is to the floor: a status, told apart by the clock."""

    PENDING = "pending"
    UNPAID = "unpaid"
    EXPECTED = "expected"
    LATE = "late"
    SEATED = "seated"
    OVERDUE = "overdue"
    LEFT = "left"
    CANCELLED = "cancelled"
    ABSENT = "absent"


P = PartyState
PARTY_WORDS = {
    P.PENDING: word("To be confirmed"),
    P.UNPAID: word("Waiting for the deposit"),
    P.EXPECTED: word("Expected"),
    P.LATE: word("Late"),
    P.SEATED: word("Seated"),
    P.OVERDUE: word("Longer than planned"),
    P.LEFT: word("Left"),
    P.CANCELLED: word("Cancelled"),
    P.ABSENT: word("Did not come"),
}
# Icons, since no state is told by its colour alone.
PARTY_SIGNS = {
    P.PENDING: "bell",
    P.UNPAID: "hand-coins",
    P.EXPECTED: "clock",
    P.LATE: "alarm-clock",
    P.SEATED: "users",
    P.OVERDUE: "timer",
    P.LEFT: "check",
    P.CANCELLED: "ban",
    P.ABSENT: "eye-off",
}
PARTY_KINDS = {
    P.PENDING: "warn",
    P.UNPAID: "warn",
    P.EXPECTED: "accent",
    P.LATE: "bad",
    P.SEATED: "ok",
    P.OVERDUE: "warn",
    P.LEFT: "",
    P.CANCELLED: "",
    P.ABSENT: "bad",
}


class Secured(StrEnum):
    """What of a party is here before they are. What is only waited for is a PartyState."""

    DEPOSIT = "deposit"
    CARD = "card"


SECURED_WORDS = {Secured.DEPOSIT: word("Deposit paid"), Secured.CARD: word("Card kept")}
SECURED_SIGNS = {Secured.DEPOSIT: "wallet", Secured.CARD: "credit-card"}
OVER = {
    Status.COMPLETED: P.LEFT,
    Status.CANCELLED: P.CANCELLED,
    Status.NO_SHOW: P.ABSENT,
}


AT_TABLE = (P.OVERDUE, P.SEATED)


def state_of(reservation: Reservation, terms: Terms, now: datetime) -> PartyState:
    if reservation.status is Status.SEATED:
        return P.OVERDUE if now > reservation.ends_at else P.SEATED
    if reservation.awaits_deposit:
        return P.UNPAID
    if reservation.status in EXPECTED:
        if now > reservation.starts_at + timedelta(minutes=terms.late_minutes):
            return P.LATE
        return P.PENDING if reservation.status is Status.PENDING else P.EXPECTED
    return OVER[reservation.status]


class TableState(StrEnum):
    """What a table is to the floor at this moment."""

    FREE = "free"
    SOON = "soon"
    KEPT = "kept"
    LATE = "late"
    SEATED = "seated"
    ORDERED = "ordered"
    READY = "ready"
    TO_PAY = "to-pay"
    PAID = "paid"
    OVERDUE = "overdue"
    BLOCKED = "blocked"


T = TableState
TABLE_WORDS = {
    T.FREE: word("Free"),
    T.SOON: word("Free, booked soon"),
    T.KEPT: word("Kept for a party"),
    T.LATE: word("The party is late"),
    T.SEATED: word("Seated"),
    T.ORDERED: word("Ordered"),
    T.READY: word("Ready to be served"),
    T.TO_PAY: word("Served, to pay"),
    T.PAID: word("Served and paid"),
    T.OVERDUE: word("Longer than planned"),
    T.BLOCKED: word("Blocked"),
}
TABLE_SIGNS = {
    T.FREE: "circle-check",
    T.SOON: "calendar-clock",
    T.KEPT: "clock",
    T.LATE: "alarm-clock",
    T.SEATED: "users",
    T.ORDERED: "chef-hat",
    T.READY: "bell",
    T.TO_PAY: "hand-coins",
    T.PAID: "check",
    T.OVERDUE: "timer",
    T.BLOCKED: "ban",
}
OF_PARTY = {
    P.PENDING: T.KEPT,
    P.UNPAID: T.KEPT,
    P.EXPECTED: T.KEPT,
    P.LATE: T.LATE,
    P.SEATED: T.SEATED,
    P.OVERDUE: T.OVERDUE,
}


def served_state(rounds: Sequence[Round]) -> TableState | None:
    """How far the meal of a party is; None where nothing was ordered."""
    if not rounds:
        return None
    if any(one.status is OrderStatus.READY for one in rounds):
        return T.READY
    if not all(one.is_served for one in rounds):
        return T.ORDERED
    return T.TO_PAY if any(one.due_minor for one in rounds) else T.PAID


OPEN_TO_ALL = frozenset({T.FREE, T.SOON})
