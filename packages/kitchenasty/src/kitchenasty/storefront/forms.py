"""Reading what the storefront's forms send. Everything is bounded; what is odd is refused."""

from __future__ import annotations

from collections.abc import Iterable

from basis.kit.texts import one_line, whole_in
from basis.sentences import Sentence
from kitchenasty import menu
from kitchenasty.storefront.rules import NOTE_LENGTH_MAX, CartLineRefused
from kitchenasty.storefront.views import MARKS, MenuFilter

SEARCH_LENGTH_MAX = 80
FIELDS_MAX = 200

Fields = Iterable[tuple[str, object]]


def read_filter(fields: Fields) -> MenuFilter:
    """The query of the menu page. Unknown words of a filter are ignored, since links grow old."""
    pairs = text_pairs(fields)
    return MenuFilter(
        search=next((value for name, value in pairs if name == "q"), "")[:SEARCH_LENGTH_MAX],
        diets=tuple(v for name, v in pairs if name == "diet" and v in MARKS),
        without=tuple(v for name, v in pairs if name == "without" and v in menu.ALLERGEN_NAMES),
    )


def read_options(fields: Fields) -> tuple[tuple[str, int], ...]:
    """`one-<group>` and `any` name a choice, `many-<choice>` says how many of it."""
    options: list[tuple[str, int]] = []
    for name, value in text_pairs(fields):
        if not value:
            continue
        if name == "any" or name.startswith("one-"):
            options.append((value, 1))
        elif name.startswith("many-") and (quantity := read_count(value)):
            options.append((name.removeprefix("many-"), quantity))
    return tuple(options)


def read_count(text: str) -> int:
    """A whole number of at most four digits. Raises CartLineRefused."""
    count = whole_in(text, digits=4)
    if count is None:
        raise CartLineRefused("A quantity is a whole number.")
    return count


def read_note(text: str) -> str:
    """One line of text without control characters. Raises CartLineRefused."""
    note = one_line(text)
    if len(note) > NOTE_LENGTH_MAX:
        raise CartLineRefused(
            Sentence.of("A note has at most {most} characters.", most=NOTE_LENGTH_MAX)
        )
    return note


def text_pairs(fields: Fields) -> list[tuple[str, str]]:
    """Files and what is beyond the bound are left out."""
    found = [(name, value.strip()) for name, value in fields if isinstance(value, str)]
    return found[:FIELDS_MAX]
