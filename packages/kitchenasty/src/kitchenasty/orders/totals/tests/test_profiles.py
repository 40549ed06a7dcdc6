"""Tax profiles: dated rows, gaps, contradictions, fees that follow the goods."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from basis.money import Rate
from kitchenasty.orders.totals import Delivery, DeliveryTariff, Dining, TaxProfile
from kitchenasty.orders.totals.charges import LIKE_THE_GOODS, UNTAXED
from kitchenasty.orders.totals.discounts import Discount
from kitchenasty.orders.totals.policies import PolicyUnknown, load_policy
from kitchenasty.orders.totals.profiles import ProfileRefused, RateMissing, TaxRule
from kitchenasty.orders.totals.tests.builders import line, lines, profile, sell, standard

NEW_YEAR = date(2026, 1, 1)
FREE = Discount(id="free", name="On the house", rate=Rate.parse("100"))


def rule(rate: str, **fields: Any) -> TaxRule:
    defaults: dict[str, Any] = {"tax": "VAT", "category": "food"}
    return TaxRule(rate=Rate.parse(rate), **{**defaults, **fields})


def rows(*rules: TaxRule) -> TaxProfile:
    return TaxProfile("test", prices_include_tax=True, rules=rules)


def test_a_gap_in_the_profile_is_an_error_and_not_an_exemption() -> None:
    ends = rows(rule("19", valid_until=date(2025, 12, 31)))
    with pytest.raises(RateMissing, match="food"):
        sell(lines(1_000, tax_category="food"), ends, day=NEW_YEAR)
    with pytest.raises(RateMissing, match="drink"):
        sell(lines(1_000, tax_category="drink"), profile(food="7"))


@pytest.mark.parametrize(
    "rules",
    [
        (rule("7"), rule("19")),
        (rule("7", valid_until=NEW_YEAR), rule("19", valid_from=NEW_YEAR)),
        (rule("7", valid_from=NEW_YEAR, valid_until=date(2025, 1, 1)),),
    ],
    ids=["two rates always", "two rates on one day", "ends before it begins"],
)
def test_rows_that_contradict_each_other_are_refused(rules: tuple[TaxRule, ...]) -> None:
    with pytest.raises(ProfileRefused):
        rows(*rules)


def test_rows_that_follow_each_other_may_stand_in_any_order() -> None:
    before, after = rule("19", valid_until=date(2025, 12, 31)), rule("7", valid_from=NEW_YEAR)
    for taxed in (rows(before, after), rows(after, before)):
        assert sell(lines(10_700, tax_category="food"), taxed, day=NEW_YEAR).tax_minor == 700


def test_taxes_on_top_of_each_other_in_a_circle_are_refused() -> None:
    circle = rows(
        rule("5", tax="A", on_top_of=frozenset({"B"})),
        rule("5", tax="B", on_top_of=frozenset({"A"})),
    )
    with pytest.raises(ProfileRefused, match="on top of itself"):
        sell(lines(100, tax_category="food"), circle)


@pytest.mark.parametrize("is_turned", [False, True])
def test_the_row_of_a_way_of_dining_beats_the_row_of_any(is_turned: bool) -> None:
    rules = [rule("19"), rule("7", dining=Dining.PICKUP)]
    taxed = rows(*(reversed(rules) if is_turned else rules))
    away = sell(lines(10_700, tax_category="food"), taxed, dining=Dining.PICKUP)
    here = sell(lines(11_900, tax_category="food"), taxed, dining=Dining.DINE_IN)
    assert (away.tax_minor, here.tax_minor) == (700, 1_900)


def test_included_tax_is_the_part_of_a_gross_price() -> None:
    assert sell(lines(30_000), standard("20")).tax_minor == 5_000


def test_a_delivery_fee_that_follows_the_goods_is_taxed_in_their_proportions() -> None:
    goods = (line("a", 3_000, tax_category="food"), line("b", 1_000, tax_category="drink"))
    way = Delivery(tariff=DeliveryTariff(base_minor=400), taxed_as=LIKE_THE_GOODS)
    found = sell(goods, profile(food="7", drink="19"), delivery=way)
    fee = found.shares[-1]
    # Categories by name: a quarter of the fee is drink's.
    assert [piece.gross_minor for piece in fee.pieces] == [100, 300]
    gross = {tax.rate.to_text(): tax.net_minor + tax.tax_minor for tax in found.taxes}
    assert gross == {"19": 1_100, "7": 3_300}


def test_a_fee_still_follows_goods_that_are_given_away() -> None:
    goods = (line("a", 3_000, tax_category="food"), line("b", 1_000, tax_category="drink"))
    way = Delivery(tariff=DeliveryTariff(base_minor=400), taxed_as=LIKE_THE_GOODS)
    found = sell(goods, profile(food="7", drink="19"), delivery=way, discounts=(FREE,))
    assert found.total_minor == 400
    assert [piece.gross_minor for piece in found.shares[-1].pieces] == [100, 300]


def test_a_fee_with_no_goods_to_follow_is_charged_without_tax() -> None:
    way = Delivery(tariff=DeliveryTariff(base_minor=400), taxed_as=LIKE_THE_GOODS)
    found = sell((), profile(food="7"), delivery=way)
    assert (found.total_minor, found.tax_minor) == (400, 0)


def test_a_deposit_may_have_a_category_of_its_own() -> None:
    cola = line("cola", 300, 2, tax_category="drink", deposit_minor=25, deposit_category="deposit")
    found = sell((cola,), profile(drink="19", deposit="0"), discounts=(FREE,))
    assert (found.total_minor, found.deposit_minor, found.tax_minor) == (50, 50, 0)


def test_what_is_outside_tax_has_no_tax_row() -> None:
    way = Delivery(tariff=DeliveryTariff(base_minor=400), taxed_as=UNTAXED)
    found = sell(lines(1_070), standard("7"), delivery=way)
    assert [(tax.net_minor, tax.tax_minor) for tax in found.taxes] == [(1_000, 70)]


def test_a_policy_is_found_by_the_name_that_orders_keep() -> None:
    assert load_policy("by-line/half-up").name == "by-line/half-up"
    with pytest.raises(PolicyUnknown, match="by-rate/half-even"):
        load_policy("as-you-like-it")
