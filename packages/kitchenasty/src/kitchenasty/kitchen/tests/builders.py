"""A house with a cook, and orders for its board; a test names only what matters to it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from basis.ids import new_code, new_id
from kitchenasty import locations, menu, orders, staff
from kitchenasty.kit.books import UnitOfWork
from kitchenasty.kit.identity.sessions import SessionKind, open_session
from kitchenasty.kit.principals import Kind

ANNA = orders.Contact(name="Anna Berg", email=None, phone="+49 30 5550101")


@dataclass(frozen=True, slots=True)
class Kitchen:
    """`token` is the page session of a cook of this house."""

    house_id: str
    dish_id: str
    cook_id: str
    token: str


async def add_kitchen(uow: UnitOfWork, name: str = "Saltbush") -> Kitchen:
    draft = locations.HouseDraft(
        name=name, slug=f"h-{new_code(6).lower()}", address="Quay 1", city="Leith", postal_code="E1"
    )
    house = await locations.add_house(uow, draft)
    await menu.add_allergens(uow)
    category = menu.CategoryDraft(name="Mains", slug=f"c-{new_code(6).lower()}", house_id=house.id)
    category_id = await menu.add_category(uow, category)
    dish = menu.DishDraft(
        category_id=category_id,
        name="Soup",
        slug=f"d-{new_code(6).lower()}",
        price_minor=900,
        house_id=house.id,
    )
    dish_id = await menu.add_dish(uow, dish)
    newcomer = staff.NewMember(
        email=f"{new_code(8).lower()}@house.example", name="Rosa", house_ids=(house.id,)
    )
    cook = await staff.add_member(uow, newcomer, password_hash="none")
    token = await open_session(
        uow, kind=SessionKind.PAGE, subject_kind=Kind.STAFF, subject_id=cook.id
    )
    return Kitchen(house.id, dish_id, cook.id, token)


async def place(uow: UnitOfWork, kitchen: Kitchen, **fields: Any) -> orders.PlacedOrder:
    """A pickup of two soups, promised in twenty minutes."""
    lines = fields.pop("lines", (line_of(kitchen),))
    lines = tuple(replace(line, id=new_id()) for line in lines)
    defaults: dict[str, Any] = {
        "house_id": kitchen.house_id,
        "zone": "UTC",
        "order_type": orders.OrderType.PICKUP,
        "customer_id": None,
        "contact": ANNA,
        "address": None,
        "currency": "EUR",
        "subtotal_minor": 1_800,
        "delivery_fee_minor": 0,
        "tax_minor": 0,
        "total_minor": 1_800,
        **dict.fromkeys(("discount_minor", "tip_minor"), 0),
        "tax_is_included": True,
        "rounding_policy": orders.totals.BY_RATE.name,
        "explanation": orders.totals.Explanation(1, (), (), ()),
        "payment_method": "CASH",
        "scheduled_at": None,
        "promised_at": uow.now + timedelta(minutes=20),
        "fire_at": uow.now,
        "note": None,
        "guest_may_cancel_until": orders.OrderStatus.CONFIRMED,
        "stock_taken": {},
        "kitchen_slot": None,
        "work_minutes": 0,
    }
    return await orders.record_order(uow, orders.AgreedOrder(**{**defaults, **fields}, lines=lines))


def line_of(kitchen: Kitchen, **fields: Any) -> orders.Line:
    defaults: dict[str, Any] = {
        "id": new_id(),
        "dish_id": kitchen.dish_id,
        "name": "Soup",
        "quantity": 2,
        "unit_minor": 900,
        "total_minor": 1_800,
        "note": None,
        "allergens": (),
        "options": (),
    }
    return orders.Line(**{**defaults, **fields})


def option_of(name: str, **fields: Any) -> orders.LineOption:
    defaults = {"id": new_id(), "group": "Extras", "quantity": 1, "modifier_minor": 0}
    return orders.LineOption(name=name, **{**defaults, **fields})
