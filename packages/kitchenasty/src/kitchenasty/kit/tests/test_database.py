"""One way to both databases: what is promised of units of work and looks."""

from __future__ import annotations

import asyncio
from datetime import datetime

import pytest
from sqlalchemy import bindparam, select, update
from sqlalchemy.exc import StatementError

from basis.ids import new_id
from basis.kit.data.constraints import BROKEN
from basis.kit.data.outbox import OutboxRow
from basis.kit.data.statements import Statement, insert_into, insert_unless_there, one_of
from kitchenasty.kit.books import Books

INSERT = insert_into(OutboxRow)
FIND = Statement(
    select(OutboxRow.id, OutboxRow.topic, OutboxRow.payload, OutboxRow.emitted_at)
    .where(one_of(OutboxRow.id, "ids"))
    .order_by(OutboxRow.id)
)
RENAME = Statement(
    update(OutboxRow)
    .where(OutboxRow.id == bindparam("row_id", required=True))
    .values(topic=bindparam("name", required=True))
)


def row(books: Books, row_id: str, topic: str = "a") -> dict[str, object]:
    return {
        "id": row_id,
        "topic": topic,
        "payload": {"n": [1, "ü"]},
        "emitted_at": books.clock(),
        "actor": "SYSTEM",
        "handled_at": None,
    }


async def test_the_driver_and_the_entities_share_one_transaction(books: Books) -> None:
    by_driver, by_entity = new_id(), new_id()
    async with books.writing() as uow:
        await uow.run(INSERT, **row(books, by_driver))
        uow.session.add(OutboxRow(**row(books, by_entity)))
        await uow.session.flush()  # the next statement is the driver's and must see the row
        found = await uow.rows(FIND, ids=[by_driver, by_entity])
        assert [r[0] for r in found] == [by_driver, by_entity]
        entity = await uow.session.get(OutboxRow, by_driver)
        assert entity is not None
        entity.topic = "b"
    async with books.reading() as look:
        assert [r[1] for r in await look.rows(FIND, ids=[by_driver, by_entity])] == ["b", "a"]


async def test_values_come_back_as_they_went_in(books: Books) -> None:
    row_id = new_id()
    async with books.writing() as uow:
        await uow.run(INSERT, **row(books, row_id))
    async with books.reading() as look:
        assert await look.row(FIND, ids=[row_id]) == (row_id, "a", {"n": [1, "ü"]}, books.clock())


@pytest.mark.parametrize("count", [1, 3, 30])
async def test_changes_sent_together_are_all_made(books: Books, count: int) -> None:
    ids = sorted(new_id() for _ in range(count))
    async with books.writing() as uow:
        await uow.run(INSERT, **row(books, first := new_id()))
        inserts = [(INSERT, row(books, one, "new")) for one in ids]
        await uow.together([(RENAME, {"row_id": first, "name": "renamed"}), *inserts])
        found = await uow.rows(FIND, ids=[first, *ids])
    assert {r[0]: r[1] for r in found} == {first: "renamed", **dict.fromkeys(ids, "new")}
    assert found[-1][2] == {"n": [1, "ü"]}


async def test_of_changes_sent_together_one_that_fails_leaves_none(books: Books) -> None:
    taken, fresh = new_id(), new_id()
    async with books.writing() as uow:
        await uow.run(INSERT, **row(books, taken))
    with pytest.raises(BROKEN):
        async with books.writing() as uow:
            await uow.together([(INSERT, row(books, one)) for one in (fresh, taken)])
    async with books.reading() as look:
        assert await look.rows(FIND, ids=[fresh]) == []


async def test_what_is_written_last_goes_with_the_part_that_wanted_it(books: Books) -> None:
    kept, undone = new_id(), new_id()

    async def fail_in_part() -> None:
        async with uow.attempt():
            uow.write_last(INSERT, **row(books, undone))
            raise LookupError

    async with books.writing() as uow:
        uow.write_last(INSERT, **row(books, kept))
        with pytest.raises(LookupError):
            await fail_in_part()
    async with books.reading() as look:
        assert [r[0] for r in await look.rows(FIND, ids=[kept, undone])] == [kept]


async def test_what_raises_leaves_nothing(books: Books) -> None:
    row_id = new_id()

    async def fail() -> None:
        async with books.writing() as uow:
            await uow.run(INSERT, **row(books, row_id))
            uow.session.add(OutboxRow(**row(books, new_id())))
            await uow.session.flush()  # so that the entity session has something to take back
            raise KeyError

    with pytest.raises(KeyError):
        await fail()
    async with books.reading() as look:
        assert await look.rows(FIND, ids=[row_id]) == []


async def test_a_savepoint_takes_back_its_part_only(books: Books) -> None:
    kept, dropped = new_id(), new_id()
    async with books.writing() as uow:
        await uow.run(INSERT, **row(books, kept))

        async def fail_in_part() -> None:
            async with uow.connection.savepoint():
                await uow.run(INSERT, **row(books, dropped))
                raise KeyError

        with pytest.raises(KeyError):
            await fail_in_part()
    async with books.reading() as look:
        assert [r[0] for r in await look.rows(FIND, ids=[kept, dropped])] == [kept]


async def test_a_reader_does_not_wait_for_a_writer(books: Books) -> None:
    async with books.writing() as uow:
        await uow.run(INSERT, **row(books, new_id()))
        async with asyncio.timeout(30), books.reading() as look:
            assert await look.rows(FIND, ids=[new_id()]) == []


async def test_a_taken_key_is_left_alone(books: Books) -> None:
    row_id = new_id()
    insert = insert_unless_there(OutboxRow)
    async with books.writing() as uow:
        assert await uow.run(insert, **row(books, row_id)) == 1
        assert await uow.run(insert, **row(books, row_id, topic="other")) == 0


async def test_a_count_says_how_many_rows_were_touched(books: Books) -> None:
    row_id = new_id()
    async with books.writing() as uow:
        await uow.run(INSERT, **row(books, row_id))
        assert await uow.run(RENAME, row_id=row_id, name="x") == 1
        assert await uow.run(RENAME, row_id=new_id(), name="x") == 0


async def test_a_naive_instant_is_refused(books: Books) -> None:
    naive = row(books, new_id()) | {"emitted_at": datetime(2030, 1, 1)}  # noqa: DTZ001  # the point
    async with books.writing() as uow:
        with pytest.raises((ValueError, StatementError)):
            await uow.run(INSERT, **naive)


async def test_many_writers_lose_no_update(books: Books) -> None:
    ids = [new_id() for _ in range(50)]

    async def write(row_id: str) -> None:
        async with books.writing() as uow:
            await uow.run(INSERT, **row(books, row_id))
            await asyncio.sleep(0)

    await asyncio.gather(*(write(row_id) for row_id in ids))
    async with books.reading() as look:
        assert len(await look.rows(FIND, ids=ids)) == len(ids)
