"""Rules are read when they were changed and not for each event, and whoever changed them, wherever,
is heeded by the next event.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from basis.kit.background.dispatcher import Dispatcher
from basis.kit.background.worker import Worker
from basis.kit.data.database import Connection
from kitchenasty import automation, locations
from kitchenasty.automation.jobs import job_of, listen
from kitchenasty.automation.rules import Step, Written
from kitchenasty.automation.states import Outcome
from kitchenasty.automation.tests.happenings import ENGINE, SERVER, count, keep, place, runs_of
from kitchenasty.kit.books import Books

NOTE = Step("note", "", {"body": "Big"})
NEVER, ALWAYS = "order.total > 100000", "order.total > 0"
MANY = 40


@pytest.fixture(autouse=True)
def mail_server(books: Books) -> None:
    books.given = SERVER


class House:
    """One process that goes on, with what it keeps in memory."""

    def __init__(self, books: Books) -> None:
        self._dispatcher = Dispatcher(books, [listen(ENGINE)])
        self._worker = Worker(books, [job_of(ENGINE)])

    async def settle(self) -> None:
        while await self._dispatcher.run_once() + await self._worker.run_due():
            pass


async def test_a_process_heeds_what_another_one_changed(
    books: Books, house: locations.House
) -> None:
    here = House(books)
    rule_id = await keep(books, NOTE, when=NEVER, topic="order.placed")
    outcomes = []
    for change in (nothing, make_it_act, switch_it_off, switch_it_on, remove_it):
        await change(books, rule_id)
        await place(books, house)
        await here.settle()
        outcomes.append([run.outcome for run in await runs_of(books, rule_id)])
    said = [Outcome.NO], [Outcome.ACTED, Outcome.NO], [Outcome.ACTED] * 2 + [Outcome.NO]
    assert outcomes == [said[0], said[1], said[1], said[2], []]


async def nothing(_books: Books, _rule_id: str) -> None:
    """The first event finds no rule in memory."""


async def make_it_act(books: Books, rule_id: str) -> None:
    written = Written("order.placed", ALWAYS, (NOTE,))
    async with books.writing() as uow:
        await automation.change_rule(
            uow, ENGINE, rule_id, name="A rule", written=written, seen_version=1
        )


async def switch_it_off(books: Books, rule_id: str) -> None:
    async with books.writing() as uow:
        await automation.switch_rule(uow, ENGINE, rule_id, is_on=False)


async def switch_it_on(books: Books, rule_id: str) -> None:
    async with books.writing() as uow:
        await automation.switch_rule(uow, ENGINE, rule_id, is_on=True)


async def remove_it(books: Books, rule_id: str) -> None:
    async with books.writing() as uow:
        await automation.remove_rule(uow, rule_id)


async def test_a_change_that_is_taken_back_is_not_kept_in_memory(
    books: Books, house: locations.House
) -> None:
    here = House(books)
    rule_id = await keep(books, NOTE, when=NEVER, topic="order.placed")
    with pytest.raises(TakenBack):
        await change_and_take_back(books, rule_id)
    await place(books, house)
    await here.settle()
    assert [run.outcome for run in await runs_of(books, rule_id)] == [Outcome.NO]


class TakenBack(Exception):
    """The owner's request ends in a refusal."""


async def change_and_take_back(books: Books, rule_id: str) -> None:
    async with books.writing() as uow:
        written = Written("order.placed", ALWAYS, (NOTE,))
        await automation.change_rule(
            uow, ENGINE, rule_id, name="A rule", written=written, seen_version=1
        )
        raise TakenBack


async def test_an_event_asks_as_much_of_the_database_however_many_rules_there_are(
    books: Books, house: locations.House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first event after a change reads them; from then on none does."""
    here = House(books)
    await keep(books, NOTE, when=ALWAYS, topic="order.placed")
    costs = []
    for rules in (0, MANY):
        for _ in range(rules):
            await keep(books, NOTE, when=NEVER, topic="order.placed")
        for _ in range(2):
            await place(books, house)
            await here.settle()
        await place(books, house)
        with counted(monkeypatch) as statements:
            await here.settle()
        costs.append((len(statements), sum(statements)))
    assert costs[0] == costs[1]
    assert costs[0][0] > 0
    assert await count(books, "rule_looks") == 6


@contextmanager
def counted(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    """For every statement, how many rows it gave or was given."""
    seen: list[int] = []
    with monkeypatch.context() as patch:
        for name in ("rows", "run", "many"):
            patch.setattr(Connection, name, heard(getattr(Connection, name), seen))
        yield seen


def heard(real: Any, seen: list[int]) -> Any:
    async def count_rows(self: Connection, *args: Any, **given: Any) -> Any:
        found = await real(self, *args, **given)
        rows = found if isinstance(found, list) else next(iter(args[1:]), [1])
        seen.append(len(rows))
        return found

    return count_rows
