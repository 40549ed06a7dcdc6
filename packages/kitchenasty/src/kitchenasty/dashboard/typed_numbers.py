"""Numbers as people type them into the office's forms."""

from __future__ import annotations

from decimal import Decimal

from basis.errors import Invalid
from basis.kit import texts
from basis.kit.http.wire import amount, bounded_minor
from kitchenasty.locations import House


class NumberUnreadable(Invalid):
    """A field wants a number and has something else."""


def number_in(text: str) -> Decimal:
    """A number with a comma or a point. Raises NumberUnreadable."""
    number = texts.decimal_in(text)
    if number is None:
        raise NumberUnreadable("Please write a number like 10 or 12.50.")
    return number


def minor_in(text: str, house: House) -> int:
    """An amount in the house's currency. Raises NumberUnreadable, BadAmount."""
    return bounded_minor(number_in(text), house.currency)


def minor_or_none(text: str, house: House) -> int | None:
    return minor_in(text, house) if text.strip() else None


def whole_in(text: str) -> int:
    """Raises NumberUnreadable."""
    number = texts.whole_in(text.strip())
    if number is None:
        raise NumberUnreadable("Please write a whole number, like 45.")
    return number


def whole_or_none(text: str) -> int | None:
    return whole_in(text) if text.strip() else None


def typed(minor: int | None, house: House) -> str:
    """An amount as one would type it; empty for none."""
    return "" if minor is None else str(amount(minor, house.currency))
