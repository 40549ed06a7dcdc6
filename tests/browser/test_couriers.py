"""The demo from end to end, and nobody presses anything after the order is accepted: a job, bids, a
relay, arrivals, confirmations and pay, while the guest's page follows. Its short form, without
processes of their own, is in tests/handoff.
"""

from __future__ import annotations

import asyncio
import re
import threading
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
from playwright.async_api import Browser, expect

from tests.server import Server

pytestmark = pytest.mark.long
PATIENCE_SECONDS = 180
READY = re.compile(r"Couriers of the market at (\S+) bring")
HOME = {"line1": "1 North Road", "city": "Dublin", "postalCode": "D07 A1B2", "country": "IE"}


@pytest.fixture
async def demo(tmp_path: Path) -> AsyncIterator[Server]:
    running = Server(tmp_path, command="demo", words=("--couriers",))
    await asyncio.to_thread(running.start)
    yield running
    assert await asyncio.to_thread(running.stop) == 0


def market_of(demo: Server) -> str:
    """Where the market is, once its couriers are there."""
    pause, deadline = threading.Event(), time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        if found := READY.search(demo.log.read_text()):
            return found[1]
        pause.wait(0.5)
    raise AssertionError(demo.log.read_text())


async def order(house: httpx.AsyncClient) -> dict[str, Any]:
    """Of the first dish that is served at this time of the day."""
    houses = (await house.get("/api/locations")).json()["data"]
    mill = next(one["id"] for one in houses if one["slug"] == "mill-lane")
    menu = (await house.get(f"/api/menu/items?locationId={mill}&limit=100")).json()["data"]
    wish = {
        "orderType": "DELIVERY", "locationId": mill, "guestName": "Nora", "address": HOME,
        "guestPhone": "+353 1 555 0199", "paymentMethod": "CASH",
    }  # fmt: skip
    for dish in menu:
        items = [{"menuItemId": dish["id"], "quantity": 4}]
        headers = {"idempotency-key": str(uuid4())}
        answer = await house.post("/api/orders", json=wish | {"items": items}, headers=headers)
        if answer.status_code == 201:
            placed: dict[str, Any] = answer.json()["data"]
            return placed
    raise AssertionError("nothing is served")


async def accept(house: httpx.AsyncClient, order_id: str) -> None:
    manager = {"email": "manager@demo.example", "password": "kitchen-demo"}
    signed_in = (await house.post("/api/auth/staff/login", json=manager)).json()["data"]
    answer = await house.patch(
        f"/api/orders/{order_id}/status",
        json={"status": "CONFIRMED"},
        headers={"authorization": f"Bearer {signed_in['token']}"},
    )
    assert answer.status_code == 200, answer.text


async def test_two_strangers_bring_a_supper_and_are_paid(demo: Server, browser: Browser) -> None:
    market = await asyncio.to_thread(market_of, demo)
    async with httpx.AsyncClient(base_url=demo.url, timeout=60) as house:
        placed = await order(house)
        page = await browser.new_page()
        await page.goto(f"{demo.url}{placed['trackingUrl']}")
        await accept(house, placed["id"])
        await expect(page.locator("#tracking[data-status=DELIVERED]")).to_be_visible(
            timeout=PATIENCE_SECONDS * 1_000
        )
        await page.close()
    async with httpx.AsyncClient(base_url=market, timeout=60) as there:
        (job,) = (await there.get("/api/jobs")).json()["jobs"]
        agents = [leg["agent"] for leg in job["legs"]]
        bids = (await there.get(f"/api/jobs/{job['id']}/bids")).json()["bids"]
        entries = (await there.get("/api/rail/entries")).json()["entries"]
    assert job["status"] == "delivered"
    assert len(agents) == len(set(agents)) == 2
    assert {bid["agent"] for bid in bids} >= set(agents)
    assert job["paid"] == sum(leg["pay"] for leg in job["legs"])
    paid = [entry["moves"] for entry in entries if entry["command"] == "Confirm"]
    assert paid == [{leg["agent"]: leg["pay"]} for leg in job["legs"]]
