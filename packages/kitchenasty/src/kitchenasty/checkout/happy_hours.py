"""Promotions that hold by the clock, on the lines of a cart. An order is looked at for the time it
is for: who orders at noon for the evening has the evening's prices.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from basis.money import Rate
from kitchenasty import locations, menu, orders, promotions
from kitchenasty.checkout.pricing import LineToPrice
from kitchenasty.kit.books import Look
from kitchenasty.promotions import Promotion


@dataclass(frozen=True, slots=True)
class HappyHour:
    """A promotion with the lines that it makes cheaper, by their ids for the engine."""

    promotion: Promotion
    line_ids: frozenset[str]

    @property
    def discount(self) -> orders.totals.Discount:
        one = self.promotion
        per = orders.totals.Per.UNIT if one.is_per_portion else orders.totals.Per.ORDER
        return orders.totals.Discount(
            id=one.id,
            name=one.name,
            rate=Rate(one.rate_millionths) if one.rate_millionths else None,
            amount_minor=None if one.rate_millionths else one.amount_minor,
            per=orders.totals.Per.ORDER if one.rate_millionths else per,
            line_ids=self.line_ids,
            priority=one.priority,
        )


async def find(
    look: Look,
    house: locations.House,
    book: menu.MenuBook,
    lines: Sequence[LineToPrice],
    served_at: datetime,
) -> tuple[HappyHour, ...]:
    """What holds for these lines. Most of the day nothing is computed and nothing is read."""
    holding = await promotions.list_holding(look, house, book, served_at)
    if not holding:
        return ()
    shared = promotions.share_out(holding, paths_of(book, {line.dish_id for line in lines}))
    return tuple(
        HappyHour(
            promotion,
            frozenset(str(at) for at, line in enumerate(lines) if line.dish_id in reached),
        )
        for promotion, reached in shared
    )


def paths_of(book: menu.MenuBook, dish_ids: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Each dish with its category and all categories above it."""
    parents = dict(parents_in(book.categories))
    return {
        dish_id: tuple(path_up(book.dishes[dish_id].category_id, parents)) for dish_id in dish_ids
    }


def parents_in(categories: Iterable[menu.Category]) -> Iterator[tuple[str, str | None]]:
    for category in categories:
        yield category.id, category.parent_id
        yield from parents_in(category.children)


def path_up(category_id: str | None, parents: dict[str, str | None]) -> Iterator[str]:
    while category_id is not None:
        yield category_id
        category_id = parents.get(category_id)
