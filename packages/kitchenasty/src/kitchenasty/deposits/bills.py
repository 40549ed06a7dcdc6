"""A deposit on the bills of its table: what was paid before pays first, the oldest order first."""

from __future__ import annotations

from basis.money import Money
from kitchenasty import locations, orders, payments, reservations
from kitchenasty.deposits import ledger
from kitchenasty.deposits.letters_due import LetterKind, write_to_guest
from kitchenasty.deposits.models import ReturnReason
from kitchenasty.deposits.queries import load_deposit
from kitchenasty.deposits.states import share_out
from kitchenasty.kit.books import Look, UnitOfWork
from kitchenasty.reservations import Status


async def plan_bills(look: Look, house: locations.House, reservation_id: str) -> dict[str, int]:
    """What the deposit of a party is going to pay of each of its orders that are open, in minor
    units of the house; nothing for parties without one.
    """
    account = (await load_deposit(look, reservation_id, house.currency)).account
    if account.currency != house.currency:
        return {}
    rounds = (await orders.list_rounds(look, [reservation_id])).get(reservation_id, [])
    return share_out(account.left_minor, {one.id: one.due_minor for one in rounds})


async def plan_bill(look: Look, order: orders.Order) -> int:
    """The same of one order."""
    if order.reservation_id is None:
        return 0
    house = await locations.load_house(look, order.house_id)
    return (await plan_bills(look, house, order.reservation_id)).get(order.id, 0)


async def take_off_bills(
    uow: UnitOfWork, reservation_id: str, *, order_id: str | None = None
) -> Money | None:
    """What is left of a deposit pays what is due at its table, or of one order there; answers how
    much, None where there is nothing to take. Raises ReservationNotFound.
    """
    # Locked: what is used here cannot go back, or be used for another bill, at the same moment.
    reservation = await reservations.hold_reservation(uow, reservation_id)
    house = await locations.load_house(uow, reservation.house_id)
    planned = await plan_bills(uow, house, reservation.id)
    total = 0
    for one in [order_id] if order_id else list(planned):
        wanted = Money(planned.get(one, 0), house.currency)
        taken = await payments.take_off(uow, one, wanted) if wanted.minor else wanted
        if taken.minor:
            uow.emit(orders.OrderCollected(order_id=one, house_id=house.id))
            uow.emit(orders.TableOrderChanged(order_id=one, house_id=house.id))
        total += taken.minor
    if not total:
        return None
    used = Money(total, house.currency)
    await ledger.told(uow, reservation, "USED", used)
    await write_to_guest(uow, reservation, LetterKind.KEPT, used)
    return used


async def give_back_unused(uow: UnitOfWork, reservation_id: str) -> None:
    """Money of a bill went back to the deposit that had paid it. Who sits on may have it taken off
    the next one; who has left gets it back. Raises ReservationNotFound.
    """
    reservation = await reservations.hold_reservation(uow, reservation_id)
    deposit = await load_deposit(uow, reservation.id, "")
    left = deposit.account.left
    if reservation.status is Status.COMPLETED and left.minor:
        await ledger.give_back(uow, reservation, deposit, left.minor, ReturnReason.HOUSE)
        await write_to_guest(uow, reservation, LetterKind.RETURNED, left)
