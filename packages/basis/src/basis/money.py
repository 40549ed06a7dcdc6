"""Money is an integer count of a currency's smallest unit. Floats never touch it."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

MILLION = 1_000_000
MILLIONTHS_PER_PERCENT = 10_000
MILLIONTHS_PER_BASIS_POINT = 100
PERCENT = re.compile(r"(\d{1,4})(?:\.(\d{1,4}))?", re.ASCII)
# fmt: off
NO_DECIMALS = frozenset({
    "BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "VND", "VUV",
    "XAF", "XOF", "XPF",
})
# fmt: on
THREE_DECIMALS = frozenset(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"))


class CurrencyMismatch(ValueError):
    """Amounts of two currencies met. A programmer's mistake, never a guest's."""


def exponent_of(currency: str) -> int:
    """Decimals of a currency (ISO 4217): 2 for EUR, 0 for JPY, 3 for KWD."""
    if currency in NO_DECIMALS:
        return 0
    return 3 if currency in THREE_DECIMALS else 2


def round_half_up(numerator: int, denominator: int) -> int:
    """The quotient rounded to the nearest integer, halves away from zero."""
    assert denominator > 0
    sign = -1 if numerator < 0 else 1
    return sign * ((2 * abs(numerator) + denominator) // (2 * denominator))


def round_half_down(numerator: int, denominator: int) -> int:
    """The quotient rounded to the nearest integer, halves towards zero."""
    assert denominator > 0
    sign = -1 if numerator < 0 else 1
    return -sign * ((denominator - 2 * abs(numerator)) // (2 * denominator))


def round_half_even(numerator: int, denominator: int) -> int:
    """The quotient rounded to the nearest integer, halves to the even one (bankers' rounding)."""
    return round(Fraction(numerator, denominator))


def round_down(numerator: int, denominator: int) -> int:
    """The quotient without its fraction, towards zero."""
    return numerator // denominator if numerator >= 0 else -(-numerator // denominator)


def round_up(numerator: int, denominator: int) -> int:
    """The next integer away from zero, unless the quotient is one."""
    return -(-numerator // denominator) if numerator >= 0 else numerator // denominator


class Rounding(StrEnum):
    """How a fraction of a minor unit becomes a whole one. Mirrored at zero: a refund rounds as
    the sale did.
    """

    HALF_UP = "half-up"
    HALF_EVEN = "half-even"
    HALF_DOWN = "half-down"
    UP = "up"
    DOWN = "down"

    def apply(self, numerator: int, denominator: int) -> int:
        """The quotient as a whole number."""
        return ROUNDERS[self](numerator, denominator)


ROUNDERS: dict[Rounding, Callable[[int, int], int]] = {
    Rounding.HALF_UP: round_half_up,
    Rounding.HALF_EVEN: round_half_even,
    Rounding.HALF_DOWN: round_half_down,
    Rounding.UP: round_up,
    Rounding.DOWN: round_down,
}


class RateUnreadable(ValueError):
    """A text that is no percentage with at most four decimals."""


@dataclass(frozen=True, slots=True, order=True)
class Rate:
    """A share in whole millionths: 19 % are 190,000. Fine enough for 8.875 % and 9.975 %, which
    basis points are not.
    """

    millionths: int

    @classmethod
    def parse(cls, percent: str) -> Rate:
        """`19`, `8.875`: percent as text, at most four decimals. Raises RateUnreadable."""
        found = PERCENT.fullmatch(percent)
        if found is None:
            raise RateUnreadable(f"{percent!r} is no percentage like 19 or 8.875")
        whole, part = found.groups()
        return cls(int(whole) * MILLIONTHS_PER_PERCENT + int((part or "").ljust(4, "0")))

    @classmethod
    def of_basis_points(cls, basis_points: int) -> Rate:
        return cls(basis_points * MILLIONTHS_PER_BASIS_POINT)

    def to_text(self) -> str:
        """Percent without idle zeros: `19`, `8.875`."""
        whole, part = divmod(self.millionths, MILLIONTHS_PER_PERCENT)
        return f"{whole}.{part:04d}".rstrip("0").rstrip(".")

    def of(self, minor: int, rounding: Rounding = Rounding.HALF_UP) -> int:
        """The share of an amount, in whole minor units."""
        return rounding.apply(minor * self.millionths, MILLION)


@dataclass(frozen=True, slots=True)
class Money:
    minor: int
    currency: str

    def __add__(self, other: Money) -> Money:
        return Money(self.minor + self._same(other), self.currency)

    def __sub__(self, other: Money) -> Money:
        return Money(self.minor - self._same(other), self.currency)

    def __mul__(self, quantity: int) -> Money:
        return Money(self.minor * quantity, self.currency)

    def __str__(self) -> str:
        """As programs and logs read it: `12.90 EUR`."""
        return f"{self.to_major_text()} {self.currency}"

    def to_major_text(self) -> str:
        """Major units with the currency's decimals: `12.90`, `-0.05`, and `1500` for yen."""
        exponent = exponent_of(self.currency)
        sign, size = ("-" if self.minor < 0 else ""), abs(self.minor)
        whole, part = divmod(size, 10**exponent)
        return f"{sign}{whole}.{part:0{exponent}d}" if exponent else f"{sign}{whole}"

    def split(self, weights: Sequence[int]) -> list[Money]:
        """Shares by weight that add up exactly: left-over units go to the largest fractions."""
        return [Money(share, self.currency) for share in split_minor(self.minor, weights)]

    def _same(self, other: Money) -> int:
        if other.currency != self.currency:
            raise CurrencyMismatch(f"{self.currency} met {other.currency}")
        return other.minor


def split_minor(minor: int, weights: Sequence[int]) -> list[int]:
    """Whole units by weight, largest remainder first (Hamilton's method); the sum is kept."""
    total = sum(weights)
    assert total > 0
    assert all(weight >= 0 for weight in weights)
    sign, size = (-1 if minor < 0 else 1), abs(minor)
    shares = [size * weight // total for weight in weights]
    by_fraction = sorted(
        range(len(weights)), key=lambda i: (-(size * weights[i] % total), -weights[i], i)
    )
    for i in by_fraction[: size - sum(shares)]:
        shares[i] += 1
    return [sign * share for share in shares]
