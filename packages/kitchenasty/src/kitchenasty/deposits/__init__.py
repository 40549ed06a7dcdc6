"""Money that a house asks for before it keeps a table: paid, given back, or kept. Others use only
these names.
"""

from kitchenasty.deposits.attempts import begin
from kitchenasty.deposits.bills import (
    give_back_unused,
    plan_bill,
    plan_bills,
    take_off_bills,
)
from kitchenasty.deposits.events import DepositChanged
from kitchenasty.deposits.fees import charge_fee, may_charge
from kitchenasty.deposits.ledger import forget_card, open_attempt
from kitchenasty.deposits.models import AttemptKind, ReturnReason
from kitchenasty.deposits.queries import (
    find_attempt,
    list_open_attempts,
    list_to_review,
    load_deposit,
    load_deposits,
    sum_kept,
)
from kitchenasty.deposits.reviews import Verdict, settle_review
from kitchenasty.deposits.service import (
    AskRefused,
    NothingToDecide,
    ask,
    ask_again,
    give_by_hand,
    keep_deposit,
    lapse,
    return_deposit,
    waive,
)
from kitchenasty.deposits.settling import hear, settle
from kitchenasty.deposits.states import Account, NotSoMuchLeft
from kitchenasty.deposits.views import Attempt, Deposit, Return

__all__ = [
    "Account",
    "AskRefused",
    "Attempt",
    "AttemptKind",
    "Deposit",
    "DepositChanged",
    "NotSoMuchLeft",
    "NothingToDecide",
    "Return",
    "ReturnReason",
    "Verdict",
    "ask",
    "ask_again",
    "begin",
    "charge_fee",
    "find_attempt",
    "forget_card",
    "give_back_unused",
    "give_by_hand",
    "hear",
    "keep_deposit",
    "lapse",
    "list_open_attempts",
    "list_to_review",
    "load_deposit",
    "load_deposits",
    "may_charge",
    "open_attempt",
    "plan_bill",
    "plan_bills",
    "return_deposit",
    "settle",
    "settle_review",
    "sum_kept",
    "take_off_bills",
    "waive",
]
