"""Webhooks by the API, from the making of one to what was sent there and is sent again."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import httpx
import pytest

from kitchenasty.dashboard.tests.builders import PASSWORD, add_staff
from kitchenasty.kit.books import Books
from kitchenasty.kit.config import Config
from kitchenasty.kit.principals import Role
from kitchenasty.webhooks.tests.builders import (
    HERE,
    PLACED,
    Receiver,
    happen,
    is_signed,
    order_placed,
    receiving,
    send_all,
)

pytestmark = pytest.mark.enable_socket
DOOR = "/api/webhooks"
LIST_LIMIT = 50


@pytest.fixture
def config(config: Config) -> Config:
    return replace(config, rate_limits=False, outgoing_networks=HERE)


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    async with receiving() as running:
        yield running


@pytest.fixture
async def owner(client: httpx.AsyncClient, books: Books) -> httpx.AsyncClient:
    await add_staff(books, "o@bistro.example", role=Role.SUPER_ADMIN)
    told = await client.post(
        "/api/auth/staff/login", json={"email": "o@bistro.example", "password": PASSWORD}
    )
    client.headers["authorization"] = f"Bearer {told.json()['data']['token']}"
    return client


async def ask(
    client: httpx.AsyncClient, method: str, path: str = "", body: object = None, status: int = 200
) -> Any:
    answer = await client.request(method, DOOR + path, json=body)
    assert answer.status_code == status, answer.text
    told = answer.json()
    return told["data"] if status < 400 and "data" in told else told


async def make(owner: httpx.AsyncClient, url: str, **more: object) -> Any:
    return await ask(owner, "POST", "", {"url": url, "topics": [PLACED], **more}, 201)


async def test_one_is_made_with_a_secret_that_is_told_once(
    owner: httpx.AsyncClient, receiver: Receiver
) -> None:
    made = await make(owner, f"{receiver.url}/in", description="Till")
    assert made["secret"].startswith("whsec_")
    [listed] = await ask(owner, "GET")
    assert listed == made["webhook"]
    assert (listed["url"], listed["description"]) == (f"{receiver.url}/in", "Till")
    assert made["secret"] not in str(listed)


async def test_it_is_tried_changed_and_removed(
    owner: httpx.AsyncClient, receiver: Receiver
) -> None:
    made = await make(owner, f"{receiver.url}/in")
    path = f"/{made['webhook']['id']}"
    tried = await ask(owner, "POST", f"{path}/ping")
    assert tried["status"] == 204
    [got] = receiver.got
    assert got.said["type"] == "ping"
    assert is_signed(got, made["secret"])
    changed = await ask(owner, "PATCH", path, {"isOn": False})
    assert (changed["isOn"], changed["url"]) == (False, f"{receiver.url}/in")
    await ask(owner, "DELETE", path)
    assert await ask(owner, "GET") == []
    await ask(owner, "DELETE", path, status=404)


async def test_with_a_new_secret_both_sign_for_a_day(
    owner: httpx.AsyncClient, receiver: Receiver
) -> None:
    made = await make(owner, f"{receiver.url}/in")
    path = f"/{made['webhook']['id']}"
    renewed = await ask(owner, "POST", f"{path}/secret", status=201)
    await ask(owner, "POST", f"{path}/ping")
    [got] = receiver.got
    assert renewed["secret"] != made["secret"]
    assert is_signed(got, made["secret"])
    assert is_signed(got, renewed["secret"])


async def test_what_was_sent_is_listed_by_pages_and_filtered(
    owner: httpx.AsyncClient, receiver: Receiver, books: Books
) -> None:
    made = await make(owner, f"{receiver.url}/in")
    path = f"/{made['webhook']['id']}/deliveries"
    await happen(books, *(order_placed(number=f"N{number}") for number in range(LIST_LIMIT + 5)))
    await send_all(books)
    first = await ask(owner, "GET", path)
    assert len(first["deliveries"]) == LIST_LIMIT
    second = await ask(owner, "GET", f"{path}?after={first['next']}")
    both = [one["id"] for one in (*first["deliveries"], *second["deliveries"])]
    assert len(set(both)) == len(both) == LIST_LIMIT + 5
    assert second["next"] is None
    assert {one["state"] for one in first["deliveries"]} == {"DELIVERED"}
    assert (await ask(owner, "GET", f"{path}?state=DEAD"))["deliveries"] == []
    assert (await ask(owner, "GET", f"{path}?topic=order.paid"))["deliveries"] == []
    await ask(owner, "GET", f"{path}?state=LEEK", status=400)
    await ask(owner, "GET", f"{path}?after=leek", status=400)


async def test_what_was_given_up_is_sent_again_under_its_id(
    owner: httpx.AsyncClient, receiver: Receiver, books: Books
) -> None:
    made = await make(owner, f"{receiver.url}/in")
    path = f"/{made['webhook']['id']}"
    receiver.answer = lambda _: 410
    await happen(books, order_placed())
    await send_all(books)
    [dead] = (await ask(owner, "GET", f"{path}/deliveries?state=DEAD"))["deliveries"]
    receiver.answer = lambda _: 204
    await ask(owner, "PATCH", path, {"isOn": True})
    await ask(owner, "POST", f"{path}/deliveries/{dead['id']}/replay")
    await ask(owner, "POST", f"{path}/deliveries/{dead['id']}/replay", status=409)
    await send_all(books)
    assert len({one.id for one in receiver.got}) == 1
    assert (await ask(owner, "POST", f"{path}/replay"))["count"] == 0
    await ask(owner, "POST", f"{path}/deliveries/{made['webhook']['id']}/replay", status=404)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"url": "leek", "topics": [PLACED]}, "EndpointRefused"),
        ({"url": "https://a@b.example/", "topics": [PLACED]}, "EndpointRefused"),
        ({"url": "https://b.example/", "topics": []}, "Validation"),
        ({"url": "https://b.example/", "topics": ["order.eaten"]}, "EndpointRefused"),
    ],
)
async def test_what_cannot_be_is_refused_with_a_sentence(
    owner: httpx.AsyncClient, body: dict[str, object], code: str
) -> None:
    told = await ask(owner, "POST", "", body, 400)
    assert told["code"] == code
    assert told["error"]
    assert await ask(owner, "GET") == []


async def test_an_address_inside_is_called_by_nobody_and_the_owner_reads_why(
    owner: httpx.AsyncClient,
) -> None:
    made = await make(owner, "https://169.254.169.254/latest/meta-data")
    tried = await ask(owner, "POST", f"/{made['webhook']['id']}/ping")
    assert (tried["status"], tried["trouble"]) == (None, "PRIVATE")
