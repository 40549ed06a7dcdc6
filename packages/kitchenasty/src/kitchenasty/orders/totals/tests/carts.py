"""Sales of every kind, for properties: rates, components, deposits, discounts, fees, tips."""

from __future__ import annotations

from hypothesis import strategies as st

from basis.money import Rate
from kitchenasty.orders.totals import Delivery, DeliveryTariff, Dining, Sale, SaleLine
from kitchenasty.orders.totals.charges import (
    LIKE_THE_GOODS,
    UNTAXED,
    ChargeBase,
    ServiceCharge,
    TaxedAs,
    Tip,
)
from kitchenasty.orders.totals.discounts import Discount, Per, Reach
from kitchenasty.orders.totals.lines import Component
from kitchenasty.orders.totals.policies import POLICIES
from kitchenasty.orders.totals.profiles import TaxProfile, TaxRule
from kitchenasty.orders.totals.tests.builders import A_DAY

CURRENCIES = ("EUR", "USD", "JPY", "KWD")
CATEGORIES = ("food", "drink", "exempt")
LINES_MAX = 7
SIZES = (5, 2_000, 10**7)
"""Small amounts make ties, large ones make remainders."""

rates = st.sampled_from(("0", "2.6", "5", "7", "8.875", "10", "11.75", "19", "25.5"))
categories = st.sampled_from(CATEGORIES)
amounts = st.sampled_from(SIZES).flatmap(lambda size: st.integers(0, size))
components = st.one_of(
    st.just(()),
    st.tuples(
        st.builds(Component, st.just("food"), st.integers(0, 1_500)),
        st.builds(Component, st.just("drink"), st.integers(0, 500)),
    ),
)
ways_to_tax = st.sampled_from((UNTAXED, LIKE_THE_GOODS, TaxedAs("food"), TaxedAs("drink")))


@st.composite
def lines(draw: st.DrawFn, key: str) -> SaleLine:
    modifier = st.tuples(st.integers(-300, 300), st.integers(1, 3))
    return SaleLine(
        id=key,
        base_minor=draw(amounts),
        quantity=draw(st.integers(1, 9)),
        modifiers=tuple(draw(st.lists(modifier, max_size=2))),
        tax_category=draw(categories),
        components=draw(components),
        deposit_minor=draw(st.sampled_from((0, 0, 0, 8, 25))),
        deposit_category=draw(st.sampled_from((None, "exempt"))),
    )


@st.composite
def discounts(draw: st.DrawFn, key: str) -> Discount:
    is_rate = draw(st.booleans())
    per = draw(st.sampled_from(Per))
    return Discount(
        id=key,
        name=key,
        rate=Rate(draw(st.integers(0, 1_000_000))) if is_rate else None,
        amount_minor=None if is_rate else draw(amounts),
        per=per,
        reach=draw(st.sampled_from(Reach)),
        line_ids=draw(st.sampled_from((None, None, frozenset({"0", "2"})))),
        cap_minor=draw(st.one_of(st.none(), amounts)),
        priority=draw(st.one_of(st.none(), st.integers(0, 500))),
    )


@st.composite
def services(draw: st.DrawFn, key: str) -> ServiceCharge:
    is_rate = draw(st.booleans())
    return ServiceCharge(
        id=key,
        name=key,
        rate=Rate(draw(st.integers(0, 300_000))) if is_rate else None,
        amount_minor=None if is_rate else draw(st.integers(0, 900)),
        base=draw(st.sampled_from(ChargeBase)),
        taxed_as=draw(ways_to_tax),
    )


@st.composite
def profiles(draw: st.DrawFn) -> TaxProfile:
    """One tax per category, or two of which the second lies on top of the first."""
    rules = [
        TaxRule(tax="VAT", category=category, rate=Rate.parse(draw(rates)))
        for category in CATEGORIES
    ]
    if draw(st.booleans()):
        rate, on_top = Rate.parse(draw(rates)), draw(st.sampled_from((set(), {"VAT"})))
        city = TaxRule(tax="CITY", category="drink", rate=rate, on_top_of=frozenset(on_top))
        rules.append(city)
    return TaxProfile("drawn", draw(st.booleans()), tuple(rules))


@st.composite
def sales(draw: st.DrawFn) -> Sale:
    count = draw(st.integers(1, LINES_MAX))
    fee = DeliveryTariff(base_minor=draw(st.integers(0, 900)))
    delivery = Delivery(tariff=fee, taxed_as=draw(ways_to_tax))
    tip = st.builds(Tip, st.integers(0, 900), ways_to_tax)
    return Sale(
        currency=draw(st.sampled_from(CURRENCIES)),
        lines=tuple(draw(lines(str(key))) for key in range(count)),
        profile=draw(profiles()),
        dining=draw(st.sampled_from(Dining)),
        day=A_DAY,
        policy=draw(st.sampled_from(sorted(POLICIES.values(), key=lambda one: one.name))),
        delivery=draw(st.one_of(st.none(), st.just(delivery))),
        discounts=tuple(draw(discounts(f"d{n}")) for n in range(draw(st.integers(0, 3)))),
        services=tuple(draw(services(f"s{n}")) for n in range(draw(st.integers(0, 2)))),
        tip=draw(st.one_of(st.none(), tip)),
    )
