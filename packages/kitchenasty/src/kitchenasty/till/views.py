"""A count of the drawer, and a day of it, as they are read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from kitchenasty import locations, payments
from kitchenasty.till.rules import CLOSING, CountKind


@dataclass(frozen=True, slots=True, kw_only=True)
class CashCount:
    """A row of `cash_counts`. Amounts are minor units of `currency`."""

    number: int
    close_number: int | None
    kind: CountKind
    currency: str
    float_minor: int
    taken_minor: int
    tips_minor: int
    returned_minor: int
    paid_in_minor: int
    paid_out_minor: int
    expected_minor: int
    counted_minor: int
    pieces: dict[int, int]
    reason: str | None
    made_at: datetime
    made_by_name: str

    @property
    def difference_minor(self) -> int:
        """More than nothing: there is too much in the drawer."""
        return self.counted_minor - self.expected_minor


@dataclass(frozen=True, slots=True)
class CashDay:
    """A day of a house's drawer: what moved, and what was counted, oldest first."""

    house: locations.House
    day: date
    flow: payments.CashFlow
    counts: tuple[CashCount, ...]
    usual_float_minor: int
    """What the drawer began with on the last day that was closed."""

    @property
    def number(self) -> int:
        """The last count's; 0 before the first."""
        return self.counts[-1].number if self.counts else 0

    @property
    def closed(self) -> CashCount | None:
        """What holds: the close, or its last correction."""
        return next((one for one in reversed(self.counts) if one.kind in CLOSING), None)

    @property
    def last(self) -> CashCount | None:
        return self.counts[-1] if self.counts else None

    @property
    def moved_since_minor(self) -> int:
        """Cash that came or went after the day was closed on it."""
        if self.closed is None:
            return 0
        before = self.closed.taken_minor - self.closed.returned_minor
        return self.flow.taken_minor - self.flow.returned_minor - before
