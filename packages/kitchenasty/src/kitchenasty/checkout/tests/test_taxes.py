"""Rates that depend on the goods, the way of dining and the day, over the real books."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import pytest

from basis.kit.testing import HandClock
from kitchenasty import checkout, locations, menu, orders
from kitchenasty.checkout.taxes import TaxGap, change_taxes, profile_from
from kitchenasty.checkout.tests.builders import draft_of
from kitchenasty.kit.books import Books
from kitchenasty.kit.principals import Role
from kitchenasty.locations import TaxRate
from kitchenasty.locations.tests.builders import add_house
from kitchenasty.menu.tests.builders import add_dish
from kitchenasty.orders import OrderType
from kitchenasty.promotions import CouponType
from kitchenasty.promotions.tests.builders import add_coupon
from kitchenasty.staff.tests.builders import sign_in

LAST, FIRST = date(2025, 12, 31), date(2026, 1, 1)
PERCENT = 10_000
BERLIN = ZoneInfo("Europe/Berlin")
GERMANY = (
    # Restaurant meals: 19 % until the end of 2025, 7 % after it; drinks stay.
    TaxRate(
        tax="USt", category="standard", millionths=19 * PERCENT, dining="DINE_IN", valid_until=LAST
    ),
    TaxRate(
        tax="USt", category="standard", millionths=7 * PERCENT, dining="DINE_IN", valid_from=FIRST
    ),
    TaxRate(tax="USt", category="standard", millionths=7 * PERCENT),
    TaxRate(tax="USt", category="drinks", millionths=19 * PERCENT),
)
# A house whose every rate halves at the new year, so that the day is seen in the sum.
HALVED = (
    TaxRate(tax="VAT", category="standard", millionths=20 * PERCENT, valid_until=LAST),
    TaxRate(tax="VAT", category="standard", millionths=10 * PERCENT, valid_from=FIRST),
)


async def house_with(books: Books, rates: tuple[TaxRate, ...], **fields: Any) -> locations.House:
    async with books.writing() as uow:
        house = await add_house(uow, **fields)
        return await change_taxes(
            uow, house.id, rates, prices_include_tax=True, rounding_policy="by-rate/half-up"
        )


async def taxes_of(books: Books, order_id: str) -> list[tuple[str, int, int]]:
    async with books.reading() as look:
        explanation = await orders.load_explanation(look, order_id)
    assert explanation is not None
    return [(one.rate.to_text(), one.net_minor, one.tax_minor) for one in explanation.taxes]


async def test_food_and_drinks_of_one_order_are_taxed_apart_and_the_fee_with_them(
    books: Books,
) -> None:
    house = await house_with(books, GERMANY, delivery_fee_minor=300)
    async with books.writing() as uow:
        food = await add_dish(uow, price_minor=2_000)
        drink = await add_dish(uow, price_minor=1_000, tax_category="drinks")
        lines = (checkout.CartLine(food, 1), checkout.CartLine(drink, 1))
        draft = draft_of(house.id, *lines, order_type=OrderType.DELIVERY)
        placed = await checkout.place_order(uow, draft)
    # 20.00 + 2.00 of the fee at 7 %, 10.00 + 1.00 of it at 19 %.
    assert await taxes_of(books, placed.id) == [("7", 2_056, 144), ("19", 924, 176)]
    assert placed.order.tax_minor == 144 + 176
    assert placed.order.total_minor == 3_300


async def test_a_set_menu_is_taxed_by_what_its_parts_cost_alone(books: Books) -> None:
    """A deal for 10.00 of a burger (11.90) and a cola (4.50) is 7.26 of food and 2.74 of drink."""
    house = await house_with(books, GERMANY)
    parts = (menu.Component("Burger", "standard", 1_190), menu.Component("Cola", "drinks", 450))
    async with books.writing() as uow:
        deal = await add_dish(uow, price_minor=1_000, components=parts)
        placed = await checkout.place_order(uow, draft_of(house.id, checkout.CartLine(deal, 1)))
    assert await taxes_of(books, placed.id) == [("7", 679, 47), ("19", 230, 44)]


async def test_a_deposit_is_charged_beside_the_price_at_its_own_rate_and_never_discounted(
    books: Books,
) -> None:
    untaxed = TaxRate(tax="USt", category="deposit", millionths=0)
    house = await house_with(books, (*GERMANY, untaxed))
    async with books.writing() as uow:
        await add_coupon(uow, type=CouponType.PERCENTAGE, rate_millionths=100 * PERCENT)
        beer = await add_dish(uow, price_minor=476, tax_category="drinks", deposit_minor=25)
        line = checkout.CartLine(beer, 2)
        dear = await checkout.place_order(uow, draft_of(house.id, line))
        free = await checkout.place_order(uow, draft_of(house.id, line, coupon_code="SUMMER"))
    assert await taxes_of(books, dear.id) == [("0", 50, 0), ("19", 800, 152)]
    assert (dear.order.total_minor, free.order.total_minor) == (952 + 50, 50)


async def test_without_a_rate_of_its_own_a_deposit_is_taxed_like_what_is_in_the_bottle(
    books: Books,
) -> None:
    house = await house_with(books, GERMANY)
    async with books.writing() as uow:
        beer = await add_dish(uow, price_minor=451, tax_category="drinks", deposit_minor=25)
        placed = await checkout.place_order(uow, draft_of(house.id, checkout.CartLine(beer, 1)))
    assert await taxes_of(books, placed.id) == [("19", 400, 76)]


async def test_a_category_that_the_house_does_not_know_is_standard(books: Books) -> None:
    house = await house_with(books, GERMANY)
    async with books.writing() as uow:
        dish = await add_dish(uow, price_minor=1_070, tax_category="tobacco")
        placed = await checkout.place_order(uow, draft_of(house.id, checkout.CartLine(dish, 1)))
    assert await taxes_of(books, placed.id) == [("7", 1_000, 70)]


async def test_an_order_of_the_old_year_for_the_new_one_has_the_rates_of_the_new_one(
    books: Books, clock: HandClock
) -> None:
    """Placed on 31 December at 23:50 for half past midnight: the meal is had on 1 January."""
    house = await house_with(books, HALVED, pickup_lead_minutes=5)
    async with books.writing() as uow:
        dish = await add_dish(uow, price_minor=1_100)
    clock.now = datetime(2025, 12, 31, 23, 50, tzinfo=BERLIN).astimezone(UTC)
    line = checkout.CartLine(dish, 1)
    async with books.writing() as uow:
        soon = await checkout.place_order(uow, draft_of(house.id, line))
        later = datetime(2026, 1, 1, 0, 30, tzinfo=BERLIN).astimezone(UTC)
        new = await checkout.place_order(uow, draft_of(house.id, line, scheduled_at=later))
    assert await taxes_of(books, soon.id) == [("20", 917, 183)]
    assert await taxes_of(books, new.id) == [("10", 1_000, 100)]


def test_eating_in_and_taking_away_differ_where_the_profile_says_so() -> None:
    profile = profile_from(GERMANY, 0, prices_include_tax=True)

    def rate(dining: orders.totals.Dining, day: date) -> str:
        return profile.levied_on("standard", dining, day).taxes[0].rate.to_text()

    assert (rate(orders.totals.Dining.DINE_IN, LAST), rate(orders.totals.Dining.PICKUP, LAST)) == (
        "19",
        "7",
    )
    assert (
        rate(orders.totals.Dining.DINE_IN, FIRST),
        rate(orders.totals.Dining.PICKUP, FIRST),
    ) == ("7", "7")


async def test_what_was_charged_stays_when_the_rates_change(books: Books) -> None:
    house = await house_with(books, GERMANY)
    async with books.writing() as uow:
        dish = await add_dish(uow, price_minor=1_070)
        placed = await checkout.place_order(uow, draft_of(house.id, checkout.CartLine(dish, 1)))
        flat = [TaxRate(tax="USt", category="standard", millionths=25 * PERCENT)]
        await change_taxes(
            uow, house.id, flat, prices_include_tax=False, rounding_policy="by-line/half-up"
        )
        after = await checkout.place_order(uow, draft_of(house.id, checkout.CartLine(dish, 1)))
    assert await taxes_of(books, placed.id) == [("7", 1_000, 70)]
    assert await taxes_of(books, after.id) == [("25", 1_070, 268)]
    assert (after.order.total_minor, after.order.rounding_policy) == (1_338, "by-line/half-up")


@pytest.mark.parametrize(
    "gap",
    [
        (TaxRate(tax="VAT", category="drinks", millionths=1),),
        (TaxRate(tax="VAT", category="standard", millionths=1, dining="PICKUP"),),
        (TaxRate(tax="VAT", category="standard", millionths=1, valid_until=date(2999, 1, 1)),),
        (TaxRate(tax="VAT", category="standard", millionths=1, valid_from=date(2999, 1, 1)),),
        (*GERMANY[:3], TaxRate(tax="x", category="drinks", millionths=1, valid_until=FIRST)),
    ],
)
async def test_rates_that_leave_a_gap_are_refused_and_the_old_ones_stay(
    books: Books, house: locations.House, gap: tuple[TaxRate, ...]
) -> None:
    with pytest.raises(TaxGap, match="there is no rate for"):
        async with books.writing() as uow:
            await change_taxes(
                uow, house.id, gap, prices_include_tax=True, rounding_policy="by-rate/half-up"
            )
    async with books.reading() as look:
        assert await locations.load_house(look, house.id) == house


async def test_a_gap_in_the_past_is_no_gap(books: Books) -> None:
    """Whoever opens a house today need not know what held last year."""
    today = (TaxRate(tax="VAT", category="standard", millionths=1, valid_from=date(2020, 1, 1)),)
    assert (await house_with(books, today)).tax_rates == today


async def test_two_rates_on_one_day_and_unknown_policies_are_refused(
    books: Books, house: locations.House
) -> None:
    twice = (*HALVED, TaxRate(tax="VAT", category="standard", millionths=1, valid_from=FIRST))
    async with books.writing() as uow:
        with pytest.raises(orders.totals.ProfileRefused, match="two rates on the same day"):
            await change_taxes(
                uow, house.id, twice, prices_include_tax=True, rounding_policy="by-rate/half-up"
            )
        with pytest.raises(orders.totals.PolicyUnknown):
            await change_taxes(
                uow, house.id, HALVED, prices_include_tax=True, rounding_policy="by-mood"
            )


async def test_a_manager_changes_the_rates_of_the_own_house(
    books: Books,
    client: httpx.AsyncClient,
    house: locations.House,
    other_house: locations.House,
) -> None:
    manager = await sign_in(books, Role.MANAGER, house.id)
    profile = {
        "pricesIncludeTax": True,
        "roundingPolicy": "by-line/half-up",
        "rates": [
            {"tax": "USt", "category": "standard", "rate": "8,875", "validUntil": "2030-12-31"},
            {"tax": "USt", "category": "standard", "rate": "7", "validFrom": "2031-01-01"},
            {"tax": "USt", "category": "drinks", "rate": "19", "dining": None},
        ],
    }
    path = f"/api/locations/{house.id}/taxes"
    answer = await client.put(path, json=profile, headers=manager)
    assert answer.status_code == 200, answer.text
    told = (await client.get(path, headers=manager)).json()["data"]
    assert told == answer.json()["data"]
    assert [(one["category"], one["rate"], one["validUntil"]) for one in told["rates"]] == [
        ("drinks", "19", None),
        ("standard", "8.875", "2030-12-31"),
        ("standard", "7", None),
    ]
    assert told["roundingPolicy"] in told["roundingPolicies"]
    elsewhere = await client.put(
        f"/api/locations/{other_house.id}/taxes", json=profile, headers=manager
    )
    assert elsewhere.status_code == 403


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"rate": "seven"}, "ProfileRefused"),
        ({"rate": "100.0001"}, "ProfileRefused"),
        ({"rate": "-1"}, "ProfileRefused"),
        ({"category": "drinks"}, "TaxGap"),
        ({"validFrom": "2031-01-01", "validUntil": "2030-01-01"}, "ProfileRefused"),
        ({"validFrom": "2031-02-31"}, "Validation"),
        ({"category": "DROP TABLE"}, "Validation"),
        ({"dining": "STANDING"}, "Validation"),
    ],
)
async def test_a_rate_that_does_not_fit_is_refused_in_words(
    books: Books,
    client: httpx.AsyncClient,
    house: locations.House,
    change: dict[str, str],
    code: str,
) -> None:
    manager = await sign_in(books, Role.MANAGER)
    rate = {"tax": "VAT", "category": "standard", "rate": "7", **change}
    answer = await client.put(
        f"/api/locations/{house.id}/taxes",
        json={"pricesIncludeTax": True, "roundingPolicy": "by-rate/half-up", "rates": [rate]},
        headers=manager,
    )
    assert (answer.status_code, answer.json()["code"]) == (400, code), answer.text
    assert len(answer.json()["error"]) > 10
