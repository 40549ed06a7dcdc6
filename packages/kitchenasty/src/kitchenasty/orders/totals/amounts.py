"""Whole minor units and how they are shared out."""

from __future__ import annotations

from collections.abc import Sequence

from basis.errors import Invalid
from basis.money import split_minor

AMOUNT_MAX = 2**63 - 1
"""The columns that keep amounts have 64 bits."""


class AmountOutOfRange(Invalid):
    """An amount that is negative where none may be, or more than 64 bits hold."""


def check_amount(minor: int) -> int:
    """The amount, if it is one that can be charged. Raises AmountOutOfRange."""
    if not 0 <= minor <= AMOUNT_MAX:
        raise AmountOutOfRange("This amount is out of range.")
    return minor


def allocate(minor: int, weights: Sequence[int]) -> list[int]:
    """Shares by largest remainder that add up to `minor`; equal ones if nothing has a weight."""
    if not any(weights):
        weights = [1] * len(weights)
    return split_minor(minor, weights) if weights else []
