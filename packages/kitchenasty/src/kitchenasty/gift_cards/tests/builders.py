"""Gift cards; a test names only what matters to it."""

from __future__ import annotations

from basis.money import Money
from kitchenasty import gift_cards
from kitchenasty.kit.books import Books


async def issue(books: Books, minor: int = 2_500, currency: str = "EUR") -> gift_cards.IssuedCard:
    async with books.writing() as uow:
        return await gift_cards.issue(uow, Money(minor, currency))
