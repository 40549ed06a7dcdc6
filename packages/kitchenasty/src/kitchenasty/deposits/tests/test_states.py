"""Whatever happens to a deposit, and in whatever order: no cent comes from nowhere or is lost."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kitchenasty.deposits.fates import Fate, fate_of
from kitchenasty.deposits.states import Account, NotSoMuchLeft, share_out
from kitchenasty.reservation_terms import Agreed, Ask
from kitchenasty.reservations import Status

STARTS_AT = datetime(2030, 5, 24, 17, 0, tzinfo=UTC)
AGREED = Agreed(
    ask=Ask.DEPOSIT,
    amount_minor=8_000,
    currency="EUR",
    notice_hours=24,
    free_until=STARTS_AT - timedelta(hours=24),
    confirms=True,
    words="",
)
ACTS = st.lists(
    st.tuples(
        st.sampled_from(["pay", "give_back", "keep", "let_go", "use"]), st.integers(-5, 9_000)
    ),
    max_size=40,
)


@given(ACTS)
def test_what_came_in_is_what_went_back_was_kept_and_is_left(acts: list[tuple[str, int]]) -> None:
    account = Account(currency="EUR")
    for act, minor in acts:
        if act == "pay":
            account = account.pay(max(0, minor))
            continue
        try:
            account = getattr(account, act)(minor)
        except NotSoMuchLeft:
            continue
        parts = (
            account.returned_minor,
            account.kept_minor,
            account.used_minor,
            account.left_minor,
        )
        assert all(part >= 0 for part in parts)
        assert account.paid_minor == sum(parts)


@given(
    st.integers(0, 20_000),
    st.dictionaries(st.text("abc", min_size=1, max_size=2), st.integers(0, 9_000)),
)
def test_bills_are_paid_in_their_order_until_nothing_is_left(
    left: int, due: dict[str, int]
) -> None:
    shares = share_out(left, due)
    assert sum(shares.values()) == min(left, sum(due.values()))
    assert all(0 < part <= due[order_id] for order_id, part in shares.items())
    paid = [order_id for order_id, minor in due.items() if minor]
    assert list(shares) == paid[: len(shares)], "none is passed over"
    assert all(shares[order_id] == due[order_id] for order_id in list(shares)[:-1])


def test_no_more_goes_back_than_is_left() -> None:
    account = Account(currency="EUR").pay(6_000).give_back(1_000).keep(2_000)
    with pytest.raises(NotSoMuchLeft, match=r"Of the deposit 30\.00 EUR is left"):
        account.give_back(3_001)
    assert account.give_back(3_000).left_minor == 0


@pytest.mark.parametrize(
    ("status", "hours_before", "is_by_house", "fate"),
    [
        (Status.CANCELLED, 24, False, Fate.RETURN),
        (Status.CANCELLED, 23.99, False, Fate.KEEP),
        (Status.CANCELLED, 23.99, True, Fate.HOLD),
        (Status.CANCELLED, 24, True, Fate.RETURN),
        (Status.NO_SHOW, -1, True, Fate.KEEP),
        (Status.SEATED, 0, True, Fate.HOLD),
        (Status.COMPLETED, -2, True, Fate.RETURN),
        (Status.CONFIRMED, 100, False, Fate.HOLD),
    ],
)
def test_who_cancels_in_time_has_it_back(
    status: Status, hours_before: float, is_by_house: bool, fate: Fate
) -> None:
    moved_at = STARTS_AT - timedelta(hours=hours_before)
    assert fate_of(AGREED, status, moved_at, is_by_house=is_by_house) is fate


def test_who_moves_a_late_reservation_does_not_make_it_early() -> None:
    later = STARTS_AT + timedelta(days=30)
    in_time = AGREED.moved(later, STARTS_AT - timedelta(hours=30))
    late = AGREED.moved(later, STARTS_AT - timedelta(hours=3))
    assert in_time.free_until == later - timedelta(hours=24)
    assert late.free_until == AGREED.free_until
