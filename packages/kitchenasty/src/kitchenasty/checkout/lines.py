"""The lines of a cart, read against the menu of the house, and taken from its stock."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime

from basis.errors import DomainError
from basis.sentences import Sentence
from kitchenasty import locations, menu
from kitchenasty.checkout.checks import way_of
from kitchenasty.checkout.drafts import (
    LINES_MAX,
    QUANTITY_MAX,
    CartDraft,
    CartLine,
    CartRefused,
    LineProblem,
)
from kitchenasty.checkout.pricing import LineToPrice
from kitchenasty.checkout.refusals import DishGone, NotServedNow, OrderTypeOff
from kitchenasty.checkout.taxes import DEPOSIT, category_at, components_at
from kitchenasty.kit.books import UnitOfWork


def read_lines(
    house: locations.House,
    book: menu.MenuBook,
    cart: CartDraft,
    left: Mapping[str, menu.Availability],
    served_at: datetime,
) -> list[LineToPrice]:
    if not 1 <= len(cart.lines) <= LINES_MAX:
        raise CartRefused(f"An order has 1 to {LINES_MAX} lines.")
    return [read_line(house, book, left, cart, line, served_at) for line in cart.lines]


def read_shown_lines(
    house: locations.House,
    book: menu.MenuBook,
    left: Mapping[str, menu.Availability],
    cart: CartDraft,
    served_at: datetime,
) -> tuple[dict[int, LineToPrice], tuple[LineProblem, ...]]:
    """The lines that can be ordered by their place in the cart, and why the others cannot."""
    lines, problems = {}, []
    for place, line in enumerate(cart.lines):
        try:
            lines[place] = read_line(house, book, left, cart, line, served_at)
        except DomainError as error:
            problems.append(LineProblem(place, error.code, error.sentence))
    return lines, tuple(problems)


def read_line(  # a line is read against all of these
    house: locations.House,
    book: menu.MenuBook,
    left: Mapping[str, menu.Availability],
    cart: CartDraft,
    line: CartLine,
    served_at: datetime,
) -> LineToPrice:
    """One line against the menu. Raises DishGone, SoldOut, NotServedNow, OrderTypeOff, CartRefused
    and what menu.choose raises.
    """
    dish = book.dishes.get(line.dish_id)
    if dish is None:
        raise DishGone("A dish in your cart is not on the menu any more.", dishId=line.dish_id)
    if not 1 <= line.quantity <= QUANTITY_MAX:
        raise CartRefused(
            Sentence.of("{dish}: 1 to {most} portions, please.", dish=dish.name, most=QUANTITY_MAX)
        )
    check_left(dish, left.get(dish.id, menu.AVAILABLE), line.quantity)
    if not dish.is_offered_for(cart.order_type):
        raise OrderTypeOff(
            Sentence.of(
                "{dish} is not offered for {way}.", dish=dish.name, way=way_of(cart.order_type)
            )
        )
    check_served(dish, house, served_at)
    return line_to_price(house, dish, line)


def line_to_price(house: locations.House, dish: menu.Dish, line: CartLine) -> LineToPrice:
    """Raises what menu.choose raises."""
    chosen = menu.choose(dish.name, dish.options, line.options)
    return LineToPrice(
        dish_id=dish.id,
        name=dish.name,
        base_minor=dish.price_minor,
        chosen=chosen,
        quantity=line.quantity,
        note=line.note,
        allergens=menu.unite(dish.allergens, (one.choice.allergens for one in chosen)),
        work_minutes=dish.work_minutes,
        tax_category=category_at(house, dish.tax_category),
        components=components_at(house, dish),
        deposit_minor=dish.deposit_minor,
        deposit_category=category_at(house, DEPOSIT, instead=dish.tax_category),
    )


def check_served(dish: menu.Dish, house: locations.House, served_at: datetime) -> None:
    """Raises NotServedNow outside the mealtimes of the dish."""
    if not dish.is_served(served_at, house.zone):
        times = ", ".join(mealtime.name for mealtime in dish.mealtimes)
        raise NotServedNow(
            Sentence.of("{dish} is served at {times} only.", dish=dish.name, times=times),
            dishId=dish.id,
        )


def check_left(dish: menu.Dish, available: menu.Availability, wanted: int) -> None:
    """Raises SoldOut. Only a first look: the stock is taken later, by a conditional update."""
    if available.is_sold_out:
        raise menu.SoldOut(
            Sentence.of("{dish} is sold out.", dish=dish.name), dishId=dish.id, left=0
        )
    if available.stock is not None and available.stock < wanted:
        raise menu.SoldOut(
            Sentence.of("Only {left} of {dish} left.", left=available.stock, dish=dish.name),
            dishId=dish.id,
            left=available.stock,
        )


async def take_stock(
    uow: UnitOfWork, lines: Sequence[LineToPrice], left: Mapping[str, menu.Availability]
) -> dict[str, int]:
    """Take what is counted. Two lines of one dish are taken together."""
    wanted: Counter[str] = Counter()
    for line in lines:
        wanted[line.dish_id] += line.quantity
    counted = {dish_id: wanted[dish_id] for dish_id in wanted if left[dish_id].stock is not None}
    return await menu.take_stock(uow, counted, {line.dish_id: line.name for line in lines})
