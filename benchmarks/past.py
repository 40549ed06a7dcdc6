"""A hundred thousand orders of the past, written in bulk through the schema's own statements."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from basis.ids import new_id
from basis.kit.data.columns import Model
from basis.kit.data.outbox import OutboxRow
from basis.kit.data.statements import insert_into
from benchmarks.house import Furnished, opened
from kitchenasty import reports
from kitchenasty.orders import totals
from kitchenasty.orders.models import OrderHistoryRow, OrderLineRow, OrderRow
from kitchenasty.orders.states import OrderStatus, OrderType
from kitchenasty.payments.models import PaymentMethod, PaymentRow
from kitchenasty.payments.states import IntentState

ORDERS_A_DAY = 800
OPEN = 30
"""So many of the newest are still before the cooks."""
CHUNK = 2_000
COUNTED_AT_ONCE = 1_000
LINES = 2
PRICE_MINOR = 1_250

TABLES: tuple[type[Model], ...] = (OrderRow, OrderLineRow, OrderHistoryRow, PaymentRow, OutboxRow)
INSERTS = {table: insert_into(table) for table in TABLES}

Rows = dict[type[Model], list[dict[str, Any]]]


async def remember_orders(furnished: Furnished, house_id: str, count: int) -> None:
    """Write `count` orders of the last months into a house, with all that hangs on them, and count
    what they brought.
    """
    async with opened(furnished.url) as books:
        for first in range(0, count, CHUNK):
            async with books.writing() as uow:
                rows = rows_of(
                    furnished, house_id, range(first, min(first + CHUNK, count)), uow.now
                )
                for table in TABLES:
                    await uow.many(INSERTS[table], rows[table])
        await reports.count_anew(books, at_once=COUNTED_AT_ONCE)


def rows_of(furnished: Furnished, house_id: str, numbers: range, now: datetime) -> Rows:
    rows: Rows = {table: [] for table in TABLES}
    for n in numbers:
        day = now - timedelta(days=1 + n // ORDERS_A_DAY)
        placed_at = day - timedelta(seconds=n % ORDERS_A_DAY * 60)
        order = order_row(house_id, n, day, placed_at)
        rows[OrderRow].append(order)
        rows[OrderLineRow].extend(line_rows(order["id"], furnished, n))
        rows[OrderHistoryRow].extend(history_rows(order))
        rows[PaymentRow].append(payment_row(order))
        rows[OutboxRow].extend(event_rows(order))
    return rows


def order_row(house_id: str, n: int, day: datetime, placed_at: datetime) -> dict[str, Any]:
    total = PRICE_MINOR * LINES
    return {
        "id": new_id(),
        "house_id": house_id,
        "day": day.date().isoformat(),
        "number": f"{n % ORDERS_A_DAY + 1:03d}",
        "status": status_of(n),
        "order_type": OrderType.PICKUP,
        "version": 1 if n < OPEN else 5,
        "customer_id": None,
        "guest_name": f"Guest {n}",
        "guest_email": None,
        "guest_phone": f"+49 30 {n:07d}",
        "name_key": f"guest {n}",
        "phone_key": f"4930{n:07d}",
        "address": None,
        "currency": "EUR",
        "subtotal_minor": total,
        "total_minor": total,
        **dict.fromkeys(("delivery_fee_minor", "discount_minor", "tax_minor", "tip_minor"), 0),
        "tax_is_included": True,
        "rounding_policy": totals.BY_RATE.name,
        "explanation": None,
        "payment_method": PaymentMethod.CASH,
        "placed_at": placed_at,
        "updated_at": placed_at,
        "scheduled_at": None,
        "promised_at": placed_at + timedelta(minutes=20),
        "fire_at": placed_at,
        "note": None,
        "cancel_reason": None,
        "guest_may_cancel_until": OrderStatus.CONFIRMED,
        "capability_hash": f"{n:064x}",
        "stock_taken": {},
        "kitchen_slot": None,
        "work_minutes": 0,
        "locale": None,
        **dict.fromkeys(("awaits_payment_until", "table_id", "table_name", "reservation_id")),
    }


def status_of(n: int) -> OrderStatus:
    if n < OPEN:
        return tuple(OrderStatus)[n % 4]
    return OrderStatus.CANCELLED if n % 50 == 0 else OrderStatus.PICKED_UP


def line_rows(order_id: str, furnished: Furnished, n: int) -> Iterator[dict[str, Any]]:
    for position in range(LINES):
        wish = furnished.wishes[(n + position) % len(furnished.wishes)]
        yield {
            "id": new_id(),
            "order_id": order_id,
            "position": position,
            "dish_id": wish.dish_id,
            "name": "Dish",
            "quantity": 1,
            "unit_minor": PRICE_MINOR,
            "total_minor": PRICE_MINOR,
            "note": None,
            "allergens": ("celery", "milk"),
            "options": [
                {"id": option_id, "group": "Size", "name": "Regular", "quantity": 1,
                 "modifier_minor": 0}
                for option_id in wish.option_ids
            ],
        }  # fmt: skip


def history_rows(order: dict[str, Any]) -> Iterator[dict[str, Any]]:
    steps: list[tuple[OrderStatus | None, OrderStatus]] = [(None, OrderStatus.PENDING)]
    if order["status"] is not OrderStatus.PENDING:
        steps.append((OrderStatus.PENDING, order["status"]))
    for before, after in steps:
        yield {
            "id": new_id(),
            "order_id": order["id"],
            "happened_at": order["placed_at"],
            "actor": "system",
            "actor_name": "",
            "before": before,
            "after": after.value,
            "reason": None,
        }


def payment_row(order: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": new_id(),
        "order_id": order["id"],
        "method": PaymentMethod.CASH,
        "state": IntentState.CAPTURED,
        "amount_minor": order["total_minor"],
        "currency": order["currency"],
        "is_hosted": False,
        "is_surplus": False,
        "rounding_minor": 0,
        **dict.fromkeys(("provider_ref", "charge_ref", "failure", "review", "tendered_minor")),
        "collected_at": order["placed_at"],
        "created_at": order["placed_at"],
        "updated_at": order["placed_at"],
    }


def event_rows(order: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Long handled, and kept for questions."""
    for topic in ("order.placed", "order.moved"):
        yield {
            "id": new_id(),
            "topic": topic,
            "payload": {"order_id": order["id"], "house_id": order["house_id"]},
            "emitted_at": order["placed_at"],
            "actor": "system",
            "handled_at": order["placed_at"],
        }
