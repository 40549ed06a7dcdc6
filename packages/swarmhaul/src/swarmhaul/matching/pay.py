"""What each leg of a chain is paid. Whole lamports, and the sum is exact."""

from __future__ import annotations

from collections.abc import Sequence

from basis.money import split_minor
from swarmhaul.matching.nudge import BASIS_POINTS

FAIRNESS_DEFAULT = 7_000


def pay_as_bid(costs: Sequence[int]) -> list[int]:
    """Everybody gets what they asked for; the rest of the budget goes back to the shipper."""
    return list(costs)


def share_surplus(
    costs: Sequence[int],
    scores: Sequence[int],
    *,
    budget: int,
    shared: int = BASIS_POINTS,
    fairness: int = FAIRNESS_DEFAULT,
) -> list[int]:
    """Everybody gets their bid and a part of what the chain stayed below the budget.

    `shared` (basis points) of the surplus is shared out, the rest goes back to the shipper. A share
    weighs α + (1 - α) · score, α being `fairness`: at 1 all get the same, at 0.7 the best name gets
    at most 1.43 times what the worst gets. Left-over lamports go to the largest fractions.
    """
    surplus = max(0, budget - sum(costs)) * shared // BASIS_POINTS
    weights = [fairness * BASIS_POINTS + (BASIS_POINTS - fairness) * score for score in scores]
    if not sum(weights):
        return list(costs)
    bonuses = split_minor(surplus, weights)
    return [cost + bonus for cost, bonus in zip(costs, bonuses, strict=True)]
