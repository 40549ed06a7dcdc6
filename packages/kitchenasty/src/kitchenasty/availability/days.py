"""Dates as people and programs write them. Pure."""

from __future__ import annotations

from datetime import date

from kitchenasty.availability.refusals import WishRefused

DATE_LENGTH = 10
FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2999, 12, 31)
"""Days near the ends of the calendar have none before or after them."""


def read_day(text: str) -> date:
    """`2026-03-15`, or the same at midnight in UTC as we show it. Raises WishRefused."""
    try:
        day = date.fromisoformat(text.strip()[:DATE_LENGTH])
    except ValueError as error:
        raise WishRefused("There is no such day. Please write it like 2026-03-15.") from error
    if not FIRST_DAY <= day <= LAST_DAY:
        raise WishRefused("There is no such day. Please write it like 2026-03-15.")
    return day
