"""The price engine: what an order costs, how it is paid, split and refunded. Pure.

docs/developers/algorithms/pricing.md tells the algorithm, with examples and sources.
"""

from kitchenasty.orders.totals.amounts import AmountOutOfRange
from kitchenasty.orders.totals.breakdown import (
    Breakdown,
    Explanation,
    PricedLine,
    Share,
    ShareKind,
    Step,
    StepKind,
    TaxTotal,
    explain,
)
from kitchenasty.orders.totals.charges import Delivery, DeliveryTariff
from kitchenasty.orders.totals.engine import total
from kitchenasty.orders.totals.lines import SaleLine, unit_price
from kitchenasty.orders.totals.policies import BY_RATE, RoundingPolicy, load_policy
from kitchenasty.orders.totals.profiles import Dining, TaxProfile, flat_profile
from kitchenasty.orders.totals.sales import Sale

__all__ = [
    "BY_RATE",
    "AmountOutOfRange",
    "Breakdown",
    "Delivery",
    "DeliveryTariff",
    "Dining",
    "Explanation",
    "PricedLine",
    "RoundingPolicy",
    "Sale",
    "SaleLine",
    "Share",
    "ShareKind",
    "Step",
    "StepKind",
    "TaxProfile",
    "TaxTotal",
    "explain",
    "flat_profile",
    "load_policy",
    "total",
    "unit_price",
]
