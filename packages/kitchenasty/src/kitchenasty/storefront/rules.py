"""What a cart is and how it changes. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from basis.errors import Conflict, Invalid
from basis.sentences import Sentence

LINES_MAX = 50
QUANTITY_MAX = 50
NOTE_LENGTH_MAX = 300


class CartFull(Conflict):
    """More lines than one order takes."""


class CartLineGone(Conflict):
    """The line was removed meanwhile, on this or another screen."""


class CartLineRefused(Invalid):
    """A quantity or a note that no line takes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CartLine:
    """One dish as chosen. `options` are (choice id, quantity); `shown_minor` is the price of one
    portion that the guest saw, so that a change can be told.
    """

    id: str
    dish_id: str
    quantity: int
    options: tuple[tuple[str, int], ...] = ()
    note: str = ""
    shown_minor: int = 0
    name: str = ""


@dataclass(frozen=True, slots=True)
class Cart:
    lines: tuple[CartLine, ...] = field(default=())

    @property
    def portions(self) -> int:
        return sum(line.quantity for line in self.lines)

    def find(self, line_id: str | None) -> CartLine | None:
        return next((line for line in self.lines if line.id == line_id), None)


def check_line(line: CartLine) -> None:
    """Raises CartLineRefused."""
    if not 1 <= line.quantity <= QUANTITY_MAX:
        raise CartLineRefused(f"{line.name}: please choose 1 to {QUANTITY_MAX} portions.")
    if len(line.note) > NOTE_LENGTH_MAX:
        raise CartLineRefused(f"{line.name}: a note has at most {NOTE_LENGTH_MAX} characters.")


def with_line(cart: Cart, line: CartLine) -> Cart:
    """The same dish chosen in the same way is one line with more portions; an edited line stays
    where it was. Raises CartFull, CartLineRefused.
    """
    check_line(line)
    if cart.find(line.id) is not None:
        return Cart(tuple(line if old.id == line.id else old for old in cart.lines))
    for old in cart.lines:
        if is_same_choice(old, line):
            more = replace(line, id=old.id, quantity=old.quantity + line.quantity)
            return with_line(cart, more)
    if len(cart.lines) >= LINES_MAX:
        raise CartFull(
            Sentence.of(
                "One order takes {most} different dishes. Please call us for more.", most=LINES_MAX
            )
        )
    return Cart((*cart.lines, line))


def with_quantity(cart: Cart, line_id: str, quantity: int) -> Cart:
    """Zero removes the line. Raises CartLineGone, CartLineRefused."""
    line = cart.find(line_id)
    if line is None:
        raise CartLineGone("This line is no longer in the cart.")
    if quantity == 0:
        return Cart(tuple(old for old in cart.lines if old.id != line_id))
    return with_line(cart, replace(line, quantity=quantity))


def is_same_choice(one: CartLine, other: CartLine) -> bool:
    return (one.dish_id, sorted(one.options), one.note) == (
        other.dish_id,
        sorted(other.options),
        other.note,
    )
