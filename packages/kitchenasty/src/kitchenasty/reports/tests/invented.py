"""Invented trade of two houses in two zones, written row by row into the tables."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
from sqlalchemy import bindparam, insert

from basis.ids import new_id
from basis.kit.data.statements import Statement
from basis.money import Rate
from kitchenasty import locations, orders, payments, refunds
from kitchenasty.kit.books import Books
from kitchenasty.kit.tables import every_table
from kitchenasty.locations.tests.builders import add_house
from kitchenasty.menu.tests.builders import add_category, add_dish

CHUNK = 1_000
DISHES = 12
GUESTS = 400
BILLS = 150
"""Different bills; each order has one of them."""
FIRST = datetime(2027, 10, 20, tzinfo=UTC)
"""Berlin's clocks go back on 31 October, New York's on 7 November: both lie within the weeks."""
LAST = datetime(2027, 11, 14, tzinfo=UTC)
TABLES = ("orders", "order_lines", "payments", "refunds")
S, M = orders.OrderStatus, payments.PaymentMethod
totals = orders.totals

Rows = dict[str, list[dict[str, Any]]]


@dataclass(frozen=True, slots=True)
class Bill:
    """What was sold, and what it came to."""

    sale: totals.Sale
    dishes: tuple[str, ...]
    due: totals.Breakdown
    explanation: Any


@dataclass(frozen=True, slots=True)
class Invented:
    """Two houses in two zones with two currencies, and the bills of each."""

    berlin: locations.House
    new_york: locations.House
    bills: dict[str, list[Bill]]

    @property
    def houses(self) -> list[locations.House]:
        return [self.berlin, self.new_york]


async def furnish(books: Books) -> Invented:
    """Two houses that sell the same dishes."""
    async with books.writing() as uow:
        berlin = await add_house(uow, name="Spree", currency="EUR")
        new_york = await add_house(
            uow, name="Hudson", currency="USD", zone="America/New_York", country="US"
        )
        categories = [await add_category(uow, name=name) for name in ("Mains", "Drinks", "Sweets")]
        dishes = [
            await add_dish(uow, name=f"Dish {n:02}", category_id=categories[n % 3])
            for n in range(DISHES)
        ]
    chance = Random(4)
    bills = {
        house.id: [invent_bill(house.currency, dishes, chance) for _ in range(BILLS)]
        for house in (berlin, new_york)
    }
    return Invented(berlin, new_york, bills)


async def write_trade(books: Books, invented: Invented, count: int) -> None:
    """`count` orders of those weeks, at any second of day and night, of which nobody is told."""
    chance = Random(5)
    for first in range(0, count, CHUNK):
        rows = invent_rows(invented, chance, range(first, min(first + CHUNK, count)))
        async with books.writing() as uow:
            for table in TABLES:
                await uow.many(inserting(table), rows[table])


async def write_news(books: Books, invented: Invented, chance: Random, numbers: range) -> list[str]:
    """Some more orders, and all who listen are told of each; answers which orders these are."""
    rows = invent_rows(invented, chance, numbers)
    async with books.writing() as uow:
        for table in TABLES:
            await uow.many(inserting(table), rows[table])
        for order in rows["orders"]:
            uow.emit(orders.OrderPaid(order_id=order["id"], house_id=order["house_id"]))
    return [order["id"] for order in rows["orders"]]


def invent_rows(invented: Invented, chance: Random, numbers: range) -> Rows:
    rows: Rows = {table: [] for table in TABLES}
    for number in numbers:
        invent_order(rows, invented, chance, number)
    return rows


@cache
def inserting(name: str) -> Statement:
    """An INSERT of all columns of a table, whosever it is."""
    table = every_table()[name]
    return Statement(insert(table).values({one.key: bindparam(one.key) for one in table.columns}))


def invent_bill(currency: str, dishes: list[str], chance: Random) -> Bill:
    """Sometimes delivered, cheaper, served or with a tip. In euros the tax is inside the prices,
    in dollars two taxes come on top.
    """
    count = chance.randrange(1, 5)
    lines = tuple(
        totals.SaleLine(
            id=str(place),
            base_minor=chance.randrange(100, 3_000),
            quantity=chance.randrange(1, 4),
            tax_category=chance.choice(("standard", "food")),
            deposit_minor=chance.choice((0, 0, 0, 25)),
        )
        for place in range(count)
    )
    is_delivery = chance.random() < 0.4
    tariff = totals.DeliveryTariff(base_minor=chance.randrange(150, 600))
    coupon = totals.Discount(id=new_id(), name="TEN", rate=Rate(100_000))
    points = totals.Discount(id=orders.POINTS_KEY, name="Points", amount_minor=150, priority=900)
    service = totals.ServiceCharge(id="service", name="Service", rate=Rate(125_000))
    sale = totals.Sale(
        currency=currency,
        lines=lines,
        profile=PROFILES[currency],
        dining=totals.Dining.DELIVERY if is_delivery else totals.Dining.PICKUP,
        day=FIRST.date(),
        delivery=totals.Delivery(tariff=tariff) if is_delivery else None,
        discounts=tuple(one for one in (coupon, points) if chance.random() < 0.25),
        services=(service,) if chance.random() < 0.2 else (),
        tip=totals.Tip(chance.randrange(50, 900)) if chance.random() < 0.3 else None,
    )
    due = totals.total(sale)
    had = tuple(chance.choice(dishes) for _ in range(count))
    return Bill(sale, had, due, msgspec.to_builtins(totals.explain(due)))


def rule(tax: str, category: str, millionths: int) -> totals.TaxRule:
    return totals.TaxRule(tax=tax, category=category, rate=Rate(millionths))


PROFILES = {
    "EUR": totals.TaxProfile(
        "Germany", True, (rule("VAT", "standard", 190_000), rule("VAT", "food", 70_000))
    ),
    "USD": totals.TaxProfile(
        "New York",
        False,
        (
            rule("State", "standard", 40_000),
            rule("City", "standard", 48_750),
            rule("State", "food", 40_000),
        ),
    ),
}


def invent_order(rows: Rows, invented: Invented, chance: Random, number: int) -> None:
    house = chance.choice(invented.houses)
    bill = chance.choice(invented.bills[house.id])
    placed_at = FIRST + timedelta(seconds=chance.randrange(int((LAST - FIRST).total_seconds())))
    status = chance.choice((S.PENDING, S.READY, S.PICKED_UP, S.DELIVERED, S.PICKED_UP, S.CANCELLED))
    is_held = chance.random() < 0.03
    order = order_row(house, bill, placed_at, number) | guest_of(chance)
    if is_held:
        order["awaits_payment_until"] = placed_at + timedelta(minutes=15)
    else:
        order["status"] = status
    if chance.random() < 0.03:
        order["explanation"] = None
    rows["orders"].append(order)
    rows["order_lines"].extend(line_rows(order, bill))
    is_paid = not is_held and (status in orders.HANDED_OVER or chance.random() < 0.6)
    rows["payments"].extend(payment_rows(order, chance, is_paid=is_paid))
    if is_paid and order["explanation"] and order["total_minor"] and chance.random() < 0.2:
        rows["refunds"].extend(refund_rows(order, bill, chance))


def order_row(
    house: locations.House, bill: Bill, placed_at: datetime, number: int
) -> dict[str, Any]:
    due = bill.due
    return {
        "id": new_id(),
        "house_id": house.id,
        "day": placed_at.astimezone(ZoneInfo(house.zone)).date().isoformat(),
        "number": f"{number}",
        "status": S.PENDING,
        "order_type": type_of(bill, number),
        "version": 1,
        "address": None,
        "currency": house.currency,
        "subtotal_minor": due.subtotal_minor,
        "delivery_fee_minor": due.delivery_fee_minor,
        "discount_minor": due.discount_minor,
        "tax_minor": due.tax_minor,
        "tip_minor": due.tip_minor,
        "total_minor": due.total_minor,
        "tax_is_included": due.tax_is_included,
        "rounding_policy": due.policy,
        "explanation": bill.explanation,
        "payment_method": M.CASH,
        "placed_at": placed_at,
        "updated_at": placed_at,
        "promised_at": placed_at + timedelta(minutes=20),
        "fire_at": placed_at,
        "guest_may_cancel_until": S.CONFIRMED,
        "capability_hash": f"{number:064x}",
        "stock_taken": {},
        "work_minutes": 0,
        **dict.fromkeys(
            ("scheduled_at", "note", "cancel_reason", "locale", "kitchen_slot",
             "awaits_payment_until", "table_id", "table_name", "reservation_id")
        ),
    }  # fmt: skip


def type_of(bill: Bill, number: int) -> orders.OrderType:
    """What is not brought is fetched; each fifth order is eaten at a table."""
    if bill.sale.delivery:
        return orders.OrderType.DELIVERY
    return orders.OrderType.PICKUP if number % 5 else orders.OrderType.DINE_IN


def guest_of(chance: Random) -> dict[str, Any]:
    """Some say their number, some their address, some nothing."""
    number = chance.randrange(GUESTS)
    has_phone, has_mail = chance.random() < 0.5, chance.random() < 0.5
    return {
        "customer_id": None,
        "guest_name": f"Guest {number}",
        "guest_email": f"Guest{number}@guest.example" if has_mail else None,
        "guest_phone": f"0{number:06}" if has_phone else None,
        "name_key": f"guest {number}",
        "phone_key": f"{number:06}" if has_phone else "",
    }


def line_rows(order: dict[str, Any], bill: Bill) -> Iterator[dict[str, Any]]:
    for place, (line, dish_id) in enumerate(zip(bill.sale.lines, bill.dishes, strict=True)):
        yield {
            "id": new_id(),
            "order_id": order["id"],
            "position": place,
            "dish_id": dish_id,
            "name": "Dish",
            "quantity": line.quantity,
            "unit_minor": line.unit_minor,
            "total_minor": line.listed_minor,
            "note": None,
            "allergens": None,
            "options": [],
        }


def payment_rows(
    order: dict[str, Any], chance: Random, *, is_paid: bool
) -> Iterator[dict[str, Any]]:
    """In one way or two, after tries in vain, and sometimes with money that came too late."""
    whole = order["total_minor"]
    part = chance.randrange(whole) if whole and chance.random() < 0.2 else 0
    state = payments.IntentState.CAPTURED if is_paid else payments.IntentState.CREATED
    way = chance.choice((M.CASH, M.CASH, M.CARD, M.STRIPE))
    if part:
        yield payment_row(order, M.GIFT_CARD, payments.IntentState.CAPTURED, part)
    yield payment_row(order, way, state, whole - part)
    if chance.random() < 0.1:
        yield payment_row(order, M.PAYPAL, payments.IntentState.FAILED, whole)
        yield payment_row(order, M.STRIPE, payments.IntentState.REFUNDED, whole) | {
            "is_surplus": True
        }


def payment_row(
    order: dict[str, Any],
    method: payments.PaymentMethod,
    state: payments.IntentState,
    minor: int,
) -> dict[str, Any]:
    return {
        "id": new_id(),
        "order_id": order["id"],
        "method": method,
        "state": state,
        "amount_minor": minor,
        "currency": order["currency"],
        "is_hosted": False,
        "is_surplus": False,
        "rounding_minor": 0,
        **dict.fromkeys(
            ("provider_ref", "charge_ref", "failure", "review", "tendered_minor", "collected_at")
        ),
        "created_at": order["placed_at"],
        "updated_at": order["placed_at"],
    }


def refund_rows(order: dict[str, Any], bill: Bill, chance: Random) -> Iterator[dict[str, Any]]:
    """One or two, some of them in another day than the order, or in the hour that comes twice."""
    account = totals.open_account(bill.due.shares)
    for position in range(1, chance.randrange(2, 4)):
        if not account.left_minor:
            return
        made = totals.refund_amount(account, chance.randrange(1, account.left_minor + 1))
        account = account.after(made)
        yield {
            "id": new_id(),
            "order_id": order["id"],
            "house_id": order["house_id"],
            "position": position,
            "cause": refunds.Cause.BY_HAND,
            "amount_minor": made.minor,
            "tax_minor": made.tax_minor,
            "currency": order["currency"],
            "reason": "Cold",
            "parts": msgspec.to_builtins(made.parts),
            "made_at": order["placed_at"] + timedelta(minutes=chance.randrange(4_000)),
            "made_by": "STAFF:1",
            "made_by_name": "Rosa Vidal",
        }
