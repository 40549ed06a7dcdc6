"""Discounts in the order of their priority; each works on what the one before has left."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from basis.money import Rate, Rounding
from kitchenasty.orders.totals.amounts import allocate


class Per(StrEnum):
    """What an amount or a percentage is counted for."""

    UNIT = "UNIT"
    LINE = "LINE"
    ORDER = "ORDER"


class Reach(StrEnum):
    """What a discount makes cheaper. Deposits are out of reach."""

    GOODS = "GOODS"
    DELIVERY = "DELIVERY"
    ALL = "ALL"


@dataclass(frozen=True, slots=True, kw_only=True)
class Discount:
    """Either a rate or an amount off; `line_ids` narrows the goods it reaches. Without a priority
    it takes its place in Square's order: item percent, order percent, item fixed, order fixed.
    """

    id: str
    name: str
    rate: Rate | None = None
    amount_minor: int | None = None
    per: Per = Per.ORDER
    reach: Reach = Reach.GOODS
    line_ids: frozenset[str] | None = None
    cap_minor: int | None = None
    priority: int | None = None

    def __post_init__(self) -> None:
        assert (self.rate is None) != (self.amount_minor is None)
        assert self.amount_minor is None or self.amount_minor >= 0
        assert self.cap_minor is None or self.cap_minor >= 0

    @property
    def place(self) -> int:
        if self.priority is not None:
            return self.priority
        return (100 if self.rate else 300) + (100 if self.per is Per.ORDER else 0)

    def wanted(self, base_minor: int, units: int, rounding: Rounding) -> int:
        """What it would take off this base, were there enough."""
        if self.rate is not None:
            return self.rate.of(base_minor, rounding)
        assert self.amount_minor is not None
        return self.amount_minor * (units if self.per is Per.UNIT else 1)


@dataclass(frozen=True, slots=True)
class Target:
    """Something that can become cheaper: a line, or the delivery fee (without an id)."""

    line_id: str | None
    listed_minor: int
    units: int

    def is_reached(self, discount: Discount) -> bool:
        if self.line_id is None:
            return discount.reach is not Reach.GOODS
        if discount.reach is Reach.DELIVERY:
            return False
        return discount.line_ids is None or self.line_id in discount.line_ids


@dataclass(frozen=True, slots=True)
class Cut:
    """What a discount did: the base it saw, what it takes off each target, and what of its amount
    found nothing to reduce.
    """

    discount: Discount
    base_minor: int
    minors: tuple[int, ...]
    unused_minor: int

    @property
    def minor(self) -> int:
        return sum(self.minors)


def take_off(
    discounts: Sequence[Discount], targets: Sequence[Target], rounding: Rounding
) -> list[Cut]:
    """All cuts in the order in which they were made. No target falls below zero."""
    left = [target.listed_minor for target in targets]
    cuts = []
    for discount in sorted(discounts, key=lambda one: one.place):
        cut = make_cut(discount, targets, left, rounding)
        left = [before - minor for before, minor in zip(left, cut.minors, strict=True)]
        cuts.append(cut)
    return cuts


def make_cut(
    discount: Discount, targets: Sequence[Target], left: Sequence[int], rounding: Rounding
) -> Cut:
    reached = [
        minor if target.is_reached(discount) else 0
        for target, minor in zip(targets, left, strict=True)
    ]
    base = sum(reached)
    if discount.per is Per.ORDER:
        wanted = discount.wanted(base, 1, rounding)
        minors = allocate(min(capped(wanted, discount), base), reached)
    else:
        wishes = [
            discount.wanted(minor, target.units, rounding) if target.is_reached(discount) else 0
            for target, minor in zip(targets, reached, strict=True)
        ]
        wanted = sum(wishes)
        possible = [min(wish, minor) for wish, minor in zip(wishes, reached, strict=True)]
        minors = allocate(capped(sum(possible), discount), possible)
    unused = 0 if discount.rate else capped(wanted, discount) - sum(minors)
    return Cut(discount, base, tuple(minors), unused)


def capped(minor: int, discount: Discount) -> int:
    return minor if discount.cap_minor is None else min(minor, discount.cap_minor)
