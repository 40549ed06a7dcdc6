"""Prices against a second, exact way of counting."""

from __future__ import annotations

from collections import Counter
from datetime import date
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from basis.money import Rate
from kitchenasty import menu, orders
from kitchenasty.checkout.pricing import LineToPrice, Terms, price
from kitchenasty.orders import OrderType

CARTS = 2_000
A_DAY = date(2026, 3, 14)
compared: Counter[str] = Counter()

group = menu.OptionGroup("g", "Extras", menu.Display.QUANTITY, False, 0, 20, ())
modifiers = st.integers(-2_000, 2_000).map(
    lambda minor: menu.Choice("c", "Extra", minor, is_default=False, allergens=frozenset())
)
chosen = st.builds(menu.Chosen, st.just(group), modifiers, st.integers(1, 20))
lines = st.builds(
    LineToPrice,
    dish_id=st.just("d"),
    name=st.just("Soup"),
    base_minor=st.integers(0, 1_000_000),
    chosen=st.lists(chosen, max_size=4).map(tuple),
    quantity=st.integers(1, 99),
    note=st.none(),
    allergens=st.none(),
    work_minutes=st.integers(0, 30),
)


def terms(currency: str, fee_minor: int, basis_points: int, *, prices_include_tax: bool) -> Terms:
    rate = Rate.of_basis_points(basis_points)
    return Terms(
        currency,
        orders.totals.DeliveryTariff(base_minor=fee_minor),
        orders.totals.flat_profile(rate, prices_include_tax=prices_include_tax),
    )


def exact(one: LineToPrice) -> Fraction:
    unit = Fraction(one.base_minor)
    for extra in one.chosen:
        unit += extra.choice.modifier_minor * extra.quantity
    return max(unit, Fraction(0)) * one.quantity


@settings(max_examples=CARTS, deadline=None, derandomize=True)
@given(
    cart=st.lists(lines, min_size=1, max_size=8),
    currency=st.sampled_from(("EUR", "JPY", "KWD")),
    fee_minor=st.integers(0, 10_000),
    basis_points=st.integers(0, 10_000),
    is_inside=st.booleans(),
    order_type=st.sampled_from(OrderType),
)
def compare(
    cart: list[LineToPrice],
    currency: str,
    fee_minor: int,
    basis_points: int,
    is_inside: bool,
    order_type: OrderType,
) -> None:
    compared.update(carts=1)
    house = terms(currency, fee_minor, basis_points, prices_include_tax=is_inside)
    found = price(cart, house, order_type=order_type, day=A_DAY).breakdown
    goods = sum(map(exact, cart), Fraction(0))
    goods += fee_minor if order_type is OrderType.DELIVERY else 0
    rate = Fraction(basis_points, 10_000)
    tax = goods * rate / (1 + rate) if is_inside else goods * rate
    assert found.subtotal_minor + found.delivery_fee_minor == goods
    assert abs(found.tax_minor - tax) <= Fraction(1, 2)
    assert found.total_minor == goods + (0 if is_inside else found.tax_minor)
    assert found.total_minor >= found.tax_minor >= 0
    again = price(list(reversed(cart)), house, order_type=order_type, day=A_DAY)
    assert again.breakdown.total_minor == found.total_minor


def test_every_total_is_the_exact_sum() -> None:
    compared.clear()
    compare()
    print(f"R5: {compared['carts']} generated carts equal the exact sum")
    assert compared["carts"] >= CARTS


def test_a_reduction_never_makes_a_dish_cost_less_than_nothing() -> None:
    less = menu.Choice("c", "Without", -900, is_default=False, allergens=frozenset())
    cart = [
        LineToPrice("d", "Soup", 500, (menu.Chosen(group, less, 1),), 3, None, None, 5),
        LineToPrice("e", "Bread", 200, (), 1, None, None, 1),
    ]
    house = terms("EUR", 0, 700, prices_include_tax=True)
    found = price(cart, house, order_type=OrderType.PICKUP, day=A_DAY)
    assert [one.unit_minor for one in found.breakdown.lines] == [0, 200]
    assert (found.breakdown.total_minor, found.work_minutes) == (200, 16)
