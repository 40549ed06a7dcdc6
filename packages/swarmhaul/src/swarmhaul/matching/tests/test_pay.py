"""What is paid adds up, to the lamport."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from swarmhaul.matching import pay_as_bid, share_surplus

legs = st.lists(st.tuples(st.integers(1, 10**12), st.integers(0, 10_000)), min_size=1, max_size=8)


@given(legs, st.integers(0, 8 * 10**12), st.integers(0, 10_000), st.integers(0, 10_000))
def test_bids_and_shares_are_the_budget_less_what_goes_back(
    rows: list[tuple[int, int]], surplus: int, shared: int, fairness: int
) -> None:
    costs, scores = [cost for cost, _ in rows], [score for _, score in rows]
    budget = sum(costs) + surplus
    paid = share_surplus(costs, scores, budget=budget, shared=shared, fairness=fairness)
    is_weighed = fairness or any(scores)
    assert sum(paid) == sum(costs) + (surplus * shared // 10_000 if is_weighed else 0)
    assert all(got >= cost for got, cost in zip(paid, costs, strict=True))


def test_the_best_name_gets_at_most_1_43_times_the_share_of_the_worst() -> None:
    assert share_surplus([0, 0], [10_000, 0], budget=1_700) == [1_000, 700]


def test_three_legs_of_an_odd_budget_lose_no_lamport() -> None:
    """D-01: rounded leg by leg, a quarter of such jobs could not pay their last courier."""
    assert share_surplus([1, 1, 1], [5_000] * 3, budget=13) == [5, 4, 4]


def test_pay_as_bid_pays_what_was_bid() -> None:
    assert pay_as_bid([3, 1, 2]) == [3, 1, 2]
