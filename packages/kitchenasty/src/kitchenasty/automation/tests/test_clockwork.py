"""Rules that count from a moment: once for each moment, at its time, also when the clock jumps."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from basis.kit.data.occasions import Moment
from kitchenasty import automation, guests, locations, orders, reservation_facts, reservations
from kitchenasty.adverts.tests.builders import agree
from kitchenasty.automation.clockwork import CLOCK_CHANGE, LATE, due_of, look_at_clock
from kitchenasty.automation.doors import DEEDS
from kitchenasty.automation.engine import Engine
from kitchenasty.automation.rules import Lag, Step, Written, read_lag
from kitchenasty.automation.states import Outcome
from kitchenasty.automation.tests.happenings import SERVER, count, place, runs_of
from kitchenasty.availability.tests.builders import open_restaurant, wish
from kitchenasty.kit.books import Books
from kitchenasty.reservations.tests.builders import book

NOTE = Step("mail", "customer", {"subject": "Soon", "body": "{{ reservation.starts }}"})
ENGINE = Engine([*reservation_facts.OCCASIONS, *orders.OCCASIONS], DEEDS)
GUEST = reservations.Guest(name="Anna Berg", phone="030 55501", email="anna@guest.example")


@pytest.fixture(autouse=True)
def mail_server(books: Books) -> None:
    books.given = SERVER


async def keep(
    books: Books, lag: str, *, topic: str = "reservation.starts", step: Step = NOTE, when: str = ""
) -> str:
    """A rule that is switched on."""
    async with books.writing() as uow:
        rule_id = await automation.add_rule(uow, "Soon", Written(topic, when, (step,), lag=lag))
    async with books.writing() as uow:
        await automation.switch_rule(uow, ENGINE, rule_id, is_on=True)
    return rule_id


async def tick(books: Books) -> None:
    async with books.writing() as uow:
        await look_at_clock(uow, ENGINE)


async def letters(books: Books) -> int:
    return await count(books, "notices")


async def reserve(books: Books, shown: str = "22:00") -> reservations.Reservation:
    """For two, on the evening of the hand clock, which begins at six on the wall."""
    here = await open_restaurant(books)
    return (await book(books, wish(here, shown, 2), GUEST)).reservation


async def test_a_guest_is_written_to_once_two_hours_before(books: Books, clock: Any) -> None:
    rule_id = await keep(books, "-2h")
    await reserve(books)
    clock.advance(minutes=119)
    await tick(books)
    assert await letters(books) == 0
    clock.advance(minutes=2)
    for _ in range(5):
        await tick(books)
        clock.advance(minutes=1)
    assert await letters(books) == 1
    [run] = await runs_of(books, rule_id)
    assert run.outcome is Outcome.ACTED
    assert run.effects[0].texts["body"] == "2030-05-17 22:00"


async def test_processes_that_look_at_the_clock_at_once_write_once(
    books: Books, clock: Any
) -> None:
    await keep(books, "-2h")
    await reserve(books)
    clock.advance(hours=2, minutes=1)
    await asyncio.gather(*(tick(books) for _ in range(4)))
    assert await letters(books) == 1
    assert await count(books, "rule_runs") == 1


async def test_who_reserves_later_than_that_is_not_written_to(books: Books, clock: Any) -> None:
    await keep(books, "-5h")
    clock.advance(minutes=1)
    await reserve(books)
    await tick(books)
    assert await letters(books) == 0


async def test_a_rule_that_is_switched_on_later_has_missed_it(books: Books, clock: Any) -> None:
    await reserve(books)
    clock.advance(hours=2, minutes=1)
    await keep(books, "-2h")
    await tick(books)
    assert await letters(books) == 0


async def test_what_became_due_while_nothing_ran_is_done_unless_it_is_over(
    books: Books, clock: Any
) -> None:
    await keep(books, "-2h")
    await reserve(books, "21:00")
    await reserve(books, "23:00")
    clock.advance(hours=3, minutes=30)
    await tick(books)
    assert await letters(books) == 1, "the first of them sits at the table by now"


async def test_after_a_long_night_nobody_is_bothered(books: Books, clock: Any) -> None:
    await keep(books, "+1h")
    await reserve(books)
    clock.advance(hours=5 + 1)
    clock.advance(seconds=LATE.total_seconds())
    await tick(books)
    assert await letters(books) == 0


async def test_a_table_that_is_cancelled_is_no_moment(books: Books, clock: Any) -> None:
    await keep(books, "-2h")
    reservation = await reserve(books)
    async with books.writing() as uow:
        await reservations.cancel(uow, reservation)
    clock.advance(hours=2, minutes=1)
    await tick(books)
    assert await letters(books) == 0


THANKS = Step("advertising", "customer", {"subject": "Again?", "body": "{{ order.number }}"})


async def order_of(books: Books, house: locations.House, guest_id: str) -> str:
    return await place(books, house, customer_id=guest_id)


async def test_a_guest_who_has_not_ordered_for_a_month_is_written_to_once(
    books: Books, house: locations.House, clock: Any
) -> None:
    await keep(books, "+30d", topic="order.last", step=THANKS)
    await agree(books)
    async with books.writing() as uow:
        guest = await guests.register_guest(
            uow, guests.NewGuest(email="anna@guest.example", name="Anna"), password_hash="none"
        )
    clock.advance(minutes=1)
    await order_of(books, house, guest.id)
    clock.advance(days=20)
    await order_of(books, house, guest.id)
    await place(books, house)
    clock.advance(days=10, minutes=1)
    await tick(books)
    assert await letters(books) == 0, "the order of ten days ago is the last"
    clock.advance(days=20)
    await tick(books)
    await tick(books)
    assert await letters(books) == 1


async def test_a_rehearsal_of_a_moment_shows_what_the_clock_does(books: Books, clock: Any) -> None:
    rule_id = await keep(books, "-2h", when="reservation.party >= 2")
    await reserve(books, "22:00")
    await reserve(books, "23:00")
    for _ in range(60 * 6):
        clock.advance(minutes=1)
        await tick(books)
    document = {
        "topic": "reservation.starts",
        "when": "reservation.party >= 2",
        "steps": [{"kind": "mail", "to": "customer", "texts": NOTE.texts}],
        "language": 2,
        "lag": "-2h",
    }
    async with books.reading() as look:
        rehearsal = await automation.rehearse(look, ENGINE, document, "reservation.starts", 1)
    done = [run.event_id for run in await runs_of(books, rule_id)]
    assert sorted(one.event_id for one in rehearsal.done) == sorted(done)
    assert len(done) == 2


BERLIN = "Europe/Berlin"


@pytest.mark.parametrize(
    ("at", "lag", "due"),
    [
        # Spring forward: 19:00 on the 31st is 17:00 UTC, on the 30th 18:00 UTC.
        ("2030-03-31T17:00", "-1d", "2030-03-30T18:00"),
        ("2030-03-31T17:00", "-24h", "2030-03-30T17:00"),
        # Half past two is skipped that night: the first moment after it.
        ("2030-03-30T01:30", "+1d", "2030-03-31T01:00"),
        # Back: half past two comes twice; the first of them.
        ("2030-10-26T00:30", "+1d", "2030-10-27T00:30"),
        ("2030-10-27T18:00", "-1d", "2030-10-26T17:00"),
        ("2030-10-27T18:00", "-2h", "2030-10-27T16:00"),
    ],
)
def test_days_are_counted_on_the_wall_and_hours_are_not(at: str, lag: str, due: str) -> None:
    moment = Moment("one", instant(at), BERLIN, instant("2030-01-01T00:00"))
    assert due_of("some.topic", moment, read_lag(lag)).at == instant(due)


def instant(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@given(
    minutes=st.integers(0, 3 * 365 * 1_440),
    days=st.integers(-400, 400),
    zone=st.sampled_from((BERLIN, "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu")),
)
def test_a_moment_is_due_as_many_days_away_as_was_said(minutes: int, days: int, zone: str) -> None:
    """By at most the two hours for which the window is wider, or some would be looked for too
    late.
    """
    at = instant("2029-01-01T00:00") + timedelta(minutes=minutes)
    moment = Moment("one", at, zone, at)
    due = due_of("some.topic", moment, Lag(days=days)).at
    assert abs(due - (at + timedelta(days=days))) <= CLOCK_CHANGE


@pytest.mark.parametrize("lag", ["", "2h", "-0h", "-721h", "+401d", "-2m", "-2 h", "-²h", "--2h"])
async def test_a_time_that_cannot_be_read_is_a_mistake(lag: str) -> None:
    mistakes = ENGINE.mistakes(Written("reservation.starts", "", (NOTE,), lag=lag))
    assert [(one.where, one.words) for one in mistakes] == [
        ("lag", "Say how long before or after: 1 to 720 hours, or 1 to 400 days.")
    ]


async def test_nobody_is_written_to_before_an_order_that_is_the_last() -> None:
    written = Written("order.last", "", (THANKS,), lag="-2h")
    assert [one.where for one in ENGINE.mistakes(written)] == ["lag"]


async def test_what_happens_at_once_is_not_counted_from() -> None:
    written = Written("order.placed", "", (THANKS,), lag="-2h")
    assert [one.where for one in ENGINE.mistakes(written)] == ["lag"]
