"""Vectors about tax: inclusive and exclusive, several rates, days, places, rounding policies."""

from __future__ import annotations

from datetime import date
from typing import Any

from basis.money import Rate, Rounding
from kitchenasty.orders.totals import Breakdown, Dining, RoundingPolicy, TaxProfile
from kitchenasty.orders.totals.charges import AT_STANDARD, Tip
from kitchenasty.orders.totals.discounts import Discount
from kitchenasty.orders.totals.lines import Component
from kitchenasty.orders.totals.policies import BY_LINE, BY_RATE, NET_FIRST, Scope
from kitchenasty.orders.totals.profiles import STANDARD, TaxRule
from kitchenasty.orders.totals.tests.builders import line, lines, profile, sell, standard

BY_RATE_EVEN = RoundingPolicy(Scope.RATE, Rounding.HALF_EVEN)
BY_RATE_HALF_DOWN = RoundingPolicy(Scope.RATE, Rounding.HALF_DOWN)
BY_RATE_DOWN = RoundingPolicy(Scope.RATE, Rounding.DOWN)


def net_of(found: Breakdown) -> int:
    return found.total_minor - found.tax_minor


def square(given: dict[str, Any], expected: Any) -> None:
    taxed = standard(given["rate"], prices_include_tax=False)
    found = sell(lines(*given["items"]), taxed, policy=BY_RATE_EVEN)
    assert (found.tax_minor, found.total_minor) == (expected["tax"], expected["total"])


def exclusive(given: dict[str, Any], expected: Any) -> None:
    found = sell(lines(given["net"]), standard(given["rate"], prices_include_tax=False))
    assert found.total_minor == expected["total"]
    assert found.tax_minor == expected["total"] - given["net"]


def inclusive(given: dict[str, Any], expected: Any) -> None:
    found = sell(lines(given["gross"]), standard(given.get("rate", "20")))
    assert (found.tax_minor, net_of(found)) == (expected["tax"], expected["net"])
    assert found.total_minor == given["gross"]


def inclusive_with_the_net_rounded(given: dict[str, Any], expected: Any) -> None:
    found = sell(lines(given["gross"]), standard(given["rate"]), policy=BY_RATE_HALF_DOWN)
    assert (found.tax_minor, net_of(found)) == (expected["tax"], expected["net"])


def three_decimals(given: dict[str, Any], expected: Any) -> None:
    found = sell(lines(given["gross"]), standard("5"), currency="KWD")
    assert found.tax_minor == expected["tax"]


def compound_profile() -> TaxProfile:
    """6 % and 6 % on the price, 3 % on the price and both."""
    six, three = Rate.parse("6"), Rate.parse("3")
    on_top = frozenset({"A", "B"})
    return TaxProfile(
        "compound",
        prices_include_tax=False,
        rules=(
            TaxRule(tax="A", category=STANDARD, rate=six),
            TaxRule(tax="B", category=STANDARD, rate=six),
            TaxRule(tax="C", category=STANDARD, rate=three, on_top_of=on_top),
        ),
    )


def compound_by_line(given: dict[str, Any], expected: Any) -> None:
    found = sell(lines(*given["lines"]), compound_profile(), policy=BY_LINE)
    assert (found.tax_minor, found.total_minor) == (expected["tax"], expected["total"])


def compound_by_rate(given: dict[str, Any], expected: Any) -> None:
    found = sell(lines(*given["lines"]), compound_profile(), policy=BY_RATE)
    assert (found.tax_minor, found.total_minor) == (expected["tax"], expected["total"])
    assert [(one.tax, one.tax_minor) for one in found.taxes] == [("A", 191), ("B", 191), ("C", 107)]


def two_rates(given: dict[str, Any], expected: Any) -> None:
    taxed = profile(prices_include_tax=False, **{rate: rate for _, rate in given["lines"]})
    goods = tuple(line(n, net, tax_category=rate) for n, (net, rate) in enumerate(given["lines"]))
    found = sell(goods, taxed)
    assert (found.tax_minor, found.total_minor) == (expected["tax"], expected["total"])


def two_of_one(given: dict[str, Any], expected: Any) -> None:
    taxed, unit = standard(given["rate"]), given["unit"]
    together = sell((line("a", unit, 2),), taxed, policy=BY_LINE)
    apart = sell(lines(unit, unit), taxed, policy=BY_LINE)
    assert sell(lines(unit), taxed).tax_minor == expected["one"]
    assert together.tax_minor == expected["line_of_two"]
    assert apart.tax_minor == expected["two_lines_rounded_each"]


def discounted(given: dict[str, Any], expected: Any) -> None:
    off = Discount(id="off", name="Off", amount_minor=given["discount"])
    found = sell(lines(given["gross"]), standard(given["rate"]), discounts=(off,))
    assert (found.total_minor, found.tax_minor) == (expected["total"], expected["tax"])


def three_modes(given: dict[str, Any], expected: Any) -> None:
    modes = {"line": BY_LINE, "sum_by_net": NET_FIRST, "sum_by_net_keep_gross": BY_RATE}
    for mode, policy in modes.items():
        found = sell(lines(*given["lines"]), standard(given["rate"]), policy=policy)
        assert [found.total_minor, found.tax_minor, net_of(found)] == expected[mode], mode
        assert found.rounding_minor == expected[mode][0] - sum(given["lines"])


def german_dish(given: dict[str, Any], expected: Any) -> None:
    rules = (
        ("19", date(2024, 1, 1), date(2025, 12, 31)),
        ("7", date(2026, 1, 1), date.max),
    )
    taxed = TaxProfile(
        "DE",
        prices_include_tax=True,
        rules=tuple(
            TaxRule(
                tax="VAT",
                category="food",
                dining=Dining.DINE_IN,
                rate=Rate.parse(rate),
                valid_from=first,
                valid_until=last,
            )
            for rate, first, last in rules
        ),
    )
    for name, day in (("t2025", date(2025, 12, 31)), ("t2026", date(2026, 1, 1))):
        goods = lines(given["gross"], tax_category="food")
        found = sell(goods, taxed, day=day, dining=Dining.DINE_IN)
        assert (found.tax_minor, found.total_minor) == (expected[name], given["gross"])


def here_or_away(given: dict[str, Any], expected: Any) -> None:
    rules = (
        TaxRule(tax="VAT", category="coffee", rate=Rate.parse("2.6")),
        TaxRule(tax="VAT", category="coffee", rate=Rate.parse("8.1"), dining=Dining.DINE_IN),
    )
    taxed = TaxProfile("CH", prices_include_tax=True, rules=rules)
    goods = lines(given["gross"], tax_category="coffee")
    here = sell(goods, taxed, dining=Dining.DINE_IN, currency="CHF")
    away = sell(goods, taxed, dining=Dining.PICKUP, currency="CHF")
    assert (here.tax_minor, away.tax_minor) == (expected["dine"], expected["take"])


def meal_deal(given: dict[str, Any], expected: Any) -> None:
    burger, cola = given["parts"]
    deal = line(
        "deal", given["deal"], components=(Component("food", burger), Component("drink", cola))
    )
    found = sell((deal,), profile(food="7", drink="19"))
    [share] = found.shares
    assert [piece.gross_minor for piece in share.pieces] == expected["alloc"]
    assert [piece.tax_minor for piece in share.pieces] == expected["tax"]


def japan(given: dict[str, Any], expected: Any) -> None:
    taxed = profile(prices_include_tax=False, away="8", here="10")
    away = tuple(line(f"a{n}", net, tax_category="away") for n, net in enumerate(given["b8"]))
    here = tuple(line(f"h{n}", net, tax_category="here") for n, net in enumerate(given["b10"]))
    found = sell(away + here, taxed, policy=BY_RATE_DOWN, currency="JPY")
    by_rate = {one.rate.to_text(): one.tax_minor for one in found.taxes}
    assert by_rate == {"8": expected["t8"], "10": expected["t10"]}
    assert found.total_minor == expected["total"]


def tip_outside_tax(given: dict[str, Any], expected: Any) -> None:
    found = sell(lines(given["items"]), standard("7"), tip=Tip(given["tip"]))
    assert (found.tax_minor, found.total_minor) == (expected["tax"], expected["total"])
    taxed = sell(lines(given["items"]), standard("7"), tip=Tip(given["tip"], AT_STANDARD))
    assert taxed.tax_minor > found.tax_minor
    assert taxed.total_minor == found.total_minor


def nine_lines(given: dict[str, Any], expected: Any) -> None:
    goods, taxed = lines(*given["lines"]), standard("19")
    assert sell(goods, taxed, policy=BY_LINE).tax_minor == expected["per_line"]
    assert sell(goods, taxed, policy=BY_RATE).tax_minor == expected["bucket"]


CHECKS = {
    **dict.fromkeys(("SQ1", "SQ3", "SQ4"), square),
    **dict.fromkeys(("SQ6", "ZU2", "OD1", "OD2", "OD4", "D6"), inclusive),
    **dict.fromkeys(("OD5", "SY3"), exclusive),
    **dict.fromkeys(("PX1", "PX3"), three_modes),
    "ZU1": inclusive_with_the_net_rounded,
    "OD7": compound_by_line,
    "OD8": compound_by_rate,
    "SY2": two_rates,
    "SY5": two_of_one,
    "SY6": discounted,
    "D1": german_dish,
    "D3": meal_deal,
    "D4": here_or_away,
    "D7": japan,
    "D10": tip_outside_tax,
    "D24": three_decimals,
    "D30": nine_lines,
}
