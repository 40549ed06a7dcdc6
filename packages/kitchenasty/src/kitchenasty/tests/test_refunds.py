"""Refunds through the API: what is left, what would go back, and giving it back once."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from basis.ids import new_id
from kitchenasty import payments
from kitchenasty.tests.scene import Scene, credentials


async def place_paid(scene: Scene) -> Any:
    placed = await scene.place_order()
    async with scene.books.writing() as uow:
        await payments.collect_cash(uow, placed.id)
    return placed.order


async def ask(
    client: httpx.AsyncClient,
    scene: Scene,
    path: str,
    body: dict[str, Any] | None = None,
    *,
    who: str = "manager",
    key: str = "",
) -> tuple[int, Any]:
    headers = credentials(scene, who, path) | {"idempotency-key": key or new_id()}
    if body is None:
        answer = await client.get(path, headers=headers)
    else:
        answer = await client.post(path, json=body, headers=headers)
    return answer.status_code, answer.json()


async def test_a_portion_is_shown_given_back_and_seen_on_the_order(
    client: httpx.AsyncClient, scene: Scene
) -> None:
    order = await place_paid(scene)
    here = f"/api/orders/{order.id}/refunds"
    wish = {"items": [{"itemId": order.lines[0].id, "quantity": 1}]}
    _, bill = await ask(client, scene, here)
    assert bill["data"]["left"] == bill["data"]["paid"] == 12.5
    _, shown = await ask(client, scene, f"{here}/preview", wish)
    assert shown["data"]["amount"] == 12.5
    assert [part["name"] for part in shown["data"]["parts"]] == [order.lines[0].name]
    form = wish | {"reason": "It was cold.", "total": shown["data"]["amount"]}
    status, made = await ask(client, scene, here, form)
    assert status == 201
    assert (made["data"]["cause"], made["data"]["by"]) == ("BY_HAND", "Rosa")
    _, seen = await ask(client, scene, f"/api/orders/{order.id}")
    (paid,) = seen["data"]["payments"]
    assert (paid["status"], paid["refunded"]) == ("REFUNDED", 12.5)
    assert [one["refundId"] for one in paid["refunds"]] == [made["data"]["id"]]
    _, bill = await ask(client, scene, here)
    assert bill["data"]["left"] == 0
    assert [one["reason"] for one in bill["data"]["refunds"]] == ["It was cold."]


async def test_sent_twice_under_one_key_it_happens_once(
    client: httpx.AsyncClient, scene: Scene
) -> None:
    order = await place_paid(scene)
    here, key = f"/api/orders/{order.id}/refunds", new_id()
    form = {"amount": 5, "reason": "It was cold."}
    first = await ask(client, scene, here, form, key=key)
    assert await ask(client, scene, here, form, key=key) == first
    status, refused = await ask(client, scene, here, form | {"amount": 6}, key=key)
    assert (status, refused["code"]) == (422, "IdempotencyKeyReused")
    _, bill = await ask(client, scene, here)
    assert bill["data"]["givenBack"] == 5


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({}, 400, "WishUnclear"),
        ({"amount": 1, "everything": True}, 400, "WishUnclear"),
        ({"amount": 12.51}, 409, "RefundTooLarge"),
        ({"amount": 1.001}, 400, "BadAmount"),
        ({"items": [{"itemId": "nothing", "quantity": 1}]}, 404, "NotOnThisBill"),
        ({"charges": ["TIP"]}, 409, "NothingToGiveBack"),
        ({"everything": True, "total": 12}, 409, "OtherAmountDue"),
    ],
)
async def test_what_cannot_go_back_is_refused_with_a_code(
    client: httpx.AsyncClient, scene: Scene, body: dict[str, Any], status: int, code: str
) -> None:
    order = await place_paid(scene)
    here = f"/api/orders/{order.id}/refunds"
    answered, refused = await ask(client, scene, here, body | {"reason": "It was cold."})
    assert (answered, refused["code"]) == (status, code)


async def test_portions_of_one_item_named_twice_are_added(
    client: httpx.AsyncClient, scene: Scene
) -> None:
    order = await place_paid(scene)
    item = {"itemId": order.lines[0].id, "quantity": 1}
    here = f"/api/orders/{order.id}/refunds/preview"
    status, refused = await ask(client, scene, here, {"items": [item, item]})
    assert (status, refused["code"]) == (409, "RefundTooLarge")


async def test_an_owner_says_what_managers_may_give(
    client: httpx.AsyncClient, scene: Scene
) -> None:
    limit = f"/api/locations/{scene.house.id}/refund-limit"
    assert (await ask(client, scene, limit))[1]["data"]["amount"] == 100
    headers = credentials(scene, "owner", limit)
    set_to = await client.put(limit, json={"amount": 10}, headers=headers)
    assert set_to.json()["data"] == {
        "locationId": scene.house.id,
        "amount": 10,
        "currency": "EUR",
    }
    order = await place_paid(scene)
    here = f"/api/orders/{order.id}/refunds"
    form = {"everything": True, "reason": "It was cold."}
    status, refused = await ask(client, scene, here, form)
    assert (status, refused["code"]) == (403, "AboveYourLimit")
    assert refused["error"] == (
        "Managers give back up to 10.00 EUR of one order here. Please ask the owner."
    )
    status, _ = await ask(client, scene, here, form, who="owner")
    assert status == 201
