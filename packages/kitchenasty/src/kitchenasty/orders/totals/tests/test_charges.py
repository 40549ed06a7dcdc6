"""Delivery tariffs and amounts at their limits."""

from __future__ import annotations

import pytest

from basis.money import Rate
from kitchenasty.orders.totals import AmountOutOfRange, Delivery, DeliveryTariff
from kitchenasty.orders.totals.charges import (
    DistanceNeeded,
    DistanceSteps,
    ServiceCharge,
    Tip,
    TooFar,
)
from kitchenasty.orders.totals.discounts import Discount, Reach
from kitchenasty.orders.totals.tests.builders import lines, sell, standard
from kitchenasty.orders.totals.tests.vectors_of_discounts import amount, delivered

BY_DISTANCE = DeliveryTariff(
    base_minor=200,
    steps=(DistanceSteps(above_m=0, step_m=1_000, minor=50),),
    free_from_minor=3_000,
    min_order_minor=1_500,
    reach_m=6_000,
)


def test_leaving_the_distance_out_is_refused_where_the_fee_depends_on_it() -> None:
    with pytest.raises(DistanceNeeded):
        sell(lines(2_000), standard("7"), delivery=Delivery(tariff=BY_DISTANCE))
    with pytest.raises(DistanceNeeded):
        sell(lines(9_000), standard("7"), delivery=Delivery(tariff=BY_DISTANCE))


def test_an_address_out_of_reach_is_refused_however_large_the_order() -> None:
    way = Delivery(tariff=BY_DISTANCE, distance_m=6_001)
    with pytest.raises(TooFar):
        sell(lines(9_000), standard("7"), delivery=way)


def test_delivery_is_free_from_an_amount_of_goods_before_discounts() -> None:
    way = Delivery(tariff=BY_DISTANCE, distance_m=1_001)
    assert sell(lines(2_999), standard("7"), delivery=way).delivery_fee_minor == 300
    assert sell(lines(3_000), standard("7"), delivery=way).delivery_fee_minor == 0
    less = sell(lines(3_000), standard("7"), delivery=way, discounts=(amount(1_000),))
    assert less.delivery_fee_minor == 0


def test_a_tariff_says_what_is_missing_to_its_smallest_order() -> None:
    assert [BY_DISTANCE.missing_minor(goods) for goods in (0, 1_499, 1_500, 9_000)] == [
        1_500,
        1,
        0,
        0,
    ]


def test_free_delivery_is_a_discount_that_the_goods_do_not_feel() -> None:
    free = Discount(id="f", name="Free", rate=Rate.parse("100"), reach=Reach.DELIVERY)
    found = sell(lines(2_000), standard("7"), delivery=delivered(390), discounts=(free,))
    assert (found.delivery_fee_minor, found.discount_minor) == (390, 390)
    assert (found.total_minor, found.lines[0].discount_minor) == (2_000, 0)


def test_a_taxed_service_charge_raises_the_tax() -> None:
    taxed = standard("8.875", prices_include_tax=False)
    tenth = Discount(id="d", name="Ten", rate=Rate.parse("10"))
    service = ServiceCharge(id="s", name="Service", rate=Rate.parse("18"))
    found = sell(lines(4_200), taxed, discounts=(tenth,), services=(service,))
    assert (found.service_minor, found.tax_minor) == (680, 396)
    assert found.total_minor == 3_780 + 680 + 396


@pytest.mark.parametrize("minor", [2**63, -1])
def test_amounts_that_no_column_holds_are_refused(minor: int) -> None:
    with pytest.raises(AmountOutOfRange):
        sell(lines(1_000), standard("7"), tip=Tip(minor))


def test_lines_and_sums_beyond_64_bits_are_refused() -> None:
    with pytest.raises(AmountOutOfRange):
        sell(lines(2**62, quantity=1) + lines(), standard("100", prices_include_tax=False))
    with pytest.raises(AmountOutOfRange):
        sell(lines(2**62, 2**62), standard("0"))
    assert sell(lines(2**63 - 1), standard("19")).total_minor == 2**63 - 1
