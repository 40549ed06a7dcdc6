"""The figures of the reports, counted anew from the orders."""

from __future__ import annotations

from kitchenasty import reports
from kitchenasty.cli.serving import opened_books
from kitchenasty.kit.config import Config


async def count_figures(config: Config) -> int:
    """Answers how many orders were counted."""
    async with opened_books(config) as books:
        return await reports.count_anew(books)
