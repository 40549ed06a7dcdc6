"""Giving money back: by line, by portion, by amount, or all of it. Once, and never too much."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import msgspec
from sqlalchemy import bindparam, update

from basis.errors import Conflict, Forbidden
from basis.ids import new_id
from basis.kit.data.statements import Statement, insert_into, insert_unless_there
from basis.money import Money
from basis.sentences import Sentence
from kitchenasty import audit, locations, loyalty, orders, payments
from kitchenasty.kit.books import Look, UnitOfWork
from kitchenasty.kit.principals import Principal, Role
from kitchenasty.refunds.bill import EVERYTHING, Bill, Wish, work_out
from kitchenasty.refunds.events import RefundMade
from kitchenasty.refunds.models import RefundLimitRow, RefundRow
from kitchenasty.refunds.queries import list_refunds, load_limit
from kitchenasty.refunds.states import Cause
from kitchenasty.refunds.views import Refund

REASON_LENGTH_MAX = 300
INSERT = insert_into(RefundRow)
INSERT_LIMIT = insert_unless_there(RefundLimitRow)
CHANGE_LIMIT = Statement(
    update(RefundLimitRow)
    .where(RefundLimitRow.house_id == bindparam("of_house", required=True))
    .values(most_minor=bindparam("most", required=True), updated_at=bindparam("now", required=True))
)


class NotYoursToGive(Forbidden):
    """Waiters and cooks give no money back."""


class AboveYourLimit(Forbidden):
    """Managers give back up to what the owner has set for one order."""


class OtherAmountDue(Conflict):
    """Since it was looked at, something was given back, so now another amount would go."""


@dataclass(frozen=True, slots=True)
class Decision:
    """Why money goes back, who says so, and what they saw before they said it."""

    cause: Cause
    reason: str
    made_by: str
    made_by_name: str
    seen_minor: int | None = None


async def load_bill(
    look: Look, order: orders.Order, tenders: Sequence[payments.PaidTender]
) -> Bill:
    """The bill after all refunds so far."""
    past = await list_refunds(look, order.id)
    shares = await orders.load_shares(look, order)
    account = orders.totals.open_account(shares, (one.parts for one in past))
    paid = sum(tender.paid_minor for tender in tenders)
    left = sum(tender.left_minor for tender in tenders)
    return Bill(order, account, tuple(past), paid, left)


async def look_at_bill(look: Look, order: orders.Order) -> Bill:
    """The bill as it stands, for whoever is about to decide."""
    return await load_bill(look, order, await payments.list_paid(look, order.id))


async def preview(look: Look, order: orders.Order, wish: Wish) -> orders.totals.Refund:
    """What would go back, tax included. Raises what `refund` raises."""
    bill = await look_at_bill(look, order)
    made = work_out(bill, wish)
    await check_limit(look, bill, made)
    return made


async def refund(
    uow: UnitOfWork, order: orders.Order, wish: Wish, *, reason: str, seen_minor: int | None = None
) -> Refund:
    """Give back what is wished for, in the name of whoever acts; they have seen `seen_minor`.

    Raises NotYoursToGive, AboveYourLimit, OtherAmountDue, NothingToGiveBack, WishUnclear,
    NotOnThisBill, RefundTooLarge.
    """
    check_role(uow.actor)
    decision = Decision(Cause.BY_HAND, reason, uow.actor.label, uow.actor.name, seen_minor)
    # First the lock, then the account: what was read before somebody else's refund is out of date.
    tenders = await payments.lock_paid(uow, order.id)
    bill = await load_bill(uow, order, tenders)
    made = work_out(bill, wish)
    if seen_minor is not None and made.minor != seen_minor:
        raise OtherAmountDue(
            Sentence.of(
                "Now {amount} would go back. Please look at it again.",
                amount=Money(made.minor, order.currency),
            ),
            amountMinor=made.minor,
        )
    await check_limit(uow, bill, made)
    return await keep(uow, bill, made, decision)


async def give_everything_back(
    uow: UnitOfWork, order_id: str, *, reason: str, made_by: str
) -> Refund | None:
    """An order will not be: what was paid for it goes back. Once, however often it is asked for;
    None if there is nothing to give.
    """
    tenders = await payments.lock_paid(uow, order_id)
    if not sum(tender.left_minor for tender in tenders):
        return None
    bill = await load_bill(uow, await orders.load_order(uow, order_id), tenders)
    decision = Decision(Cause.CANCELLED, reason[:REASON_LENGTH_MAX], made_by, "")
    return await keep(uow, bill, work_out(bill, EVERYTHING), decision)


async def keep(
    uow: UnitOfWork, bill: Bill, made: orders.totals.Refund, decision: Decision
) -> Refund:
    """Write the refund down, move the money, tell the trail and everybody who listens."""
    order, refund_id = bill.order, new_id()
    await uow.run(
        INSERT,
        id=refund_id,
        order_id=order.id,
        house_id=order.house_id,
        position=len(bill.refunds) + 1,
        cause=decision.cause,
        amount_minor=made.minor,
        tax_minor=made.tax_minor,
        currency=order.currency,
        reason=decision.reason,
        parts=msgspec.to_builtins(made.parts),
        made_at=uow.now,
        made_by=decision.made_by,
        made_by_name=decision.made_by_name,
    )
    house = await locations.load_house(uow, order.house_id)
    amount = Money(made.minor, order.currency)
    coins = partial(rounding_of, house.charges.cash_step_minor)
    await payments.give_back(uow, order.id, amount, refund_id, coins=coins)
    given_back = bill.given_back_minor + made.minor
    # Points that were taken for it come back, and those that it earned go, in the same share.
    await loyalty.turn_back(uow, order.id, refunded_minor=given_back, total_minor=order.total_minor)
    await tell(uow, bill, made, decision, refund_id)
    return (await list_refunds(uow, order.id))[-1]


async def tell(
    uow: UnitOfWork, bill: Bill, made: orders.totals.Refund, decision: Decision, refund_id: str
) -> None:
    """The trail, and everybody who listens."""
    order, given_back = bill.order, bill.given_back_minor + made.minor
    await audit.record(
        uow,
        action="refund",
        entity="Order",
        entity_id=order.id,
        before={"given_back_minor": bill.given_back_minor},
        after={
            "given_back_minor": given_back,
            "refund_id": refund_id,
            "cause": decision.cause,
            "reason": decision.reason,
        },
    )
    uow.emit(
        RefundMade(
            refund_id=refund_id,
            order_id=order.id,
            house_id=order.house_id,
            cause=decision.cause,
            amount_minor=made.minor,
            tax_minor=made.tax_minor,
            given_back_minor=given_back,
            currency=order.currency,
        )
    )


def rounding_of(step_minor: int, tender: payments.PaidTender, minor: int) -> int:
    """Handed back in all is what was given back in all, rounded as it was taken: refunding
    everything in pieces hands back the coins that came in.
    """
    handed = orders.totals.cash_back(tender.returned_minor, minor, cash_step_minor=step_minor)
    return handed - minor


async def set_limit(uow: UnitOfWork, house: locations.House, most_minor: int) -> None:
    """What managers of this house may give back of one order without its owner."""
    before = await load_limit(uow, house.id)
    if not await uow.run(
        INSERT_LIMIT, house_id=house.id, most_minor=most_minor, updated_at=uow.now
    ):
        await uow.run(CHANGE_LIMIT, of_house=house.id, most=most_minor, now=uow.now)
    await audit.record(
        uow,
        action="update",
        entity="Location",
        entity_id=house.id,
        before={"refund_limit_minor": before},
        after={"refund_limit_minor": most_minor},
    )


def check_role(actor: Principal) -> None:
    """Raises NotYoursToGive."""
    if not actor.has_role(Role.MANAGER):
        raise NotYoursToGive("Only managers and owners give money back.")


async def check_limit(look: Look, bill: Bill, made: orders.totals.Refund) -> None:
    """What was given back before counts, or many small refunds would be a large one. What a
    cancellation gave back was nobody's decision. Raises AboveYourLimit.
    """
    if look.actor.has_role(Role.SUPER_ADMIN):
        return
    before = sum(one.amount_minor for one in bill.refunds if one.cause is Cause.BY_HAND)
    most = await load_limit(look, bill.order.house_id)
    if before + made.minor > most:
        raise AboveYourLimit(
            Sentence.of(
                "Managers give back up to {most} of one order here. Please ask the owner.",
                most=Money(most, bill.order.currency),
            ),
            limitMinor=most,
        )
