"""Writes to a store as fast as it goes and says what was acknowledged, until it is killed."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from orca.store import Put, SqliteStore


async def main(path: Path) -> None:
    store = SqliteStore(path)
    await store.open()
    number = 0
    while True:
        number += 1
        value = str(number).encode()
        revision = await store.transact([Put("a", value), Put("b", value)])
        sys.stdout.write(f"{revision} {number}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
