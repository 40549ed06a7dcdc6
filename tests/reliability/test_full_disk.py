"""F1: no room is left on the disk. What is accepted is stored, the rest is refused in words."""

from __future__ import annotations

import asyncio
import contextlib
import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.reliability.conftest import prepare_shop
from tests.reliability.shop import Shop, check_nothing_happened, pause, tell
from tests.server import is_ready

DISK_MEGABYTES = 64
ROOM_BYTES = 600_000
REFUSED_MIN = 100
TRIES_MAX = 20_000
RECOVERY_SECONDS_MAX = 5
LATE_SECONDS = 10  # what a busy machine may add; the figure itself is printed


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of its own, kept in memory."""
    folder = tmp_path / "disk"
    folder.mkdir()
    size = f"size={DISK_MEGABYTES}m"
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", size, "tmpfs", folder], check=False, capture_output=True
    )
    if done.returncode:
        pytest.skip(f"only root may mount a small disk: {done.stderr.decode().strip()}")
    yield folder
    subprocess.run(["umount", "--lazy", folder], check=True)


@pytest.fixture
def cramped_shop(small_disk: Path) -> Iterator[Shop]:
    """Books, pictures and log are all on the small disk."""
    prepared = prepare_shop(small_disk, f"sqlite:///{small_disk}/kitchenasty.db")
    prepared.server.start()
    yield prepared
    prepared.server.kill()


def fill(folder: Path) -> Path:
    """Write until nothing more fits, then leave room for a few orders."""
    filler = folder / "filler"
    with contextlib.suppress(OSError), filler.open("wb", buffering=0) as file:
        for _ in range(DISK_MEGABYTES * 256 + 1):
            file.write(os.urandom(4_096))
    os.truncate(filler, filler.stat().st_size - ROOM_BYTES)
    return filler


async def order_until_refused(shop: Shop, client: httpx.AsyncClient) -> Counter[str]:
    """Orders and pages until the disk has refused often enough; answers the codes given."""
    seen: Counter[str] = Counter()
    for number in range(TRIES_MAX):
        if seen["503 DatabaseAway"] >= REFUSED_MIN:
            break
        answer = await shop.send(client, f"cramped-{number}")
        assert answer is not None
        if answer.status_code == 201:
            shop.acknowledged[f"cramped-{number}"] = answer.json()["data"]["id"]
            seen["201"] += 1
            continue
        problem = answer.json()
        assert "Please try again" in problem["error"]
        seen[f"{answer.status_code} {problem['code']}"] += 1
    return seen


async def seconds_until_recovered(shop: Shop, client: httpx.AsyncClient) -> float:
    started = time.monotonic()
    while time.monotonic() - started < 60:
        answer = await shop.send(client, "after")
        if answer is not None and answer.status_code == 201:
            shop.acknowledged["after"] = answer.json()["data"]["id"]
            if await asyncio.to_thread(is_ready, shop.server.url):
                break
        await pause(0.1)
    return time.monotonic() - started


async def test_a_full_disk_refuses_in_words_and_recovers(cramped_shop: Shop) -> None:
    shop, folder = cramped_shop, cramped_shop.server.data
    async with httpx.AsyncClient(timeout=30) as client:
        await shop.order(client, "before")
        filler = fill(folder)
        seen = await order_until_refused(shop, client)
        ready = await client.get(f"{shop.server.url}/health/ready")
        menu = await client.get(f"{shop.server.url}/api/menu?locationId={shop.house_id}")
        backup = await asyncio.to_thread(back_up, shop)
        filler.unlink()
        seconds = await seconds_until_recovered(shop, client)
    await shop.wait_until_delivered()
    books = await shop.compare()
    words = f"disk full: {dict(seen)}, ready {ready.status_code}, well again after {seconds:.1f} s"
    tell("F1", words, shop, books)
    assert set(seen) == {"201", "503 DatabaseAway"}
    assert ready.status_code == 503
    assert menu.status_code == 200
    assert backup.returncode == 1
    assert "Nothing was left of it" in backup.stderr
    assert not list(folder.glob("*backup*"))
    assert seconds <= RECOVERY_SECONDS_MAX + LATE_SECONDS
    check_nothing_happened(books)


def back_up(shop: Shop) -> subprocess.CompletedProcess[str]:
    program = Path(sys.executable).with_name("kitchenasty")
    data = shop.server.data
    return subprocess.run(
        [program, "backup", data / "house.backup", "--data", data],
        check=False,
        capture_output=True,
        text=True,
    )
