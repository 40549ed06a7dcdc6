"""Money on its way back by a provider: asked for under one key, so that it moves once."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import bindparam, select

from basis.errors import Conflict
from basis.ids import new_id
from basis.kit.data.statements import Statement
from basis.money import Money
from kitchenasty import audit
from kitchenasty.kit.books import Books, Look, UnitOfWork
from kitchenasty.payments.give_back import RETURN_JOB
from kitchenasty.payments.keys import load_keys
from kitchenasty.payments.models import (
    PaymentMethod,
    PaymentReturnRow,
    PaymentRow,
    ReturnState,
)
from kitchenasty.payments.port import Provider, ProviderRefused
from kitchenasty.payments.shapes import FAILURE_LENGTH_MAX, answering

BY_HAND = "by hand"


class KeysGone(Conflict):
    """The provider that has the money cannot be asked without its keys."""


class ReturnNotOpen(Conflict):
    """The provider did not refuse it, so there is nothing to decide."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a provider is asked for: a part of the money that it calls `charge_ref`."""

    id: str
    method: PaymentMethod
    amount: Money
    charge_ref: str


TO_ASK = Statement(
    select(
        PaymentReturnRow.id,
        PaymentRow.method,
        PaymentReturnRow.amount_minor,
        PaymentReturnRow.currency,
        PaymentRow.charge_ref,
    )
    .join(PaymentRow, PaymentRow.id == PaymentReturnRow.payment_id)
    .where(
        PaymentReturnRow.id == bindparam("return_id", required=True),
        PaymentReturnRow.state == ReturnState.PENDING,
    )
)
ANSWERED = answering(PaymentReturnRow)
REFUSED_OF_ORDER = Statement(
    select(PaymentReturnRow.id).where(
        PaymentReturnRow.id == bindparam("return_id", required=True),
        PaymentReturnRow.order_id == bindparam("order_id", required=True),
        PaymentReturnRow.state == ReturnState.REFUSED,
    )
)


async def carry_out(books: Books, return_id: str, *, key: str) -> None:
    """Ask the provider. One that does not answer is asked again, with the same key; after one that
    says no, somebody of the house decides. Raises ProviderAway, KeysGone.
    """
    async with books.reading() as look:
        asked = await find_asked(look, return_id)
        provider = None if asked is None else await provider_of(look, asked)
    if asked is None or provider is None:
        return
    try:
        ref = await provider.refund(asked.charge_ref, asked.amount, key=key)
    except ProviderRefused as refusal:
        said = str(refusal)[:FAILURE_LENGTH_MAX]
        async with books.writing() as uow:
            await answer(uow, asked.id, ReturnState.PENDING, ReturnState.REFUSED, why=said)
        return
    async with books.writing() as uow:
        await answer(uow, asked.id, ReturnState.PENDING, ReturnState.DONE, ref=ref)


async def find_asked(look: Look, return_id: str) -> Asked | None:
    """None when it was answered already."""
    row = await look.row(TO_ASK, return_id=return_id)
    if row is None:
        return None
    own_id, method, minor, currency, charge_ref = row
    assert charge_ref is not None, "what was captured has a name"
    return Asked(own_id, PaymentMethod(method), Money(minor, currency), charge_ref)


async def provider_of(look: Look, asked: Asked) -> Provider:
    """Also for a way of paying that was switched off since. Raises KeysGone."""
    provider = (await load_keys(look)).provider(asked.method)
    if provider is None:
        raise KeysGone("The keys of this provider were taken away.")
    return provider


async def answer(
    uow: UnitOfWork,
    return_id: str,
    before: ReturnState,
    after: ReturnState,
    *,
    ref: str | None = None,
    why: str | None = None,
) -> bool:
    """Write down how it ended, unless somebody did before."""
    at = uow.now if after is ReturnState.DONE else None
    names = {"before": before, "after": after, "ref": ref, "why": why, "at": at}
    return bool(await uow.run(ANSWERED, return_id=return_id, **names))


async def ask_again(uow: UnitOfWork, order_id: str, return_id: str) -> None:
    """The provider refused, and what was wrong has been mended. Raises ReturnNotOpen."""
    await check_refused(uow, order_id, return_id)
    await answer(uow, return_id, ReturnState.REFUSED, ReturnState.PENDING)
    # A provider repeats its refusal to the same key, and has moved nothing under it.
    uow.enqueue(RETURN_JOB, {"return_id": return_id, "key": new_id()})
    await tell(uow, order_id, return_id, ReturnState.PENDING)


async def give_back_by_hand(uow: UnitOfWork, order_id: str, return_id: str) -> None:
    """The provider refused, and the guest has the money by another way. Raises ReturnNotOpen."""
    await check_refused(uow, order_id, return_id)
    await answer(uow, return_id, ReturnState.REFUSED, ReturnState.DONE, ref=BY_HAND)
    await tell(uow, order_id, return_id, ReturnState.DONE)


async def check_refused(look: Look, order_id: str, return_id: str) -> None:
    if await look.value(REFUSED_OF_ORDER, return_id=return_id, order_id=order_id) is None:
        raise ReturnNotOpen("This money is back, or on its way.")


async def tell(uow: UnitOfWork, order_id: str, return_id: str, after: ReturnState) -> None:
    await audit.record(
        uow,
        action="refund",
        entity="Order",
        entity_id=order_id,
        before={"return_id": return_id, "state": ReturnState.REFUSED},
        after={"return_id": return_id, "state": after},
    )
