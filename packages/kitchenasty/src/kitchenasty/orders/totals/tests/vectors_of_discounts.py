"""Vectors about discounts: stacking, allocation, caps, deposits, points."""

from __future__ import annotations

from typing import Any

from basis.money import Rate
from kitchenasty.orders.totals import Breakdown, Delivery, DeliveryTariff
from kitchenasty.orders.totals.charges import AT_STANDARD, TaxedAs
from kitchenasty.orders.totals.discounts import Discount, Per, Reach
from kitchenasty.orders.totals.tests.builders import line, lines, profile, sell, standard

UNTAXED_GOODS = standard("0")


def delivered(minor: int, taxed_as: TaxedAs = AT_STANDARD) -> Delivery:
    return Delivery(tariff=DeliveryTariff(base_minor=minor), taxed_as=taxed_as)


def percent(rate: str, **fields: Any) -> Discount:
    return Discount(id=f"{rate} %", name="Percent off", rate=Rate.parse(rate), **fields)


def amount(minor: int, **fields: Any) -> Discount:
    return Discount(id=f"{minor} off", name="Amount off", amount_minor=minor, **fields)


def cuts_of(found: Breakdown) -> list[int]:
    return [one.discount_minor for one in found.lines]


def lines_with_their_own(given: dict[str, Any], expected: Any) -> None:
    first, second = given["lines"]
    goods = tuple(
        line(n, one["price"], modifiers=tuple((minor, 1) for minor in one["mods"]))
        for n, one in enumerate((first, second))
    )
    off = (
        amount(first["fixed"], per=Per.LINE, line_ids=frozenset({"0"})),
        percent(second["pct"], per=Per.LINE, line_ids=frozenset({"1"})),
    )
    found = sell(goods, UNTAXED_GOODS, discounts=off)
    assert [one.charged_minor for one in found.lines] == expected["lines"]
    assert found.total_minor == expected["subtotal"]


def order_discount_over_rates(given: dict[str, Any], expected: Any) -> None:
    taxed = profile(prices_include_tax=False, **{rate: rate for _, rate in given["lines"]})
    goods = tuple(line(n, net, tax_category=rate) for n, (net, rate) in enumerate(given["lines"]))
    found = sell(goods, taxed, discounts=(amount(given["order_discount"]),))
    assert cuts_of(found) == expected["alloc"]
    assert (found.tax_minor, found.total_minor) == (expected["tax"], expected["total"])


def cheaper_delivery(given: dict[str, Any], expected: Any) -> None:
    found = sell(
        (line("item", given["item"], tax_category="exempt"),),
        profile(exempt="0", delivery=given["rate"]),
        delivery=delivered(given["delivery"], TaxedAs("delivery")),
        discounts=(percent(given["delivery_disc_pct"], reach=Reach.DELIVERY),),
    )
    assert (found.total_minor, found.tax_minor) == (expected["total"], expected["tax"])


def percent_first(given: dict[str, Any], expected: Any) -> None:
    found = sell(lines(given["items"]), UNTAXED_GOODS, discounts=(amount(1_000), percent("20")))
    assert found.total_minor == expected["total"]


def amount_first(given: dict[str, Any], expected: Any) -> None:
    off = (percent("20"), amount(1_000, priority=50))
    found = sell(lines(given["items"]), UNTAXED_GOODS, discounts=off)
    assert found.total_minor == expected["total"]


def off_each_and_off_all(given: dict[str, Any], expected: Any) -> None:
    off = (percent("20", per=Per.LINE), amount(5_000))
    found = sell((line("a", given["unit"], given["qty"]),), UNTAXED_GOODS, discounts=off)
    assert (found.total_minor, found.discount_minor) == (expected["total"], expected["discount"])


def per_unit_and_order(given: dict[str, Any], expected: Any) -> None:
    goods = (line("shorts", 1_000, 2), line("flip-flops", 500, 3))
    per_unit = amount(100, per=Per.UNIT, line_ids=frozenset({"shorts"}))
    before = sell(goods, UNTAXED_GOODS, discounts=(per_unit,))
    assert [one.charged_minor for one in before.lines] == given["lines"]
    assert before.total_minor == expected["subtotal"]
    found = sell(goods, UNTAXED_GOODS, discounts=(per_unit, amount(given["order_discount"])))
    assert found.total_minor == expected["total"]
    assert list(found.discounts[1].line_minors) == expected["alloc"]


def points(given: dict[str, Any], expected: Any) -> None:
    found = sell(
        lines(given["items"]),
        UNTAXED_GOODS,
        delivery=delivered(given["delivery"]),
        discounts=(amount(given["points"]),),
    )
    [used] = found.discounts
    assert (used.minor, used.unused_minor) == (expected["used"], expected["points_left_worth"])
    assert found.total_minor == expected["total"]


def with_and_without_delivery(given: dict[str, Any], expected: Any) -> None:
    for name, reach in (("all", Reach.ALL), ("items_only", Reach.GOODS)):
        found = sell(
            lines(*given["items"]),
            UNTAXED_GOODS,
            delivery=delivered(given["delivery"]),
            discounts=(amount(given["coupon"], reach=reach),),
        )
        [used] = found.discounts
        reached = [used.delivery_minor] if reach is Reach.ALL else []
        assert [*used.line_minors, *reached] == expected[name]


def capped_percent(given: dict[str, Any], expected: Any) -> None:
    found = sell(lines(given["items"]), UNTAXED_GOODS, discounts=(percent("20", cap_minor=700),))
    assert found.discount_minor == expected["d"]


def modifiers(given: dict[str, Any], expected: Any) -> None:
    chosen = tuple((minor, 1) for minor in given["mods"])
    found = sell((line("a", given["base"], given["qty"], modifiers=chosen),), UNTAXED_GOODS)
    assert found.total_minor == expected["total"]


def deposit(given: dict[str, Any], expected: Any) -> None:
    goods = (line("a", given["items"] // 4, 4, deposit_minor=given["deposit"] // 4),)
    found = sell(goods, UNTAXED_GOODS, discounts=(percent("10"),))
    assert (found.total_minor, found.deposit_minor) == (expected["total"], given["deposit"])


CHECKS = {
    "CL1": lines_with_their_own,
    "SY8": order_discount_over_rates,
    "SY9": cheaper_delivery,
    "SY11": percent_first,
    "SY12": amount_first,
    "SY14": off_each_and_off_all,
    "RC1": per_unit_and_order,
    "D19": points,
    "D21": with_and_without_delivery,
    "D22": capped_percent,
    "D25": modifiers,
    "D28": deposit,
}
