"""Points at the checkout: offered to guests with an account, a discount on the dishes."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from kitchenasty import locations, loyalty, orders, refunds
from kitchenasty.kit.books import Look, UnitOfWork

NAME = "Points"
AFTER_ALL_OTHERS = 900
"""They pay for what is left, so that none is used up where a coupon would have done."""


@dataclass(frozen=True, slots=True)
class Spending:
    """So many points of a guest, who has them; what is not needed stays theirs."""

    programme: loyalty.Programme
    customer_id: str
    count: int

    def used_in(self, breakdown: orders.totals.Breakdown) -> int:
        """How many it takes for what they took off."""
        taken = sum(one.minor for one in breakdown.discounts if one.id == orders.POINTS_KEY)
        return self.programme.points_for(taken)


@dataclass(frozen=True, slots=True)
class TakenPoints:
    """Points that are held for an order to come."""

    held: loyalty.Held
    count: int


@dataclass(frozen=True, slots=True)
class Offer:
    """What the checkout tells a guest with an account. `usable` is what it offers to take, worth
    `worth_minor`: as much as they have and the dishes need, or 0 if it is less than one may use.
    """

    balance: int
    least: int
    usable: int
    worth_minor: int
    used: int
    earned: int
    """By this order, when it is handed over."""


async def find(look: Look, house: locations.House, count: int) -> Spending | None:
    """The points that the guest wants to use; None, and nothing is read, if they want to use none.

    Raises PointsNeedAccount, PointsOff, PointsTooFew, PointsShort.
    """
    if not count:
        return None
    if not look.actor.is_customer or look.actor.id is None:
        raise loyalty.PointsNeedAccount
    programme = await loyalty.load_programme(look)
    if not programme.holds_for(house.currency):
        raise loyalty.PointsOff
    balance = await loyalty.load_balance(look, look.actor.id)
    loyalty.check_spending(programme, count, balance=balance)
    return Spending(programme, look.actor.id, count)


def discounts_of(spending: Spending | None) -> tuple[orders.totals.Discount, ...]:
    """An amount off the dishes: it lowers their tax, and never touches the delivery."""
    if spending is None:
        return ()
    worth = spending.programme.worth_minor(spending.count)
    return (
        orders.totals.Discount(
            id=orders.POINTS_KEY, name=NAME, amount_minor=worth, priority=AFTER_ALL_OTHERS
        ),
    )


def check(spending: Spending | None, breakdown: orders.totals.Breakdown) -> None:
    """Raises PointsIdle."""
    if spending is not None and not spending.used_in(breakdown):
        raise loyalty.PointsIdle


async def take(
    uow: UnitOfWork, spending: Spending | None, breakdown: orders.totals.Breakdown
) -> TakenPoints | None:
    """Hold what is needed. Raises PointsShort."""
    if spending is None:
        return None
    count = spending.used_in(breakdown)
    return TakenPoints(await loyalty.hold_to_spend(uow, spending.customer_id, count), count)


async def find_offer(
    look: Look,
    house: locations.House,
    breakdown: orders.totals.Breakdown,
    spending: Spending | None,
) -> Offer | None:
    """For whom an order earns points, and who could use some; nothing is read for anybody else."""
    if not look.actor.is_customer or look.actor.id is None:
        return None
    programme = await loyalty.load_programme(look)
    if not programme.holds_for(house.currency):
        return None
    balance = await loyalty.load_balance(look, look.actor.id)
    used = spending.used_in(breakdown) if spending else 0
    needed = programme.points_for(goods_left_minor(breakdown)) + used
    usable = min(balance, needed) if balance >= programme.spend_min_points else 0
    return Offer(
        balance=balance,
        least=programme.spend_min_points,
        usable=max(0, usable),
        worth_minor=programme.worth_minor(max(0, usable)),
        used=used,
        earned=programme.earned_for(paid_for_dishes_minor(breakdown.shares)),
    )


def goods_left_minor(breakdown: orders.totals.Breakdown) -> int:
    """What the dishes cost after all that was taken off, deposits and added tax apart."""
    return sum(line.listed_minor - line.discount_minor for line in breakdown.lines)


def paid_for_dishes_minor(shares: Iterable[orders.totals.Share]) -> int:
    """What earns points: the dishes as they are paid, neither delivery nor tip."""
    kind = orders.totals.ShareKind.LINE
    return sum(share.gross_minor for share in shares if share.kind is kind)


async def earn_points(uow: UnitOfWork, order_ids: Collection[str]) -> None:
    """What orders that were handed over bring to guests with an account, each order once. Sorted by
    guest: two who hold the points of several guests hold them in the same order.
    """
    if not order_ids:
        return
    programme = await loyalty.load_programme(uow)
    if not programme.is_on:
        return
    tickets = (await orders.load_tickets(uow, order_ids)).values()
    earning = [one for one in tickets if one.customer_id and one.status in orders.HANDED_OVER]
    for ticket in sorted(earning, key=lambda one: (one.customer_id or "", one.id)):
        await earn(uow, programme, ticket.id)


async def earn(uow: UnitOfWork, programme: loyalty.Programme, order_id: str) -> None:
    order = await orders.load_order(uow, order_id)
    explanation = await orders.load_explanation(uow, order_id)
    if explanation is None or order.customer_id is None:
        return  # an order older than the price engine is older than the points too
    if programme.holds_for(order.currency):
        count = programme.earned_for(paid_for_dishes_minor(explanation.shares))
        about = loyalty.About(order.id, order.number)
        await loyalty.earn(uow, order.customer_id, about, count)
        # Of an order refunded before it was handed over, what was given back earns nothing.
        await turn_back(uow, order)


async def turn_points_back(uow: UnitOfWork, order_ids: Collection[str]) -> None:
    """The share of points that goes with what was given back of these orders, all refunds of each
    together. Sorted, for the same reason as above: an order has one guest.
    """
    found = [await orders.load_order(uow, order_id) for order_id in order_ids]
    known = [order for order in found if order.customer_id is not None]
    for order in sorted(known, key=lambda one: (one.customer_id or "", one.id)):
        await turn_back(uow, order)


async def turn_back(uow: UnitOfWork, order: orders.Order) -> None:
    refunded = sum(one.amount_minor for one in await refunds.list_refunds(uow, order.id))
    if refunded:
        await loyalty.turn_back(
            uow, order.id, refunded_minor=refunded, total_minor=order.total_minor
        )
        # What went back before it was handed over brings nothing.
        given_back = sum(one.amount_minor for one in await refunds.list_refunds(uow, order.id))
        if given_back:
            await loyalty.turn_back(
                uow, order.id, refunded_minor=given_back, total_minor=order.total_minor
            )
