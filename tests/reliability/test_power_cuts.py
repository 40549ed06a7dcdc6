"""R2: the plug is pulled while orders come in. What was accepted is there afterwards.

Orders go through the product's own code: the embedded database with its pragmas and shared commits,
the unit of work, `place_order`. Only the driver under it is another (power.py says why).
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import random
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import apsw
import pytest

from basis.clock import system_clock
from basis.kit.data import sqlite
from basis.kit.data.database import DatabaseAway
from basis.kit.testing import SECRET_KEY
from kitchenasty import checkout
from kitchenasty.checkout.tests.builders import draft_of
from kitchenasty.kit.books import open_books
from tests.reliability.conftest import STOCK, furnish
from tests.reliability.power import Disk, PowerCut, PoweredConnection, PoweredVfs

CUTS = 500
CONTROL_CUTS = 40
GUESTS = 4
ORDERS_EACH = 6
FILE = "kitchenasty.db"


@dataclass
class House:
    """A furnished file to begin each time with, and what orders need to name."""

    file: Path
    house_id: str
    dish_id: str
    monkeypatch: pytest.MonkeyPatch
    memory: Path


@dataclass
class Found:
    """Sums over many cuts."""

    acknowledged: int = 0
    syncs: int = 0
    wrong: dict[str, int] = field(default_factory=dict)
    cuts_that_lost: int = 0

    def add(self, counts: dict[str, int]) -> None:
        self.cuts_that_lost += bool(counts["lost"])
        for name, count in counts.items():
            self.wrong[name] = self.wrong.get(name, 0) + count


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    house_id, dish_id = asyncio.run(furnish(f"sqlite:///{tmp_path}/{FILE}"))
    memory = Path("/dev/shm") / f"power-{tmp_path.name}-{random.SystemRandom().getrandbits(32)}"  # noqa: S108  # memory, so that a real disk's fsync costs nothing
    memory.mkdir()
    # Nobody reads here, and the one connection holds the file for itself.
    monkeypatch.setattr(sqlite, "READERS", 0)
    yield House(tmp_path / FILE, house_id, dish_id, monkeypatch, memory)
    shutil.rmtree(memory)


async def order_until_cut(house: House, disk: Disk, *, synchronous: str) -> list[str]:
    """Guests order at the same time until the power goes; answers the orders acknowledged."""
    folder = house.memory / "before"
    folder.mkdir()
    shutil.copy(house.file, folder / FILE)
    vfs = PoweredVfs("power", disk)
    with house.monkeypatch.context() as patched:
        patched.setattr(
            sqlite3,
            "connect",
            lambda path, **_: PoweredConnection(path, vfs.name, synchronous=synchronous),
        )
        acknowledged = await serve(folder, house)
    vfs.unregister()
    shutil.rmtree(folder)
    return acknowledged


async def serve(folder: Path, house: House) -> list[str]:
    database = sqlite.SqliteDatabase(f"sqlite:///{folder}/{FILE}")
    books = open_books(database, system_clock, SECRET_KEY)
    acknowledged: list[str] = []

    async def keep_ordering() -> None:
        for _ in range(ORDERS_EACH):
            line = checkout.CartLine(dish_id=house.dish_id, quantity=2)
            async with books.writing() as uow:
                placed = await checkout.place_order(uow, draft_of(house.house_id, line))
            acknowledged.append(placed.id)

    with contextlib.suppress(PowerCut, DatabaseAway, apsw.Error):
        await database.start()
        guests = [keep_ordering() for _ in range(GUESTS)]
        await asyncio.gather(*guests, return_exceptions=True)
    with contextlib.suppress(PowerCut, AttributeError, apsw.Error):
        await database.stop()
    return acknowledged


def look_at_remains(folder: Path, acknowledged: list[str]) -> dict[str, int]:
    """Open what was left with the driver the product uses, and compare."""
    with closing(sqlite3.connect(folder / FILE)) as books:
        orders = {row[0] for row in books.execute("SELECT id FROM orders")}
        told = "SELECT payload FROM outbox WHERE topic = 'order.placed'"
        events = {json.loads(row[0])["order_id"] for row in books.execute(told)}
        without = "SELECT count(*) FROM orders WHERE id NOT IN (SELECT order_id FROM"
        left = books.execute("SELECT stock FROM dishes").fetchone()[0]
        return {
            "lost": len(set(acknowledged) - orders),
            "corrupt": int(books.execute("PRAGMA integrity_check").fetchall() != [("ok",)]),
            "order without event": len(orders ^ events),
            "order without lines": books.execute(f"{without} order_lines)").fetchone()[0],
            "order without payment": books.execute(f"{without} payments)").fetchone()[0],
            "stock wrong": abs(STOCK - 2 * len(orders) - left),
        }


async def cut_often(house: House, *, cuts: int, synchronous: str) -> Found:
    """Count the steps of a quiet run, then cut at any of them."""
    quiet = Disk()
    placed = await order_until_cut(house, quiet, synchronous=synchronous)
    assert len(placed) == GUESTS * ORDERS_EACH
    found, chance = Found(syncs=quiet.syncs), random.Random(2)
    remains = house.memory / "after"
    for _ in range(cuts):
        disk = Disk()
        disk.cut_at = chance.randrange(1, quiet.steps)
        acknowledged = await order_until_cut(house, disk, synchronous=synchronous)
        remains.mkdir()
        disk.leave_behind(remains, chance)
        found.acknowledged += len(acknowledged)
        found.add(look_at_remains(remains, acknowledged))
        shutil.rmtree(remains)
    return found


def tell(cuts: int, synchronous: str, found: Found) -> None:
    counts = ", ".join(f"{count} {name}" for name, count in found.wrong.items())
    words = f"{cuts} power cuts with synchronous={synchronous}, {found.acknowledged} acknowledged"
    counts = f"{counts} in {found.cuts_that_lost} cuts" if found.cuts_that_lost else counts
    print(f"R2: {words}, {counts}, {found.syncs} fsyncs for {GUESTS * ORDERS_EACH} orders")


async def test_500_power_cuts_lose_no_accepted_order(house: House) -> None:
    found = await cut_often(house, cuts=CUTS, synchronous="FULL")
    tell(CUTS, "FULL", found)
    assert found.acknowledged > CUTS
    assert set(found.wrong.values()) == {0}


async def test_with_less_than_full_the_same_cuts_lose_orders(house: House) -> None:
    """The control: the harness sees a loss where there is one."""
    house.monkeypatch.setattr(sqlite, "check_durable", lambda _: None)
    found = await cut_often(house, cuts=CONTROL_CUTS, synchronous="NORMAL")
    tell(CONTROL_CUTS, "NORMAL", found)
    assert found.cuts_that_lost > CONTROL_CUTS // 4


async def test_less_than_full_is_refused_at_the_start(house: House) -> None:
    folder = house.memory / "refused"
    folder.mkdir()
    shutil.copy(house.file, folder / FILE)
    vfs = PoweredVfs("less", Disk())
    house.monkeypatch.setattr(
        sqlite3,
        "connect",
        lambda path, **_: PoweredConnection(path, vfs.name, synchronous="NORMAL"),
    )
    with pytest.raises(RuntimeError, match="would not be durable"):
        await sqlite.SqliteDatabase(f"sqlite:///{folder}/{FILE}").start()
    vfs.unregister()
