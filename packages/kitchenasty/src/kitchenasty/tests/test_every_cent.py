"""What is quoted is what is ordered, paid, printed and, in random pieces, given back.

In four currencies and two kinds of prices; the short form takes about 10 seconds, the long a
minute.
"""

from __future__ import annotations

from collections import Counter
from random import Random
from typing import Any

import httpx
import pytest

from basis.kit.background.dispatcher import Dispatcher
from basis.kit.http.wire import amount
from kitchenasty import locations, orders, payments, receipts, refunds
from kitchenasty.kit.books import Books
from kitchenasty.kit.principals import Kind, Principal, Role
from kitchenasty.locations.tests.builders import add_house
from kitchenasty.main import SUBSCRIPTIONS
from kitchenasty.menu.tests.builders import add_dish
from kitchenasty.orders import OrderStatus
from kitchenasty.promotions.tests.builders import add_coupon

OWNER = Principal(kind=Kind.STAFF, id="owner", role=Role.SUPER_ADMIN, name="Rosa Vidal")
RATES = (
    locations.TaxRate(tax="GST", category="standard", millionths=88_750),
    locations.TaxRate(tax="GST", category="drinks", millionths=190_000),
    locations.TaxRate(tax="Town", category="standard", millionths=12_500),
)
PERSON = {
    "guestName": "Anna",
    "guestPhone": "030 1234567",
    "address": {"line1": "Torstr. 1", "city": "Berlin", "zip": "10119"},
}
PIECES_MAX = 8


async def furnish(
    books: Books, chance: Random, currency: str, *, is_inside: bool
) -> dict[str, Any]:
    """A house with dishes at random prices, a fee, a policy and a coupon; and a cart of them."""
    async with books.writing() as uow:
        house = await add_house(uow, currency=currency, delivery_fee_minor=chance.randrange(900))
        await locations.set_taxes(
            uow,
            house.id,
            RATES,
            prices_include_tax=is_inside,
            rounding_policy=chance.choice(sorted(orders.totals.POLICIES)),
        )
        dishes = [
            await add_dish(uow, price_minor=chance.randrange(1, 5_000), tax_category=category)
            for category in ("standard", "drinks", "standard")
        ]
        code = f"C{chance.randrange(10**9)}"
        await add_coupon(
            uow, code=code, currency=currency, rate_millionths=chance.randrange(1, 10**6)
        )
    return {
        "orderType": "DELIVERY",
        "locationId": house.id,
        "items": [{"menuItemId": one, "quantity": chance.randint(1, 5)} for one in dishes],
    } | ({"couponCode": code} if chance.random() < 0.5 else {})


async def order_and_pay(
    books: Books, client: httpx.AsyncClient, cart: dict[str, Any]
) -> tuple[Any, orders.Order]:
    """Quote, order, deliver: the quote and the order."""
    quote = (await client.post("/api/quote", json=cart)).json()["data"]
    form = cart | PERSON | {"quote": quote["quote"]}
    placed = await client.post("/api/orders", json=form)
    assert placed.status_code == 201, placed.text
    order_id = placed.json()["data"]["id"]
    for target in (
        OrderStatus.CONFIRMED,
        OrderStatus.PREPARING,
        OrderStatus.READY,
        OrderStatus.DELIVERED,
    ):
        async with books.writing() as uow:
            await orders.move_order(uow, order_id, target)
    await Dispatcher(books, SUBSCRIPTIONS).run_once()
    async with books.reading() as look:
        return quote, await orders.load_order(look, order_id)


def a_piece(chance: Random, bill: refunds.Bill) -> refunds.Wish:
    """Portions of some lines, the fee, an amount; or what is left."""
    whole = [(line, one) for line, one in bill.rows() if one.units_left and one.left_minor]
    kind = chance.choice(("units", "units", "charge", "amount"))
    if kind == "units" and whole:
        chosen = chance.sample(whole, chance.randint(1, len(whole)))
        return refunds.Wish(
            units={line.id: chance.randint(1, one.units_left) for line, one in chosen}
        )
    if kind == "charge" and any(one.left_minor for one in bill.charges()):
        return refunds.Wish(units={}, charges=frozenset(orders.totals.ShareKind))
    if kind == "amount":
        return refunds.Wish(units={}, amount_minor=chance.randint(1, bill.left_minor))
    return refunds.Wish(units={}, everything=True)


async def give_back_in_pieces(books: Books, chance: Random, order: orders.Order) -> int:
    """Until nothing is left; answers in how many pieces."""
    for number in range(100):
        async with books.writing(OWNER) as uow:
            bill = await refunds.look_at_bill(uow, order)
            if not bill.left_minor:
                return number
            wish = a_piece(chance, bill)
            if number >= PIECES_MAX:
                wish = refunds.Wish(units={}, everything=True)
            try:
                await refunds.refund(uow, order, wish, reason="It was cold.")
            except refunds.NothingToGiveBack:
                continue  # portions that cost less than a unit
    raise AssertionError("it never ended")


async def printed_total(books: Books, client: httpx.AsyncClient, order: orders.Order) -> str:
    """The digits of the total as the guest's receipt has them."""
    async with books.writing() as uow:
        capability = orders.capability_of(uow.secret, order.id)
    text = (await client.get(f"/t/{capability}/receipt.txt")).text
    (line,) = (one for one in text.splitlines() if one.startswith("Total"))
    return "".join(letter for letter in line if letter.isdigit()).lstrip("0")


async def check(books: Books, order: orders.Order, quote: Any) -> None:
    """All five sums are one, in money and in the tax of every rate."""
    await Dispatcher(books, SUBSCRIPTIONS).run_once()
    async with books.reading() as look:
        paper = await receipts.load_paper(look, order)
        made = await receipts.list_numbered(look, order.id)
        taxes = await orders.list_taxes(look, order.id)
        (paid,) = await payments.list_payments(look, order.id)
    total = order.total_minor
    assert (paid.amount_minor, paid.returned_minor, paid.status.value) == (total, total, "REFUNDED")
    assert sum(one.refund.amount_minor for one in made) == total
    assert sum(one.refund.tax_minor for one in made) == order.tax_minor
    given = sum((Counter(one.refund.parts.taxes) for one in made), Counter[int]())
    assert [given[row] for row in range(len(taxes))] == [tax.tax_minor for tax in taxes]
    numbers = [paper.number, *(one.number for one in made)]
    assert [one.number if one else 0 for one in numbers] == list(range(1, len(made) + 2))
    assert float(amount(total, order.currency)) == quote["total"]


@pytest.mark.parametrize("carts", [2, pytest.param(25, marks=pytest.mark.long)])
@pytest.mark.parametrize("currency", ["EUR", "USD", "JPY", "KWD"])
@pytest.mark.parametrize("is_inside", [True, False], ids=["inclusive", "exclusive"])
async def test_quote_order_charge_receipt_and_refunds_are_one_sum(
    books: Books, client: httpx.AsyncClient, currency: str, carts: int, *, is_inside: bool
) -> None:
    """Charge = quote = order = receipt = refunds, after giving everything back in pieces."""
    chance, pieces, charged = Random(f"{currency} {is_inside} {carts}"), 0, 0
    for _ in range(carts):
        cart = await furnish(books, chance, currency, is_inside=is_inside)
        quote, order = await order_and_pay(books, client, cart)
        pieces += await give_back_in_pieces(books, chance, order)
        charged += order.total_minor
        assert await printed_total(books, client, order) == str(order.total_minor)
        await check(books, order, quote)
    print(f"R6: {carts} orders of {charged} {currency} minor given back in {pieces} pieces, 0 left")
