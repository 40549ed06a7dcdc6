"""Who sits down, when and where; a table has one party, whatever the clock says of it. 6 s."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest

from basis.kit.testing import HandClock
from kitchenasty import availability, floor, locations, reservations
from kitchenasty.availability import FullyBooked, WishRefused
from kitchenasty.availability.tests.builders import (
    EVENING,
    FRIDAY,
    WAITER,
    add_tables,
    count_overlaps,
    wish,
)
from kitchenasty.kit.books import Books
from kitchenasty.locations.tests.builders import add_house
from kitchenasty.reservations import Reservation, Status, TableInTheWay
from kitchenasty.reservations.tests.builders import book

FIVE = datetime.fromisoformat("2030-05-17T15:00:00+00:00")
"""In the afternoon, in Berlin."""
A_MINUTE = timedelta(minutes=1)


@pytest.fixture
async def house(books: Books, clock: HandClock) -> locations.House:
    """Two tables for two, the day before a Friday."""
    clock.now = FIVE - timedelta(days=1)
    async with books.writing() as uow:
        made = await add_house(uow, hours=EVENING)
        await add_tables(uow, made, (2, 2))
    return made


async def reserve(books: Books, house: locations.House, shown: str, table: int = 0) -> Reservation:
    wanted = wish(house, shown, table_ids=((await tables_of(books, house))[table],))
    return (await book(books, wanted, actor=WAITER)).reservation


async def tables_of(books: Books, house: locations.House) -> list[str]:
    async with books.reading(WAITER) as look:
        return [table.id for table in await locations.list_tables(look, house.id)]


async def seat(books: Books, one: Reservation, *table_ids: str) -> Reservation:
    async with books.writing(WAITER) as uow:
        seen = await reservations.load_reservation(uow, one.id)
        return await floor.seat(uow, seen, table_ids=table_ids)


async def unseat(books: Books, one: Reservation) -> Reservation:
    async with books.writing(WAITER) as uow:
        return await floor.unseat(uow, await reservations.load_reservation(uow, one.id))


async def put(books: Books, one: Reservation, table_ids: Sequence[str]) -> Reservation:
    async with books.writing(WAITER) as uow:
        return await floor.put(uow, await reservations.load_reservation(uow, one.id), table_ids)


async def leave(books: Books, one: Reservation) -> Reservation:
    async with books.writing(WAITER) as uow:
        return await reservations.complete(uow, await reservations.load_reservation(uow, one.id))


async def walk_in(books: Books, house: locations.House, *table_ids: str) -> Reservation:
    async with books.writing(WAITER) as uow:
        return await floor.walk_in(uow, house.id, 2, table_ids=table_ids)


async def stays_of(books: Books, one: Reservation) -> list[tuple[datetime, datetime]]:
    async with books.reading(WAITER) as look:
        night = FIVE - timedelta(days=1), FIVE + timedelta(days=2)
        found = await availability.list_stays(look, one.house_id, night)
        return [(stay.starts_at, stay.ends_at) for stay in found if stay.reservation_id == one.id]


async def test_who_leaves_in_the_instant_in_which_they_sat_down_leaves_a_free_table(
    books: Books, clock: HandClock, house: locations.House
) -> None:
    clock.now = FIVE
    [table, _] = await tables_of(books, house)
    gone = await leave(books, await walk_in(books, house, table))
    assert gone.status is Status.COMPLETED
    assert (await walk_in(books, house, table)).table_ids == (table,)


async def test_tomorrows_party_is_not_seated_today(
    books: Books, clock: HandClock, house: locations.House
) -> None:
    """It would keep the table from everybody until tomorrow night."""
    party = await reserve(books, house, "20:00")
    with pytest.raises(WishRefused, match="expected on 2030-05-17 at 20:00"):
        await seat(books, party)
    clock.now = FIVE - A_MINUTE
    with pytest.raises(WishRefused):
        await seat(books, party)
    clock.now = FIVE
    early = await seat(books, party)
    assert await stays_of(books, early) == [(FIVE, party.ends_at)]
    late = await reserve(books, house, "22:30")
    clock.now = late.starts_at + timedelta(hours=12, minutes=1)
    with pytest.raises(WishRefused, match="long over"):
        await seat(books, late)


async def test_who_comes_early_is_told_who_has_the_table(
    books: Books, clock: HandClock, house: locations.House
) -> None:
    await reserve(books, house, "18:30")
    party = await reserve(books, house, "20:00")
    clock.now = FIVE + timedelta(hours=1)
    with pytest.raises(TableInTheWay, match=r"Anna Berg has this table from 18:30 to 20:00\."):
        await seat(books, party)
    other = (await tables_of(books, house))[1]
    assert (await seat(books, party, other)).table_ids == (other,)


async def test_a_tap_on_the_wrong_line_leaves_the_booking_as_it_was(
    books: Books, clock: HandClock, house: locations.House
) -> None:
    party = await reserve(books, house, "20:00")
    clock.now = FIVE + timedelta(hours=1)
    await seat(books, party)
    back = await unseat(books, party)
    assert (back.status, back.period) == (Status.CONFIRMED, party.period)
    assert await stays_of(books, party) == [party.period]
    assert (await reserve(books, house, "18:30")).table_ids == party.table_ids
    clock.now = party.starts_at + A_MINUTE
    await seat(books, party)
    assert (await unseat(books, party)).period == party.period


async def test_whoever_comes_when_their_time_is_over_gets_a_table_from_now_on(
    books: Books, clock: HandClock, house: locations.House
) -> None:
    party = await reserve(books, house, "18:00")
    clock.now = party.ends_at + A_MINUTE
    seated = await seat(books, party)
    assert (seated.starts_at, seated.table_ids) == (clock.now, party.table_ids)
    assert await stays_of(books, party) == [seated.period]
    with pytest.raises(TableInTheWay, match="Anna Berg has this table"):
        await walk_in(books, house, *party.table_ids)


async def test_a_party_that_stays_too_long_still_has_its_table(
    books: Books, clock: HandClock, house: locations.House
) -> None:
    """Its time is over, so by the clock the table is free."""
    first = await reserve(books, house, "18:00")
    following = await reserve(books, house, "19:30")
    clock.now = first.starts_at
    await seat(books, first)
    clock.now = following.starts_at + A_MINUTE
    still = "Anna Berg still sits at this table, longer than planned"
    with pytest.raises(TableInTheWay, match=still):
        await seat(books, following)
    other = (await tables_of(books, house))[1]
    assert (await walk_in(books, house)).table_ids == (other,), "the one that is really free"
    with pytest.raises(FullyBooked):
        await walk_in(books, house)
    await leave(books, first)
    assert (await seat(books, following)).table_ids == first.table_ids


async def test_whose_leaving_nobody_noted_does_not_sit_there_all_day(
    books: Books, clock: HandClock, house: locations.House
) -> None:
    first = await reserve(books, house, "18:00")
    clock.now = first.starts_at
    await seat(books, first)
    clock.now = first.ends_at + timedelta(hours=3, minutes=59)
    with pytest.raises(TableInTheWay):
        await walk_in(books, house, *first.table_ids)
    clock.advance(minutes=1)
    assert (await walk_in(books, house, *first.table_ids)).table_ids == first.table_ids


async def test_a_party_that_stays_too_long_is_not_put_on_others_chairs(
    books: Books, clock: HandClock, house: locations.House
) -> None:
    first = await reserve(books, house, "18:00")
    clock.now = first.starts_at
    await seat(books, first)
    clock.now = first.ends_at + A_MINUTE
    other = await walk_in(books, house, (await tables_of(books, house))[1])
    with pytest.raises(TableInTheWay, match="Somebody has this table"):
        await put(books, first, other.table_ids)


@pytest.mark.parametrize("is_taken_meanwhile", [False, True])
async def test_who_had_not_left_sits_on_unless_somebody_sat_there_meanwhile(
    books: Books, clock: HandClock, house: locations.House, *, is_taken_meanwhile: bool
) -> None:
    party = await reserve(books, house, "18:00")
    clock.now = party.starts_at
    await seat(books, party)
    clock.advance(minutes=30)
    await leave(books, party)
    if is_taken_meanwhile:
        other = await walk_in(books, house, *party.table_ids)
        clock.advance(minutes=10)
        await leave(books, other)
    clock.advance(minutes=1)
    again = await seat(books, party)
    begun = clock.now if is_taken_meanwhile else party.starts_at
    assert (again.starts_at, again.table_ids) == (begun, party.table_ids)
    async with books.writing(WAITER) as uow:
        longer = await floor.stay_until(uow, again, again.ends_at + timedelta(minutes=15))
    assert await stays_of(books, party) == [longer.period]
    async with books.reading() as look:
        assert await count_overlaps(look) == 0
        assert len(await reservations.list_day(look, house.id, FRIDAY)) == 1 + is_taken_meanwhile


async def test_nobody_blocks_a_time_that_is_over(
    books: Books, clock: HandClock, house: locations.House
) -> None:
    tables = await tables_of(books, house)
    for since, until in ((-3, -1), (1, 1), (2, 1), (0, 366 * 24 + 1)):
        period = clock.now + timedelta(hours=since), clock.now + timedelta(hours=until)
        with pytest.raises(WishRefused):
            async with books.writing(WAITER) as uow:
                await floor.block(uow, house.id, tables, period, "Chairs are mended")
