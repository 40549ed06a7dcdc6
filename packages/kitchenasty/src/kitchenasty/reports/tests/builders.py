"""Figures as they are a moment later."""

from __future__ import annotations

from basis.kit.background.dispatcher import Dispatcher
from kitchenasty import reports
from kitchenasty.kit.books import Books
from kitchenasty.reports.subscriptions import CHANGES


async def catch_up(books: Books) -> int:
    """Everything that happened is told and counted; answers how many orders were."""
    while await Dispatcher(books, [CHANGES]).run_once():
        pass
    return await reports.count_all(books)
