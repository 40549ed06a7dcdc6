"""Rounding policies: named, chosen by a house, stored with the order.

What a name means never changes, or old receipts could not be computed again; a new meaning gets a
new name.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from basis.errors import NotFound
from basis.money import Rounding
from basis.sentences import Sentence


class Scope(StrEnum):
    """What is rounded once: each tax and rate of the order, of each line, or the nets first."""

    RATE = "by-rate"
    LINE = "by-line"
    NETS = "net-first"


class PolicyUnknown(NotFound):
    """No rounding policy has this name."""


@dataclass(frozen=True, slots=True)
class RoundingPolicy:
    """Where tax is rounded and how; percentages of discounts and charges are rounded the same,
    except that one-sided modes are for taxes alone.
    """

    scope: Scope
    tax: Rounding

    @property
    def name(self) -> str:
        return f"{self.scope}/{self.tax}"

    @property
    def percent(self) -> Rounding:
        return self.tax if self.tax is Rounding.HALF_EVEN else Rounding.HALF_UP


BY_RATE = RoundingPolicy(Scope.RATE, Rounding.HALF_UP)
BY_LINE = RoundingPolicy(Scope.LINE, Rounding.HALF_UP)
NET_FIRST = RoundingPolicy(Scope.NETS, Rounding.HALF_UP)
POLICIES = {
    policy.name: policy
    for policy in (
        *(RoundingPolicy(Scope.RATE, rounding) for rounding in Rounding),
        BY_LINE,
        NET_FIRST,
    )
}


def load_policy(name: str) -> RoundingPolicy:
    """The policy of a name. Raises PolicyUnknown."""
    if name not in POLICIES:
        known = ", ".join(sorted(POLICIES))
        raise PolicyUnknown(
            Sentence.of(
                "There is no rounding policy {name}; there are {known}.", name=name, known=known
            )
        )
    return POLICIES[name]
