"""Vectors about delivery fees, service charges and tips."""

from __future__ import annotations

from typing import Any

from basis.money import Rate
from kitchenasty.orders.totals import Delivery, DeliveryTariff
from kitchenasty.orders.totals.charges import (
    AT_STANDARD,
    UNTAXED,
    ChargeBase,
    DistanceBand,
    DistanceSteps,
    PortionSurcharge,
    ServiceCharge,
    TaxedAs,
    Tip,
    delivery_fee,
)
from kitchenasty.orders.totals.splits import split_by_guest
from kitchenasty.orders.totals.tests.builders import line, lines, profile, sell, standard
from kitchenasty.orders.totals.tests.vectors_of_discounts import amount, delivered, percent

WOLT: dict[str, Any] = {
    "base_minor": 200,
    "steps": (DistanceSteps(above_m=1_000, step_m=500, minor=100),),
    "fill_cart_to_minor": 1_000,
    "portions": PortionSurcharge(from_portions=5, minor=50),
    "cap_minor": 1_500,
    "free_from_minor": 20_000,
}


def wolt(cart_minor: int, distance_m: int, portions: int = 1, **fields: Any) -> int:
    tariff = DeliveryTariff(**{**WOLT, **fields})
    way = Delivery(tariff=tariff, distance_m=distance_m)
    return delivery_fee(way, goods_minor=cart_minor, portions=portions)


def goods_and_delivery(given: dict[str, Any], expected: Any) -> None:
    found = sell(
        lines(given["items"], tax_category="food"),
        profile(food="10", delivery="20"),
        delivery=delivered(given["delivery"], TaxedAs("delivery")),
    )
    assert [one.tax_minor for one in found.taxes] == expected["tax"]
    assert (found.tax_minor, found.total_minor) == (expected["total_tax"], expected["total"])


def started_steps(given: dict[str, Any], expected: Any) -> None:
    steps = DistanceSteps(above_m=2_500, step_m=2_000, minor=450)
    assert [steps.price(distance) for distance in given["d"]] == expected["p"]


def fee_before_discount(given: dict[str, Any], expected: Any) -> None:
    fee = ServiceCharge(
        id="fee",
        name="Service",
        rate=Rate.parse("10"),
        base=ChargeBase.BEFORE_DISCOUNTS,
        taxed_as=UNTAXED,
    )
    found = sell(lines(*given["items"]), standard("0"), services=(fee,))
    assert (found.service_minor, found.total_minor) == (expected["fee"], expected["total"])
    cheaper = sell(
        lines(*given["items"]), standard("0"), services=(fee,), discounts=(percent("50"),)
    )
    assert cheaper.service_minor == expected["fee"]


def fee_over_guests(given: dict[str, Any], expected: Any) -> None:
    fee = ServiceCharge(id="fee", name="Service", amount_minor=200)
    found = sell(lines(*given["parts"]), standard("0"), services=(fee,))
    bills = split_by_guest(found.shares, {"0": (1, 0), "1": (0, 1)}, 2)
    assert [bill.minor - own for bill, own in zip(bills, given["parts"], strict=True)] == expected[
        "split"
    ]
    assert found.total_minor == expected["total"]


def taxed_tip(given: dict[str, Any], expected: Any) -> None:
    found = sell(
        lines(*given["items"]),
        standard("19"),
        discounts=(amount(given["discount"]),),
        delivery=delivered(given["delivery"]),
        tip=Tip(given["tip"], AT_STANDARD),
    )
    assert [one.discount_minor for one in found.lines] == expected["alloc"]
    assert found.subtotal_minor - found.discount_minor == expected["subtotal"]
    items = sum(one.tax_minor for one in found.lines)
    assert [items, *(share.tax_minor for share in found.shares[2:])] == expected["tax"]
    assert (found.tax_minor, found.total_minor) == (expected["total_tax"], expected["total"])


def small_cart(given: dict[str, Any], expected: Any) -> None:
    assert wolt(given["cart"], given["distance_m"], given["items"]) == expected["fee"]


def steps_alone(given: dict[str, Any], expected: Any) -> None:
    assert [wolt(1_000, distance) for distance in given["distance_m"]] == expected["fee"]


def cap_free_and_rush(given: dict[str, Any], expected: Any) -> None:
    assert given == {}
    assert wolt(1_000, 50_000) == expected["cap"]
    assert wolt(20_000, 50_000) == expected["free"]
    assert wolt(790, 2_235, 4, factor=Rate.parse("120")) == expected["rush"]
    assert wolt(1_000, 50_000, factor=Rate.parse("120")) == expected["cap"]
    assert wolt(1_000, 500, 6) == 200 + 2 * 50


def distance_bands(given: dict[str, Any], expected: Any) -> None:
    near = DistanceBand(from_m=0, minor=given["a"], per_10_m_minor=given["b"])
    far = DistanceBand(from_m=500, minor=100, per_10_m_minor=1)
    tariff = DeliveryTariff(base_minor=given["base"], bands=(near, far))
    way = Delivery(tariff=tariff, distance_m=given["distance_m"])
    found = sell((line("cart", given["cart"]),), standard("0"), delivery=way)
    assert (found.delivery_fee_minor, found.total_minor) == (expected["fee"], expected["total"])
    further = Delivery(tariff=tariff, distance_m=605)
    assert delivery_fee(further, goods_minor=1_000, portions=1) == 190 + 100 + 61


def untaxed_service(given: dict[str, Any], expected: Any) -> None:
    service = ServiceCharge(
        id="service", name="Service", rate=Rate.parse(given["service_pct"]), taxed_as=UNTAXED
    )
    found = sell(
        lines(given["items"]),
        standard(given["rate"], prices_include_tax=False),
        discounts=(percent(given["discount_pct"]),),
        services=(service,),
    )
    assert (found.tax_minor, found.service_minor) == (expected["tax"], expected["service"])
    assert found.total_minor == expected["total"]


CHECKS = {
    "CC1": goods_and_delivery,
    "CC3": started_steps,
    "OR1": fee_before_discount,
    "OR3": fee_over_guests,
    "GF1": taxed_tip,
    "WO1": small_cart,
    "WO2": steps_alone,
    "WO4": cap_free_and_rush,
    "WO5": distance_bands,
    "D9": untaxed_service,
}
