"""The price engine: what an order costs, how it is paid, split and refunded. Pure.

docs/developers/algorithms/pricing.md tells the algorithm, with examples and sources.
"""

from kitchenasty.orders.totals.amounts import (
    AmountOutOfRange,
)
from kitchenasty.orders.totals.breakdown import (
    Breakdown,
    Explanation,
    PricedLine,
    Share,
    ShareKind,
    Step,
    StepKind,
    TaxedPiece,
    TaxOnPiece,
    TaxTotal,
    explain,
)
from kitchenasty.orders.totals.charges import (
    AT_STANDARD,
    LIKE_THE_GOODS,
    UNTAXED,
    ChargeBase,
    Delivery,
    DeliveryTariff,
    DistanceBand,
    DistanceNeeded,
    DistanceSteps,
    PortionSurcharge,
    ServiceCharge,
    TaxedAs,
    Tip,
    TooFar,
)
from kitchenasty.orders.totals.discounts import (
    Discount,
    Per,
    Reach,
)
from kitchenasty.orders.totals.engine import (
    total,
)
from kitchenasty.orders.totals.lines import (
    Component,
    SaleLine,
    unit_price,
)
from kitchenasty.orders.totals.policies import (
    BY_RATE,
    POLICIES,
    PolicyUnknown,
    RoundingPolicy,
    load_policy,
)
from kitchenasty.orders.totals.profiles import (
    STANDARD,
    Dining,
    ProfileRefused,
    RateMissing,
    TaxProfile,
    TaxRule,
    flat_profile,
)
from kitchenasty.orders.totals.refunds import (
    Account,
    NotOnThisBill,
    Refund,
    RefundedPart,
    RefundTooLarge,
    Standing,
    open_account,
    refund_amount,
    refund_share,
    refund_units,
)
from kitchenasty.orders.totals.sales import (
    Sale,
)
from kitchenasty.orders.totals.splits import (
    BillPart,
    split_by_guest,
    split_by_shares,
)
from kitchenasty.orders.totals.tenders import (
    Settlement,
    Tender,
    TenderKind,
    TenderTooLarge,
    cash_back,
    round_cash,
    settle,
)

__all__ = [
    "AT_STANDARD",
    "BY_RATE",
    "LIKE_THE_GOODS",
    "POLICIES",
    "STANDARD",
    "UNTAXED",
    "Account",
    "AmountOutOfRange",
    "BillPart",
    "Breakdown",
    "ChargeBase",
    "Component",
    "Delivery",
    "DeliveryTariff",
    "Dining",
    "Discount",
    "DistanceBand",
    "DistanceNeeded",
    "DistanceSteps",
    "Explanation",
    "NotOnThisBill",
    "Per",
    "PolicyUnknown",
    "PortionSurcharge",
    "PricedLine",
    "ProfileRefused",
    "RateMissing",
    "Reach",
    "Refund",
    "RefundTooLarge",
    "RefundedPart",
    "RoundingPolicy",
    "Sale",
    "SaleLine",
    "ServiceCharge",
    "Settlement",
    "Share",
    "ShareKind",
    "Standing",
    "Step",
    "StepKind",
    "TaxOnPiece",
    "TaxProfile",
    "TaxRule",
    "TaxTotal",
    "TaxedAs",
    "TaxedPiece",
    "Tender",
    "TenderKind",
    "TenderTooLarge",
    "Tip",
    "TooFar",
    "cash_back",
    "explain",
    "flat_profile",
    "load_policy",
    "open_account",
    "refund_amount",
    "refund_share",
    "refund_units",
    "round_cash",
    "settle",
    "split_by_guest",
    "split_by_shares",
    "total",
    "unit_price",
]
