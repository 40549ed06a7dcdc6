"""The journal: numbered without gaps, bounded, the newest first."""

from __future__ import annotations

import asyncio
from pathlib import Path

from basis.kit.testing import HandClock
from orca.access import Act, Journal, Principal, Role
from orca.store import SqliteStore

ANN = Principal("A" * 12, "ann", Role.ADMIN)


async def acts_of(journal: Journal, count: int) -> list[Act]:
    return [await journal.begin(ANN, what=f"POST /{number}", target="") for number in range(count)]


async def test_only_so_many_acts_are_kept(tmp_path: Path, clock: HandClock) -> None:
    store = SqliteStore(tmp_path / "orca.db", clock=clock)
    await store.open()
    journal = Journal(store, clock=clock, kept_max=120)
    begun = await acts_of(journal, 250)
    assert [act.number for act in begun] == list(range(1, 251))
    kept = await journal.list_before(None, limit=500)
    assert [act.number for act in kept] == list(range(250, 130, -1))
    assert [act.number for act in await journal.list_before(None, limit=3)] == [250, 249, 248]
    assert [act.number for act in await journal.list_before(201, limit=2)] == [200, 199]
    assert await journal.list_before(1, limit=5) == ()
    assert len((await store.range("journal/")).entries) == 121  # and the head
    await journal.end(begun[0], status=200)  # forgotten meanwhile: nothing comes back
    assert len((await store.range("journal/")).entries) == 121
    await store.close()


async def test_no_number_is_given_twice_by_two_processes(tmp_path: Path) -> None:
    """Without the comparison with the head, acts of two writers overwrite each other: tried."""
    store = SqliteStore(tmp_path / "orca.db")
    await store.open()
    one, other = Journal(store), Journal(store)
    both = await asyncio.gather(acts_of(one, 20), acts_of(other, 20))
    numbers = sorted(act.number for acts in both for act in acts)
    assert numbers == list(range(1, 41))
    await store.close()
