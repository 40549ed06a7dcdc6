"""The conformance suite: what holds of every store. Another one is added to STORES."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from orca.store import (
    NEVER,
    Change,
    ChangedMeanwhile,
    Compacted,
    Compare,
    Delete,
    Entry,
    LeaseGone,
    Malformed,
    Put,
    SqliteStore,
    Store,
)

PATIENCE = 60


class HandClock:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 22, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


async def open_sqlite(folder: Path, clock: HandClock) -> SqliteStore:
    store = SqliteStore(folder / "orca.db", clock=clock)
    await store.open()
    return store


Opener = Callable[[Path, HandClock], Awaitable[SqliteStore]]
STORES: dict[str, Opener] = {"sqlite": open_sqlite}


@pytest.fixture(params=sorted(STORES))
async def store(
    request: pytest.FixtureRequest, tmp_path: Path, clock: HandClock
) -> AsyncIterator[Store]:
    opened = await STORES[request.param](tmp_path, clock)
    yield opened
    await opened.close()


async def first(changes: AsyncIterator[tuple[Change, ...]], count: int) -> list[tuple[Change, ...]]:
    """The next so many transactions of a watch."""
    async with asyncio.timeout(PATIENCE):
        return [await anext(changes) for _ in range(count)]


async def test_what_was_put_is_read_in_the_order_of_the_keys(store: Store) -> None:
    revision = await store.transact([Put("b/2", b"2"), Put("a", b"0"), Put("b/1", b"\x00\xff")])
    found = await store.range("b/")
    assert found.revision == revision
    assert found.entries == (
        Entry("b/1", b"\x00\xff", revision),
        Entry("b/2", b"2", revision),
    )
    assert [each.key for each in (await store.range("", limit=2)).entries] == ["a", "b/1"]


async def test_a_prefix_is_meant_as_it_is_written(store: Store) -> None:
    keys = ["a", "a%", "a_", "a%b", "ab", "a\u00e9", "a\U0001f600", "B"]
    await store.transact([Put(key, b"") for key in keys])
    assert [each.key for each in (await store.range("a%")).entries] == ["a%", "a%b"]
    assert [each.key for each in (await store.range("a")).entries] == sorted(
        [key for key in keys if key.startswith("a")], key=str.encode
    )


async def test_revisions_count_transactions_over_all_keys(store: Store) -> None:
    one = await store.transact([Put("a", b"1")])
    two = await store.transact([Put("b", b"1"), Put("c", b"1")])
    three = await store.transact([Delete("a")])
    assert (two, three) == (one + 1, one + 2)
    assert {each.revision for each in (await store.range("")).entries} == {two}


async def test_a_change_is_made_only_if_all_is_as_it_was_compared(store: Store) -> None:
    one = await store.transact([Put("a", b"1")], compares=[Compare("a", NEVER)])
    with pytest.raises(ChangedMeanwhile, match="a is at revision 1, not 0") as refused:
        await store.transact([Put("a", b"2"), Put("b", b"2")], compares=[Compare("a", NEVER)])
    assert refused.value.details == {"key": "a", "revision": one}
    assert [each.key for each in (await store.range("")).entries] == ["a"]
    await store.transact([Delete("a")], compares=[Compare("a", one), Compare("b", NEVER)])
    assert (await store.range("")).entries == ()


async def test_of_20_who_change_what_they_read_each_waits_for_its_turn(store: Store) -> None:
    """Read, add one, write if nobody was quicker: 20 at once come to 20, and lose none."""
    await store.transact([Put("n", b"0")])
    lost = 0

    async def add_one() -> None:
        nonlocal lost
        while True:
            [entry] = (await store.range("n")).entries
            more = str(int(entry.value) + 1).encode()
            try:
                await store.transact([Put("n", more)], compares=[Compare("n", entry.revision)])
            except ChangedMeanwhile:
                lost += 1
            else:
                return

    await asyncio.gather(*(add_one() for _ in range(20)))
    assert (await store.range("n")).entries[0].value == b"20"
    assert lost, "nobody was ever too late: nothing was raced"


async def test_without_comparing_changes_are_lost(store: Store) -> None:
    """The control of the test above."""
    await store.transact([Put("n", b"0")])

    async def add_one() -> None:
        [entry] = (await store.range("n")).entries
        await store.transact([Put("n", str(int(entry.value) + 1).encode())])

    await asyncio.gather(*(add_one() for _ in range(20)))
    assert int((await store.range("n")).entries[0].value) < 20


@pytest.mark.parametrize(
    "operations",
    [
        [],
        [Put("", b"")],
        [Put("a\n", b"")],
        [Put("é" * 257, b"")],
        [Put("a", b"x" * 1_000_001)],
        [Put("a", b""), Delete("a")],
        [Put(str(number), b"") for number in range(2_049)],
    ],
    ids=["nothing", "empty", "control", "long", "large", "twice", "many"],
)
async def test_what_is_out_of_bounds_is_refused(
    store: Store, operations: list[Put | Delete]
) -> None:
    with pytest.raises(Malformed):
        await store.transact(operations)
    assert (await store.range("")).revision == 0


async def test_a_watch_tells_what_was_and_what_comes_each_once_and_in_order(store: Store) -> None:
    one = await store.transact([Put("a/1", b"1"), Put("b", b"x"), Put("a/2", b"2")])
    seen = store.watch("a/", after=0)
    assert await first(seen, 1) == [(Change(one, "a/1", b"1"), Change(one, "a/2", b"2"))]
    waiting = asyncio.create_task(first(seen, 2))
    await store.transact([Put("b", b"y")])
    three = await store.transact([Delete("a/1")])
    four = await store.transact([Put("a/1", b"3")])
    assert await waiting == [(Change(three, "a/1", None),), (Change(four, "a/1", b"3"),)]
    later = store.watch("a/", after=three)
    assert await first(later, 1) == [(Change(four, "a/1", b"3"),)]


async def test_reading_and_then_watching_misses_nothing(store: Store) -> None:
    """200 changes while somebody reads and watches: what they built is what there is."""

    async def write() -> None:
        for number in range(200):
            key = f"k{number % 7}"
            await store.transact([Delete(key) if number % 5 == 4 else Put(key, b"%d" % number)])
        await store.transact([Put("k-end", b"")])

    async def follow() -> dict[str, bytes]:
        read = await store.range("k")
        known = {each.key: each.value for each in read.entries}
        revision = read.revision
        async for changes in store.watch("k", after=revision):
            assert changes[0].revision > revision
            revision = changes[0].revision
            for each in changes:
                known.pop(each.key, None)
                if each.value is not None:
                    known[each.key] = each.value
            if "k-end" in known:
                break
        return known

    async with asyncio.timeout(PATIENCE):
        *followed, _ = await asyncio.gather(follow(), follow(), write())
    there = {each.key: each.value for each in (await store.range("k")).entries}
    assert followed == [there, there]


async def test_a_transaction_of_many_changes_is_told_whole(store: Store) -> None:
    for number in range(12):
        await store.transact([Put(f"{number:02}/{key:03}", b"") for key in range(128)])
    told = await first(store.watch("", after=0), 12)
    assert [len(each) for each in told] == [128] * 12


async def test_changes_that_are_no_longer_kept_are_not_passed_over(store: Store) -> None:
    for number in range(5):
        await store.transact([Put("a", b"%d" % number)])
    await store.compact(keep_after=3)
    with pytest.raises(Compacted):
        await first(store.watch("", after=2), 1)
    assert len(await first(store.watch("", after=3), 2)) == 2
    assert (await store.range("a")).entries[0].value == b"4"


async def test_keys_of_a_lease_go_with_it_and_that_is_told(store: Store, clock: HandClock) -> None:
    lease = await store.grant(seconds=10)
    revision = await store.transact([Put("n/a", b"", lease), Put("n/b", b"", lease)])
    await store.transact([Put("n/c", b"")])
    clock.now += timedelta(seconds=9)
    await store.keep_alive(lease)
    clock.now += timedelta(seconds=9)
    await store.sweep()
    assert len((await store.range("n/")).entries) == 3
    clock.now += timedelta(seconds=1)
    await store.sweep()
    assert [each.key for each in (await store.range("n/")).entries] == ["n/c"]
    [_, gone] = await first(store.watch("n/", after=revision), 2)
    assert [(each.key, each.value) for each in gone] == [("n/a", None), ("n/b", None)]


async def test_a_lease_that_is_over_can_do_nothing_more(store: Store, clock: HandClock) -> None:
    lease = await store.grant(seconds=1)
    clock.now += timedelta(seconds=1)
    for late in (
        store.keep_alive(lease),
        store.revoke(lease),
        store.transact([Put("a", b"", lease)]),
        store.transact([Put("a", b"", 999)]),
    ):
        with pytest.raises(LeaseGone):
            await late
    assert (await store.range("")).revision == 0
    with pytest.raises(Malformed):
        await store.grant(seconds=0)


async def test_a_lease_that_is_given_back_takes_its_keys_along(store: Store) -> None:
    lease, other = await store.grant(seconds=9), await store.grant(seconds=9)
    await store.transact([Put("a", b"", lease), Put("b", b"", other)])
    await store.transact([Put("a", b"", other)])
    await store.transact([Put("c", b"", lease)])
    await store.revoke(lease)
    assert [each.key for each in (await store.range("")).entries] == ["a", "b"]


OPERATIONS = st.lists(
    st.tuples(st.sampled_from(["a", "a/b", "b"]), st.none() | st.binary(max_size=3)),
    min_size=1,
    max_size=3,
    unique_by=lambda pair: pair[0],
)


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(st.tuples(OPERATIONS, st.booleans()), max_size=8))
async def test_any_row_of_transactions_is_what_a_dictionary_makes_of_it(
    tmp_path_factory: pytest.TempPathFactory,
    clock: HandClock,
    rows: list[tuple[list[tuple[str, bytes | None]], bool]],
) -> None:
    store = await open_sqlite(tmp_path_factory.mktemp("store"), clock)
    model: dict[str, tuple[bytes, int]] = {}
    revision = 0
    for pairs, is_stale in rows:
        key = pairs[0][0]
        known = model.get(key, (b"", NEVER))[1]
        operations = [Put(k, v) if v is not None else Delete(k) for k, v in pairs]
        compares = [Compare(key, known + is_stale)]
        if is_stale:
            with pytest.raises(ChangedMeanwhile):
                await store.transact(operations, compares=compares)
            continue
        revision += 1
        assert await store.transact(operations, compares=compares) == revision
        for k, v in pairs:
            model.pop(k, None)
            if v is not None:
                model[k] = (v, revision)
    found = await store.range("")
    assert found.revision == revision
    assert {each.key: (each.value, each.revision) for each in found.entries} == model
    await store.close()
