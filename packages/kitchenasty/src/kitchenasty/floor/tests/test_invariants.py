"""Whatever people do one after the other, tables and arrivals stay right."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from basis.errors import DomainError
from basis.kit.testing import HandClock
from kitchenasty import availability, floor, locations, reservations
from kitchenasty.availability import (
    SITS_ON_MAX,
    Wish,
    list_arrivals,
    list_sitting_on,
    list_stays,
    load_floor,
)
from kitchenasty.availability.tests.builders import FRIDAY, WAITER, open_restaurant, wish
from kitchenasty.kit.books import Books
from kitchenasty.reservations import Reservation, Status, list_day, load_reservation
from kitchenasty.reservations.tests.builders import book

BEGIN = datetime.fromisoformat("2030-05-17T15:00:00+00:00")
WHOLE_NIGHT = (BEGIN - timedelta(days=1), BEGIN + timedelta(days=2))
ACTS = (
    "book",
    "change",
    "put",
    "shift",
    "cancel",
    "walk_in",
    "seat",
    "unseat",
    "complete",
    "no_show",
    "stay",
    "wait",
)
FREEING = ("cancel", "no_show")
Step = tuple[str, int, int, int]


@dataclass
class Night:
    """A house on a Friday, and what people do there. Refusals are part of it."""

    books: Books
    clock: HandClock
    house: locations.House
    table_ids: list[str]
    known: list[str] = field(default_factory=list)
    done: Counter[str] = field(default_factory=Counter)
    given_up: list[Reservation] = field(default_factory=list)

    async def act(self, step: Step) -> None:
        name, who, when, party = step
        if name == "wait":
            self.clock.advance(minutes=when * 5)
            return
        acts: dict[str, Callable[[], Coroutine[Any, Any, Any]]] = {
            "book": lambda: self.book(when, party),
            "walk_in": lambda: self.walk_in(when, party),
        }
        try:
            await (acts[name]() if name in acts else self.treat(name, who, when, party))
            self.done[name] += 1
        except DomainError:
            self.done["refused"] += 1
            return
        if self.given_up:
            await self.book_what_is_free(self.given_up.pop())

    async def book(self, when: int, party: int) -> None:
        made = await book(self.books, self.wish(when, party), actor=WAITER)
        self.known.append(made.reservation.id)

    async def walk_in(self, when: int, party: int) -> None:
        chosen = [self.table_ids[when % len(self.table_ids)]] if when % 2 else []
        async with self.books.writing(WAITER) as uow:
            seated = await floor.walk_in(uow, self.house.id, party, table_ids=chosen)
        self.known.append(seated.id)

    async def treat(self, name: str, who: int, when: int, party: int) -> None:
        if not self.known:
            return
        reservation_id = self.known[who % len(self.known)]
        async with self.books.writing(WAITER) as uow:
            one = await load_reservation(uow, reservation_id)
            tables = [self.table_ids[(when + step) % len(self.table_ids)] for step in range(2)]
            if name == "change":
                found = await availability.plan(uow, self.wish(when, party), ignored=one.id)
                await reservations.change(uow, one, found)
            elif name == "put":
                await floor.put(uow, one, tables[: 1 + party % 2])
            elif name == "shift":
                by = timedelta(minutes=(when - 25) * 5)
                await floor.shift(uow, one, tables[: 1 + party % 2], by)
            elif name == "stay":
                await floor.stay_until(uow, one, one.starts_at + timedelta(minutes=30 + when * 5))
            else:
                simple = {
                    "cancel": reservations.cancel,
                    "seat": floor.seat,
                    "unseat": floor.unseat,
                    "complete": reservations.complete,
                    "no_show": reservations.note_absence,
                }
                await simple[name](uow, one)
        if name in FREEING:
            self.given_up.append(one)

    async def book_what_is_free(self, gone: Reservation) -> None:
        """Nobody sits there longer, and the time is not over: then the tables are somebody's again
        at once, for just as long.
        """
        async with self.books.reading(WAITER) as look:
            seats = (await load_floor(look, self.house.id)).seats
            sitting = [one.table_id for one in await list_sitting_on(look, self.house.id)]
        seat = next((one for one in seats if one.table_ids == gone.table_ids), None)
        begin, end = gone.period
        if seat is None or begin <= self.clock.now or set(sitting) & set(gone.table_ids):
            return
        again = wish(
            self.house,
            f"{begin.astimezone(ZoneInfo(self.house.zone)):%H:%M}",
            seat.least,
            table_ids=seat.table_ids,
            minutes=(end - begin) // timedelta(minutes=1),
        )
        made = (await book(self.books, again, actor=WAITER)).reservation
        assert (made.table_ids, made.period) == (gone.table_ids, gone.period)
        self.known.append(made.id)
        self.done["booked again"] += 1

    def wish(self, when: int, party: int) -> Wish:
        minutes = 17 * 60 + when * 10
        return wish(self.house, f"{minutes // 60 % 24:02d}:{minutes % 60:02d}", party)


async def check(night: Night) -> list[Reservation]:
    """Every held reservation has its tables for exactly its time, nobody else has one of them or
    sits there, and the arrivals are those of whoever has not been given up.
    """
    async with night.books.reading(WAITER) as look:
        parties = await list_day(look, night.house.id, FRIDAY)
        stays = await list_stays(look, night.house.id, WHOLE_NIGHT)
        arrivals = await list_arrivals(look, night.house.id, WHOLE_NIGHT)
    for one in parties:
        own = [stay for stay in stays if stay.reservation_id == one.id]
        assert sorted(stay.table_id for stay in own) == sorted(one.table_ids)
        if one.is_held:
            assert own
            assert {(stay.starts_at, stay.ends_at) for stay in own} == {one.period}
    for number, stay in enumerate(stays):
        for other in stays[:number]:
            apart = stay.starts_at >= other.ends_at or other.starts_at >= stay.ends_at
            assert apart or stay.table_id != other.table_id
    if night.clock.now < BEGIN + SITS_ON_MAX:
        seated = Counter(
            table_id for one in parties if one.status is Status.SEATED for table_id in one.table_ids
        )
        assert all(count == 1 for count in seated.values())
    come: Counter[datetime] = Counter()
    for one in parties:
        if one.status.value not in ("CANCELLED", "NO_SHOW"):
            come[one.quarter] += one.party
    assert arrivals == dict(come)
    return parties


STEPS = st.lists(
    st.tuples(
        st.sampled_from((*ACTS, "book", "book")),
        st.integers(0, 30),
        st.integers(0, 50),
        st.integers(1, 9),
    ),
    min_size=5,
    max_size=40,
)


@given(STEPS)
@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
async def test_any_sequence_of_acts_keeps_tables_and_arrivals_right(
    books: Books, clock: HandClock, steps: list[Step]
) -> None:
    clock.now = BEGIN
    house = await open_restaurant(books)
    async with books.reading() as look:
        table_ids = (await load_floor(look, house.id)).table_ids
    night = Night(books, clock, house, table_ids)
    for step in steps:
        await night.act(step)
        await check(night)


async def test_what_a_sequence_gives_up_is_booked_again_in_the_same_minute(
    books: Books, clock: HandClock
) -> None:
    """That the sequences try it: a refusal of theirs would be passed over."""
    clock.now = BEGIN
    house = await open_restaurant(books)
    async with books.reading() as look:
        table_ids = (await load_floor(look, house.id)).table_ids
    night = Night(books, clock, house, table_ids)
    for step in (("book", 0, 12, 2), ("book", 0, 12, 7), ("cancel", 0, 0, 1), ("cancel", 1, 0, 1)):
        await night.act(step)
    assert night.done == {"book": 2, "cancel": 2, "booked again": 2}
    await check(night)


async def call_off(books: Books, _: HandClock, one: Reservation) -> None:
    async with books.writing(WAITER) as uow:
        await reservations.cancel(uow, one)


async def stay_away(books: Books, clock: HandClock, one: Reservation) -> None:
    clock.now = one.starts_at + timedelta(minutes=5)
    async with books.writing(WAITER) as uow:
        await reservations.note_absence(uow, one)


async def leave_early(books: Books, clock: HandClock, one: Reservation) -> None:
    clock.now = one.starts_at + timedelta(minutes=5)
    async with books.writing(WAITER) as uow:
        seated = await floor.seat(uow, one)
    clock.advance(minutes=5)
    async with books.writing(WAITER) as uow:
        await reservations.complete(uow, seated)


async def move_over(books: Books, _: HandClock, one: Reservation) -> None:
    """To the two tables for six, at which eight would not be put by themselves."""
    async with books.writing(WAITER) as uow:
        seats = (await load_floor(uow, one.house_id)).seats
        sixes = [seat.table_ids[0] for seat in seats if seat.most == 6]
        await floor.put(uow, one, sixes)


async def come_earlier(books: Books, _: HandClock, one: Reservation) -> None:
    async with books.writing(WAITER) as uow:
        early = Wish(house_id=one.house_id, day=FRIDAY, shown="17:00", party=one.party)
        found = await availability.plan(uow, early, ignored=one.id)
        await reservations.change(uow, one, found)


@pytest.mark.parametrize("free", [call_off, stay_away, leave_early, move_over, come_earlier])
async def test_a_table_that_is_freed_can_be_booked_at_once(
    books: Books, clock: HandClock, free: Callable[..., Coroutine[Any, Any, None]]
) -> None:
    clock.now = BEGIN - timedelta(days=1)
    house = await open_restaurant(books)
    made = [(await book(books, wish(house, "20:00", 8))).reservation for _ in range(3)]
    later = wish(house, "20:30", 8)
    async with books.reading(WAITER) as look:
        shown = {slot.shown: is_free for slot, is_free in await availability.list_free(look, later)}
    assert not shown["20:30"]
    await free(books, clock, made[1])
    again = await book(books, later, actor=WAITER)
    assert again.reservation.table_ids == made[1].table_ids
