"""From what happens to what is done: once, for the right people, in the right words."""

from __future__ import annotations

import asyncio
from email.message import EmailMessage
from random import Random
from typing import Any

import pytest
from sqlalchemy import select

from basis.kit.background.dispatcher import Dispatcher
from basis.kit.background.worker import Worker
from basis.kit.data.jobs import list_dead, revive
from basis.kit.data.statements import Statement
from kitchenasty import automation, locations, orders
from kitchenasty.automation.acting import JOB, consider, forget_old_runs
from kitchenasty.automation.doors import DEEDS
from kitchenasty.automation.engine import Deed, Doing, Engine
from kitchenasty.automation.jobs import job_of, listen
from kitchenasty.automation.letters import WRITERS
from kitchenasty.automation.listening import Shelf
from kitchenasty.automation.models import RuleEffectRow, RuleFactsRow
from kitchenasty.automation.rules import DEPTH_MAX, Step, StepKind, Written
from kitchenasty.automation.states import EffectState, Outcome
from kitchenasty.automation.tests.happenings import (
    ENGINE,
    SERVER,
    count,
    keep,
    make_ready,
    place,
    runs_of,
    settle,
)
from kitchenasty.kit.books import Books, UnitOfWork
from kitchenasty.notices import MemoryPost, Postman, Sender

SENDER = Sender("house@bistro.example", "Bistro", "https://bistro.example")
TO_GUEST = Step(
    "mail", "customer", {"subject": "{{ order.number }} is ready", "body": "Dear {{ guest.name }}"}
)


@pytest.fixture(autouse=True)
def mail_server(books: Books) -> None:
    books.given = SERVER


async def post(books: Books) -> list[EmailMessage]:
    await settle(books)
    office = MemoryPost()
    while await Postman(books, office, sender=SENDER, writers=WRITERS).run_due():
        pass
    return office.letters


async def test_the_guest_reads_that_the_order_is_ready(
    books: Books, house: locations.House
) -> None:
    rule_id = await keep(books, TO_GUEST)
    await make_ready(books, house)
    [letter] = await post(books)
    assert letter["To"] == "anna@guest.example"
    assert str(letter["Subject"]).endswith("is ready")
    body = letter.get_body(("plain",))
    assert body is not None
    assert "Dear Anna Berg" in body.get_content()
    assert await post(books) == [], "once"
    runs = await runs_of(books, rule_id)
    assert [run.outcome for run in runs] == [Outcome.ACTED, Outcome.NO, Outcome.NO]
    assert [effect.state for effect in runs[0].effects] == [EffectState.DONE]


async def test_a_name_is_a_name_in_a_mail_too(books: Books, house: locations.House) -> None:
    contact = orders.Contact(
        name="<b>{{guest.email}}</b>", email="eve@guest.example", phone="030 1"
    )
    await keep(books, TO_GUEST)
    await make_ready(books, house, contact=contact)
    [letter] = await post(books)
    plain, rich = (letter.get_body((kind,)) for kind in ("plain", "html"))
    assert plain is not None
    assert rich is not None
    assert "Dear <b>{{guest.email}}</b>" in plain.get_content()
    assert "&lt;b&gt;{{guest.email}}" in rich.get_content()
    assert "<b>" not in rich.get_content()


async def test_what_is_not_known_keeps_a_rule_still_and_is_said(
    books: Books, house: locations.House
) -> None:
    contact = orders.Contact(name="Tom", email=None, phone="030 1")
    rule_id = await keep(books, TO_GUEST, when='guest.email = "tom@guest.example"')
    await make_ready(books, house, contact=contact)
    assert await post(books) == []
    assert {run.outcome for run in await runs_of(books, rule_id)} == {Outcome.UNKNOWN}


async def test_who_cannot_be_reached_is_said_and_the_rest_is_done(
    books: Books, house: locations.House
) -> None:
    contact = orders.Contact(name="Tom", email=None, phone="030 1")
    note = Step("note", "", {"body": "Call {{ guest.phone }}"})
    rule_id = await keep(books, TO_GUEST, note, when='order.status = "READY"')
    order_id = await make_ready(books, house, contact=contact)
    assert await post(books) == []
    mail, written = (await runs_of(books, rule_id))[0].effects
    assert (mail.state, written.state) == (EffectState.REFUSED, EffectState.DONE)
    assert mail.error is not None
    async with books.reading() as view:
        history = (await orders.load_order(view, order_id)).history
    assert [entry.reason for entry in history if entry.reason] == ["Call 030 1"]


async def test_without_a_mail_server_it_says_so(books: Books, house: locations.House) -> None:
    books.given = {}
    rule_id = await keep(books, TO_GUEST)
    await make_ready(books, house)
    await settle(books)
    [effect] = (await runs_of(books, rule_id))[0].effects
    assert effect.state is EffectState.REFUSED
    assert effect.error == "There is no mail server; see the settings."


async def test_a_rule_that_is_off_does_not_look(books: Books, house: locations.House) -> None:
    rule_id = await keep(books, TO_GUEST)
    async with books.writing() as uow:
        await automation.switch_rule(uow, ENGINE, rule_id, is_on=False)
    await make_ready(books, house)
    assert await post(books) == []
    assert await runs_of(books, rule_id) == []


async def test_an_address_that_is_named_twice_gets_it_once(
    books: Books, house: locations.House
) -> None:
    await keep(books, Step("mail", "a@b.example", {"subject": "x", "body": "y"}))
    await make_ready(books, house)
    assert len(await post(books)) == 1


async def test_happens_once_however_often_the_job_is_run(
    books: Books, house: locations.House
) -> None:
    """A worker whose lease ran out runs beside the one that took its place."""
    await keep(books, TO_GUEST)
    order_id = await make_ready(books, house)
    await Dispatcher(books, [listen(ENGINE)]).run_once()
    workers = [Worker(books, [job_of(ENGINE)]) for _ in range(4)]
    await asyncio.gather(*(worker.run_due() for worker in workers))
    assert order_id
    assert await count(books, "rule_effects") == 1
    assert len(await post(books)) == 1


async def test_who_look_at_the_same_event_at_once_do_it_once(
    books: Books, house: locations.House
) -> None:
    """A worker that was only slow goes on beside the one that took its place. Several rounds, since
    they do not meet in each.
    """
    await make_ready(books, house)
    await settle(books)
    async with books.reading() as view:
        event_ids = [row[0] for row in await view.rows(Statement(select(RuleFactsRow.event_id)))]
    # On SQLite one writes after the other; elsewhere all have begun before one goes on.
    here = asyncio.Barrier(1 if books.database.dialect.name == "sqlite" else 4)
    for number in range(1, 6):
        await keep(books, TO_GUEST)
        await asyncio.gather(*(look_at(books, event_ids, here) for _ in range(4)))
        tables = ("rule_effects", "notices", "rule_runs")
        assert [await count(books, table) for table in tables] == [number] * 3


async def look_at(books: Books, event_ids: list[str], here: asyncio.Barrier) -> None:
    async with books.writing() as uow:
        await here.wait()
        await consider(uow, Shelf(ENGINE), {"events": event_ids, "depth": 0})


class Killed(BaseException):
    """The process ends here."""


@pytest.mark.parametrize("events", [300, pytest.param(5_000, marks=pytest.mark.long)])
async def test_is_done_once_however_often_the_worker_is_killed(
    books: Books, house: locations.House, events: int
) -> None:
    """Before and after each deed, at random; then it begins again, as after a start. Of 5,000
    events it is killed a hundred times.
    """
    draw, kills, most = Random(6), 0, events // 50
    await keep(books, TO_GUEST, Step("note", "", {"body": "{{ order.number }}"}))
    order_id = await place(books, house)

    def die_at_random() -> None:
        nonlocal kills
        if kills < most and draw.random() < 0.005:
            kills += 1
            raise Killed

    async def do(uow: UnitOfWork, doing: Doing) -> None:
        die_at_random()
        await next(one for one in DEEDS if one.kind.name == doing.planned.kind).do(uow, doing)
        die_at_random()

    engine = Engine(orders.OCCASIONS, [Deed(one.kind, do) for one in DEEDS])
    for _ in range(events // 50):
        await tell_ready(books, order_id, times=50)
        while await Dispatcher(books, [listen(engine)]).run_once():
            pass
        await run_until_done(books, engine)
    print(f"{kills} kills in {events} events")
    assert kills >= most // 2
    assert await count(books, "rule_effects") == 2 * events
    assert await count(books, "notices") == events
    assert await count(books, "order_history") == events + 1
    assert await count(books, "rule_runs") == events


async def tell_ready(books: Books, order_id: str, *, times: int) -> None:
    async with books.writing() as uow:
        for number in range(times):
            uow.emit(
                orders.OrderMoved(
                    order_id=order_id,
                    house_id="",
                    number="1",
                    order_type=orders.OrderType.PICKUP,
                    before=orders.OrderStatus.PREPARING,
                    after=orders.OrderStatus.READY,
                    reason=None,
                    version=number,
                )
            )


async def run_until_done(books: Books, engine: Engine) -> None:
    """A killed worker leaves its lease behind; another one waits until it has run out. A job that
    was killed twelve times waits for a person, who lets it run again.
    """
    for _ in range(200):
        try:
            if not await Worker(books, [job_of(engine)]).run_due() and not await revive_all(books):
                return
        except Killed:
            books.clock.advance(seconds=61)  # type: ignore[attr-defined]  # the hand clock
    raise AssertionError("it never came to an end")


async def revive_all(books: Books) -> int:
    async with books.writing() as uow:
        dead = await list_dead(uow)
        for job in dead:
            await revive(uow, job.id)
    return len(dead)


async def place_again(uow: UnitOfWork, doing: Doing) -> None:
    """A deed that makes what set it off happen again."""
    uow.emit(
        orders.OrderPlaced(
            order_id=doing.facts["order.id"],
            house_id="",
            number="1",
            order_type=orders.OrderType.PICKUP,
            total_minor=1,
            currency="EUR",
            version=1,
        )
    )


AGAIN = Deed(StepKind("again", "Again", (), frozenset(), "order.id"), place_again)


async def test_a_circle_of_rules_ends_and_says_so(books: Books, house: locations.House) -> None:
    engine = Engine(orders.OCCASIONS, [AGAIN])
    written = Written("order.placed", "", (Step("again"),))
    async with books.writing() as uow:
        rule_id = await automation.add_rule(uow, "Circle", written)
    async with books.writing() as uow:
        await automation.switch_rule(uow, engine, rule_id, is_on=True)
    await place(books, house)
    await settle(books, engine)
    outcomes = [run.outcome for run in await runs_of(books, rule_id)]
    assert outcomes == [Outcome.CUT, *[Outcome.ACTED] * DEPTH_MAX]


async def test_a_rehearsal_decides_what_the_rule_does(books: Books, house: locations.House) -> None:
    """The history first, heard by nobody; rehearsed; then the same history again, with the rule."""
    for number in range(20):
        contact = orders.Contact(
            name=f"Guest {number}",
            email=f"g{number}@guest.example" if number % 3 else None,
            phone="030 1",
        )
        await make_ready(books, house, contact=contact, quantity=1 + number % 9)
    when = 'order.status = "READY" and order.total > 50'
    await settle(books)
    written = Written("order.moved", when, (TO_GUEST, Step("note", "", {"body": "Big"})))
    async with books.reading() as view:
        rehearsal = await automation.rehearse(view, ENGINE, as_kept(written), "order.moved", days=7)
    await keep(books, *written.steps, when=when)
    await replay(books)
    await settle(books)
    async with books.reading() as view:
        rows = await view.rows(
            Statement(
                select(
                    RuleEffectRow.event_id,
                    RuleEffectRow.kind,
                    RuleEffectRow.recipient,
                    RuleEffectRow.texts,
                )
            )
        )
    done = sorted((row[0], row[1], row[2], tuple(sorted(row[3].items()))) for row in rows)
    print(f"{len(rehearsal.messages)} messages to {len(rehearsal.recipients)} guests")
    assert sorted(one.key[:4] for one in rehearsal.done) == done
    assert len(rehearsal.messages) > 3
    assert len(rehearsal.unreached) > 0
    assert rehearsal.looked_at == await count(books, "rule_looks") == 60


def as_kept(written: Written) -> Any:
    return {
        "topic": written.topic,
        "when": written.when,
        "steps": [
            {"kind": step.kind, "to": step.to, "texts": step.texts} for step in written.steps
        ],
        "language": written.language,
    }


async def replay(books: Books) -> None:
    """All that has happened goes to the rules once more."""
    async with books.writing() as uow:
        rows = await uow.rows(Statement(select(RuleFactsRow.event_id)))
        uow.enqueue(JOB, {"events": [row[0] for row in rows], "depth": 0}, key="again")


async def test_traces_and_what_was_known_go_after_a_month(
    books: Books, house: locations.House, clock: Any
) -> None:
    rule_id = await keep(books, TO_GUEST)
    await make_ready(books, house)
    await settle(books)
    clock.advance(days=31)
    async with books.writing() as uow:
        await forget_old_runs(uow, {})
    assert await runs_of(books, rule_id) == []
    assert await count(books, "rule_effects") == 0
