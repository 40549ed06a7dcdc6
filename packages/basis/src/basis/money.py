"""Money is an integer count of a currency's smallest unit. Floats never touch it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

BASIS_POINTS = 10_000
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

    def percent(self, basis_points: int) -> Money:
        """A share of this amount, rounded half up. 1900 basis points are 19 %."""
        return Money(round_half_up(self.minor * basis_points, BASIS_POINTS), self.currency)

    def included(self, basis_points: int) -> Money:
        """The tax inside an amount that includes it, rounded half up; net is what is left."""
        share = round_half_up(self.minor * basis_points, BASIS_POINTS + basis_points)
        return Money(share, self.currency)

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
