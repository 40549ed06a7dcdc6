"""A party in a house in which every text can be replaced by attacks: seated, paid, waited for."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from basis.ids import hash_capability, new_id
from basis.kit.data.statements import insert_into
from kitchenasty import floor, locations, payments, waitlist
from kitchenasty.deposits.models import (
    AttemptKind,
    DepositPaymentRow,
    DepositReturnRow,
    ReturnReason,
)
from kitchenasty.kit.books import UnitOfWork
from kitchenasty.reservations import Reservation
from kitchenasty.waitlist.models import WaitingPartyRow
from kitchenasty.waitlist.service import NOT_YET

GET_IN_LINE = insert_into(WaitingPartyRow)
PAY = insert_into(DepositPaymentRow)
GIVE_BACK = insert_into(DepositReturnRow)


async def seat_somebody(uow: UnitOfWork, house: locations.House) -> str:
    """Now, at the one table of the house, which is blocked for tomorrow."""
    party = await floor.walk_in(uow, house.id, 2, name="Tom")
    tomorrow = uow.now + timedelta(days=1)
    period = tomorrow, tomorrow + timedelta(hours=1)
    await floor.block(uow, house.id, party.table_ids, period, "a reason")
    await wait_for_a_table(uow, house, party.day)
    await be_refused_a_deposit(uow, party)
    return party.id


async def wait_for_a_table(uow: UnitOfWork, house: locations.House, day: date) -> None:
    """Somebody else, on the same day, at whatever hour this runs."""
    waiting_id = new_id()
    await uow.run(
        GET_IN_LINE,
        **dict.fromkeys(NOT_YET),
        customer_id=None,
        locale=None,
        id=waiting_id,
        house_id=house.id,
        guest_name="Eve",
        guest_email="eve@guest.example",
        guest_phone="1",
        party=2,
        day=day,
        since_at=uow.now,
        until_at=uow.now,
        state=waitlist.WaitState.WAITING,
        capability_hash=hash_capability(waiting_id),
        joined_at=uow.now,
        updated_at=uow.now,
    )


async def be_refused_a_deposit(uow: UnitOfWork, party: Reservation) -> None:
    """Paid, and the provider would not give it back, nor take a fee."""
    payment_id = new_id()
    sum_of_it = {"amount_minor": 100, "currency": "EUR", "created_at": uow.now}
    tried = {
        **dict.fromkeys(("provider_ref", "told_minor", "reviewed_at", "forgotten_at")),
        **sum_of_it,
        "reservation_id": party.id,
        "house_id": party.house_id,
        "method": payments.PaymentMethod.STRIPE,
        "updated_at": uow.now,
    }
    await try_to_pay(uow, tried, payment_id)
    await uow.run(
        GIVE_BACK,
        **sum_of_it,
        id=new_id(),
        reservation_id=party.id,
        payment_id=payment_id,
        reason=ReturnReason.HOUSE,
        state=payments.ReturnState.REFUSED,
        provider_ref=None,
        failure="closed",
        done_at=None,
    )


async def try_to_pay(uow: UnitOfWork, tried: dict[str, Any], payment_id: str) -> None:
    """Once with money, once with a card that the bank declined."""
    await uow.run(
        PAY,
        **tried,
        id=payment_id,
        kind=AttemptKind.PAYMENT,
        state=payments.IntentState.CAPTURED,
        charge_ref=payment_id,
        failure=None,
        review="odd",
        captured_at=uow.now,
    )
    await uow.run(
        PAY,
        **tried,
        id=new_id(),
        kind=AttemptKind.FEE,
        state=payments.IntentState.FAILED,
        charge_ref=None,
        failure="declined",
        review=None,
        captured_at=None,
    )
