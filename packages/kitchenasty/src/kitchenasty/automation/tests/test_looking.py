"""Who was asked about what is kept once for each event, and read as if each had its row."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from basis.kit.background.dispatcher import Dispatcher
from kitchenasty import automation, locations
from kitchenasty.automation.acting import AT_ONCE_MAX, forget_old_runs
from kitchenasty.automation.jobs import listen
from kitchenasty.automation.rules import Step
from kitchenasty.automation.states import Outcome
from kitchenasty.automation.tests.happenings import (
    ENGINE,
    SERVER,
    count,
    keep,
    place,
    runs_of,
    settle,
)
from kitchenasty.kit.books import Books

NOTE = Step("note", "", {"body": "Big"})
NEVER, ALWAYS = "order.total > 100000", "order.total > 0"
UNKNOWN = 'order.note = "No onions"'


@pytest.fixture(autouse=True)
def mail_server(books: Books) -> None:
    books.given = SERVER


async def tallies(books: Books) -> dict[str, dict[Outcome, int]]:
    async with books.reading() as look:
        return await automation.tally(look, look.now - timedelta(days=1))


async def test_rules_that_say_no_add_nothing_to_what_an_event_costs(
    books: Books, house: locations.House
) -> None:
    quiet = [await keep(books, NOTE, when=NEVER, topic="order.placed") for _ in range(20)]
    for _ in range(3):
        await place(books, house)
    await settle(books)
    tables = ("rule_looks", "rule_runs", "rule_audiences", "rule_audience_members")
    assert [await count(books, table) for table in tables] == [3, 0, 1, 20]
    assert [run.outcome for run in await runs_of(books, quiet[7])] == [Outcome.NO] * 3
    assert await tallies(books) == {rule_id: {Outcome.NO: 3} for rule_id in quiet}


async def test_each_rule_has_its_own_trace_of_a_look_that_they_had_together(
    books: Books, house: locations.House
) -> None:
    whens = {
        when: await keep(books, NOTE, when=when, topic="order.placed")
        for when in (NEVER, ALWAYS, UNKNOWN)
    }
    await place(books, house)
    await settle(books)
    told = {when: await runs_of(books, rule_id) for when, rule_id in whens.items()}
    assert {when: [run.outcome for run in runs] for when, runs in told.items()} == {
        NEVER: [Outcome.NO],
        ALWAYS: [Outcome.ACTED],
        UNKNOWN: [Outcome.UNKNOWN],
    }
    assert [len(runs[0].effects) for runs in told.values()] == [0, 1, 0]
    assert await tallies(books) == {
        whens[NEVER]: {Outcome.NO: 1},
        whens[ALWAYS]: {Outcome.ACTED: 1},
        whens[UNKNOWN]: {Outcome.UNKNOWN: 1},
    }


async def test_a_rule_that_is_changed_is_asked_with_others_from_then_on(
    books: Books, house: locations.House, clock: Any
) -> None:
    rule_id = await keep(books, NOTE, when=NEVER, topic="order.placed")
    other = await keep(books, NOTE, when=NEVER, topic="order.placed")
    await place(books, house)
    await settle(books)
    async with books.writing() as uow:
        written = automation.Written("order.placed", ALWAYS, (NOTE,))
        await automation.change_rule(
            uow, ENGINE, rule_id, name="A rule", written=written, seen_version=1
        )
    clock.advance(minutes=1)
    await place(books, house)
    await settle(books)
    assert await count(books, "rule_audiences") == 2
    runs = await runs_of(books, rule_id)
    assert [(run.number, run.outcome) for run in runs] == [(2, Outcome.ACTED), (1, Outcome.NO)]
    assert await tallies(books) == {
        rule_id: {Outcome.ACTED: 1, Outcome.NO: 1},
        other: {Outcome.NO: 2},
    }


async def test_nobody_is_remembered_to_have_looked_after_a_month(
    books: Books, house: locations.House, clock: Any
) -> None:
    await keep(books, NOTE, when=NEVER, topic="order.placed")
    await place(books, house)
    await settle(books)
    clock.advance(days=31)
    async with books.writing() as uow:
        await forget_old_runs(uow, {})
    tables = ("rule_looks", "rule_audiences", "rule_audience_members")
    assert [await count(books, table) for table in tables] == [0, 0, 0]


async def test_rules_look_at_a_few_events_in_one_transaction(
    books: Books, house: locations.House
) -> None:
    """On SQLite whoever orders waits for it."""
    for _ in range(AT_ONCE_MAX + 1):
        await place(books, house)
    await Dispatcher(books, [listen(ENGINE)]).run_once()
    assert await count(books, "jobs") == 2
