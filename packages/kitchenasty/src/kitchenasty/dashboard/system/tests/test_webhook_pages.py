"""The office's webhooks: a secret that is shown once, a ping, what was sent, and sending again."""

from __future__ import annotations

import re
from dataclasses import replace

import httpx
import pytest
from aiohttp import web

from basis.kit.testing import HandClock
from kitchenasty.dashboard.tests.builders import OWN, add_staff, sign_in
from kitchenasty.kit.books import Books
from kitchenasty.kit.config import Config
from kitchenasty.kit.principals import Role
from kitchenasty.webhooks.tests.builders import (
    HERE,
    Receiver,
    happen,
    is_signed,
    order_placed,
    receiving,
    send_all,
)

PATH = "/admin/webhooks"
SECRET = re.compile(r'<code class="office-key">([^<]+)</code>')
ENDPOINT = re.compile(rf'action="({PATH}/[^"/]+)/ping"')
DELIVERY = re.compile(rf'href="({PATH}/[^"/]+/deliveries/[^"]+)"')
pytestmark = [pytest.mark.enable_socket, pytest.mark.usefixtures("house")]


@pytest.fixture
def config(config: Config) -> Config:
    return replace(config, outgoing_networks=HERE)


@pytest.fixture
async def owner(client: httpx.AsyncClient, books: Books) -> httpx.AsyncClient:
    await add_staff(books, "boss@bistro.example", role=Role.SUPER_ADMIN)
    await sign_in(client, "boss@bistro.example")
    return client


async def make(owner: httpx.AsyncClient, receiver: Receiver, **fields: object) -> httpx.Response:
    [form_id] = re.findall(r'name="key" value="([^"]+)"', (await owner.get(PATH)).text)
    form = {
        "key": form_id,
        "url": receiver.url,
        "topics": ["order.placed"],
        "description": "Till",
        "on": "yes",
    }
    return await owner.post(PATH, data={**form, **fields}, headers=OWN)


async def test_a_secret_is_shown_once_and_signs_what_is_sent(
    owner: httpx.AsyncClient, books: Books
) -> None:
    async with receiving() as receiver:
        made = await make(owner, receiver)
        [secret] = SECRET.findall(made.text)
        [endpoint] = ENDPOINT.findall(made.text)
        assert made.headers["cache-control"] == "no-store"
        assert secret not in (await owner.get(endpoint)).text
        await happen(books, order_placed())
        await send_all(books)
        [got] = receiver.got
        assert is_signed(got, secret)
        renewed = await owner.post(f"{endpoint}/secret", headers=OWN)
        assert SECRET.findall(renewed.text) != [secret]
        assert "signs, too" in renewed.text


async def test_a_ping_shows_the_answer_as_text(owner: httpx.AsyncClient) -> None:
    async with receiving() as receiver:
        receiver.answer = lambda _: web.Response(status=500, text="<script>alert(1)</script>")
        [endpoint] = ENDPOINT.findall((await make(owner, receiver)).text)
        told = await owner.post(f"{endpoint}/ping", headers=OWN)
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in told.text
    assert "<script>alert" not in told.text
    assert "<code>500</code>" in told.text


async def test_what_was_given_up_is_seen_and_sent_again(
    owner: httpx.AsyncClient, books: Books, clock: HandClock
) -> None:
    async with receiving() as receiver:
        [endpoint] = ENDPOINT.findall((await make(owner, receiver)).text)
        receiver.answer = lambda _: 500
        await happen(books, order_placed())
        for _ in range(4 * 24):
            await send_all(books)
            clock.advance(hours=1)
        await sign_in(owner, "boss@bistro.example")
        dead = (await owner.get(f"{endpoint}?state=DEAD")).text
        [delivery] = DELIVERY.findall(dead)
        assert "Given up" in dead
        assert not DELIVERY.findall((await owner.get(f"{endpoint}?state=DELIVERED")).text)
        assert "order.placed" in (await owner.get(delivery)).text
        receiver.answer = lambda _: 200
        await owner.post(f"{delivery}/replay", headers=OWN)
        await send_all(books)
        assert "Delivered" in (await owner.get(delivery)).text


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"url": "https://user@shop.example/"}, "leave out names and passwords"),
        ({"url": "https://2130706433/"}, "as four numbers"),
        ({"url": "gopher://shop.example/"}, "begin the address with https://"),
        ({"url": "https://shop.example:25/"}, "Only the ports"),
        ({"url": "https://shop.example/\r\nx-evil: 1"}, "in plain letters"),
        ({"topics": []}, "choose of what"),
        ({"topics": ["order.secrets"]}, "choose of what"),
    ],
)
async def test_what_makes_no_webhook_is_shown_again_with_the_reason(
    owner: httpx.AsyncClient, fields: dict[str, object], words: str
) -> None:
    async with receiving() as receiver:
        answer = await make(owner, receiver, **fields)
    assert answer.status_code == 400
    assert words in answer.text
    assert 'value="Till"' in answer.text
    assert "No webhooks yet" in answer.text


async def test_a_form_that_is_sent_twice_makes_one(owner: httpx.AsyncClient) -> None:
    async with receiving() as receiver:
        made = await make(owner, receiver, key="01890000-0000-7000-8000-000000000009")
        again = await make(owner, receiver, key="01890000-0000-7000-8000-000000000009")
    assert SECRET.findall(made.text)
    assert again.status_code == 409
    assert not SECRET.findall(again.text)


async def test_it_is_changed_switched_off_and_removed(owner: httpx.AsyncClient) -> None:
    async with receiving() as receiver:
        [endpoint] = ENDPOINT.findall((await make(owner, receiver)).text)
        form = {"url": receiver.url, "topics": ["order.paid"], "description": "Shop"}
        changed = await owner.post(endpoint, data=form, headers=OWN, follow_redirects=True)
        assert "Switched off by hand." in changed.text
        assert "Shop" in changed.text
        told = await owner.post(f"{endpoint}/remove", headers=OWN, follow_redirects=True)
    assert "No webhooks yet" in told.text
