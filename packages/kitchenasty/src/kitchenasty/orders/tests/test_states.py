"""R7: only legal status changes, for every step, every order type and everybody."""

from __future__ import annotations

from collections import Counter
from itertools import product

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from kitchenasty.orders.states import (
    FINAL_STATUSES,
    FORWARD,
    Mover,
    NotForGuests,
    OrderMoveRefused,
    OrderStatus,
    OrderType,
    check_move,
    following,
    guest_may_cancel,
    next_statuses,
)

# The law written down a second time, by hand: P C R Y O D U X are the statuses in their order.
LETTERS = dict(zip("PCRYODUX", OrderStatus, strict=True))
DELIVERY = "PC PX CR CX RY RC RX YO YD YR YX OD OX"
PICKUP = "PC PX CR CX RY RC RX YU YR YX"
DINE_IN = "PC PX CR CX RY RC RX YD YR YX"
LAW = {
    kind: {(LETTERS[pair[0]], LETTERS[pair[1]]) for pair in pairs.split()}
    for kind, pairs in (
        (OrderType.DELIVERY, DELIVERY),
        (OrderType.PICKUP, PICKUP),
        (OrderType.DINE_IN, DINE_IN),
    )
}
CANCELLED = OrderStatus.CANCELLED
RUNS, STEPS = 400, 50
lived: Counter[str] = Counter()


def outcome(
    before: OrderStatus, after: OrderStatus, kind: OrderType, mover: Mover, until: OrderStatus
) -> str:
    try:
        check_move(before, after, kind, mover=mover, guest_may_cancel_until=until)
    except (OrderMoveRefused, NotForGuests):
        return "refused"
    return "moved"


def lawful(
    before: OrderStatus, after: OrderStatus, kind: OrderType, mover: Mover, until: OrderStatus
) -> bool:
    if (before, after) not in LAW[kind]:
        return False
    if mover is Mover.STAFF:
        return True
    early = list(OrderStatus)[: list(OrderStatus).index(until) + 1]
    return after is CANCELLED and before in early and kind is not OrderType.DINE_IN


def test_every_move_of_everybody_is_as_the_law_says() -> None:
    untils = (OrderStatus.PENDING, OrderStatus.CONFIRMED, OrderStatus.PREPARING)
    tried = moved = 0
    for before, after, kind, mover, until in product(
        OrderStatus, OrderStatus, OrderType, Mover, untils
    ):
        expected = "moved" if lawful(before, after, kind, mover, until) else "refused"
        assert outcome(before, after, kind, mover, until) == expected, (before, after, kind, mover)
        tried += 1
        moved += expected == "moved"
    print(f"R7: {tried} moves tried (8 x 8, 2 types, 2 movers, 3 limits), {moved} legal, 0 others")


@pytest.mark.parametrize("kind", OrderType)
def test_the_steps_forward_lead_to_the_end(kind: OrderType) -> None:
    status: OrderStatus | None = OrderStatus.PENDING
    seen = []
    while status is not None:
        seen.append(status)
        status = following(status, kind)
    assert tuple(seen) == FORWARD[kind]
    assert seen[-1] in FINAL_STATUSES


@pytest.mark.parametrize("kind", OrderType)
@pytest.mark.parametrize("status", OrderStatus)
def test_whoever_is_told_that_a_guest_may_cancel_can(status: OrderStatus, kind: OrderType) -> None:
    until = OrderStatus.CONFIRMED
    told = guest_may_cancel(status, kind, until)
    assert told == (outcome(status, CANCELLED, kind, Mover.GUEST, until) == "moved")


class Lives(RuleBasedStateMachine):
    """An order that staff and guest pull at, beside a model that knows the law alone."""

    @initialize(kind=st.sampled_from(OrderType), until=st.sampled_from(OrderStatus))
    def place(self, kind: OrderType, until: OrderStatus) -> None:
        lived.update(orders=1)
        self.kind, self.until = kind, until
        self.status = self.model = OrderStatus.PENDING

    @rule(wish=st.sampled_from(OrderStatus), mover=st.sampled_from(Mover))
    def pull(self, wish: OrderStatus, mover: Mover) -> None:
        lived.update(pulls=1)
        # A limit that is not a step of this kind of order lets no guest cancel.
        is_step = self.until in FORWARD[self.kind]
        legal = lawful(self.model, wish, self.kind, mover, self.until)
        if legal and (mover is Mover.STAFF or is_step):
            self.model = wish
        if outcome(self.status, wish, self.kind, mover, self.until) == "moved":
            self.status = wish

    @invariant()
    def order_and_model_agree(self) -> None:
        assert getattr(self, "status", None) == getattr(self, "model", None)
        if getattr(self, "status", None) in FINAL_STATUSES:
            assert next_statuses(self.status, self.kind) == ()


def test_no_life_of_an_order_leaves_the_law() -> None:
    lived.clear()
    run_state_machine_as_test(
        Lives,
        settings=settings(
            max_examples=RUNS, stateful_step_count=STEPS, deadline=None, derandomize=True
        ),
    )
    print(f"R7: {lived['orders']} lives of up to {STEPS} steps, {lived['pulls']} pulls, as the law")
    assert lived["orders"] >= RUNS
