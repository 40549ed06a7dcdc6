"""One bill for several guests, through the door and on the page."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from kitchenasty.tests.scene import Scene, credentials


async def ask(
    client: httpx.AsyncClient, scene: Scene, order_id: str, body: dict[str, Any]
) -> tuple[int, Any]:
    path = f"/api/orders/{order_id}/split"
    answer = await client.post(path, json=body, headers=credentials(scene, "cook", path))
    return answer.status_code, answer.json()


@pytest.mark.parametrize("parts", [2, 3, 7])
async def test_equal_parts_differ_by_a_cent_at_most_and_add_up(
    client: httpx.AsyncClient, scene: Scene, parts: int
) -> None:
    placed = await scene.place_order()
    status, split = await ask(client, scene, placed.id, {"parts": parts})
    assert status == 200
    cents = [round(one["amount"] * 100) for one in split["data"]]
    assert sum(cents) == placed.order.total_minor
    assert max(cents) - min(cents) <= 1
    assert sum(round(one["tax"] * 100) for one in split["data"]) == placed.order.tax_minor


async def test_who_had_everything_pays_everything(client: httpx.AsyncClient, scene: Scene) -> None:
    placed = await scene.place_order()
    item = {"itemId": placed.order.lines[0].id, "shares": [0, 1]}
    _, split = await ask(client, scene, placed.id, {"parts": 2, "items": [item]})
    assert [one["amount"] for one in split["data"]] == [0, 12.5]
    for wrong in (item | {"shares": [1]}, item | {"itemId": "nothing"}):
        status, refused = await ask(client, scene, placed.id, {"parts": 2, "items": [wrong]})
        assert (status, refused["code"]) == (400, "SplitUnclear")


async def test_the_page_splits_without_a_script(client: httpx.AsyncClient, scene: Scene) -> None:
    placed = await scene.place_order()
    path = f"/admin/orders/{placed.id}/split"
    headers = credentials(scene, "cook", path)
    equal = await client.get(f"{path}?parts=2", headers=headers)
    assert equal.text.count("€6.25") == 2
    line = placed.order.lines[0].id
    own = await client.get(f"{path}?parts=2&line-{line}=2", headers=headers)
    assert "€0.00" in own.text
    odd = await client.get(f"{path}?parts=99&line-{line}=x", headers=headers)
    assert odd.status_code == 200
