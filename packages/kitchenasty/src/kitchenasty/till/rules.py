"""Coins and notes, what should be in the drawer, and where a house's own day begins. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from basis.errors import Conflict, Forbidden, Invalid, NotFound
from basis.money import exponent_of

PIECES_MAX = 99_999
"""Of one kind; nobody counts more."""
REASON_LENGTH_MAX = 300


class CountKind(StrEnum):
    """COUNT: somebody counted the drawer. CLOSE: the day was closed on it. CORRECTION: what the
    close said was wrong, and this is right.
    """

    COUNT = "COUNT"
    CLOSE = "CLOSE"
    CORRECTION = "CORRECTION"


CLOSING = (CountKind.CLOSE, CountKind.CORRECTION)


class DayUnknown(NotFound):
    """What stands in the address is no day."""


class DayNotBegun(Invalid):
    """The day has not begun in this house."""


class CountRefused(Invalid):
    """A number of coins that nobody can have counted, or an amount below nothing."""


class ReasonNeeded(Invalid):
    """A difference or a correction without a word about it."""


class DayClosed(Conflict):
    """The day is closed: whoever counts again corrects it, and that is for managers."""


class CountedMeanwhile(Conflict):
    """Since the page was opened, somebody else has counted or closed."""


class NotYoursToClose(Forbidden):
    """Waiters and cooks count; managers close."""


# In major units, as they are in the purse; rare ones are left out of nobody's count.
PIECES: dict[str, tuple[str, ...]] = {
    "EUR": ("200", "100", "50", "20", "10", "5", "2", "1", "0.50", "0.20", "0.10", "0.05",
            "0.02", "0.01"),
    "USD": ("100", "50", "20", "10", "5", "2", "1", "0.50", "0.25", "0.10", "0.05", "0.01"),
    "GBP": ("50", "20", "10", "5", "2", "1", "0.50", "0.20", "0.10", "0.05", "0.02", "0.01"),
    "CHF": ("1000", "200", "100", "50", "20", "10", "5", "2", "1", "0.50", "0.20", "0.10",
            "0.05"),
    "CAD": ("100", "50", "20", "10", "5", "2", "1", "0.25", "0.10", "0.05"),
    "AUD": ("100", "50", "20", "10", "5", "2", "1", "0.50", "0.20", "0.10", "0.05"),
    "NZD": ("100", "50", "20", "10", "5", "2", "1", "0.50", "0.20", "0.10"),
    "SEK": ("1000", "500", "200", "100", "50", "20", "10", "5", "2", "1"),
    "NOK": ("1000", "500", "200", "100", "50", "20", "10", "5", "1"),
    "DKK": ("1000", "500", "200", "100", "50", "20", "10", "5", "2", "1", "0.50"),
    "PLN": ("500", "200", "100", "50", "20", "10", "5", "2", "1", "0.50", "0.20", "0.10", "0.05",
            "0.02", "0.01"),
    "CZK": ("5000", "2000", "1000", "500", "200", "100", "50", "20", "10", "5", "2", "1"),
    "JPY": ("10000", "5000", "2000", "1000", "500", "100", "50", "10", "5", "1"),
    "INR": ("500", "200", "100", "50", "20", "10", "5", "2", "1"),
    "KWD": ("20", "10", "5", "1", "0.500", "0.250", "0.100", "0.050", "0.020", "0.010", "0.005"),
}  # fmt: skip
SERIES = ("5", "2", "1")
SERIES_UP_TO = 3
"""Powers of ten above one, for a currency whose pieces we do not know."""


def pieces_of(currency: str) -> tuple[int, ...]:
    """The coins and notes of a currency in minor units, the largest first. One that is not listed
    gets 1, 2 and 5 of every size.
    """
    decimals = exponent_of(currency)
    if currency not in PIECES:
        powers = range(SERIES_UP_TO, -decimals - 1, -1)
        return tuple(int(one) * 10 ** (power + decimals) for power in powers for one in SERIES)
    found = []
    for text in PIECES[currency]:
        whole, _, part = text.partition(".")
        found.append(int(whole) * 10**decimals + int(part.ljust(decimals, "0") or 0))
    return tuple(found)


def day_in(text: str) -> date:
    """The day that stands in an address, within a thousand years of ours. Raises DayUnknown."""
    try:
        day: date | None = date.fromisoformat(text)
    except ValueError:
        day = None
    if day is None or not 1900 <= day.year <= 2900:
        raise DayUnknown("There is no such day.")
    return day


def bounds_of(day: date, zone: str) -> tuple[datetime, datetime]:
    """The instants between which the day lies: 23, 24 or 25 hours of them."""
    begins, ends = (
        datetime.combine(one, time(), tzinfo=ZoneInfo(zone)).astimezone(UTC)
        for one in (day, day + timedelta(days=1))
    )
    return begins, ends


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawer:
    """What was counted: how many of each piece, by its value; what lay in the drawer when the day
    began; and cash that came or went for something else than orders.
    """

    pieces: Mapping[int, int]
    float_minor: int = 0
    paid_in_minor: int = 0
    paid_out_minor: int = 0

    @property
    def counted_minor(self) -> int:
        return sum(value * count for value, count in self.pieces.items())

    def expected_minor(self, *, taken_minor: int, returned_minor: int) -> int:
        moved = taken_minor - returned_minor + self.paid_in_minor - self.paid_out_minor
        return self.float_minor + moved

    def check(self, currency: str) -> None:
        """Raises CountRefused."""
        known = set(pieces_of(currency))
        amounts = (self.float_minor, self.paid_in_minor, self.paid_out_minor)
        if not set(self.pieces) <= known or min(amounts) < 0:
            raise CountRefused("Please count the coins and notes of this currency.")
        if not all(0 <= count <= PIECES_MAX for count in self.pieces.values()):
            raise CountRefused("Nobody has so many coins or notes of one kind.")
