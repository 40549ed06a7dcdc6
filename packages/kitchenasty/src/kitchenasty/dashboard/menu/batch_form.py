"""What a manager may do to many dishes at once, as it is typed and what it means."""

from __future__ import annotations

from typing import Annotated

import msgspec

from basis.errors import Invalid
from basis.kit.http.wire import Form
from basis.money import exponent_of
from basis.sentences import word
from kitchenasty import menu
from kitchenasty.dashboard.typed_numbers import number_in

PERCENT_MAX = 500
MILLIONTHS_PER_PERCENT = 10_000
RAISE, MOVE = "raise", "move"
SWITCHES = {
    "off": menu.FieldMove("is_86", value=True),
    "back": menu.FieldMove("is_86", value=False),
    "show": menu.FieldMove("is_active", value=True),
    "hide": menu.FieldMove("is_active", value=False),
}
WHAT_LABELS = {
    RAISE: word("Raise the price"),
    MOVE: word("Move to a category"),
    "off": word("Sold out for now"),
    "back": word("There is some again"),
    "show": word("Put on the menu"),
    "hide": word("Take off the menu"),
}
Line = Annotated[str, msgspec.Meta(max_length=80)]
Back = Annotated[str, msgspec.Meta(max_length=600)]
Dishes = Annotated[list[Annotated[str, msgspec.Meta(max_length=36)]], msgspec.Meta(max_length=500)]


class NothingToDo(Invalid):
    """Nobody said what to change, or how."""


class BatchForm(Form, kw_only=True):
    """`every` is ticked for all dishes of the list, not only those of the page."""

    what: Line = ""
    percent: Line = ""
    step: Line = "1"
    target: Line = ""
    dish: Dishes = []
    every: Line = ""
    back: Back = ""


class BackForm(Form, kw_only=True):
    back: Back = ""


def move_in(form: BatchForm, currency: str) -> menu.PriceMove | menu.FieldMove:
    """Raises NothingToDo, NumberUnreadable."""
    if form.what == RAISE:
        percent = number_in(form.percent.strip().removesuffix("%"))
        if not -100 <= percent <= PERCENT_MAX:
            raise NothingToDo("A price can rise by up to 500 percent, or fall by up to 100.")
        return menu.PriceMove(int(percent * MILLIONTHS_PER_PERCENT), step_in(form.step, currency))
    if form.what == MOVE:
        if not form.target:
            raise NothingToDo("Please choose the category to move to.")
        return menu.FieldMove("category_id", form.target)
    if form.what not in SWITCHES:
        raise NothingToDo("Please choose what to change.")
    return SWITCHES[form.what]


def steps_of(currency: str) -> list[int]:
    """To what prices may be rounded, in minor units: to the cent, to five, to ten, to the whole."""
    whole = 10 ** exponent_of(currency)
    return sorted({1, max(1, whole // 20), max(1, whole // 10), max(1, whole // 2), whole})


def step_in(text: str, currency: str) -> int:
    return next((step for step in steps_of(currency) if str(step) == text), 1)
