"""What lists of orders hold, in which order, however they are found."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from basis.ids import new_id
from basis.kit.data.paging import Cursor, Keyset, Page
from basis.kit.testing import HandClock
from kitchenasty import locations, orders
from kitchenasty.kit.books import Books
from kitchenasty.menu.tests.builders import add_dish
from kitchenasty.orders import lists
from kitchenasty.orders.tests.builders import record

NAMES = ("Anna", "Bela", "Anton", "Cleo", "Annika", "Dora")


@pytest.fixture
async def placed(
    books: Books, clock: HandClock, house: locations.House, other_house: locations.House
) -> list[str]:
    """Orders of two houses in turn, one a minute; their ids, newest first."""
    ids = []
    for n, name in enumerate(NAMES):
        clock.advance(minutes=1)
        async with books.writing() as uow:
            contact = orders.Contact(name=name, email=None, phone=f"030 55501{n:02d}")
            of = other_house if n % 2 else house
            ids.append((await record(uow, of, await add_dish(uow), contact=contact)).id)
    return ids[::-1]


@pytest.fixture
def fresh_statements() -> Iterator[None]:
    """Statements hold the bounds they were written with; these tests write them with others."""
    kept = (lists.listing, lists.counting, lists.counting_ways)
    for statements in kept:
        statements.cache_clear()
    yield
    for statements in kept:
        statements.cache_clear()


async def ids_of(books: Books, wanted: orders.OrderFilter, place: Keyset | Page) -> list[str]:
    async with books.reading() as look:
        return [order.id for order in await orders.list_orders(look, wanted, place)]


async def test_several_houses_are_one_list_without_holes(
    books: Books, house: locations.House, other_house: locations.House, placed: list[str]
) -> None:
    both = orders.OrderFilter(house_ids=frozenset({house.id, other_house.id}))
    assert await ids_of(books, both, Keyset(limit=50)) == placed
    pages = [await ids_of(books, both, Page(number, 2)) for number in (1, 2, 3, 4)]
    assert pages == [placed[:2], placed[2:4], placed[4:], []]
    one = orders.OrderFilter(house_ids=frozenset({house.id}))
    assert await ids_of(books, one, Keyset(limit=50)) == placed[1::2]
    assert await ids_of(books, orders.OrderFilter(), Keyset(limit=50)) == placed
    nobody = orders.OrderFilter(house_ids=frozenset())
    assert await ids_of(books, nobody, Keyset(limit=50)) == []


async def test_orders_of_one_instant_are_told_apart_by_their_id(
    books: Books, house: locations.House, placed: list[str]
) -> None:
    async with books.writing() as uow:
        dish = await add_dish(uow)
        twins = sorted([(await record(uow, house, dish)).id for _ in range(3)], reverse=True)
    async with books.reading() as look:
        [first] = await orders.list_orders(look, orders.OrderFilter(), Keyset(limit=1))
    assert first.id == twins[0]
    after = Keyset(Cursor(first.placed_at, first.id), limit=3)
    assert await ids_of(books, orders.OrderFilter(), after) == [*twins[1:], placed[0]]


async def test_statuses_and_days_narrow_a_list(
    books: Books, house: locations.House, clock: HandClock, placed: list[str]
) -> None:
    moved = (orders.OrderStatus.CONFIRMED, orders.OrderStatus.CANCELLED)
    async with books.writing() as uow:
        await orders.move_order(uow, placed[1], moved[0])
        await orders.move_order(uow, placed[3], moved[1])
    wanted = orders.OrderFilter(house_ids=frozenset({house.id}), statuses=moved)
    assert await ids_of(books, wanted, Keyset()) == [placed[1], placed[3]]
    early = orders.OrderFilter(
        placed_from=clock() - timedelta(minutes=4), placed_before=clock() - timedelta(minutes=2)
    )
    assert await ids_of(books, early, Keyset()) == placed[3:5]
    nobody = orders.OrderFilter(customer_id=new_id(), statuses=moved)
    assert await ids_of(books, nobody, Keyset()) == []


@pytest.mark.usefixtures("fresh_statements")
@pytest.mark.parametrize("matches_max", [2_000, 1], ids=["narrow", "broad"])
async def test_a_search_finds_the_same_newest_however_many_fit(
    books: Books,
    house: locations.House,
    placed: list[str],
    matches_max: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with books.reading() as look:
        wanted = orders.OrderFilter(house_ids=frozenset({house.id}), search="an")
        assert await orders.count_orders(look, wanted) == 3
        monkeypatch.setattr(lists, "MATCHES_MAX", matches_max)
        values = lists.values_of(wanted)
        assert await lists.is_broad(look, wanted, values) is (matches_max == 1)
    assert await ids_of(books, wanted, Keyset(limit=2)) == [placed[1], placed[3]]
    assert await ids_of(books, wanted, Page(2, 2)) == [placed[5]]
    phone = orders.OrderFilter(house_ids=frozenset({house.id}), search="030 5550102")
    assert await ids_of(books, phone, Keyset()) == [placed[3]]


@pytest.mark.usefixtures("fresh_statements")
async def test_houses_known_to_have_many_orders_are_not_counted_again(
    books: Books,
    house: locations.House,
    other_house: locations.House,
    placed: list[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(lists, "COUNTED_MAX", 3)
    both = frozenset({house.id, other_house.id})
    async with books.reading() as look:
        assert await orders.count_orders(look, orders.OrderFilter(house_ids=both)) == 3
        assert both in lists._many
        narrow = orders.OrderFilter(house_ids=both, search="cleo")
        assert await orders.count_orders(look, narrow) == 1
        assert await orders.count_orders(look, orders.OrderFilter(house_ids=both)) == 3
    assert len(placed) > lists.COUNTED_MAX
