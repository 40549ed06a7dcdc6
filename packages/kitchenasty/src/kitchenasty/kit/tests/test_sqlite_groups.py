"""Units of work that are committed together stay apart in everything else."""

from __future__ import annotations

import asyncio
from collections import Counter
from pathlib import Path

import pytest
from sqlalchemy import select, text

from basis.ids import new_id
from basis.kit.data.database import DatabaseAway
from basis.kit.data.outbox import OutboxRow
from basis.kit.data.statements import insert_into
from kitchenasty.kit.books import Books

INSERT = insert_into(OutboxRow)
MANY = 60


@pytest.fixture
def database_url(tmp_path: Path, empty_sqlite: Path) -> str:
    """SQLite alone commits in groups, so nothing here asks for the engine's name."""
    path = tmp_path / "house.db"
    path.write_bytes(empty_sqlite.read_bytes())
    return f"sqlite:///{path}"


async def write(books: Books, row_id: str, *, letters: int = 1) -> None:
    async with books.writing() as uow:
        await uow.run(
            INSERT,
            id=row_id,
            topic="a",
            payload={"n": "x" * letters},
            emitted_at=uow.now,
            actor="SYSTEM",
            handled_at=None,
        )
        await asyncio.sleep(0)


async def write_and_fail(books: Books, row_id: str) -> None:
    async with books.writing() as uow:
        await uow.run(
            INSERT,
            id=row_id,
            topic="a",
            payload={},
            emitted_at=uow.now,
            actor="SYSTEM",
            handled_at=None,
        )
        raise KeyError(row_id)


async def stored(books: Books) -> set[str]:
    async with books.reading() as look:
        return set((await look.session.execute(select(OutboxRow.id))).scalars())


async def test_a_unit_that_fails_takes_nobody_with_it(books: Books) -> None:
    good, bad = [new_id() for _ in range(MANY)], [new_id() for _ in range(MANY)]
    pairs = zip(good, bad, strict=True)
    tasks = [
        act for one, other in pairs for act in (write(books, one), write_and_fail(books, other))
    ]
    ends = await asyncio.gather(*tasks, return_exceptions=True)
    assert Counter(type(end) for end in ends) == {type(None): MANY, KeyError: MANY}
    assert await stored(books) == set(good)


async def test_those_who_queue_wait_for_the_disk_together(books: Books) -> None:
    commits: list[str] = []
    async with books.writing() as uow:
        raw = (await (await uow.session.connection()).get_raw_connection()).driver_connection
        assert raw is not None
        raw.set_trace_callback(lambda sql: commits.append(sql) if sql == "COMMIT" else None)
    commits.clear()
    await asyncio.gather(*(write(books, new_id()) for _ in range(MANY)))
    raw.set_trace_callback(None)
    assert len(await stored(books)) == MANY
    assert 0 < len(commits) <= MANY // 2


async def test_on_a_full_disk_what_was_answered_is_stored_and_nothing_else(books: Books) -> None:
    async with books.writing() as uow:
        pages = await uow.session.scalar(text("PRAGMA page_count"))
        await uow.session.execute(text(f"PRAGMA max_page_count = {pages + 30}"))
    ids = [new_id() for _ in range(MANY)]
    tasks = [write(books, row_id, letters=8_000) for row_id in ids]
    ends = await asyncio.gather(*tasks, return_exceptions=True)
    answered = {row_id for row_id, end in zip(ids, ends, strict=True) if end is None}
    assert Counter(type(end) for end in ends).keys() == {type(None), DatabaseAway}
    assert await stored(books) == answered
    async with books.writing() as uow:
        await uow.session.execute(text("PRAGMA max_page_count = 1000000"))
    await write(books, ids[-1] if ids[-1] not in answered else new_id())


async def test_a_cancelled_unit_leaves_the_others_alone(books: Books) -> None:
    kept = [new_id() for _ in range(MANY)]
    tasks = [asyncio.create_task(write(books, row_id)) for row_id in kept]
    doomed = [asyncio.create_task(write(books, new_id())) for _ in range(MANY)]
    await asyncio.sleep(0)
    for task in doomed:
        task.cancel()
    await asyncio.gather(*tasks)
    ends = await asyncio.gather(*doomed, return_exceptions=True)
    assert all(isinstance(end, asyncio.CancelledError) for end in ends)
    assert set(kept) <= await stored(books)
