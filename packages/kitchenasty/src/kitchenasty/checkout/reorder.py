"""An order once more: what of it can be had, and what it costs now."""

from __future__ import annotations

from dataclasses import dataclass

from kitchenasty import locations, orders
from kitchenasty.checkout.drafts import CartDraft, CartLine, LineProblem, PricedCart
from kitchenasty.checkout.service import price_cart
from kitchenasty.kit.books import Look


@dataclass(frozen=True, slots=True)
class LineAgain:
    """A line as it was, with the price of one portion now, or why it cannot be had as it was."""

    line: orders.Line
    unit_minor: int | None
    problem: LineProblem | None


@dataclass(frozen=True, slots=True)
class OrderAgain:
    lines: tuple[LineAgain, ...]
    priced: PricedCart


async def order_again(look: Look, order: orders.Order) -> OrderAgain:
    """What the same order would be now. It orders nothing. Raises HouseNotFound."""
    wished = tuple(
        CartLine(
            line.dish_id,
            line.quantity,
            tuple((option.id, option.quantity) for option in line.options),
            line.note,
        )
        for line in order.lines
    )
    where = order.address or {}
    draft = CartDraft(
        house_id=order.house_id,
        order_type=order.order_type,
        lines=wished,
        where=locations.Whereabouts.of(where.get("postalCode"), where.get("lat"), where.get("lng")),
    )
    priced = await price_cart(look, draft)
    problems = {problem.position: problem for problem in priced.problems}
    prices = dict(
        zip(priced.positions, (line.unit_minor for line in priced.breakdown.lines), strict=True)
    )
    lines = tuple(
        LineAgain(line, prices.get(place), problems.get(place))
        for place, line in enumerate(order.lines)
    )
    return OrderAgain(lines, priced)
