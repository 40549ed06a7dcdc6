"""Five weeks of invented trade: orders with the rhythm of a day and a week, always the same.

They go through checkout like anybody's, at the instants at which they happened; what they would
tell screens and subscribers is dropped, since it is history.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from random import Random

from basis.errors import DomainError
from basis.kit.data.paging import Page
from kitchenasty import checkout, locations, menu, orders, refunds
from kitchenasty.demo import regulars, wishes
from kitchenasty.demo.moments import Moment, moments
from kitchenasty.kit.books import UnitOfWork
from kitchenasty.kit.principals import SYSTEM, Kind, Principal, Role
from kitchenasty.orders import OrderStatus, OrderType

SEED = 1729
CANCELLED_SHARE = 0.04
DELIVERY_SHARE = 0.45
STEP_MINUTES = {
    OrderStatus.CONFIRMED: (1, 4),
    OrderStatus.PREPARING: (2, 8),
    OrderStatus.READY: (8, 18),
    OrderStatus.OUT_FOR_DELIVERY: (2, 6),
    OrderStatus.DELIVERED: (8, 20),
    OrderStatus.PICKED_UP: (2, 12),
}
COLD = "It was cold when it came."
REASONS = ("The guest called and changed plans.", "We ran out of it after all.")


async def trade(
    uow: UnitOfWork,
    houses: Sequence[locations.House],
    known: Sequence[regulars.Regular],
    *,
    cook_id: str,
) -> list[regulars.Visit]:
    """Invent all orders; answers those of guests with an account, in the order of time."""
    chance = Random(SEED)  # noqa: S311  # the demo must be the same each time
    now, actor = uow.now, uow.actor
    cook = Principal(kind=Kind.STAFF, id=cook_id, role=Role.STAFF, name="Chiara Neri")
    books = {house.id: await menu.load_menu(uow, house.id) for house in houses}
    counted = frozenset(await menu.list_availability(uow))
    visits = []
    for moment in sorted(moments(chance, houses, now), key=lambda moment: moment.at):
        guest = wishes.invent_guest(chance)
        draft = wishes.invent_order(chance, moment, books[moment.house.id], counted, guest)
        if draft is None:
            continue
        regular = regulars.somebody(chance, known)
        if regular is not None:
            draft = regulars.on_account(draft, regular)
        uow.now, uow.actor = moment.at, SYSTEM
        try:
            placed = await checkout.place_order(uow, draft)
        except DomainError:
            continue
        uow.actor = cook
        await move_on(uow, chance, placed.id, draft.cart.order_type, moment)
        if regular is not None:
            await checkout.earn_points(uow, [placed.id])
            visits.append(regulars.Visit(placed.id, draft.cart.order_type, moment.at, regular))
    uow.now, uow.actor = now, actor
    return visits


async def give_something_back(uow: UnitOfWork, *, owner_id: str) -> None:
    """A portion of the newest order that was handed over came cold. Its receipt and the credit note
    are numbered by what listens to refunds.
    """
    wanted = orders.OrderFilter(statuses=orders.HANDED_OVER)
    order, *_ = await orders.list_orders(uow, wanted, Page(limit=1), with_lines=True)
    actor = uow.actor
    uow.actor = Principal(kind=Kind.STAFF, id=owner_id, role=Role.SUPER_ADMIN, name="Orla Byrne")
    wish = refunds.Wish(units={order.lines[0].id: 1})
    await refunds.refund(uow, order, wish, reason=COLD)
    uow.actor = actor


async def move_on(
    uow: UnitOfWork, chance: Random, order_id: str, order_type: OrderType, moment: Moment
) -> None:
    """Take the order as far as it got, a believable while after each other."""
    steps = orders.FORWARD[order_type][1:]
    is_past = moment.steps is None
    if is_past and chance.random() < CANCELLED_SHARE:
        uow.now += timedelta(minutes=chance.randint(2, 9))
        await orders.move_order(uow, order_id, OrderStatus.CANCELLED, reason=chance.choice(REASONS))
        return
    for target in steps[: moment.steps]:
        low, high = STEP_MINUTES[target]
        minutes = chance.randint(low, high) if is_past else 1
        uow.now += timedelta(minutes=minutes)
        await orders.move_order(uow, order_id, target)
