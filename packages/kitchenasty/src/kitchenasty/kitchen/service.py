"""What the kitchen of a house has before it, and moving it on."""

from __future__ import annotations

from dataclasses import dataclass

from kitchenasty import locations, orders
from kitchenasty.kit.live.log import head_of
from kitchenasty.kit.work import Look, UnitOfWork
from kitchenasty.kitchen.ageing import order_of
from kitchenasty.kitchen.topics import kitchen_topic
from kitchenasty.locations import House, HouseNotFound
from kitchenasty.orders import OrderNotFound, OrderStatus, Ticket


@dataclass(frozen=True, slots=True)
class Board:
    """The open tickets of a house as of message `seq` of its kitchen's topic."""

    house: House
    seq: int
    tickets: tuple[Ticket, ...]


async def load_kitchen_house(look: Look, house_id: str) -> House:
    """The house, if it is one of the actor's. Raises HouseNotFound."""
    if not look.actor.may_see_house(house_id):
        raise HouseNotFound("There is no such house, or it is not yours to see.")
    return await locations.load_house(look, house_id)


async def load_board(look: Look, house_id: str) -> Board:
    """Raises HouseNotFound. The look must be one snapshot, or `seq` and tickets may disagree."""
    house = await load_kitchen_house(look, house_id)
    # The seq comes first: what happens after it comes again as a message, and is taken twice.
    seq = await head_of(look, kitchen_topic(house_id))
    tickets = await orders.list_open_tickets(look, house_id)
    return Board(house, seq, tuple(sorted(tickets, key=order_of)))


async def move_ticket(
    uow: UnitOfWork, house_id: str, order_id: str, target: OrderStatus, *, expected_version: int
) -> Ticket:
    """Move a ticket of this house; the version is the one that the cook saw.

    Raises HouseNotFound, OrderNotFound, OrderChanged, OrderMoveRefused.
    """
    await load_kitchen_house(uow, house_id)
    order = await orders.load_order(uow, order_id)
    if order.house_id != house_id:
        raise OrderNotFound("There is no such order in this house.")
    await orders.move_order(uow, order_id, target, expected_version=expected_version)
    return (await orders.load_tickets(uow, [order_id]))[order_id]
