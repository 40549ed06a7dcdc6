"""Tax profiles: which tax at which rate, by category, way of dining and day. Dated data."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction
from itertools import combinations

from basis.errors import Invalid
from basis.money import MILLION, Rate
from basis.sentences import Sentence

STANDARD = "standard"


class Dining(StrEnum):
    """Where the meal is had; in many countries the rate depends on it."""

    DELIVERY = "DELIVERY"
    PICKUP = "PICKUP"
    DINE_IN = "DINE_IN"


class RateMissing(Invalid):
    """The profile has no rate for this category, way of dining and day. What is untaxed has a
    rate of 0 %: a gap is a mistake, not an exemption.
    """


class ProfileRefused(Invalid):
    """Two rows hold at once, a row ends before it begins, or taxes lie on top of each other."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TaxRule:
    """One rate of one tax. `on_top_of` names the taxes that belong to its base (compound tax);
    the days are the first and the last on which it holds.
    """

    tax: str
    category: str
    rate: Rate
    dining: Dining | None = None
    valid_from: date = date.min
    valid_until: date = date.max
    on_top_of: frozenset[str] = frozenset()

    def holds(self, day: date) -> bool:
        return self.valid_from <= day <= self.valid_until

    def meets(self, other: TaxRule) -> bool:
        """Could both be asked for the same thing on the same day?"""
        same = (self.tax, self.category, self.dining) == (other.tax, other.category, other.dining)
        return (
            same and self.valid_from <= other.valid_until and other.valid_from <= self.valid_until
        )


@dataclass(frozen=True, slots=True)
class LeviedTax:
    """A tax with its rate, and the exact share of the net price that it comes to: more than the
    rate if it lies on top of another tax.
    """

    tax: str
    rate: Rate
    share: Fraction


@dataclass(frozen=True, slots=True)
class Levy:
    """All taxes on one thing, and their sum per unit of the net price."""

    taxes: tuple[LeviedTax, ...]
    share: Fraction

    def parts(self, *, is_inside: bool) -> list[Fraction]:
        """Each tax per unit of the price: of the gross if tax is inside, else of the net."""
        price = 1 + self.share if is_inside else Fraction(1)
        return [one.share / price for one in self.taxes]


NO_LEVY = Levy((), Fraction(0))


@dataclass(frozen=True, slots=True)
class TaxProfile:
    """The taxes of a house. Raises ProfileRefused if its rows contradict each other."""

    name: str
    prices_include_tax: bool
    rules: tuple[TaxRule, ...]

    def __post_init__(self) -> None:
        for rule in self.rules:
            if rule.valid_from > rule.valid_until:
                raise ProfileRefused(
                    Sentence.of(
                        "{tax} on {category} ends before it begins.",
                        tax=rule.tax,
                        category=rule.category,
                    )
                )
        for one, other in combinations(self.rules, 2):
            if one.meets(other):
                raise ProfileRefused(
                    Sentence.of(
                        "{tax} on {category} has two rates on the same day.",
                        tax=one.tax,
                        category=one.category,
                    )
                )

    def levied_on(self, category: str, dining: Dining, day: date) -> Levy:
        """All taxes on a category, by name. Raises RateMissing, ProfileRefused."""
        rules: dict[str, TaxRule] = {}
        for rule in self.rules:
            fits = rule.category == category and rule.dining in (None, dining)
            # The row of this way of dining beats the row of any.
            if fits and rule.holds(day) and (rule.dining or rule.tax not in rules):
                rules[rule.tax] = rule
        if not rules:
            raise RateMissing(
                Sentence.of(
                    "The tax profile {name} has no rate for {category} ({dining}) on {day}.",
                    name=self.name,
                    category=category,
                    dining=dining,
                    day=day,
                )
            )
        taxes = tuple(
            LeviedTax(tax, rules[tax].rate, share_of(tax, rules, ())) for tax in sorted(rules)
        )
        return Levy(taxes, sum((one.share for one in taxes), Fraction(0)))


def share_of(tax: str, rules: dict[str, TaxRule], above: tuple[str, ...]) -> Fraction:
    """The tax per unit of the net price; what it lies on top of counts to its base."""
    if tax in above:
        raise ProfileRefused(Sentence.of("{tax} lies on top of itself.", tax=tax))
    rule = rules[tax]
    base = 1 + sum(
        (share_of(one, rules, (*above, tax)) for one in rule.on_top_of if one in rules), Fraction(0)
    )
    return Fraction(rule.rate.millionths, MILLION) * base


def flat_profile(rate: Rate, *, prices_include_tax: bool) -> TaxProfile:
    """One rate for everything of the category STANDARD, on every day."""
    rule = TaxRule(tax="VAT", category=STANDARD, rate=rate)
    return TaxProfile("flat", prices_include_tax, (rule,))
