"""The order that a waiter puts together: what stands in the form, and what a tap makes of it. Pure.

The page keeps nothing but its form: each line is a hidden field, and each button says what is to be
done. So it works without script, and two waiters at one table do not see each other's half orders.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import msgspec

from basis.errors import Invalid
from basis.kit.texts import one_line
from kitchenasty import menu
from kitchenasty.checkout import CartLine

LINES_MAX = 50
QUANTITY_MAX = 99
NOTE_LENGTH_MAX, ORDER_NOTE_LENGTH_MAX = 300, 500
FIELDS_MAX = 400
KEY_LENGTH_MAX = 64


class OrderFormUnreadable(Invalid):
    """The form holds what our page never puts there."""


class LineText(msgspec.Struct, array_like=True):
    """A line as its hidden field holds it."""

    dish_id: str
    quantity: int
    options: tuple[tuple[str, int], ...]
    note: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TypedOrder:
    """`chosen` is the dish whose options are being chosen; `shown_minor` the total that was seen;
    `key` makes a second tap on "Send" the same as the first.
    """

    key: str = ""
    lines: tuple[CartLine, ...] = ()
    note: str = ""
    chosen: str = ""
    shown_minor: int | None = None

    @property
    def line_texts(self) -> list[str]:
        return [
            msgspec.json.encode(
                LineText(line.dish_id, line.quantity, line.options, line.note)
            ).decode()
            for line in self.lines
        ]


@dataclass(frozen=True, slots=True)
class Sent:
    """A form as it came: what stood in it, which button was tapped, and all its fields."""

    typed: TypedOrder
    act: str
    subject: str
    fields: Mapping[str, list[str]]


def read_sent(items: Iterable[tuple[str, object]]) -> Sent:
    """Raises OrderFormUnreadable."""
    fields: dict[str, list[str]] = {}
    for number, (name, value) in enumerate(items):
        if number >= FIELDS_MAX or not isinstance(value, str):
            raise OrderFormUnreadable("This form is too long. Please send what you have first.")
        fields.setdefault(name, []).append(value)
    act, _, subject = first(fields, "do").partition(":")
    shown = first(fields, "shown")
    typed = TypedOrder(
        key=first(fields, "key")[:KEY_LENGTH_MAX],
        lines=tuple(line_in(text) for text in fields.get("lines", ())[:LINES_MAX]),
        note=one_line(first(fields, "note"))[:ORDER_NOTE_LENGTH_MAX],
        shown_minor=int(shown) if shown.isascii() and shown.isdigit() and len(shown) < 12 else None,
    )
    return Sent(typed, act, subject[:KEY_LENGTH_MAX], fields)


def line_in(text: str) -> CartLine:
    """Raises OrderFormUnreadable."""
    try:
        line = msgspec.json.decode(text.encode(), type=LineText)
    except (msgspec.DecodeError, UnicodeEncodeError) as error:
        raise OrderFormUnreadable("A line of this order cannot be read. Begin it anew.") from error
    return CartLine(
        line.dish_id[:KEY_LENGTH_MAX],
        line.quantity,
        line.options,
        note_in(line.note or ""),
    )


def note_in(text: str) -> str | None:
    return one_line(text)[:NOTE_LENGTH_MAX] or None


def first(fields: Mapping[str, list[str]], name: str) -> str:
    return fields.get(name, [""])[0]


def step(sent: Sent, dishes: Mapping[str, menu.Dish]) -> TypedOrder:
    """The order after the tap. A dish with options is asked about; any other is one more at once.

    Raises what menu.choose raises; then the options are still being chosen.
    """
    typed, subject = sent.typed, sent.subject
    dish = dishes.get(subject)
    if sent.act == "add" and dish is not None:
        if dish.options:
            return replace(typed, chosen=dish.id)
        return with_line(typed, CartLine(dish.id, 1))
    if sent.act == "note" and dish is not None:
        return replace(typed, chosen=dish.id)
    if sent.act == "put" and dish is not None:
        return with_line(typed, chosen_line(sent, dish))
    if sent.act in ("more", "less") and subject.isascii() and subject.isdigit():
        return count(typed, int(subject), 1 if sent.act == "more" else -1)
    return typed


def chosen_line(sent: Sent, dish: menu.Dish) -> CartLine:
    """Raises what menu.choose raises."""
    options = options_in(sent.fields, dish.options)
    menu.choose(dish.name, dish.options, options)
    return CartLine(
        dish.id,
        max(1, number_in(first(sent.fields, "quantity"))),
        options,
        note_in(first(sent.fields, "line-note")),
    )


def options_in(
    fields: Mapping[str, list[str]], groups: Sequence[menu.OptionGroup]
) -> tuple[tuple[str, int], ...]:
    """What was ticked of each group, or how often each was wanted."""
    found: list[tuple[str, int]] = []
    for group in groups:
        ticked = set(fields.get(f"group-{group.id}", ()))
        for choice in group.choices:
            times = number_in(first(fields, f"times-{choice.id}")) or int(choice.id in ticked)
            if times:
                found.append((choice.id, times))
    return tuple(found)


def number_in(text: str) -> int:
    """A small number; 0 for anything else."""
    digits = text.strip()
    is_small = digits.isascii() and digits.isdigit() and len(digits) <= len(str(QUANTITY_MAX))
    return int(digits) if is_small else 0


def with_line(typed: TypedOrder, line: CartLine) -> TypedOrder:
    """The same dish in the same way is one more of it."""
    lines = list(typed.lines)
    for place, known in enumerate(lines):
        if (known.dish_id, known.options, known.note) == (line.dish_id, line.options, line.note):
            together = min(QUANTITY_MAX, known.quantity + line.quantity)
            lines[place] = replace(known, quantity=together)
            return replace(typed, lines=tuple(lines), chosen="")
    if len(lines) >= LINES_MAX:
        raise OrderFormUnreadable("This order is long enough. Please send it, then go on.")
    return replace(typed, lines=(*lines, line), chosen="")


def count(typed: TypedOrder, place: int, change: int) -> TypedOrder:
    """One more or one less; the last one takes the line away."""
    changed = [
        replace(line, quantity=min(QUANTITY_MAX, line.quantity + change)) if at == place else line
        for at, line in enumerate(typed.lines)
    ]
    return replace(typed, lines=tuple(line for line in changed if line.quantity > 0))
