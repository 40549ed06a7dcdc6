"""What an order keeps of its price: enough to explain, refund and recompute it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from random import Random

import pytest

from basis.ids import new_id
from kitchenasty import checkout, locations, orders, payments
from kitchenasty.checkout.service import meal_day
from kitchenasty.checkout.tests.builders import draft_of
from kitchenasty.kit.books import Books
from kitchenasty.locations.tests.builders import add_house
from kitchenasty.menu.tests.builders import add_dish
from kitchenasty.orders import OrderType

WAYS = [(currency, is_inside) for currency in ("EUR", "USD", "JPY", "KWD") for is_inside in (0, 1)]


async def place_delivery(books: Books, currency: str, *, prices_include_tax: bool) -> orders.Order:
    """Three of a dish and one of another, brought to the door."""
    async with books.writing() as uow:
        house = await add_house(
            uow,
            currency=currency,
            delivery_fee_minor=333,
            tax_basis_points=887,
            prices_include_tax=prices_include_tax,
        )
        lines = (
            checkout.CartLine(await add_dish(uow, price_minor=333), 3),
            checkout.CartLine(await add_dish(uow, price_minor=1_999), 1),
        )
        draft = draft_of(house.id, *lines, order_type=OrderType.DELIVERY)
        return (await checkout.place_order(uow, draft)).order


@pytest.mark.parametrize(("currency", "is_inside"), WAYS)
async def test_charge_order_explanation_and_all_refunds_are_one_amount(
    books: Books, currency: str, is_inside: int
) -> None:
    placed = await place_delivery(books, currency, prices_include_tax=bool(is_inside))
    async with books.reading() as look:
        order = await orders.load_order(look, placed.id)
        explanation = await orders.load_explanation(look, placed.id)
        [payment] = await payments.list_payments(look, placed.id)
    assert order.rounding_policy == "by-rate/half-up"
    assert explanation is not None
    assert explanation.steps[-1].minor == order.total_minor == payment.amount_minor
    assert sum(tax.tax_minor for tax in explanation.taxes) == order.tax_minor
    keys = [share.key for share in explanation.shares if share.kind is orders.totals.ShareKind.LINE]
    assert sorted(keys) == [str(place) for place in range(len(order.lines))]
    chance, account = Random(placed.id), orders.totals.open_account(explanation.shares)
    back, tax = 0, 0
    while account.left_minor:
        refund = orders.totals.refund_amount(account, chance.randint(1, account.left_minor))
        account = account.after(refund)
        back, tax = back + refund.minor, tax + refund.tax_minor
    assert (back, tax) == (order.total_minor, order.tax_minor)


async def test_an_order_that_does_not_exist_has_no_explanation(books: Books) -> None:
    async with books.reading() as look:
        with pytest.raises(orders.OrderNotFound):
            await orders.load_explanation(look, new_id())


@pytest.mark.parametrize(
    ("placed_at", "scheduled_at", "zone", "day"),
    [
        ("2025-12-31T23:50", "2026-01-01T12:00", "UTC", date(2026, 1, 1)),
        ("2025-12-31T23:50", None, "UTC", date(2026, 1, 1)),
        ("2025-12-31T23:10", None, "UTC", date(2025, 12, 31)),
        ("2025-12-31T22:50", None, "Europe/Berlin", date(2026, 1, 1)),
        ("2026-01-01T01:00", None, "America/New_York", date(2025, 12, 31)),
    ],
)
async def test_rates_are_those_of_the_day_of_the_meal_in_the_houses_zone(
    house: locations.House, placed_at: str, scheduled_at: str | None, zone: str, day: date
) -> None:
    placing = datetime.fromisoformat(placed_at).replace(tzinfo=UTC)
    due = None if scheduled_at is None else datetime.fromisoformat(scheduled_at).replace(tzinfo=UTC)
    cart = checkout.CartDraft(
        house_id=house.id, order_type=OrderType.PICKUP, lines=(), scheduled_at=due
    )
    there = replace(house, zone=zone, pickup_lead_minutes=20)
    assert meal_day(there, cart, placing) == day
