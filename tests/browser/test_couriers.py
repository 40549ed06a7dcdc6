"""The demo from end to end, and nobody presses anything: somebody orders, couriers bid, two of them
relay, arrive, confirm and are paid, while the guest's page follows. Its short form, without
processes of their own, is in tests/handoff.
"""

from __future__ import annotations

import asyncio
import re
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.async_api import Browser, expect

from kitchenasty.demo.wishes import STREETS
from tests.browser.suppers import PATIENCE_SECONDS, READY, SUPPER, said
from tests.server import Server


@pytest.fixture
async def demo(tmp_path: Path) -> AsyncIterator[Server]:
    running = Server(tmp_path, command="demo", words=("--couriers",))
    await asyncio.to_thread(running.start)
    yield running
    assert await asyncio.to_thread(running.stop) == 0


async def ask(there: httpx.AsyncClient, path: str, **query: Any) -> dict[str, Any]:
    answer = await there.get(path, params=query)
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


def believe(market: str) -> str:
    """What `swarmhaul verify` says, who does again all that the market did: every name that was
    made, every lamport that moved.
    """
    program = Path(sys.executable).with_name("swarmhaul")
    words = [str(program), "verify", "--url", market]
    done = subprocess.run(words, check=False, capture_output=True, timeout=PATIENCE_SECONDS)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout.decode()


@pytest.mark.long
async def test_two_strangers_bring_a_supper_and_are_paid(demo: Server, browser: Browser) -> None:
    link = await asyncio.to_thread(said, demo, SUPPER)
    page = await browser.new_page()
    await page.goto(link)
    await expect(page.locator("#tracking[data-status=DELIVERED]")).to_be_visible(
        timeout=PATIENCE_SECONDS * 1_000
    )
    await page.close()
    market = await asyncio.to_thread(said, demo, READY)
    async with httpx.AsyncClient(base_url=market, timeout=60) as there:
        *_, job = (await ask(there, "/api/jobs"))["jobs"]
        agents = [leg["agent"] for leg in job["legs"]]
        bids = (await ask(there, f"/api/jobs/{job['id']}/bids"))["bids"]
        entries = (await ask(there, "/api/rail/entries"))["entries"]
        standings = (await ask(there, "/api/reputation"))["standings"]
    assert job["status"] == "delivered"
    assert len(agents) == len(set(agents)) == 2
    assert {bid["agent"] for bid in bids} >= set(agents)
    assert job["paid"] == sum(leg["pay"] for leg in job["legs"])
    paid = [entry["moves"] for entry in entries if entry["command"] == "Confirm"]
    assert all({leg["agent"]: leg["pay"]} in paid for leg in job["legs"])
    merits = {one["subject"]: one["completed"] for one in standings}
    assert all(merits[agent] > 0 for agent in agents)
    journal = (demo.data / "swarmhaul" / "market.log").read_text()
    assert "agent.knows_the_door" in journal
    assert not re.search("|".join(STREETS), journal + demo.log.read_text())
    assert "All of it is as it should be." in await asyncio.to_thread(believe, market)


async def test_without_couriers_nobody_orders_and_no_market_is_there(server: Server) -> None:
    said_there = server.log.read_text()
    assert "Juniper & Rye has opened." in said_there
    assert not READY.search(said_there)
    assert not SUPPER.search(said_there)
    assert not (server.data / "swarmhaul").exists()
