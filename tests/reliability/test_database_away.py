"""F2 and R3: PostgreSQL goes, comes back, or is killed; nobody hangs and nothing is lost."""

from __future__ import annotations

import asyncio
import json
import os
import random
import signal
import statistics
import time
from collections import Counter
from dataclasses import dataclass, field

import httpx
import pytest
import websockets

from basis.kit.secret import Secret
from basis.kit.testing import PostgresCluster
from kitchenasty.cli.serving import opened_books
from kitchenasty.kit.config import Config
from tests.reliability.shop import Shop, check_nothing_happened, pause, tell

pytestmark = pytest.mark.postgres

ANSWER_SECONDS_MAX = 2
RECOVERY_SECONDS_MAX = 5
LATE_SECONDS = 10  # what a busy machine may add; the figure itself is printed
PAUSED = "Ordering is paused for the moment"


@dataclass
class Seen:
    """What guests met while the database was away."""

    codes: Counter[str] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)

    def note(self, door: str, answer: httpx.Response, started: float) -> None:
        self.codes[f"{door} {answer.status_code}"] += 1
        self.seconds.append(time.monotonic() - started)


async def look_around(shop: Shop, seen: Seen, slug: str, until: float) -> None:
    """One guest: orders, reads, orders again."""
    name = f"meanwhile-{random.Random().random()}"
    async with httpx.AsyncClient(timeout=30) as client:
        while time.monotonic() < until:
            started = time.monotonic()
            answer = await shop.send(client, name)
            assert answer is not None
            seen.note("order", answer, started)
            started = time.monotonic()
            page = await client.get(f"{shop.server.url}/at/{slug}")
            seen.note("menu", page, started)
            assert PAUSED in page.text
            started = time.monotonic()
            seen.note("ready", await client.get(f"{shop.server.url}/health/ready"), started)
            started = time.monotonic()
            api = await client.get(f"{shop.server.url}/api/menu?locationId={shop.house_id}")
            # For a quarter of a second after it was read, the menu's answer is as good as new.
            seen.note("old menu" if "warning" in api.headers else "new menu", api, started)
            await pause(0.05)


async def count_beats(shop: Shop, seconds: float) -> int:
    """Heartbeats on a new connection to `/live`, which the kitchen's screens live on."""
    beats = 0
    address = f"ws://127.0.0.1:{shop.server.port}/live"
    try:
        async with asyncio.timeout(seconds), websockets.connect(address) as screen:
            async for text in screen:
                beats += "beat" in json.loads(text)
    except TimeoutError:
        pass
    return beats


async def hear_beat(shop: Shop) -> None:
    """Wait for the heart of a screen that connects now."""
    address = f"ws://127.0.0.1:{shop.server.port}/live"
    async with asyncio.timeout(20), websockets.connect(address) as screen:
        while "beat" not in json.loads(await screen.recv()):
            continue


async def leave_for(shop: Shop, cluster: PostgresCluster, seconds: float) -> None:
    ((slug,),), seen = await shop.query("SELECT slug FROM locations"), Seen()
    async with httpx.AsyncClient(timeout=30) as client:
        await shop.order(client, "before")
        for path in (f"/at/{slug}", f"/api/menu?locationId={shop.house_id}"):
            assert (await client.get(shop.server.url + path)).status_code == 200
        await hear_beat(shop)
        await asyncio.to_thread(cluster.stop, "fast")
        until = time.monotonic() + seconds
        guests = [look_around(shop, seen, slug, until) for _ in range(8)]
        *_, beats = await asyncio.gather(*guests, silent_beats(shop, seconds))
        await asyncio.to_thread(cluster.start)
        started = time.monotonic()
        await shop.order(client, "after")
        back = time.monotonic() - started
        assert (await client.get(f"{shop.server.url}/health/ready")).status_code == 200
        assert PAUSED not in (await client.get(f"{shop.server.url}/at/{slug}")).text
    await hear_beat(shop)
    await shop.wait_until_delivered()
    books = await shop.compare()
    p99, longest = statistics.quantiles(seen.seconds, n=100)[98], max(seen.seconds)
    met = f"{dict(seen.codes)}, p99 {p99:.2f} s, longest {longest:.2f} s, back after {back:.1f} s"
    tell("F2", f"database away for {seconds:.0f} s: {met}, {beats} heartbeats", shop, books)
    met_doors = {"order 503", "menu 200", "ready 503", "old menu 200"}
    assert met_doors <= set(seen.codes) <= met_doors | {"new menu 200"}
    assert seen.codes["new menu 200"] < seen.codes["old menu 200"]
    assert beats == 0
    assert p99 <= ANSWER_SECONDS_MAX + LATE_SECONDS
    assert back <= RECOVERY_SECONDS_MAX + LATE_SECONDS
    check_nothing_happened(books)


async def silent_beats(shop: Shop, seconds: float) -> int:
    """Beats once the server has had the time to notice, which is two seconds."""
    await pause(3)
    return await count_beats(shop, max(1, seconds - 3))


async def test_a_database_away_for_six_seconds_hangs_nobody(
    postgres_shop: Shop, own_cluster: PostgresCluster
) -> None:
    await leave_for(postgres_shop, own_cluster, 6)


@pytest.mark.long
async def test_a_database_away_for_30_seconds_hangs_nobody(
    postgres_shop: Shop, own_cluster: PostgresCluster
) -> None:
    await leave_for(postgres_shop, own_cluster, 30)


async def kill_postgres_while_ordering(
    shop: Shop, cluster: PostgresCluster, *, orders: int, kills: int
) -> None:
    """SIGKILL to the postmaster at random moments, or its own immediate stop."""
    chance = random.Random(11)
    done = 0
    ordering = asyncio.create_task(
        shop.order_until(lambda: done >= kills and len(shop.acknowledged) >= orders)
    )
    while done < kills and not ordering.done():
        await asyncio.wait({ordering}, timeout=chance.uniform(0.3, 2))
        if done % 2:
            await asyncio.to_thread(cluster.stop, "immediate")
        else:
            os.kill(cluster.process_id, signal.SIGKILL)
        await start_again(cluster)
        done += 1
    await ordering
    await shop.wait_until_delivered()
    books = await shop.compare()
    tell("R3", f"{done} deaths of PostgreSQL", shop, books)
    assert done == kills
    assert books["orders"] >= orders
    check_nothing_happened(books)


async def start_again(cluster: PostgresCluster) -> None:
    """A new postmaster is refused until the last child of the killed one is gone."""
    for _ in range(100):
        try:
            await asyncio.to_thread(cluster.start)
        except RuntimeError:
            await pause(0.1)
        else:
            return
    raise AssertionError("PostgreSQL does not start again")


async def test_three_deaths_of_postgresql_lose_nothing(
    postgres_shop: Shop, own_cluster: PostgresCluster
) -> None:
    await kill_postgres_while_ordering(postgres_shop, own_cluster, orders=200, kills=3)


@pytest.mark.long
async def test_50_deaths_of_postgresql_lose_nothing(
    postgres_shop: Shop, own_cluster: PostgresCluster
) -> None:
    await kill_postgres_while_ordering(postgres_shop, own_cluster, orders=10_000, kills=50)


@pytest.mark.parametrize("setting", ["fsync", "synchronous_commit"])
async def test_refuses_a_database_that_may_forget(
    own_cluster: PostgresCluster, tmp_path_factory: pytest.TempPathFactory, setting: str
) -> None:
    own_cluster.create_database("house")
    own_cluster.set(setting, "off")
    await asyncio.to_thread(own_cluster.stop, "fast")
    await asyncio.to_thread(own_cluster.start)
    config = Config(
        data_dir=tmp_path_factory.mktemp("house"),
        database_url=own_cluster.url("house"),
        secret_key=Secret("k3Jf9-2mXq7Wz-Lr5Tn8Vb1Yc6Hd4Gs0Pa"),
    )
    with pytest.raises(RuntimeError, match=f"{setting} is off"):
        async with opened_books(config):
            pass
