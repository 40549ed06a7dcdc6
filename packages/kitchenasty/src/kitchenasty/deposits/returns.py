"""What a provider is asked to give back."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import bindparam, select

from basis.kit.data.statements import Statement
from basis.money import Money
from kitchenasty.deposits.models import DepositPaymentRow, DepositReturnRow
from kitchenasty.kit.books import Look
from kitchenasty.payments import PaymentMethod, ReturnState

TO_ASK = Statement(
    select(
        DepositPaymentRow.method,
        DepositReturnRow.amount_minor,
        DepositReturnRow.currency,
        DepositPaymentRow.charge_ref,
    )
    .join(DepositPaymentRow, DepositPaymentRow.id == DepositReturnRow.payment_id)
    .where(
        DepositReturnRow.id == bindparam("return_id", required=True),
        DepositReturnRow.state == ReturnState.PENDING,
    )
)


@dataclass(frozen=True, slots=True)
class Asked:
    """A part of the money that the provider calls `charge_ref`."""

    method: PaymentMethod
    amount: Money
    charge_ref: str


async def find_asked(look: Look, return_id: str) -> Asked | None:
    """None when it was answered already."""
    row = await look.row(TO_ASK, return_id=return_id)
    if row is None:
        return None
    method, minor, currency, charge_ref = row
    assert charge_ref is not None, "what was captured has a name"
    return Asked(PaymentMethod(method), Money(minor, currency), charge_ref)
