"""Numbering receipts without gaps, and gathering what stands on one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, select, update

from basis.ids import new_id
from basis.kit.data.counters import count_up
from basis.kit.data.statements import Statement, insert_into
from kitchenasty import deposits, locations, orders, payments, refunds
from kitchenasty.kit.books import Look, UnitOfWork
from kitchenasty.receipts.events import ReceiptIssued
from kitchenasty.receipts.models import ReceiptCounterRow, ReceiptKind, ReceiptRow

NUMBER_DIGITS = 6

COUNT_UP = count_up(ReceiptCounterRow)
COUNT_BACK = Statement(
    update(ReceiptCounterRow)
    .where(
        ReceiptCounterRow.house_id == bindparam("house_id", required=True),
        ReceiptCounterRow.year == bindparam("of_year", required=True),
    )
    .values(last=ReceiptCounterRow.last - 1)
)
INSERT = insert_into(ReceiptRow)
OF_SUBJECT = Statement(
    select(ReceiptRow.year, ReceiptRow.number, ReceiptRow.seller, ReceiptRow.issued_at).where(
        ReceiptRow.about_id == bindparam("about_id", required=True)
    )
)


@dataclass(frozen=True, slots=True)
class Number:
    """A receipt's number, with the seller as on the day when it was given."""

    year: int
    number: int
    seller: tuple[str, ...]
    issued_at: datetime

    def __str__(self) -> str:
        return f"{self.year}-{self.number:0{NUMBER_DIGITS}d}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """All that stands on the receipt of an order; without a number it is a bill that is open."""

    order: orders.Order
    house: locations.House
    explanation: orders.totals.Explanation | None
    payments: tuple[payments.Payment, ...]
    seller: tuple[str, ...]
    number: Number | None
    refunds: tuple[NumberedRefund, ...]
    from_deposit_minor: int = 0
    """What a deposit for the table is going to pay of what is due."""


@dataclass(frozen=True, slots=True)
class NumberedRefund:
    """A refund with the number of its credit note, which it gets a moment after it is made."""

    refund: refunds.Refund
    number: Number | None


@dataclass(frozen=True, slots=True)
class CreditNote:
    """All that stands on the credit note of a refund; `paper` is the receipt it takes from."""

    paper: Paper
    refund: refunds.Refund
    number: Number | None

    @property
    def seller(self) -> tuple[str, ...]:
        return self.number.seller if self.number else self.paper.seller


async def issue(
    uow: UnitOfWork,
    *,
    house_id: str,
    order_id: str,
    kind: ReceiptKind = ReceiptKind.RECEIPT,
    about_id: str | None = None,
) -> Number:
    """The number of the receipt about an order, or about a refund of it: given once, at the end
    of the transaction, since nobody else at the house gets one before the commit.

    Raises HouseNotFound.
    """
    about = about_id or order_id
    house = await locations.load_house(uow, house_id)
    year = uow.now.astimezone(ZoneInfo(house.zone)).year
    if await find_number(uow, about) is None:
        count = int(await uow.value(COUNT_UP, house_id=house.id, year=year))
        # Whoever waited for the counter looks again: the other one may have done the same work.
        if (other := await find_number(uow, about)) is not None:
            await uow.run(COUNT_BACK, house_id=house.id, of_year=year)
            return other
        await uow.run(
            INSERT,
            id=new_id(),
            house_id=house.id,
            year=year,
            number=count,
            kind=kind,
            order_id=order_id,
            about_id=about,
            seller=list(seller_of(house)),
            issued_at=uow.now,
        )
        uow.emit(ReceiptIssued(order_id=order_id, house_id=house.id, refund_id=about_id))
    number = await find_number(uow, about)
    assert number is not None
    return number


async def find_number(look: Look, about_id: str) -> Number | None:
    """The number about an order or a refund; None as long as there is none."""
    row = await look.row(OF_SUBJECT, about_id=about_id)
    return None if row is None else Number(row[0], row[1], tuple(row[2]), row[3])


async def load_paper(look: Look, order: orders.Order) -> Paper:
    """What stands on the receipt of an order. Raises HouseNotFound, OrderNotFound."""
    house = await locations.load_house(look, order.house_id)
    number = await find_number(look, order.id)
    return Paper(
        order=order,
        house=house,
        explanation=await orders.load_explanation(look, order.id),
        payments=tuple(await payments.list_payments(look, order.id)),
        seller=number.seller if number else seller_of(house),
        number=number,
        refunds=tuple(await list_numbered(look, order.id)),
        from_deposit_minor=await deposits.plan_bill(look, order),
    )


async def load_credit_note(look: Look, order: orders.Order, refund_id: str) -> CreditNote:
    """What stands on the credit note of a refund. Raises RefundNotFound, HouseNotFound."""
    paper = await load_paper(look, order)
    for one in paper.refunds:
        if one.refund.id == refund_id:
            return CreditNote(paper, one.refund, one.number)
    raise refunds.RefundNotFound("This order had no such refund.")


async def list_numbered(look: Look, order_id: str) -> list[NumberedRefund]:
    """The refunds of an order with the numbers of their credit notes, oldest first."""
    made = await refunds.list_refunds(look, order_id)
    return [NumberedRefund(one, await find_number(look, one.id)) for one in made]


def seller_of(house: locations.House) -> tuple[str, ...]:
    """Who sells, as invoices name them: name, address, number of the tax office."""
    lines = (
        house.legal_name,
        house.name,
        house.address,
        f"{house.postal_code} {house.city}, {house.country}",
        house.tax_id,
    )
    return tuple(line for line in lines if line)
