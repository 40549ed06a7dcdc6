"""The API's doors to houses, on real databases."""

from __future__ import annotations

from typing import Any

import httpx

from kitchenasty.kit.books import Books
from kitchenasty.locations import HouseDraft, IntervalDraft, add_house


async def test_guests_read_houses_in_the_contracts_shape(
    client: httpx.AsyncClient, books: Books
) -> None:
    async with books.writing() as uow:
        house = await add_house(
            uow,
            HouseDraft(
                name="Quay", slug="quay", address="1 Quay", city="Howth", postal_code="D13",
                min_delivery_minor=1_250,
            ),
            [IntervalDraft(5, "11:00", "14:00"), IntervalDraft(5, "18:00", "01:00")],
        )  # fmt: skip
    answer = (await client.get("/api/locations")).json()
    [shown] = [one for one in answer["data"] if one["id"] == house.id]
    assert answer["pagination"]["total"] == len(answer["data"])
    assert (shown["zip"], shown["acceptsDelivery"]) == ("D13", True)
    assert shown["minOrderDelivery"] == 12.5
    assert shown["_count"]["orders"] == 0
    friday = [h for h in shown["operatingHours"] if h["dayOfWeek"] == 5]
    assert [(h["openTime"], h["closeTime"]) for h in friday] == [
        ("11:00", "14:00"),
        ("18:00", "01:00"),
    ]
    assert all(h["isClosed"] for h in shown["operatingHours"] if h["dayOfWeek"] != 5)
    one = (await client.get(f"/api/locations/{house.id}")).json()
    assert one["data"] == shown


async def test_an_unknown_house_is_not_found(client: httpx.AsyncClient) -> None:
    answer = await client.get("/api/locations/nowhere")
    assert answer.status_code == 404
    assert answer.json()["code"] == "HouseNotFound"


async def test_strangers_change_nothing(client: httpx.AsyncClient, house: Any) -> None:
    assert (await client.patch(f"/api/locations/{house.id}", json={})).status_code == 401
    assert (await client.delete(f"/api/locations/{house.id}")).status_code == 401
    assert (await client.post("/api/locations", json={})).status_code == 401
