"""Money back: what, how much, why, and by whom. Others use only these names."""

from kitchenasty.refunds.bill import Bill, NothingToGiveBack, Wish, WishUnclear, taxes_in
from kitchenasty.refunds.events import RefundMade
from kitchenasty.refunds.queries import list_refunds, list_refunds_of, load_limit
from kitchenasty.refunds.service import (
    AboveYourLimit,
    NotYoursToGive,
    OtherAmountDue,
    look_at_bill,
    preview,
    refund,
    set_limit,
)
from kitchenasty.refunds.states import Cause
from kitchenasty.refunds.views import Refund, RefundNotFound

__all__ = [
    "AboveYourLimit",
    "Bill",
    "Cause",
    "NotYoursToGive",
    "NothingToGiveBack",
    "OtherAmountDue",
    "Refund",
    "RefundMade",
    "RefundNotFound",
    "Wish",
    "WishUnclear",
    "list_refunds",
    "list_refunds_of",
    "load_limit",
    "look_at_bill",
    "preview",
    "refund",
    "set_limit",
    "taxes_in",
]
