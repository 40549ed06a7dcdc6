"""Deposits and kept cards on the wire. The contract has none; these are its superset."""

from __future__ import annotations

from basis.kit.http.wire import Amount, Stamp, WireStruct, amount, stamp, stamp_or_none
from kitchenasty.deposits.models import ReturnReason
from kitchenasty.deposits.views import Deposit, Return
from kitchenasty.payments import ReturnState
from kitchenasty.reservation_terms import Ask
from kitchenasty.reservations import Reservation


class DepositReturnView(WireStruct, kw_only=True):
    """Money of a deposit or fee on its way back, or there."""

    id: str
    amount: Amount
    reason: ReturnReason
    state: ReturnState
    at: Stamp

    @classmethod
    def of(cls, one: Return) -> DepositReturnView:
        return cls(
            id=one.id,
            amount=amount(one.amount.minor, one.amount.currency),
            reason=one.reason,
            state=one.state,
            at=stamp(one.created_at),
        )


class DepositView(WireStruct, kw_only=True):
    """What was agreed about one reservation (`ask`: NONE, DEPOSIT or CARD; `amount`: the deposit or
    the most that the card may be charged), and what became of it. `payUntil` while it is waited
    for; who cancels by `freeUntil` has everything back. `used` paid their bill, `left` is the
    guest's still.
    """

    ask: Ask
    amount: Amount
    currency: str
    pay_until: Stamp | None
    free_until: Stamp | None
    paid: Amount
    returned: Amount
    kept: Amount
    used: Amount
    left: Amount
    has_card: bool
    returns: list[DepositReturnView]

    @classmethod
    def of(cls, reservation: Reservation, deposit: Deposit) -> DepositView:
        agreed, account = reservation.agreed, deposit.account
        currency = account.currency
        return cls(
            ask=Ask.NONE if agreed is None else agreed.ask,
            amount=amount(0 if agreed is None else agreed.amount_minor, currency),
            currency=currency,
            pay_until=stamp_or_none(
                reservation.awaits_deposit_until if reservation.awaits_deposit else None
            ),
            free_until=stamp_or_none(None if agreed is None else agreed.free_until),
            paid=amount(account.paid_minor, currency),
            returned=amount(account.returned_minor, currency),
            kept=amount(account.kept_minor, currency),
            used=amount(account.used_minor, currency),
            left=amount(account.left_minor, currency),
            has_card=deposit.kept_card is not None,
            returns=[DepositReturnView.of(one) for one in deposit.returns],
        )
