"""Today: what a house has to know now, and who is told of what ails."""

from __future__ import annotations

from datetime import timedelta

import httpx

from basis.kit.testing import HandClock
from basis.money import Money
from kitchenasty import checkout, locations, menu, notices, payments
from kitchenasty.checkout.tests.builders import draft_of
from kitchenasty.dashboard.tests.builders import add_staff, sign_in
from kitchenasty.kit.books import Books
from kitchenasty.kit.principals import Role
from kitchenasty.locations.tests.builders import add_house
from kitchenasty.menu.tests.builders import add_dish


async def test_tells_the_kitchens_next_hour_against_what_it_can(
    client: httpx.AsyncClient, books: Books
) -> None:
    async with books.writing() as uow:
        house = await add_house(uow, kitchen_minutes_per_quarter=30)
        line = checkout.CartLine(dish_id=await add_dish(uow, work_minutes=12), quantity=2)
        await checkout.place_order(uow, draft_of(house.id, line))
    await add_staff(books, "cook@bistro.example", houses=(house.id,))
    await sign_in(client, "cook@bistro.example")
    shown = (await client.get("/admin")).text
    assert "24 of 120 minutes" in shown
    assert "20 % promised" in shown
    assert "No screen follows" in shown


async def test_tells_what_runs_out_and_what_is_off(
    office: httpx.AsyncClient, books: Books, house: locations.House, other_house: locations.House
) -> None:
    async with books.writing() as uow:
        await add_dish(uow, name="Last Crumbs", stock=2)
        await add_dish(uow, name="Plenty", stock=50)
        await add_dish(uow, name="Not Ours", stock=1, house_id=other_house.id)
        gone = await add_dish(uow, name="Oysters", house_id=house.id)
        await menu.set_86(uow, gone, is_86=True)
    shown = (await office.get("/admin")).text
    assert ("Last Crumbs" in shown, "2 left" in shown, "Oysters" in shown) == (True, True, True)
    assert "Plenty" not in shown
    assert "Not Ours" not in shown


async def test_letters_and_providers_that_ail_are_told_to_those_who_can_help(
    client: httpx.AsyncClient, books: Books, house: locations.House, clock: HandClock
) -> None:
    async with books.writing() as uow:
        await notices.send_notice(
            uow, "note", recipient="a@b.example", facts={}, useful_for=timedelta(days=1)
        )
    clock.advance(hours=1)
    await add_staff(books, "owner@bistro.example", role=Role.SUPER_ADMIN)
    await add_staff(books, "boss@bistro.example", role=Role.MANAGER, houses=(house.id,))
    await add_staff(books, "cook@bistro.example")
    for name, is_told in (("owner", True), ("boss", False), ("cook", False)):
        await sign_in(client, f"{name}@bistro.example")
        shown = (await client.get("/admin")).text
        assert ("Letters that wait longer" in shown) is is_told, name


async def test_payments_that_fail_are_told_to_the_managers_of_the_house(
    client: httpx.AsyncClient, books: Books, house: locations.House, other_house: locations.House
) -> None:
    async with books.writing() as uow:
        line = checkout.CartLine(dish_id=await add_dish(uow), quantity=1)
        placed = await checkout.place_order(uow, draft_of(house.id, line))
        attempt = await payments.open_attempt(
            uow,
            placed.id,
            payments.PaymentMethod.STRIPE,
            Money(placed.order.total_minor, "EUR"),
            is_hosted=True,
        )
        await payments.mark_attempt(uow, attempt, payments.IntentState.FAILED, failure="declined")
    await add_staff(books, "here@bistro.example", role=Role.MANAGER, houses=(house.id,))
    await add_staff(books, "there@bistro.example", role=Role.MANAGER, houses=(other_house.id,))
    for name, is_told in (("here", True), ("there", False)):
        await sign_in(client, f"{name}@bistro.example")
        shown = (await client.get("/admin")).text
        assert ("Payments that failed in the last two hours: 1" in shown) is is_told, name


async def test_the_page_asks_again_by_itself(office: httpx.AsyncClient) -> None:
    shown = (await office.get("/admin")).text
    assert 'hx-trigger="every 20s,' in shown
    assert "htmx.min.js" in shown
