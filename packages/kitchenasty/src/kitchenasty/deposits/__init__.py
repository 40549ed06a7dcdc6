"""Money that a house asks for before it keeps a table: paid, given back, or kept. Others use only
these names.
"""

from kitchenasty.deposits.attempts import begin
from kitchenasty.deposits.events import DepositChanged
from kitchenasty.deposits.ledger import open_attempt
from kitchenasty.deposits.models import ReturnReason
from kitchenasty.deposits.queries import (
    Attempt,
    Deposit,
    Return,
    find_attempt,
    list_open_attempts,
    load_deposit,
    load_deposits,
)
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

__all__ = [
    "Account",
    "AskRefused",
    "Attempt",
    "Deposit",
    "DepositChanged",
    "NotSoMuchLeft",
    "NothingToDecide",
    "Return",
    "ReturnReason",
    "ask",
    "ask_again",
    "begin",
    "find_attempt",
    "give_by_hand",
    "hear",
    "keep_deposit",
    "lapse",
    "list_open_attempts",
    "load_deposit",
    "load_deposits",
    "open_attempt",
    "return_deposit",
    "settle",
    "waive",
]
