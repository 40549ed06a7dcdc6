"""The drawer through the API: counted blind, closed under a number, corrected beside the close."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import httpx

from kitchenasty import checkout, locations, paying, payments
from kitchenasty.checkout.tests.builders import draft_of
from kitchenasty.dashboard.tests.builders import PASSWORD, add_staff
from kitchenasty.kit.books import Books
from kitchenasty.kit.principals import Role
from kitchenasty.menu.tests.builders import add_dish

DAY = "2030-05-17"
ONE_SOUP = [{"value": 10, "count": 1}, {"value": 2, "count": 1}, {"value": 0.5, "count": 1}]


async def sell(books: Books, house: locations.House) -> None:
    """A soup for 12.50, paid in cash."""
    async with books.writing() as uow:
        line = checkout.CartLine(dish_id=await add_dish(uow), quantity=1)
        placed = await checkout.place_order(uow, draft_of(house.id, line))
        await paying.collect(uow, placed.order, payments.PaymentMethod.CASH)


async def enter(client: httpx.AsyncClient, books: Books, role: Role) -> dict[str, str]:
    email = f"{role.lower()}@bistro.example"
    await add_staff(books, email, role=role)
    answer = await client.post("/api/auth/staff/login", json={"email": email, "password": PASSWORD})
    return {"authorization": f"Bearer {answer.json()['data']['token']}"}


def read(answer: httpx.Response, status: int) -> Any:
    assert answer.status_code == status, answer.text
    return json.loads(answer.text, parse_float=Decimal)


async def test_a_cook_counts_blind_and_a_manager_closes_once_and_corrects(
    client: httpx.AsyncClient, books: Books, house: locations.House
) -> None:
    await sell(books, house)
    path = f"/api/locations/{house.id}/till"
    cook, boss = [await enter(client, books, role) for role in (Role.STAFF, Role.MANAGER)]
    seen = read(await client.get(f"{path}/{DAY}", headers=cook), 200)["data"]
    assert (seen["number"], seen["taken"], seen["counts"]) == (0, None, [])
    body: dict[str, Any] = {"pieces": ONE_SOUP, "number": 0}
    counted = await client.post(f"{path}/{DAY}/counts", json=body, headers=cook)
    made = read(counted, 201)["data"]
    assert (made["counted"], made["sums"], made["closeNumber"]) == (Decimal("12.50"), None, None)
    assert (await client.post(f"{path}/{DAY}/close", json=body, headers=cook)).status_code == 403
    late = await client.post(f"{path}/{DAY}/close", json=body, headers=boss)
    assert read(late, 409)["code"] == "CountedMeanwhile"
    body["number"] = 1
    made = read(await client.post(f"{path}/{DAY}/close", json=body, headers=boss), 201)["data"]
    assert (made["kind"], made["closeNumber"]) == ("CLOSE", 1)
    assert made["sums"]["difference"] == 0
    wrong = {"pieces": [{"value": 10, "count": 1}], "number": 2}
    answer = await client.post(f"{path}/{DAY}/close", json=wrong, headers=boss)
    assert read(answer, 400)["code"] == "ReasonNeeded"
    wrong["reason"] = "A coin was counted twice"
    answer = await client.post(f"{path}/{DAY}/close", json=wrong, headers=boss)
    made = read(answer, 201)["data"]
    assert (made["kind"], made["closeNumber"]) == ("CORRECTION", 2)
    assert made["sums"]["difference"] == Decimal("-2.50")
    whole = read(await client.get(f"{path}/{DAY}", headers=boss), 200)["data"]
    assert [one["kind"] for one in whole["counts"]] == ["COUNT", "CLOSE", "CORRECTION"]
    assert (whole["isClosed"], whole["taken"]) == (True, Decimal("12.50"))
    assert whole["counts"][1]["sums"]["difference"] == 0, "the close stays what it was"


async def test_closes_of_a_house_are_numbered_without_a_gap_over_its_days(
    client: httpx.AsyncClient, books: Books, house: locations.House
) -> None:
    boss = await enter(client, books, Role.MANAGER)
    path = f"/api/locations/{house.id}/till"
    for day in ("2030-05-15", "2030-05-17", "2030-05-16"):
        body = {"pieces": [], "number": 0}
        answer = await client.post(f"{path}/{day}/close", json=body, headers=boss)
        assert answer.status_code == 201
    found = read(await client.get(path, headers=boss), 200)["data"]
    assert [(one["day"], one["closeNumber"]) for one in found] == [
        ("2030-05-17", 2),
        ("2030-05-16", 3),
        ("2030-05-15", 1),
    ]
    few = read(await client.get(f"{path}?limit=1", headers=boss), 200)["data"]
    assert len(few) == 1


async def test_what_is_no_day_and_what_nobody_counts_is_refused(
    client: httpx.AsyncClient, books: Books, house: locations.House
) -> None:
    boss = await enter(client, books, Role.MANAGER)
    path = f"/api/locations/{house.id}/till"
    assert (await client.get(f"{path}/2030-02-30", headers=boss)).status_code == 404
    assert (await client.get(f"{path}/0001-01-01", headers=boss)).status_code == 404
    for value, count in ((3, 1), (10, -1), (0.001, 1)):
        body = {"pieces": [{"value": value, "count": count}], "number": 0}
        answer = await client.post(f"{path}/{DAY}/close", json=body, headers=boss)
        assert answer.status_code == 400, answer.text
