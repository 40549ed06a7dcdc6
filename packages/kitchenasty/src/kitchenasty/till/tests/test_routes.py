"""The drawer over HTTP: what is sent again under its key is done once and answered the same."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import pytest

from kitchenasty import locations
from kitchenasty.kit.books import Books
from kitchenasty.kit.principals import Role
from kitchenasty.staff.tests.builders import sign_in

DAY = "2030-05-17"
KEY = {"Idempotency-Key": "evening"}
COUNTED: dict[str, Any] = {"pieces": [{"value": 2, "count": 3}], "number": 0}
CLOSED = COUNTED | {"reason": "Tips of the bar"}
Client = httpx.AsyncClient


@pytest.fixture
async def manager(books: Books) -> dict[str, str]:
    return await sign_in(books, Role.MANAGER)


async def counts_of(client: Client, house: locations.House, who: dict[str, str]) -> list[Any]:
    answer = await client.get(f"/api/locations/{house.id}/till/{DAY}", headers=who)
    found: list[Any] = answer.json()["data"]["counts"]
    return found


@pytest.mark.parametrize(("door", "body"), [("counts", COUNTED), ("close", CLOSED)])
async def test_what_was_counted_is_kept_once_however_often_it_is_sent(
    client: Client, house: locations.House, manager: dict[str, str], door: str, body: dict[str, Any]
) -> None:
    path = f"/api/locations/{house.id}/till/{DAY}/{door}"
    answers = await asyncio.gather(
        *(client.post(path, json=body, headers=manager | KEY) for _ in range(6))
    )
    assert [one.status_code for one in answers] == [201] * 6
    assert len({one.content for one in answers}) == 1
    assert len(await counts_of(client, house, manager)) == 1


async def test_a_key_that_comes_with_another_count_is_refused(
    client: Client, house: locations.House, manager: dict[str, str]
) -> None:
    path = f"/api/locations/{house.id}/till/{DAY}/close"
    await client.post(path, json=CLOSED, headers=manager | KEY)
    other = await client.post(path, json=CLOSED | {"number": 1}, headers=manager | KEY)
    assert (other.status_code, other.json()["code"]) == (422, "IdempotencyKeyReused")
    assert len(await counts_of(client, house, manager)) == 1


async def test_a_refused_close_may_be_corrected_under_its_key(
    client: Client, house: locations.House, manager: dict[str, str]
) -> None:
    path = f"/api/locations/{house.id}/till/{DAY}/close"
    refused = await client.post(path, json=COUNTED, headers=manager | KEY)
    assert refused.json()["code"] == "ReasonNeeded"
    assert (await client.post(path, json=CLOSED, headers=manager | KEY)).status_code == 201


async def test_without_a_key_the_second_is_told_that_somebody_has_counted(
    client: Client, house: locations.House, manager: dict[str, str]
) -> None:
    path = f"/api/locations/{house.id}/till/{DAY}/counts"
    assert (await client.post(path, json=COUNTED, headers=manager)).status_code == 201
    again = await client.post(path, json=COUNTED, headers=manager)
    assert (again.status_code, again.json()["code"]) == (409, "CountedMeanwhile")
