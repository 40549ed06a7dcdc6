"""Whatever happens one after the other on a full evening, the line is served in its order, each is
asked for one table, and no table is somebody's and somebody else's. 30 s.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from basis.errors import DomainError
from basis.kit.background.worker import Worker
from basis.kit.testing import HandClock
from kitchenasty import availability, floor, locations, reservations, waitlist
from kitchenasty.availability import SITS_ON_MAX, NamedStay
from kitchenasty.availability.tests.builders import EVENING, FRIDAY, WAITER, add_tables, wish
from kitchenasty.kit.books import Books
from kitchenasty.kit.principals import ANONYMOUS
from kitchenasty.locations.tests.builders import add_house
from kitchenasty.reservations import Guest, Reservation, Status
from kitchenasty.reservations.tests.builders import book
from kitchenasty.waitlist import Asked, Waiting, WaitState
from kitchenasty.waitlist.jobs import LAPSES
from kitchenasty.waitlist.states import HOLDING, OPEN
from kitchenasty.waitlist.tests.builders import TIMES, go_on

SIX = datetime.fromisoformat("2030-05-17T16:00:00+00:00")
"""In Berlin; the house opened an hour ago."""
WHOLE_NIGHT = SIX - timedelta(days=1), SIX + timedelta(days=1)
SEATS = (2, 2, 4)
WINDOWS = (("", ""), ("19:00", "21:00"), ("20:00", "23:30"), ("23:00", "00:30"))
ACTS = (
    "join",
    "join",
    "call off",
    "call off",
    "take",
    "leave",
    "ready",
    "unready",
    "sit down",
    "walk in",
    "go home",
    "time passes",
)
Step = tuple[str, int, int]


@dataclass
class Line:
    """A house with three tables on a Friday, all given away, and those who wait."""

    books: Books
    clock: HandClock
    house: locations.House
    joined: list[str] = field(default_factory=list)
    """Everybody who ever waited, in the order of joining."""
    ended: dict[str, WaitState] = field(default_factory=dict)
    done: Counter[str] = field(default_factory=Counter)

    async def act(self, step: Step) -> None:
        """Refusals are part of it. What happens by itself comes now, or after the next acts."""
        name, who, how = step
        self.clock.advance(seconds=1)
        if name == "time passes":
            self.clock.advance(minutes=how)
        else:
            try:
                await self.try_to(name, who, how)
                self.done[name] += 1
            except DomainError:
                self.done["refused"] += 1
        before = await self.line()
        if how % 2:
            await go_on(self.books)
        else:
            await lapse(self.books)
        check_order(before, await self.line())

    async def try_to(self, name: str, who: int, how: int) -> None:
        if name == "join":
            since, until = WINDOWS[how % len(WINDOWS)]
            asked = Asked(
                house_id=self.house.id, day=FRIDAY, party=1 + who % 4, since=since, until=until
            )
            async with self.books.writing(ANONYMOUS) as uow:
                made, _ = await waitlist.join(uow, asked, Guest(name="Ada", phone="030 1"))
            self.joined.append(made)
        elif name == "walk in":
            async with self.books.writing(WAITER) as uow:
                await floor.walk_in(uow, self.house.id, 1 + who % 4)
        elif name in ("call off", "go home"):
            await self.free(name, who)
        elif self.joined:
            await self.answer(name, await self.chosen(name, who))

    async def chosen(self, name: str, who: int) -> str:
        """One of those of whom it may be said, if there are any; else anybody."""
        state = {"take": WaitState.OFFERED, "ready": WaitState.WAITING, "unready": WaitState.READY}
        fitting = [one.id for one in await self.line() if one.state is state.get(name, one.state)]
        among = fitting or self.joined
        return among[who % len(among)]

    async def answer(self, name: str, waiting_id: str) -> None:
        acts: dict[str, Callable[[Any, Waiting], Awaitable[object]]] = {
            "take": waitlist.accept,
            "leave": waitlist.leave,
            "ready": waitlist.tell_ready,
            "unready": waitlist.take_back,
            "sit down": waitlist.seat_now,
        }
        async with self.books.writing(WAITER) as uow:
            await acts[name](uow, await waitlist.load_waiting(uow, self.house.id, waiting_id))

    async def free(self, name: str, who: int) -> None:
        """A table: whoever was to come does not, or whoever sits goes."""
        is_expected = name == "call off"
        async with self.books.writing(WAITER) as uow:
            parties = [
                one
                for one in await reservations.list_day(uow, self.house.id, FRIDAY)
                if one.status is (Status.CONFIRMED if is_expected else Status.SEATED)
            ]
            if parties:
                act = reservations.cancel if is_expected else reservations.complete
                await act(uow, parties[who % len(parties)])

    async def line(self) -> list[Waiting]:
        """Everybody who ever waited, as it stands with them, in the order of joining."""
        async with self.books.reading() as look:
            return [
                await waitlist.load_waiting(look, self.house.id, waiting_id)
                for waiting_id in self.joined
            ]


async def lapse(books: Books) -> None:
    worker = Worker(books, LAPSES)
    while await worker.run_due():
        pass


def check_order(before: list[Waiting], after: list[Waiting]) -> None:
    """Nobody is asked while somebody who came before would take the same at that time."""
    waited = {one.id for one in before if one.state is WaitState.WAITING}
    for number, one in enumerate(after):
        if one.id not in waited or not one.is_offered:
            continue
        assert one.offer_starts_at is not None
        passed = [
            other
            for other in after[:number]
            if other.state is WaitState.WAITING
            and other.party == one.party
            and other.since_at <= one.offer_starts_at <= other.until_at
        ]
        assert passed == [], "somebody was passed over"


async def check(line: Line) -> None:
    async with line.books.reading(WAITER) as look:
        stays = await availability.list_named_stays(look, line.house.id, WHOLE_NIGHT)
        parties = await reservations.list_day(look, line.house.id, FRIDAY)
        listed = await waitlist.list_waiting(look, line.house.id, FRIDAY)
        tables = {one.id: one for one in await locations.list_tables(look, line.house.id)}
    known = await line.line()
    assert [one.id for one in listed] == [one.id for one in known if one.state in OPEN]
    check_stays(stays)
    if line.clock.now < SIX + SITS_ON_MAX:
        check_seated(parties)
    check_held(known, stays, tables)
    check_ends(line, known, {one.id: one for one in parties})


def check_stays(stays: list[NamedStay]) -> None:
    """No table is two people's at once."""
    for number, stay in enumerate(stays):
        for other in stays[:number]:
            apart = stay.starts_at >= other.ends_at or other.starts_at >= stay.ends_at
            assert apart or stay.table_id != other.table_id


def check_seated(parties: list[Reservation]) -> None:
    """Nor by who really sits there, as long as they are believed to."""
    seated = [one.table_ids for one in parties if one.status is Status.SEATED]
    taken = Counter(table_id for table_ids in seated for table_id in table_ids)
    assert all(count == 1 for count in taken.values())


def check_held(
    known: list[Waiting], stays: list[NamedStay], tables: dict[str, locations.Table]
) -> None:
    """One table for each who is asked, for their time and large enough; and none for nobody."""
    held = {one.block_id: one for one in known if one.state in HOLDING}
    assert None not in held
    assert len(held) == sum(one.state in HOLDING for one in known), "one table is held for two"
    blocks = [stay for stay in stays if stay.block_id is not None]
    assert sorted(str(stay.block_id) for stay in blocks) == sorted(map(str, held))
    for stay in blocks:
        one = held[stay.block_id]
        assert (stay.starts_at, stay.ends_at) == (one.offer_starts_at, one.offer_ends_at)
        assert one.party <= tables[stay.table_id].seats


def check_ends(line: Line, known: list[Waiting], parties: dict[str, Reservation]) -> None:
    """Whoever got a table has one reservation; whoever is out of the line stays out."""
    booked = [one for one in known if one.state is WaitState.BOOKED]
    made = [one.reservation_id for one in booked]
    assert len(set(made)) == len(made)
    for one in booked:
        assert parties[str(one.reservation_id)].party == one.party
    for one in known:
        assert line.ended.get(one.id, one.state) is one.state, "nobody is asked a second time"
        if one.state not in OPEN:
            line.ended[one.id] = one.state


async def open_full_house(books: Books) -> locations.House:
    async with books.writing() as uow:
        house = await add_house(uow, hours=EVENING)
        tables = await add_tables(uow, house, SEATS)
    for table in tables:
        for shown in TIMES:
            wanted = wish(house, shown, 2, table_ids=(table.id,))
            await book(books, wanted, actor=WAITER)
    return house


STEPS = st.lists(
    st.tuples(st.sampled_from(ACTS), st.integers(0, 20), st.integers(1, 20)),
    min_size=8,
    max_size=30,
)


@given(STEPS)
@settings(max_examples=20, suppress_health_check=list(HealthCheck))
async def test_any_sequence_of_acts_keeps_the_line_and_the_tables_right(
    books: Books, clock: HandClock, steps: list[Step]
) -> None:
    clock.now = SIX - timedelta(days=1)
    line = Line(books, clock, await open_full_house(books))
    clock.now = SIX
    for step in steps:
        await line.act(step)
        await check(line)


async def test_a_long_evening_has_seen_every_act(books: Books, clock: HandClock) -> None:
    """What is checked above does happen: a long sequence, and a known one."""
    clock.now = SIX - timedelta(days=1)
    line = Line(books, clock, await open_full_house(books))
    clock.now = SIX
    chance = random.Random(11)
    for _ in range(150):
        await line.act((chance.choice(ACTS), chance.randrange(20), chance.randrange(1, 20)))
        await check(line)
    assert set(ACTS) - {"time passes"} <= set(line.done), line.done
    states = Counter(one.state for one in await line.line())
    assert {WaitState.BOOKED, WaitState.LEFT, WaitState.LAPSED} <= set(states), states
