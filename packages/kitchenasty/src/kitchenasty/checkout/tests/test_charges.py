"""Tips, service charges and coins: explained in the quote, charged as quoted, kept as charged."""

from __future__ import annotations

import itertools
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import pytest

from basis.kit.http.wire import amount
from basis.kit.testing import HandClock
from kitchenasty import checkout, locations, orders
from kitchenasty.kit.books import Books
from kitchenasty.kit.principals import Role
from kitchenasty.locations import Charges, ServiceTerms, TaxRate
from kitchenasty.locations.tests.builders import add_house
from kitchenasty.menu.tests.builders import add_dish
from kitchenasty.promotions.tests.builders import add_coupon
from kitchenasty.staff.tests.builders import sign_in

ANNA = {"guestName": "Anna", "guestPhone": "030 1"}
BERLIN = ZoneInfo("Europe/Berlin")
PERCENT = 10_000
TIPS = Charges(takes_tips=True, tips=(5, 10))


async def furnish(books: Books, charges: Charges, **fields: Any) -> tuple[str, str]:
    """A house with these charges, and a dish for 20.00."""
    async with books.writing() as uow:
        house = await add_house(uow, **{"tax_basis_points": 700, **fields})
        await locations.set_charges(uow, house.id, charges)
        return house.id, await add_dish(uow, price_minor=2_000)


def cart_of(house_id: str, dish_id: str, **more: Any) -> dict[str, Any]:
    items = [{"menuItemId": dish_id, "quantity": 1}]
    return {"orderType": "PICKUP", "locationId": house_id, "items": items, **more}


async def ask(client: httpx.AsyncClient, cart: dict[str, Any]) -> dict[str, Any]:
    answer = await client.post("/api/quote", json=cart)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()["data"]
    return found


async def order(client: httpx.AsyncClient, cart: dict[str, Any]) -> httpx.Response:
    return await client.post("/api/orders", json=cart | ANNA)


def steps_of(quote: dict[str, Any], kind: str) -> list[tuple[str, float, float | None]]:
    steps = [step for step in quote["steps"] if step["kind"] == kind]
    return [(step["name"], step["amount"], step["base"]) for step in steps]


@pytest.mark.parametrize("is_inside", [True, False], ids=["inclusive", "exclusive"])
async def test_the_rows_of_an_order_add_up_to_its_total(
    books: Books, client: httpx.AsyncClient, *, is_inside: bool
) -> None:
    charges = Charges(
        takes_tips=True, tips=(10,), service=ServiceTerms(name="Service", millionths=125_000)
    )
    house_id, _ = await furnish(books, charges, prices_include_tax=is_inside)
    async with books.writing() as uow:
        beer = await add_dish(uow, price_minor=476, deposit_minor=25)
        await add_coupon(uow)
    cart = cart_of(house_id, beer, tipPercent=10, couponCode="summer")
    placed = (await order(client, cart)).json()["data"]
    kinds = [row["kind"] for row in placed["sums"]]
    assert kinds == ["DEPOSIT", "DISCOUNT", "SERVICE", *([] if is_inside else ["TAX_ADDED"]), "TIP"]
    rows = [Decimal(str(row["amount"])) for row in placed["sums"]]
    assert Decimal(str(placed["subtotal"])) + sum(rows) == Decimal(str(placed["total"]))
    header = {"x-order-capability": placed["capability"]}
    shown = (await client.get(f"/api/orders/{placed['id']}", headers=header)).json()["data"]
    assert (shown["sums"], shown["taxes"]) == (placed["sums"], placed["taxes"])


async def test_a_tip_is_an_amount_or_a_share_without_tax_and_outside_tax(
    books: Books, client: httpx.AsyncClient
) -> None:
    cart = cart_of(*await furnish(books, TIPS))
    plain = await ask(client, cart)
    # 20.00 contain 1.31 of tax at 7 %; 10 % of the rest is 1.87.
    assert plain["tipOptions"] == [
        {"percent": 5, "amount": 0.93},
        {"percent": 10, "amount": 1.87},
    ]
    shared = await ask(client, cart | {"tipPercent": 10})
    assert (shared["tip"], shared["total"], shared["tax"]) == (1.87, 21.87, plain["tax"])
    free = await ask(client, cart | {"tip": 2.5})
    assert steps_of(free, "TIP") == [("", 2.5, None)]
    assert (free["total"], free["tax"]) == (22.5, plain["tax"])
    placed = await order(client, cart | {"tip": 2.5, "quote": free["quote"]})
    assert placed.status_code == 201, placed.text
    assert (placed.json()["data"]["tip"], placed.json()["data"]["total"]) == (2.5, 22.5)
    assert (await order(client, cart | {"tip": 0})).json()["data"]["tip"] == 0


@pytest.mark.parametrize(
    ("charges", "tip", "status", "code"),
    [
        (Charges(), {"tip": 1}, 400, "TipRefused"),
        (Charges(), {"tipPercent": 10}, 400, "TipRefused"),
        (TIPS, {"tip": 20.01}, 400, "TipRefused"),
        (TIPS, {"tip": 1, "tipPercent": 5}, 400, "TipRefused"),
        (TIPS, {"tip": -1}, 400, "BadAmount"),
        (TIPS, {"tip": 1.005}, 400, "BadAmount"),
        (TIPS, {"tipPercent": 101}, 400, "Validation"),
        (TIPS, {"tip": 20}, 201, None),
        (Charges(), {"tip": 0}, 201, None),
    ],
)
async def test_a_tip_that_nobody_means_is_refused_in_words(
    books: Books,
    client: httpx.AsyncClient,
    charges: Charges,
    tip: dict[str, Any],
    status: int,
    code: str | None,
) -> None:
    answer = await order(client, cart_of(*await furnish(books, charges)) | tip)
    assert (answer.status_code, answer.json().get("code")) == (status, code), answer.text


async def test_a_quote_says_why_a_tip_is_not_in_it_and_is_not_signed(
    books: Books, client: httpx.AsyncClient
) -> None:
    quote = await ask(client, cart_of(*await furnish(books, Charges())) | {"tip": 1})
    assert (quote["quote"], quote["tip"], quote["total"]) == (None, 0, 20)
    assert quote["tipProblem"]["code"] == "TipRefused"


@pytest.mark.parametrize("after", [True, False], ids=["after discounts", "before discounts"])
@pytest.mark.parametrize("taxed", [True, False], ids=["taxed", "not taxed"])
async def test_a_service_charge_is_explained_by_its_base_and_taxed_as_the_house_says(
    books: Books, client: httpx.AsyncClient, *, after: bool, taxed: bool
) -> None:
    service = ServiceTerms(
        name="Service", millionths=125_000, is_taxed=taxed, after_discounts=after
    )
    house_id, dish_id = await furnish(books, Charges(service=service))
    async with books.writing() as uow:
        await add_coupon(uow)  # 10 % off
    quote = await ask(client, cart_of(house_id, dish_id, couponCode="SUMMER"))
    base, charge = (18, 2.25) if after else (20, 2.5)
    assert steps_of(quote, "SERVICE") == [("Service", charge, base)]
    assert (quote["service"], quote["total"]) == (charge, 18 + charge)
    taxable = round((18 + charge) * 100) if taxed else 1_800
    assert quote["tax"] == pytest.approx(round(taxable * 7 / 107) / 100)
    placed = await order(
        client, cart_of(house_id, dish_id, couponCode="SUMMER", quote=quote["quote"])
    )
    assert placed.json()["data"]["total"] == 18 + charge


async def test_a_service_charge_holds_for_its_ways_of_dining_alone(
    books: Books, client: httpx.AsyncClient
) -> None:
    service = ServiceTerms(name="Bringing", millionths=100_000, dinings=("DELIVERY", "DINE_IN"))
    cart = cart_of(*await furnish(books, Charges(service=service)))
    assert (await ask(client, cart))["service"] == 0
    delivery = {"orderType": "DELIVERY", "address": {"zip": "10115"}}
    assert (await ask(client, cart | delivery))["service"] == 2


async def test_only_the_cash_total_is_rounded_to_the_smallest_coin(
    books: Books, client: httpx.AsyncClient
) -> None:
    house_id, _ = await furnish(books, Charges(cash_step_minor=5), currency="CHF")
    async with books.writing() as uow:
        dish_id = await add_dish(uow, price_minor=1_572)
    cart = cart_of(house_id, dish_id)
    quote = await ask(client, cart)
    assert (quote["total"], quote["cashTotal"]) == (15.72, 15.7)
    placed = (await order(client, cart)).json()["data"]
    assert placed["total"] == 15.72, "the books know the exact amount"


@pytest.mark.parametrize("inclusive", [True, False], ids=["inclusive", "exclusive"])
@pytest.mark.parametrize("currency", ["EUR", "USD", "JPY", "KWD"])
async def test_with_zone_tip_and_service_the_quote_is_charged_to_the_last_step(
    books: Books, client: httpx.AsyncClient, currency: str, *, inclusive: bool
) -> None:
    """Acceptance 4, the quote's part: carts, tips and zones together, never off by a unit."""
    house_id, dish_ids = await furnish_whole(books, currency, inclusive=inclusive)
    tips: tuple[dict[str, Any], ...] = (
        {}, {"tipPercent": 13}, {"tip": str(amount(333, currency))},
    )  # fmt: skip
    checked = 0
    for code, tip, quantity in itertools.product(("NEAR1", "far 1"), tips, (1, 3)):
        items = [{"menuItemId": one, "quantity": quantity} for one in dish_ids]
        address = {"line1": "x 1", "city": "x", "zip": code}
        cart = {"orderType": "DELIVERY", "locationId": house_id, "items": items, **tip}
        quote = await ask(client, cart | {"address": address})
        names = {step["name"] for step in quote["steps"]}
        assert names >= {"Service", "Near" if code == "NEAR1" else "Far"}
        placed = await order(client, cart | {"address": address, "quote": quote["quote"]})
        assert placed.status_code == 201, placed.text
        told = placed.json()["data"]
        assert [told[n] for n in ("total", "tax", "tip")] == [
            quote[n] for n in ("total", "tax", "tip")
        ]
        assert await kept_steps(books, told["id"]) == [
            Decimal(str(step["amount"])) for step in quote["steps"]
        ]
        checked += 1
    print(f"R5: {currency}, {checked} carts with zone, tip and service: charge equals quote")
    assert checked == 12


async def furnish_whole(
    books: Books, currency: str, *, inclusive: bool
) -> tuple[str, tuple[str, str]]:
    """A house with everything: two zones, tips, service, coins, and a tax of odd decimals."""
    service = ServiceTerms(name="Service", millionths=83_333)
    charges = Charges(takes_tips=True, tips=(7, 13), service=service, cash_step_minor=5)
    house_id, first = await furnish(
        books, charges, currency=currency, prices_include_tax=inclusive, tax_basis_points=887
    )
    async with books.writing() as uow:
        second = await add_dish(uow, price_minor=1_333)
        for name, fee in (("Near", 217), ("Far", 499)):
            draft = locations.ZoneDraft(name=name, fee_minor=fee, codes=f"{name} 1")
            await locations.add_zone(uow, house_id, draft)
    return house_id, (first, second)


async def kept_steps(books: Books, order_id: str) -> list[Decimal]:
    async with books.reading() as look:
        kept = await orders.load_explanation(look, order_id)
        found = await orders.load_order(look, order_id)
    assert kept is not None
    return [amount(step.minor, found.currency) for step in kept.steps]


async def test_a_change_of_charges_holds_for_new_orders_alone(
    books: Books, client: httpx.AsyncClient
) -> None:
    house_id, dish_id = await furnish(books, TIPS)
    cart = cart_of(house_id, dish_id, tip=2)
    quote = await ask(client, cart)
    placed = (await order(client, cart)).json()["data"]
    manager = await sign_in(books, Role.MANAGER, house_id)
    new = {
        "enableTipping": True, "tipOptions": [15], "cashStep": 0.05,
        "service": {"name": "Service", "rate": "10", "dinings": ["PICKUP"]},
        "roundingPolicy": "by-line/half-up",
    }  # fmt: skip
    path = f"/api/locations/{house_id}/charges"
    changed = await client.put(path, json=new, headers=manager)
    assert changed.status_code == 200, changed.text
    assert (await client.get(path)).json()["data"] == changed.json()["data"]
    stale = await order(client, cart | {"quote": quote["quote"]})
    assert (stale.status_code, stale.json()["code"]) == (409, "QuoteStale")
    assert stale.json()["details"]["quote"]["total"] == 24
    async with books.reading() as look:
        assert (await orders.load_order(look, placed["id"])).total_minor == 2_200
    after = (await ask(client, cart))["steps"][-1]
    assert (after["kind"], after["amount"]) == ("TOTAL", 24)


@pytest.mark.parametrize(
    "odd",
    [
        {"tipOptions": [10, 10]},
        {"tipOptions": [0]},
        {"tipOptions": list(range(1, 9))},
        {"service": {"name": "x", "rate": "0"}},
        {"service": {"name": "x", "rate": "100.1"}},
        {"service": {"name": "x", "rate": "much"}},
        {"service": {"name": "x" * 61, "rate": "10"}},
        {"service": {"name": "x", "rate": "10", "dinings": []}},
        {"service": {"name": "x", "rate": "10", "dinings": ["STANDING"]}},
        {"cashStep": 0},
        {"cashStep": 500},
        {"cashStep": 0.001},
    ],
)
async def test_charges_that_do_not_fit_are_refused_and_the_old_ones_stay(
    books: Books, client: httpx.AsyncClient, odd: dict[str, Any]
) -> None:
    house_id, _ = await furnish(books, TIPS)
    manager = await sign_in(books, Role.MANAGER, house_id)
    path = f"/api/locations/{house_id}/charges"
    answer = await client.put(path, json=odd, headers=manager)
    assert answer.status_code == 400, answer.text
    assert len(answer.json()["error"]) > 10
    assert (await client.get(path)).json()["data"]["tipOptions"] == [5, 10]


def rate(percent: int, **more: Any) -> TaxRate:
    return TaxRate(tax="USt", category="standard", millionths=percent * PERCENT, **more)


LAST, FIRST = date(2025, 12, 31), date(2026, 1, 1)
RATES = (
    rate(7),
    rate(8, dining="DELIVERY", valid_from=FIRST),
    rate(19, dining="DINE_IN", valid_until=LAST),
    rate(9, dining="DINE_IN", valid_from=FIRST),
    rate(10, dining="PICKUP", valid_from=FIRST),
)


async def test_acceptance_5_an_order_of_the_old_year_for_the_new_has_the_rates_of_its_day(
    books: Books, client: httpx.AsyncClient, clock: HandClock
) -> None:
    """Placed at 23:50 on 31 December: what is had at once has the old rates, what is had on 1
    January the new ones, on the quote, the order and its explanation; taken away and brought
    differ as the profile says, and what is eaten at the table differs from both.
    """
    house_id, dish_id = await furnish(
        books, Charges(), pickup_lead_minutes=5, delivery_lead_minutes=5
    )
    async with books.writing() as uow:
        house = await checkout.change_taxes(
            uow, house_id, RATES, prices_include_tax=True, rounding_policy="by-rate/half-up"
        )
    clock.now = datetime(2025, 12, 31, 23, 50, tzinfo=BERLIN).astimezone(UTC)
    new_year = datetime(2026, 1, 1, 0, 30, tzinfo=BERLIN).isoformat()
    address = {"line1": "x 1", "city": "Berlin", "zip": "10115"}
    for way, scheduled, percent in (
        ("PICKUP", None, "7"),
        ("PICKUP", new_year, "10"),
        ("DELIVERY", None, "7"),
        ("DELIVERY", new_year, "8"),
    ):
        cart = cart_of(house_id, dish_id, scheduledAt=scheduled, address=address)
        cart["orderType"] = way
        quote = await ask(client, cart)
        assert [tax["rate"] for tax in quote["taxes"]] == [percent], (way, scheduled)
        placed = await order(client, cart | {"quote": quote["quote"]})
        assert placed.status_code == 201, placed.text
        async with books.reading() as look:
            kept = await orders.load_explanation(look, placed.json()["data"]["id"])
        assert kept is not None
        assert [one.rate.to_text() for one in kept.taxes] == [percent]
    at_table = orders.totals.Dining.DINE_IN
    profile = checkout.profile_of(house)
    held = [profile.levied_on("standard", at_table, day).taxes[0].rate for day in (LAST, FIRST)]
    assert [one.to_text() for one in held] == ["19", "9"]
