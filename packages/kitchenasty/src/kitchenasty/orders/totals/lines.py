"""What is sold, line by line, at the menu's prices."""

from __future__ import annotations

from dataclasses import dataclass

from kitchenasty.orders.totals.amounts import allocate
from kitchenasty.orders.totals.profiles import STANDARD


@dataclass(frozen=True, slots=True, order=True)
class Component:
    """A part of a set menu: its tax category, and its stand-alone price or any other weight."""

    tax_category: str
    weight: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SaleLine:
    """A dish, its choices as (modifier in minor units, quantity), and how often. A deposit is
    counted per unit and never discounted.
    """

    id: str
    base_minor: int
    quantity: int
    modifiers: tuple[tuple[int, int], ...] = ()
    tax_category: str = STANDARD
    components: tuple[Component, ...] = ()
    deposit_minor: int = 0
    deposit_category: str | None = None

    @property
    def unit_minor(self) -> int:
        """One unit with its choices. A choice may make it cheaper, never cheaper than nothing."""
        return unit_price(self.base_minor, self.modifiers)

    @property
    def listed_minor(self) -> int:
        return self.unit_minor * self.quantity

    @property
    def content(self) -> tuple[object, ...]:
        """All that decides about its price: lines that are equal here are interchangeable."""
        deposit = (self.deposit_minor, self.deposit_category or self.tax_category)
        return (self.unit_minor, self.quantity, self.tax_category, self.components, *deposit)

    def by_category(self, minor: int) -> list[tuple[str, int]]:
        """An amount for this line, cut into the tax categories of its components."""
        if not self.components:
            return [(self.tax_category, minor)]
        shares = allocate(minor, [one.weight for one in self.components])
        return [(one.tax_category, s) for one, s in zip(self.components, shares, strict=True)]


def unit_price(base_minor: int, modifiers: tuple[tuple[int, int], ...]) -> int:
    """A dish with its choices, in minor units, never below zero."""
    return max(0, base_minor + sum(minor * quantity for minor, quantity in modifiers))
