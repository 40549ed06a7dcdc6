"""What the pages show: dishes with their state, houses with their doors open or shut. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from basis.money import Rate
from basis.sentences import Sentence, word
from kitchenasty import checkout, menu, promotions
from kitchenasty.locations import BusyMode, House
from kitchenasty.storefront.rules import Cart, CartLine

FEW_LEFT = 5
NEVER_CLOSES = timedelta(days=2)
"""Who closes later than this is as good as always open; the hour would only confuse."""
MARKS: dict[str, tuple[str, str]] = {
    "vegan": ("Vegan", "vegan"),
    "vegetarian": ("Vegetarian", "leaf"),
    "halal": ("Halal", "check"),
    "kosher": ("Kosher", "check"),
    "gluten-free": ("Gluten-free", "wheat"),
    "organic": ("Organic", "leaf"),
    "spicy": ("Spicy", "flame"),
    "fish": ("Fish", "fish"),
}
DIETS = ("vegan", "vegetarian", "halal", "gluten-free")


class DoorState(StrEnum):
    OPEN = "OPEN"
    SLOWER = "SLOWER"
    PAUSED = "PAUSED"
    CLOSED = "CLOSED"
    OFF = "OFF"


@dataclass(frozen=True, slots=True)
class Doors:
    """Whether a house takes orders now. `until` it closes (None: not soon), `opens_at` it opens
    next.
    """

    state: DoorState
    until: datetime | None
    opens_at: datetime | None
    message: str | None
    note: str = ""
    """What the house says of its hours today."""


@dataclass(frozen=True, slots=True)
class HappyHourView:
    """A promotion that holds now; `percent` is text, empty for an amount."""

    name: str
    percent: str
    amount_minor: int
    is_per_portion: bool
    until: str


@dataclass(frozen=True, slots=True)
class HappyMenu:
    """Which promotions hold now, and which one each dish has, by its id."""

    hours: tuple[HappyHourView, ...]
    by_dish: Mapping[str, HappyHourView]


class DishState(StrEnum):
    AVAILABLE = "AVAILABLE"
    SOLD_OUT = "SOLD_OUT"
    NOT_NOW = "NOT_NOW"


@dataclass(frozen=True, slots=True)
class DishCard:
    """A dish on the menu. `few_left` is told only when it is worth hurrying."""

    dish: menu.Dish
    state: DishState
    few_left: int | None
    mealtimes: tuple[menu.Mealtime, ...]
    has_options: bool
    costs_from: bool
    marks: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Section:
    category: menu.Category
    depth: int
    cards: tuple[DishCard, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MenuFilter:
    """What a guest looks for. `without` are allergen groups to be avoided."""

    search: str = ""
    diets: tuple[str, ...] = ()
    without: tuple[str, ...] = ()

    @property
    def is_on(self) -> bool:
        return bool(self.search or self.diets or self.without)


@dataclass(frozen=True, slots=True)
class MenuView:
    """The menu as asked for. `undeclared` counts dishes left out because nobody has said what is
    in them, which for somebody with an allergy is as good as a hit.
    """

    sections: tuple[Section, ...]
    shown: int
    undeclared: int


@dataclass(frozen=True, slots=True)
class LineView:
    """A cart line at today's price. `problem` keeps it from being ordered, `change` only tells."""

    line: CartLine
    dish: menu.Dish | None
    chosen: tuple[menu.Chosen, ...]
    unit_minor: int
    total_minor: int
    problem: str | None
    change: tuple[int, int] | None


@dataclass(frozen=True, slots=True)
class CartView:
    lines: tuple[LineView, ...]
    portions: int
    subtotal_minor: int

    @property
    def has_problem(self) -> bool:
        return any(line.problem for line in self.lines)


def doors_of(house: House, now: datetime) -> Doors:
    until, opens_at = house.hours.open_until(now), house.hours.next_opening(now)
    state = DoorState.OPEN
    if not house.ordering.is_on:
        state = DoorState.OFF
    elif until is None:
        state = DoorState.CLOSED
    elif house.busy_mode is BusyMode.PAUSED:
        state = DoorState.PAUSED
    elif house.busy_mode is BusyMode.SLOWER:
        state = DoorState.SLOWER
    told = until if until is not None and until - now < NEVER_CLOSES else None
    note = house.hours.notes.get(now.astimezone(ZoneInfo(house.zone)).date(), "")
    return Doors(state, told, opens_at, house.busy_message, note)


def menu_view(
    book: menu.MenuBook,
    left: Mapping[str, menu.Availability],
    house: House,
    now: datetime,
    wanted: MenuFilter,
) -> MenuView:
    """The sections that have something to show, in the order of the menu."""
    sections, shown, undeclared = [], 0, 0
    for category, depth in walk_with_depth(book.categories):
        fitting = [dish for dish in category.dishes if fits(dish, category, wanted)]
        told = [dish for dish in fitting if not (wanted.without and dish.allergens is None)]
        undeclared += len(fitting) - len(told)
        if told:
            cards = [card_of(dish, left.get(dish.id, menu.AVAILABLE), house, now) for dish in told]
            # What one can have comes first; otherwise the order is the menu's own.
            cards.sort(key=lambda card: card.state is not DishState.AVAILABLE)
            sections.append(Section(category, depth, tuple(cards)))
            shown += len(cards)
    return MenuView(tuple(sections), shown, undeclared)


def walk_with_depth(
    categories: Iterable[menu.Category], depth: int = 0
) -> Iterable[tuple[menu.Category, int]]:
    for category in categories:
        yield category, depth
        yield from walk_with_depth(category.children, depth + 1)


def fits(dish: menu.Dish, category: menu.Category, wanted: MenuFilter) -> bool:
    """Every word is found somewhere, every diet is marked, nothing avoided is declared."""
    text = f"{dish.name} {dish.description or ''} {category.name}".casefold()
    if not all(word in text for word in wanted.search.casefold().split()):
        return False
    if not all(has_mark(dish, diet) for diet in wanted.diets):
        return False
    return not any(menu.contains(dish.allergens or (), code) for code in wanted.without)


def has_mark(dish: menu.Dish, diet: str) -> bool:
    """What is vegan is vegetarian too."""
    return diet in dish.marks or (diet == "vegetarian" and "vegan" in dish.marks)


def card_of(
    dish: menu.Dish, availability: menu.Availability, house: House, now: datetime
) -> DishCard:
    state = DishState.AVAILABLE
    if availability.is_sold_out:
        state = DishState.SOLD_OUT
    elif not dish.is_served(now, house.zone):
        state = DishState.NOT_NOW
    stock = availability.stock
    return DishCard(
        dish=dish,
        state=state,
        few_left=stock if stock is not None and 0 < stock <= FEW_LEFT else None,
        mealtimes=dish.mealtimes,
        has_options=bool(dish.options),
        costs_from=any(group.at_least for group in dish.options),
        marks=marks_of(dish),
    )


def marks_of(dish: menu.Dish) -> tuple[tuple[str, str], ...]:
    """Words and a sign for each mark. What is vegan need not be called vegetarian too."""
    told = [m for m in dish.marks if not (m == "vegetarian" and "vegan" in dish.marks)]
    return tuple(MARKS.get(mark, (mark.capitalize(), "leaf")) for mark in told)


def cart_view(
    cart: Cart,
    book: menu.MenuBook,
    left: Mapping[str, menu.Availability],
    house: House,
    now: datetime,
) -> CartView:
    wanted: dict[str, int] = {}
    for line in cart.lines:
        wanted[line.dish_id] = wanted.get(line.dish_id, 0) + line.quantity
    lines = tuple(line_view(line, book, left, (house, now), wanted) for line in cart.lines)
    subtotal = sum(line.total_minor for line in lines if not line.problem)
    return CartView(lines, cart.portions, subtotal)


def line_view(
    line: CartLine,
    book: menu.MenuBook,
    left: Mapping[str, menu.Availability],
    place: tuple[House, datetime],
    wanted: Mapping[str, int],
) -> LineView:
    dish = book.dishes.get(line.dish_id)
    if dish is None:
        return LineView(
            line, None, (), line.shown_minor, 0, word("This is no longer on the menu."), None
        )
    try:
        chosen = menu.choose(dish.name, dish.options, line.options)
    except menu.OptionRefused as refusal:
        return LineView(line, dish, (), line.shown_minor, 0, refusal.sentence, None)
    unit = checkout.unit_price(dish.price_minor, chosen)
    availability = left.get(dish.id, menu.AVAILABLE)
    problem = line_problem(dish, availability, place, wanted[dish.id])
    change = (line.shown_minor, unit) if unit != line.shown_minor else None
    return LineView(line, dish, chosen, unit, unit * line.quantity, problem, change)


def line_problem(
    dish: menu.Dish, availability: menu.Availability, place: tuple[House, datetime], wanted: int
) -> str | None:
    """Why the line cannot be ordered now. A mealtime is judged at checkout, where the time of the
    meal is known; while the house is open it is told here already.
    """
    house, now = place
    if availability.is_sold_out:
        return Sentence.of("{dish} is sold out.", dish=dish.name)
    if availability.stock is not None and availability.stock < wanted:
        return Sentence.of(
            "Only {left} of {dish} left. Please take fewer.",
            left=availability.stock,
            dish=dish.name,
        )
    if house.hours.is_open(now) and not dish.is_served(now, house.zone):
        times = ", ".join(mealtime.name for mealtime in dish.mealtimes)
        return Sentence.of(
            "{dish} is served at {times} only. Choose a later time at the checkout.",
            dish=dish.name,
            times=times,
        )
    return None


def happy_menu(holding: Sequence[promotions.Promotion], book: menu.MenuBook) -> HappyMenu:
    """Most of the day nothing holds, and nothing is computed."""
    if not holding:
        return HappyMenu((), {})
    hours: list[HappyHourView] = []
    by_dish: dict[str, HappyHourView] = {}
    for promotion, reached in promotions.share_out(holding, checkout.paths_of(book, book.dishes)):
        view = HappyHourView(
            name=promotion.name,
            percent=Rate(promotion.rate_millionths).to_text() if promotion.rate_millionths else "",
            amount_minor=promotion.amount_minor,
            is_per_portion=promotion.is_per_portion,
            until=promotions.wall_of_minutes(promotion.ends),
        )
        hours.append(view)
        by_dish |= dict.fromkeys(reached, view)
    return HappyMenu(tuple(hours), by_dish)
