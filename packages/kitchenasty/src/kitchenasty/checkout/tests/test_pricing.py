"""Prices against a second, exact way of counting."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from kitchenasty import menu
from kitchenasty.checkout.pricing import LineToPrice, Terms, price

CARTS = 2_000
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
terms = st.builds(
    Terms,
    currency=st.sampled_from(("EUR", "JPY", "KWD")),
    delivery_fee_minor=st.integers(0, 10_000),
    tax_basis_points=st.integers(0, 10_000),
    prices_include_tax=st.booleans(),
)


def exact(one: LineToPrice) -> Fraction:
    unit = Fraction(one.base_minor)
    for extra in one.chosen:
        unit += extra.choice.modifier_minor * extra.quantity
    return max(unit, Fraction(0)) * one.quantity


@settings(max_examples=CARTS, deadline=None, derandomize=True)
@given(cart=st.lists(lines, min_size=1, max_size=8), house=terms, is_delivery=st.booleans())
def compare(cart: list[LineToPrice], house: Terms, *, is_delivery: bool) -> None:
    compared.update(carts=1)
    found = price(cart, house, is_delivery=is_delivery)
    goods = sum(map(exact, cart), Fraction(0)) + (house.delivery_fee_minor if is_delivery else 0)
    rate = Fraction(house.tax_basis_points, 10_000)
    tax = goods * rate / (1 + rate) if house.prices_include_tax else goods * rate
    assert found.subtotal_minor + found.delivery_fee_minor == goods
    assert abs(found.tax_minor - tax) <= Fraction(1, 2)
    assert found.total_minor == goods + (0 if house.prices_include_tax else found.tax_minor)
    assert found.total_minor >= found.tax_minor >= 0
    again = price(list(reversed(cart)), house, is_delivery=is_delivery)
    assert again.total_minor == found.total_minor


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
    found = price(cart, Terms("EUR", 0, 700, prices_include_tax=True), is_delivery=False)
    assert [one.unit_minor for one in found.lines] == [0, 200]
    assert (found.total_minor, found.work_minutes) == (200, 16)
