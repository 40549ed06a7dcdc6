"""The life of a tender. Pure.

Messages about one attempt come late, twice and in any order, so the states are on one line: of two
that were told, the later one on it counts, whichever came first.
"""

from __future__ import annotations

from enum import StrEnum


class IntentState(StrEnum):
    """CREATED: due; a provider may not know it yet. REQUIRES_ACTION: the guest is asked to pay
    online. AUTHORIZED: promised by the bank, not taken. CAPTURED: the money is ours.
    """

    CREATED = "CREATED"
    REQUIRES_ACTION = "REQUIRES_ACTION"
    AUTHORIZED = "AUTHORIZED"
    CAPTURED = "CAPTURED"
    PARTLY_REFUNDED = "PARTLY_REFUNDED"
    REFUNDED = "REFUNDED"
    FAILED = "FAILED"
    EXPIRED = "EXPIRED"


S = IntentState
LIVE = (S.CREATED, S.REQUIRES_ACTION, S.AUTHORIZED)
"""Money may still come."""
PAID = (S.CAPTURED, S.PARTLY_REFUNDED, S.REFUNDED)
"""Money came."""
NEXT: dict[IntentState, frozenset[IntentState]] = {
    S.CREATED: frozenset({S.REQUIRES_ACTION, S.AUTHORIZED, S.CAPTURED, S.FAILED, S.EXPIRED}),
    S.REQUIRES_ACTION: frozenset({S.AUTHORIZED, S.CAPTURED, S.FAILED, S.EXPIRED}),
    S.AUTHORIZED: frozenset({S.CAPTURED, S.FAILED, S.EXPIRED}),
    S.CAPTURED: frozenset({S.PARTLY_REFUNDED, S.REFUNDED}),
    S.PARTLY_REFUNDED: frozenset({S.PARTLY_REFUNDED, S.REFUNDED}),
    S.REFUNDED: frozenset(),
    # What is taken after we gave up is real money: it is kept in the books and given back.
    S.FAILED: frozenset({S.EXPIRED, S.CAPTURED}),
    S.EXPIRED: frozenset({S.CAPTURED}),
}


def may_become(current: IntentState, target: IntentState) -> bool:
    return target in NEXT[current]


def status_word(state: IntentState) -> str:
    """The contract's word for it: what is not all given back yet counts as paid."""
    if state in LIVE:
        return "PENDING"
    if state in (S.FAILED, S.EXPIRED):
        return "FAILED"
    return "REFUNDED" if state is S.REFUNDED else "COMPLETED"
