"""What the kitchen of a house has before it, and moving it on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from kitchenasty import locations, menu, orders
from kitchenasty.kit.books import Look, UnitOfWork
from kitchenasty.kit.live.log import append, head_of
from kitchenasty.kitchen.ageing import order_of
from kitchenasty.kitchen.queries import FORGET, SEE, list_cancelled
from kitchenasty.kitchen.topics import DISH_CHANGED, TICKET_SEEN, kitchen_topic
from kitchenasty.locations import BusyMode, House, HouseNotFound
from kitchenasty.orders import OrderNotFound, OrderStatus, Ticket

CANCELLED_KEPT_HOURS = 12  # after a night nobody cooks it any more


@dataclass(frozen=True, slots=True)
class Board:
    """The tickets of a house as of message `seq` of its kitchen's topic. `cancelled` names those
    that were cancelled and not yet seen, with the status before; `off` the dishes that have run
    out, by id.
    """

    house: House
    seq: int
    tickets: tuple[Ticket, ...]
    cancelled: Mapping[str, OrderStatus]
    off: Mapping[str, str]


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
    cancelled = await list_cancelled(look, house_id)
    tickets.extend((await orders.load_tickets(look, cancelled)).values())
    off = await list_dishes_off(look, house_id)
    return Board(house, seq, tuple(sorted(tickets, key=order_of)), cancelled, off)


async def list_dishes_off(look: Look, house_id: str) -> dict[str, str]:
    """The names of the house's dishes that were taken off for now, by id."""
    book = await menu.load_menu(look, house_id)
    known = await menu.list_availability(look)
    return {
        dish.id: dish.name
        for dish in book.dishes.values()
        if (found := known.get(dish.id)) is not None and found.is_86
    }


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


async def see_cancelled(uow: UnitOfWork, house_id: str, order_id: str) -> None:
    """A cook has seen that this was cancelled: it leaves every screen. Seen twice is seen.

    Raises HouseNotFound.
    """
    await load_kitchen_house(uow, house_id)
    if await uow.run(SEE, of_house=house_id, of_order=order_id):
        await append(uow, kitchen_topic(house_id), TICKET_SEEN, {"ticketId": order_id})


async def set_dish_off(uow: UnitOfWork, house_id: str, dish_id: str, *, is_off: bool) -> str:
    """Take a dish of this house off for now, or bring it back; answers its name.

    Raises HouseNotFound, DishNotFound.
    """
    await load_kitchen_house(uow, house_id)
    dish = (await menu.load_menu(uow, house_id)).dishes.get(dish_id)
    if dish is None:
        raise menu.DishNotFound("There is no such dish on the menu of this house.")
    await menu.set_86(uow, dish_id, is_86=is_off)
    told = {"dish": {"id": dish.id, "name": dish.name, "isOff": is_off}}
    await append(uow, kitchen_topic(house_id), DISH_CHANGED, told)
    return dish.name


async def set_busy(
    uow: UnitOfWork, house_id: str, mode: BusyMode, *, extra_minutes: int, lasts_minutes: int
) -> House:
    """Say how busy this house is; screens are told as of every such change.

    Raises HouseNotFound, HouseRefused.
    """
    house = await load_kitchen_house(uow, house_id)
    return await locations.set_busy(
        uow,
        house.id,
        mode,
        extra_minutes=extra_minutes or None,
        lasts_minutes=lasts_minutes or None,
    )


async def forget_cancelled(uow: UnitOfWork, _payload: dict[str, Any]) -> None:
    await uow.run(FORGET, before_then=uow.now - timedelta(hours=CANCELLED_KEPT_HOURS))
