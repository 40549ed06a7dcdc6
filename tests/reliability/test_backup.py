"""F6: a backup that is taken while guests order has everything that was accepted before."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from tests.reliability.shop import Shop, pause

ORDERS_BEFORE = 30
ORDERS_AFTER = 10
BEFORE_SECONDS_MAX = 120
COMMAND_SECONDS_MAX = 60


async def run(command: str, file: Path, folder: Path) -> None:
    """The command as an operator types it, beside the server that works."""
    program = Path(sys.executable).with_name("kitchenasty")
    process = await asyncio.create_subprocess_exec(
        program,
        command,
        file,
        "--data",
        folder,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    said, _ = await asyncio.wait_for(process.communicate(), COMMAND_SECONDS_MAX)
    assert process.returncode == 0, said.decode()


async def wait_for_orders(shop: Shop, count: int) -> None:
    for _ in range(BEFORE_SECONDS_MAX * 20):
        if len(shop.acknowledged) >= count:
            return
        await pause(0.05)
    raise AssertionError(f"only {len(shop.acknowledged)} orders were answered")


async def test_a_backup_under_load_has_every_order_accepted_before_it(
    shop: Shop, tmp_path: Path
) -> None:
    """About 10 seconds."""
    file, other = tmp_path / "friday.tar.gz", tmp_path / "other"
    ends = asyncio.Event()
    guests = asyncio.create_task(shop.order_until(ends.is_set, clients=4))
    await wait_for_orders(shop, ORDERS_BEFORE)
    before = dict(shop.acknowledged)
    await run("backup", file, shop.server.data)
    during = len(shop.acknowledged) - len(before)
    await wait_for_orders(shop, len(shop.acknowledged) + ORDERS_AFTER)
    ends.set()
    await guests
    await run("restore", file, other)
    restored = Shop(
        shop.server, f"sqlite:///{other}/kitchenasty.db", shop.house_id, shop.dish_id, shop.stock
    )
    found = dict(await restored.query("SELECT guest_name, id FROM orders"))
    lost = [name for name, order_id in before.items() if found.get(name) != order_id]
    sold = shop.stock - 2 * len(found)
    print(
        f"F6: a backup while guests ordered: {len(before)} orders before it, {during} during, "
        f"{len(found)} restored, {len(lost)} of those before it lost"
    )
    assert lost == []
    assert during > 0
    assert await restored.count_damage() == 0
    assert await restored.query("PRAGMA foreign_key_check") == []
    assert await restored.query("SELECT stock FROM dishes") == [(sold,)]
    assert await restored.count("orders WHERE id NOT IN (SELECT order_id FROM order_lines)") == 0
