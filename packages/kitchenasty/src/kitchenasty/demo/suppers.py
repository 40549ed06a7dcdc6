"""What is eaten while somebody looks: in a demo with couriers a supper is always on its way. It is
ordered, accepted and cooked here; who brings it, and for how much, is for the market to find.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from random import Random

from kitchenasty import checkout, handoff, locations, menu, orders, payments
from kitchenasty.demo import wishes
from kitchenasty.kit.books import Books, UnitOfWork
from kitchenasty.kit.principals import SYSTEM
from kitchenasty.orders import OrderStatus, OrderType

EVERY = timedelta(minutes=4)
"""However long the one before it takes."""
ALIVE_MAX = 3
REMEMBERED = timedelta(days=30)
HOMES = (("D07", 53.3605, -6.2890), ("D01", 53.3550, -6.2580))
"""Across the river, where no courier of the samples rides all the way from the mill."""
AROUND = 0.0025
"""Degrees: so far from there somebody lives."""
COOKED = {
    OrderStatus.CONFIRMED: OrderStatus.PREPARING,
    OrderStatus.PREPARING: OrderStatus.READY,
}
NOBODY_CAME = "No courier came for it."


@dataclass(frozen=True, slots=True)
class Supper:
    """An order that was accepted, and the secret of the guest who follows it."""

    order_id: str
    number: str
    capability: str


@dataclass(slots=True)
class Table:
    """Whoever orders, again and again, at one house. `chance` decides who and what."""

    books: Books
    house_id: str
    chance: Random
    _open: list[str] | None = None
    """Orders of ours that may still be in the kitchen."""

    async def look_after(self) -> Supper | None:
        """Once in a while: cook what was ordered, give up what nobody brings, and order when
        nothing is on its way or the last one was ordered a while ago. Answers what was ordered.
        """
        if self._open is None:
            self._open = await self.remember()
        for order_id in list(self._open):
            async with self.books.writing(SYSTEM) as uow:
                if not await self.see_to(uow, order_id):
                    self._open.remove(order_id)
        async with self.books.writing(SYSTEM) as uow:
            supper = await self.order(uow) if await self.is_hungry(uow) else None
        if supper is not None:
            self._open.append(supper.order_id)
        return supper

    async def remember(self) -> list[str]:
        """What was on its way, or lost, when somebody stopped the demo."""
        async with self.books.reading(SYSTEM) as look:
            alive = [one.order_id for one in await handoff.list_open(look, self.house_id)]
            lost = await handoff.list_lost(look, since=look.now - REMEMBERED)
        here = [order_id for order_id, house_id in lost if house_id == self.house_id]
        return list(dict.fromkeys(alive + here))

    async def see_to(self, uow: UnitOfWork, order_id: str) -> bool:
        """One step on in the kitchen. Answers whether there may be another."""
        order = await orders.load_order(uow, order_id)
        handed = await handoff.find_handoff(uow, order_id)
        if order.status not in orders.KITCHEN_STATUSES:
            return False
        if handed is not None and handed.state in handoff.LOST:
            await orders.move_order(uow, order_id, OrderStatus.CANCELLED, reason=NOBODY_CAME)
            return False
        following = COOKED.get(order.status)
        if following is not None:
            await orders.move_order(uow, order_id, following)
        return True

    async def is_hungry(self, uow: UnitOfWork) -> bool:
        """Not while the market is away or there is no money for couriers: nobody would come."""
        terms = await handoff.find_terms(uow, self.house_id)
        if terms is None or not terms.draft.is_on or terms.trouble or terms.is_short:
            return False
        alive = await handoff.list_open(uow, self.house_id)
        if not alive:
            return True
        return len(alive) < ALIVE_MAX and alive[-1].created_at <= uow.now - EVERY

    async def order(self, uow: UnitOfWork) -> Supper | None:
        """And accept it, in the same breath: nobody has to press anything."""
        house = await locations.load_house(uow, self.house_id)
        code, latitude, longitude = self.chance.choice(HOMES)
        where = locations.Whereabouts(f"{code} X1Y2")
        book = await menu.load_menu(uow, house.id)
        counted = frozenset(await menu.list_availability(uow))
        served = wishes.served_dishes(book, house, OrderType.DELIVERY, uow.now)
        offered = [dish for dish in served if dish.id not in counted]
        if not offered:
            return None
        least = house.at(locations.find_zone(house.zones, where)).min_delivery_minor
        draft = checkout.OrderDraft(
            cart=checkout.CartDraft(
                house_id=house.id,
                order_type=OrderType.DELIVERY,
                lines=wishes.invent_lines(self.chance, offered, least),
                where=where,
            ),
            contact=wishes.invent_guest(self.chance),
            payment_method=payments.PaymentMethod.CASH,
            address=wishes.invent_address(self.chance, house)
            | {
                "postalCode": where.postal_code,
                "lat": latitude + self.chance.uniform(-AROUND, AROUND),
                "lng": longitude + self.chance.uniform(-AROUND, AROUND),
            },
        )
        placed = await checkout.place_order(uow, draft, house)
        await orders.move_order(uow, placed.id, OrderStatus.CONFIRMED)
        return Supper(placed.id, placed.order.number, placed.capability)
