"""An order is paid online: from the wish of its guest to the money in the books, or to the order's
end. Others use only these names.

Whoever is told by a provider how an attempt stands (a message, a return page, a question of ours)
calls `settle` or `settle_told` with it, as often and in whatever order it comes.
"""

from kitchenasty.paying.attempts import begin, look_after_order
from kitchenasty.paying.counter import collect, collect_table
from kitchenasty.paying.hearing import apply_message, apply_waiting, hear_paypal, hear_stripe
from kitchenasty.paying.holding import Held, hold_for, record_due
from kitchenasty.paying.settling import Settled, settle, settle_told

__all__ = [
    "Held",
    "Settled",
    "apply_message",
    "apply_waiting",
    "begin",
    "collect",
    "collect_table",
    "hear_paypal",
    "hear_stripe",
    "hold_for",
    "look_after_order",
    "record_due",
    "settle",
    "settle_told",
]
