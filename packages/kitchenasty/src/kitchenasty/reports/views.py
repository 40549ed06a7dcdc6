"""A report, ready to be shown: of one currency, over houses and days. Amounts are minor units."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from kitchenasty.reports.queries import Guests


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """`revenue_minor` is what sales brought without tax and tips; refunds are not taken off it."""

    orders: int = 0
    portions: int = 0
    revenue_minor: int = 0
    tax_minor: int = 0
    tip_minor: int = 0
    delivery_minor: int = 0
    service_minor: int = 0
    discount_minor: int = 0
    refunds: int = 0
    refunded_minor: int = 0
    refunded_tax_minor: int = 0
    refunded_tip_minor: int = 0
    due: int = 0
    due_minor: int = 0
    cancelled: int = 0
    cancelled_minor: int = 0
    deposits_minor: int = 0
    """What was kept of deposits and fees for tables; no revenue, since nothing was sold."""

    @property
    def charged_minor(self) -> int:
        """What guests were charged for: revenue, the tax on it, and tips."""
        return self.revenue_minor + self.tax_minor + self.tip_minor

    @property
    def kept_minor(self) -> int:
        """Revenue less what of it was given back."""
        return self.revenue_minor - self.refunded_minor

    @property
    def average_minor(self) -> int:
        """What a sale brought, rounded down."""
        return self.revenue_minor // self.orders if self.orders else 0


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table: what it is, how many orders, portions, how much, and tax apart."""

    name: str
    orders: int
    portions: int
    minor: int
    tax_minor: int = 0
    refunded_minor: int = 0


@dataclass(frozen=True, slots=True)
class StepRow:
    """A day, week or month, cut off at the ends of the period."""

    first: date
    last: date
    orders: int
    minor: int
    tax_minor: int
    refunded_minor: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    currency: str
    totals: Totals
    before: Totals
    steps: tuple[StepRow, ...]
    hours: tuple[Row, ...]
    weekdays: tuple[Row, ...]
    dishes: tuple[Row, ...]
    categories: tuple[Row, ...]
    types: tuple[Row, ...]
    tenders: tuple[Row, ...]
    taxes: tuple[Row, ...]
    discounts: tuple[Row, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reports:
    """One report for each currency; guests are people and have none."""

    first: date
    last: date
    before_first: date
    before_last: date
    currencies: tuple[Report, ...]
    guests: Guests
    guests_before: Guests
    uncounted: int
    """Orders that have changed and are not in here yet."""
