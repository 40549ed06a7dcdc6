from __future__ import annotations

from kitchenasty.payments.states import LIVE, NEXT, IntentState, may_become


def test_money_that_came_goes_back_only_by_refunds() -> None:
    for state in (IntentState.CAPTURED, IntentState.PARTLY_REFUNDED):
        assert NEXT[state] <= {IntentState.PARTLY_REFUNDED, IntentState.REFUNDED}
    assert NEXT[IntentState.REFUNDED] == frozenset()


def test_what_is_taken_after_we_gave_up_is_kept_in_the_books() -> None:
    for state in (IntentState.FAILED, IntentState.EXPIRED):
        assert may_become(state, IntentState.CAPTURED)
        assert not any(may_become(state, live) for live in LIVE)
