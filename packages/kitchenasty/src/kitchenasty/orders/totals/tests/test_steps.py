"""A receipt explains itself: every step with what it was computed from and the sum so far."""

from __future__ import annotations

from basis.money import Rate
from kitchenasty.orders.totals import Step
from kitchenasty.orders.totals.charges import Tip
from kitchenasty.orders.totals.discounts import Discount
from kitchenasty.orders.totals.tests.builders import line, sell, standard
from kitchenasty.orders.totals.tests.vectors_of_discounts import delivered


def told(step: Step) -> tuple[str, str, int, int]:
    return (step.kind, step.key, step.minor, step.sum_minor)


def test_an_evening_is_told_step_by_step() -> None:
    tenth = Discount(id="TEN", name="Ten off", rate=Rate.parse("10"))
    found = sell(
        (line("0", 950, 3, modifiers=((120, 1), (-50, 1)), deposit_minor=25), line("1", 700)),
        standard("8.875", prices_include_tax=False),
        delivery=delivered(390),
        discounts=(tenth,),
        tip=Tip(200),
    )
    assert [told(step) for step in found.steps] == [
        ("LINE", "0", 3_060, 3_060),
        ("DEPOSIT", "0", 75, 3_135),
        ("LINE", "1", 700, 3_835),
        ("DELIVERY", "delivery", 390, 4_225),
        ("DISCOUNT", "TEN", -376, 3_849),
        ("TAX_ADDED", "VAT", 342, 4_191),
        ("TIP", "tip", 200, 4_391),
        ("TOTAL", "", 4_391, 4_391),
    ]
    discount, tax = found.steps[4], found.steps[5]
    assert (discount.name, discount.base_minor, discount.rate) == ("Ten off", 3_760, tenth.rate)
    assert (tax.base_minor, tax.rate) == (3_849, Rate.parse("8.875"))


def test_tax_inside_the_prices_is_named_and_not_added() -> None:
    found = sell((line("0", 1_070),), standard("7"))
    assert [told(step) for step in found.steps] == [
        ("LINE", "0", 1_070, 1_070),
        ("TAX_INCLUDED", "VAT", 70, 1_070),
        ("TOTAL", "", 1_070, 1_070),
    ]
