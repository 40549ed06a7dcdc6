"""Which options of a dish may be chosen together. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from basis.errors import Invalid
from basis.sentences import Sentence

QUANTITY_MAX = 20


class Display(StrEnum):
    """How a group is shown. SELECT and RADIO take one choice, CHECKBOX several different ones,
    QUANTITY any number of each.
    """

    SELECT = "SELECT"
    RADIO = "RADIO"
    CHECKBOX = "CHECKBOX"
    QUANTITY = "QUANTITY"


class OptionRefused(Invalid):
    """The options do not fit the dish; the sentence says which and why."""


class OptionMissing(OptionRefused):
    """A required choice was not made."""


class OptionOfAnotherDish(OptionRefused):
    """A chosen option is not one of this dish."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a group. `modifier_minor` may be negative."""

    id: str
    name: str
    modifier_minor: int
    is_default: bool
    allergens: frozenset[str]


@dataclass(frozen=True, slots=True)
class OptionGroup:
    id: str
    name: str
    display: Display
    is_required: bool
    min_select: int
    max_select: int
    choices: tuple[Choice, ...]

    @property
    def at_least(self) -> int:
        return at_least(self.min_select, is_required=self.is_required)

    @property
    def at_most(self) -> int:
        return at_most(self.display, self.max_select)


@dataclass(frozen=True, slots=True)
class Chosen:
    """A choice with how often it was taken."""

    group: OptionGroup
    choice: Choice
    quantity: int


def at_least(min_select: int, *, is_required: bool) -> int:
    return max(min_select, 1 if is_required else 0)


def at_most(display: Display, max_select: int) -> int:
    return 1 if display in (Display.SELECT, Display.RADIO) else max_select


def choose(
    dish_name: str, groups: Sequence[OptionGroup], wanted: Iterable[tuple[str, int]]
) -> tuple[Chosen, ...]:
    """The chosen options in the order of the menu.

    `wanted` are (choice id, quantity); the same id twice adds up.
    Raises OptionOfAnotherDish, OptionMissing, OptionRefused.
    """
    counts: Counter[str] = Counter()
    for choice_id, quantity in wanted:
        if not 1 <= quantity <= QUANTITY_MAX:
            raise OptionRefused(
                Sentence.of(
                    "{dish}: an option can be taken 1 to {most} times.",
                    dish=dish_name,
                    most=QUANTITY_MAX,
                )
            )
        counts[choice_id] += quantity
    unknown = set(counts) - {choice.id for group in groups for choice in group.choices}
    if unknown:
        raise OptionOfAnotherDish(
            Sentence.of(
                "{dish}: one of the options is not offered with it. Please choose again.",
                dish=dish_name,
            )
        )
    chosen: list[Chosen] = []
    for group in groups:
        picked = [Chosen(group, c, counts[c.id]) for c in group.choices if counts[c.id]]
        check_group(dish_name, group, picked)
        chosen += picked
    return tuple(chosen)


def check_group(dish_name: str, group: OptionGroup, picked: Sequence[Chosen]) -> None:
    taken = sum(one.quantity for one in picked)
    if taken < group.at_least:
        raise OptionMissing(
            Sentence.of(
                "{dish}: please choose {group} ({many}).",
                dish=dish_name,
                group=group.name,
                many=how_many(group),
            ),
            group=group.name,
        )
    if taken > group.at_most:
        raise OptionRefused(
            Sentence.of(
                "{dish}: {group} takes {many}, not {taken}.",
                dish=dish_name,
                group=group.name,
                many=how_many(group),
                taken=taken,
            ),
            group=group.name,
        )
    if group.display is not Display.QUANTITY and any(one.quantity > 1 for one in picked):
        raise OptionRefused(
            Sentence.of(
                "{dish}: each choice of {group} can be taken once.",
                dish=dish_name,
                group=group.name,
            )
        )


def how_many(group: OptionGroup) -> str:
    """`1`, `up to 3`, `2 to 4`: the rule in words for people."""
    low, high = group.at_least, group.at_most
    if low == high:
        return str(low)
    if low:
        return Sentence.of("{low} to {high}", low=low, high=high)
    return Sentence.of("up to {high}", high=high)
