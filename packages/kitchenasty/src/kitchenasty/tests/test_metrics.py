"""Figures for Prometheus: off, then for the token only; true, and without a guest's ids."""

from __future__ import annotations

import contextlib
from dataclasses import replace
from datetime import timedelta
from typing import Any

import httpx
import pytest
from litestar import Litestar
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import func, select

from basis.kit.data.statements import Statement
from basis.kit.secret import Secret
from basis.kit.testing import HandClock
from kitchenasty import checkout, notices
from kitchenasty.checkout.tests.builders import draft_of
from kitchenasty.kit.books import Books, UnitOfWork
from kitchenasty.kit.config import Config, ConfigRefused, check_metrics_token
from kitchenasty.kit.tables import every_table
from kitchenasty.locations import House
from kitchenasty.main import create_app
from kitchenasty.menu.tests.builders import add_dish
from kitchenasty.notices import Letter, MemoryPost, Postman, PostRefused, Sender

TOKEN = "a-token-of-the-operator"
SENDER = Sender("house@bistro.example", "Bistro", "https://bistro.example")
MINE = {"authorization": f"Bearer {TOKEN}"}


@pytest.fixture
def app(config: Config, books: Books) -> Litestar:
    return create_app(replace(config, metrics_token=Secret(TOKEN)), books)


async def figures(client: httpx.AsyncClient) -> dict[tuple[str, ...], float]:
    answer = await client.get("/metrics", headers=MINE)
    assert answer.status_code == 200, answer.text
    return {
        (sample.name, *(value for _, value in sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


async def test_nobody_without_the_token_sees_figures(client: httpx.AsyncClient) -> None:
    for given in ({}, {"authorization": "Bearer guess"}, {"authorization": TOKEN[:-1]}):
        assert (await client.get("/metrics", headers=given)).status_code in (303, 401)


async def test_without_a_token_there_are_none(config: Config, books: Books) -> None:
    transport = httpx.ASGITransport(create_app(config, books))  # type: ignore[arg-type]
    async with httpx.AsyncClient(transport=transport, base_url="http://house.example") as client:
        for given in ({}, {"authorization": "Bearer "}, MINE):
            assert (await client.get("/metrics", headers=given)).status_code == 404
    with pytest.raises(ConfigRefused, match="METRICS_TOKEN"):
        check_metrics_token("short")


async def test_requests_are_counted_by_route_and_never_by_id(
    client: httpx.AsyncClient, house: House
) -> None:
    for _ in range(3):
        await client.get(f"/api/locations/{house.id}")
    await client.get("/api/locations/nowhere")
    await client.get("/no/such/page")
    found = await figures(client)
    route = "/api/locations/{house_id}"
    assert found["kitchenasty_http_requests_total", "GET", route, "200"] == 3
    assert found["kitchenasty_http_requests_total", "GET", route, "404"] == 1
    assert found["kitchenasty_http_requests_total", "GET", "none", "404"] == 1
    assert found["kitchenasty_http_request_seconds_count", "GET", route] == 4
    assert not [labels for labels in found if house.id in labels]


async def test_counting_requests_writes_nothing_and_odd_addresses_take_no_room(
    client: httpx.AsyncClient, books: Books, house: House
) -> None:
    async def rows() -> dict[str, int]:
        async with books.reading() as look:
            return {
                table.name: await look.value(Statement(select(func.count()).select_from(table)))
                for table in every_table().values()
            }

    for path in ("/no/such/page", f"/api/locations/{house.id}"):
        await client.get(path)
    await figures(client)  # asking for figures is counted too
    before, known = await rows(), await figures(client)
    for number in range(50):
        await client.get(f"/no/such/page/{number}")
        await client.get(f"/api/locations/{house.id}?number={number}")
    assert await rows() == before
    assert (await figures(client)).keys() == known.keys()


async def test_orders_and_what_waits_are_told(
    client: httpx.AsyncClient, books: Books, house: House, clock: HandClock
) -> None:
    async with books.writing() as uow:
        dish_id = await add_dish(uow)
    before = await figures(client)
    line = checkout.CartLine(dish_id=dish_id, quantity=1)
    async with books.writing() as uow:
        await checkout.place_order(uow, draft_of(house.id, line))
        uow.enqueue("chore", {})
        uow.enqueue("chore later", {}, run_at=uow.now + timedelta(days=1))
    with contextlib.suppress(RuntimeError):
        async with books.writing() as uow:
            await checkout.place_order(uow, draft_of(house.id, line))
            raise RuntimeError
    clock.advance(seconds=30)
    found = await figures(client)
    placed = ("kitchenasty_events_total", "order.placed")
    assert found[placed] - before.get(placed, 0) == 1  # the second was taken back
    waiting = found["kitchenasty_outbox_waiting",] - before["kitchenasty_outbox_waiting",]
    assert waiting >= 1
    assert found["kitchenasty_outbox_lag_seconds",] == 30
    assert found["kitchenasty_jobs_waiting",] == 1
    assert found["kitchenasty_jobs_failed",] == 0
    assert found["kitchenasty_database_up",] == 1
    assert found["kitchenasty_database_connections",] >= 1
    assert found["kitchenasty_live_sockets",] == found["kitchenasty_socketio_clients",] == 0


async def test_letters_are_told_by_what_became_of_them(
    client: httpx.AsyncClient, books: Books, clock: HandClock
) -> None:
    """One is sent, one given up, one waits until its server is there."""

    async def write(_uow: UnitOfWork, facts: dict[str, Any], _sender: Sender) -> Letter:
        return Letter(subject=facts["about"], paragraphs=("Soup is ready.",))

    async def ask(about: str, recipient: str) -> None:
        async with books.writing() as uow:
            await notices.send_notice(
                uow,
                "soup",
                recipient=recipient,
                facts={"about": about},
                useful_for=timedelta(hours=1),
            )

    office = MemoryPost()
    postman = Postman(books, office, sender=SENDER, writers={"soup": write})
    await ask("sent", "anna@home.example")
    assert await postman.run_due()
    await ask("given up", "nobody@home.example")
    office.refusals = [PostRefused("No such box", is_final=True)]
    await postman.run_due()
    await ask("waiting", "tom@home.example")
    clock.advance(seconds=40)
    found = await figures(client)
    assert found["kitchenasty_letters_sent_last_day",] == 1
    assert found["kitchenasty_letters_failed",] == 1
    assert found["kitchenasty_letters_waiting",] == 1
    assert found["kitchenasty_letters_waiting_seconds",] == 40
    clock.advance(hours=25)
    assert (await figures(client))["kitchenasty_letters_sent_last_day",] == 0
