"""W7: what rules do is done once for each event, whatever is killed when, as receivers see it.

The worker is taken away with SIGKILL while it decides, while a receiver has a message and has not
answered, and just after it did. A mail server and receivers of webhooks are real. They may hear a
thing again, since between an answer and our writing it down there is always a moment; but then
under the same name and in the same words, and never more often than there were kills.
"""

from __future__ import annotations

import asyncio
import itertools
import random
import time
from collections import Counter, defaultdict
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

import pytest
from sqlalchemy import bindparam, func, select, update

from basis.clock import system_clock
from basis.kit.data.engines import open_database
from basis.kit.data.jobs import list_dead, revive
from basis.kit.data.statements import Statement
from basis.kit.testing import postgres_cluster
from kitchenasty import automation, main
from kitchenasty.kit.books import Books, open_books
from kitchenasty.kit.config import own_secret
from kitchenasty.kit.schema import SCHEMA
from kitchenasty.kit.tables import every_table
from kitchenasty.kitchen.tests.builders import Kitchen, add_kitchen, line_of, place
from kitchenasty.notices.tests.mail_server import MailServer, open_mail_server
from kitchenasty.webhooks.tests.builders import Received, Receiver, add_endpoint, receiving
from tests.reliability.shop import pause
from tests.reliability.workers import Workers

HOUSE = "Saltbush"
READERS = ("pass@saltbush.example", "owner@saltbush.example")
PATIENCE_SECONDS = 180
STATUS_TAKEN = 204
DECIDING_SECONDS_MAX, ANSWERED_SECONDS_MAX = 0.2, 0.05

JOBS, NOTICES, DELIVERIES, EFFECTS, OUTBOX = (
    every_table()[name]
    for name in ("jobs", "notices", "webhook_deliveries", "rule_effects", "outbox")
)
# What a killed worker has claimed is free again after a minute or two: here at once. Nobody else
# works meanwhile.
LEASES_END = [
    Statement(
        update(table)
        .where(table.c.claimed_until.is_not(None))
        .values(claimed_until=bindparam("now", required=True))
    )
    for table in (JOBS, NOTICES, DELIVERIES)
]
IS_BEGUN = Statement(
    select(func.count()).where(
        JOBS.c.name == "rules.consider", JOBS.c.done_at.is_(None), JOBS.c.claimed_until.is_not(None)
    )
)
STATES = Statement(
    select(EFFECTS.c.kind, EFFECTS.c.state, func.count()).group_by(EFFECTS.c.kind, EFFECTS.c.state)
)
LEFT = {
    "events": Statement(
        select(func.count()).select_from(OUTBOX).where(OUTBOX.c.handled_at.is_(None))
    ),
    "jobs": Statement(
        select(func.count()).where(JOBS.c.name == "rules.consider", JOBS.c.done_at.is_(None))
    ),
    "jobs given up": Statement(select(func.count()).where(JOBS.c.dead_at.is_not(None))),
    "letters": Statement(select(func.count()).where(NOTICES.c.state == "WAITING")),
    "calls": Statement(select(func.count()).where(DELIVERIES.c.state == "WAITING")),
}


class Moment(StrEnum):
    """When the worker is killed: while rules are asked; while a receiver has a message and has not
    answered; when it has just answered.
    """

    DECIDING = "deciding"
    HEARD = "heard"
    ANSWERED = "answered"


@dataclass(frozen=True, slots=True)
class Effect:
    """One thing that somebody is to be told, as they see it."""

    rule: str
    event: str
    recipient: str


@dataclass
class Fuse:
    """Burns down with each message that is heard; at its end it kills."""

    workers: Workers
    left: int = 0
    delay: float = 0.0
    out: asyncio.Event = field(default_factory=asyncio.Event)

    def light(self, count: int, delay: float) -> None:
        self.left, self.delay = count, delay
        self.out.clear()

    def burn(self) -> None:
        if not self.left:
            return
        self.left -= 1
        if not self.left and self.delay:
            asyncio.get_running_loop().call_later(self.delay, self.end)
        elif not self.left:
            self.end()

    def answer(self, _call: Received) -> int:
        self.burn()
        return STATUS_TAKEN

    def end(self) -> None:
        self.workers.kill()
        self.out.set()


@dataclass
class Told:
    """Books of a house with rules, those who are told, and the worker that tells them."""

    books: Books
    kitchen: Kitchen
    workers: Workers
    mail: MailServer
    programs: tuple[Receiver, Receiver]
    fuse: Fuse

    async def happen(self, numbers: range) -> None:
        """Orders of a dish that has the event's name."""
        async with self.books.writing() as uow:
            for name in map(name_of, numbers):
                line = line_of(self.kitchen, name=name)
                await place(uow, self.kitchen, lines=(line,), note=name)

    def heard(self) -> dict[Effect, list[tuple[str, bytes]]]:
        """The name and the words of every message, by what it is about."""
        found: dict[Effect, list[tuple[str, bytes]]] = defaultdict(list)
        for letter in self.mail.letters:
            rule, _, event = str(letter["Subject"]).removeprefix(f"{HOUSE}: ").partition(": ")
            body = letter.get_body(("plain",))
            assert body is not None
            effect = Effect(rule, event, str(letter["To"]))
            found[effect].append((str(letter["Message-ID"]), body.get_content().encode()))
        for program in self.programs:
            for call in program.got:
                data = call.said["data"]
                effect = Effect(data["rule"], data["message"], program.url)
                found[effect].append((call.id, call.body))
        return found

    async def until_all_is_told(self) -> None:
        """As long as something goes on: a busy machine may take its time."""
        left, since = await self._left(), time.monotonic()
        while any(left.values()):
            assert time.monotonic() - since < PATIENCE_SECONDS, f"nothing goes on: {left}"
            await self._revive()
            await pause(0.2)
            now = await self._left()
            if now != left:
                left, since = now, time.monotonic()

    async def _revive(self) -> None:
        """A job that was killed twelve times waits for a person, who lets it run again."""
        async with self.books.writing() as uow:
            for job in await list_dead(uow):
                await revive(uow, job.id)

    async def _left(self) -> dict[str, int]:
        async with self.books.reading() as look:
            return {name: int(await look.value(one)) for name, one in LEFT.items()}


def name_of(number: int) -> str:
    """What a message says of its event. Of ten one is for letters, six for programs, one for both,
    and of two nobody is told.
    """
    kind = ("letter", *["call"] * 6, "letter and call", "nothing", "nothing")[number % 10]
    return f"{kind} {number}"


def expected(events: int, programs: tuple[Receiver, Receiver]) -> set[Effect]:
    """Written down once more, by other means than the rules."""
    found = set()
    for name in map(name_of, range(events)):
        if "letter" in name:
            found |= {Effect("Letters", name, reader) for reader in READERS}
            found.add(Effect("The same again", name, READERS[0]))
        if "call" in name:
            found |= {Effect("Calls", name, program.url) for program in programs}
    return found


@asynccontextmanager
async def listening(folder: Path, url: str) -> AsyncIterator[Told]:
    assert main.DOORS, "importing main is what makes every table known"
    await SCHEMA.migrate(url)
    async with AsyncExitStack() as stack:
        mail = await stack.enter_async_context(open_mail_server())
        one = await stack.enter_async_context(receiving())
        other = await stack.enter_async_context(receiving())
        database = open_database(url)
        await database.start()
        stack.push_async_callback(database.stop)
        books = open_books(database, system_clock, own_secret(folder))
        workers = Workers(folder, environment_of(url, mail))
        async with books.writing() as uow:
            kitchen = await add_kitchen(uow, HOUSE)
        await make_rules(books, one, other)
        told = Told(books, kitchen, workers, mail, (one, other), Fuse(workers))
        mail.taking = told.fuse.burn
        for program in told.programs:
            program.answer = told.fuse.answer
        yield told


def environment_of(url: str, mail: MailServer) -> dict[str, str]:
    return {
        "KITCHENASTY_DATABASE_URL": url,
        "KITCHENASTY_SMTP_HOST": "127.0.0.1",
        "KITCHENASTY_SMTP_PORT": str(mail.port),
        "KITCHENASTY_SMTP_TLS": "none",
        "KITCHENASTY_SMTP_FROM": f"{HOUSE} <house@saltbush.example>",
        "KITCHENASTY_PUBLIC_URL": "http://saltbush.example",
        "KITCHENASTY_OUTGOING_NETWORKS": "127.0.0.0/8",
    }


async def make_rules(books: Books, *programs: Receiver) -> None:
    calls = []
    for program in programs:
        made = await add_endpoint(books, program.url, topics=("order.paid",))
        to = f"webhook:{made.endpoint.id}"
        calls.append(automation.Step("webhook", to, {"body": "{{ order.dishes }}"}))
    letters = [letter_to(reader, "Letters") for reader in READERS]
    await keep(books, "Letters", "letter", *letters)
    await keep(books, "The same again", "letter", letter_to(READERS[0], "The same again"))
    await keep(books, "Calls", "call", *calls)


def letter_to(reader: str, rule: str) -> automation.Step:
    subject = rule + ": {{ order.dishes }}"
    return automation.Step("mail", reader, {"subject": subject, "body": "{{ order.number }}"})


async def keep(books: Books, name: str, word: str, *steps: automation.Step) -> None:
    written = automation.Written("order.placed", f'order.note contains "{word}"', steps)
    async with books.writing() as uow:
        rule_id = await automation.add_rule(uow, name, written)
        await automation.switch_rule(uow, main.RULES, rule_id, is_on=True)


async def kill_while_acting(told: Told, *, events: int, kills: int) -> None:
    """A part of the events with each kill; what is left is done by a last worker that lives."""
    chance = random.Random(6)
    moments = Counter[Moment]()
    each = events // kills
    for first, moment in zip(range(0, events, each), itertools.cycle(Moment), strict=False):
        await told.happen(range(first, first + each))
        moments[moment] += 1
        await kill_at(told, moment, chance, most=each)
        async with told.books.writing() as uow:
            for statement in LEASES_END:
                await uow.run(statement, now=uow.now)
    told.workers.start()
    await told.until_all_is_told()
    told.workers.kill()
    await told.workers.bury()
    await check(told, events, moments)


async def kill_at(told: Told, moment: Moment, chance: random.Random, *, most: int) -> None:
    """Each part of the events makes more messages than there are events in it."""
    if moment is not Moment.DECIDING:
        delay = chance.uniform(0.001, ANSWERED_SECONDS_MAX)
        told.fuse.light(chance.randint(1, most), delay if moment is Moment.ANSWERED else 0)
    told.workers.start()
    async with asyncio.timeout(PATIENCE_SECONDS):
        if moment is Moment.DECIDING:
            await until_rules_are_asked(told.books)
            await pause(chance.uniform(0, DECIDING_SECONDS_MAX))
            told.workers.kill()
        else:
            await told.fuse.out.wait()
    await told.workers.bury()


async def until_rules_are_asked(books: Books) -> None:
    while True:
        async with books.reading() as look:
            if await look.value(IS_BEGUN):
                return
        await pause(0.002)


async def check(told: Told, events: int, moments: Counter[Moment]) -> None:
    heard, wanted, kills = told.heard(), expected(events, told.programs), moments.total()
    again = sum(len(one) - 1 for one in heard.values())
    when = ", ".join(f"{count} {moment}" for moment, count in sorted(moments.items()))
    print(
        f"W7: {kills} kills ({when}) in {events} events: {len(wanted)} effects,"
        f" {len(wanted - set(heard))} lost, {len(set(heard) - wanted)} of nothing,"
        f" {again} heard again under the same name"
    )
    assert set(heard) == wanted
    assert [effect for effect, messages in heard.items() if len(set(messages)) > 1] == []
    names = Counter(name for messages in heard.values() for name, _ in set(messages))
    assert len(names) == len(wanted), "two things have one name"
    # A kill cuts off one letter and one call to each program at most.
    assert again <= 3 * kills
    async with told.books.reading() as look:
        rows = await look.rows(STATES)
    calls = sum("call" in name_of(number) for number in range(events))
    assert sorted(map(tuple, rows)) == [
        ("mail", automation.EffectState.DONE, len(wanted) - 2 * calls),
        ("webhook", automation.EffectState.DONE, 2 * calls),
    ]


@pytest.mark.parametrize(
    ("events", "kills"), [(480, 12), pytest.param(5_000, 100, marks=pytest.mark.long)]
)
async def test_what_rules_do_is_done_once_however_often_the_worker_is_killed(
    tmp_path: Path, events: int, kills: int
) -> None:
    async with listening(tmp_path, f"sqlite:///{tmp_path}/house.db") as told:
        await kill_while_acting(told, events=events, kills=kills)


@pytest.mark.postgres
@pytest.mark.parametrize(
    ("events", "kills"), [(480, 12), pytest.param(5_000, 100, marks=pytest.mark.long)]
)
async def test_what_rules_do_is_done_once_however_often_the_worker_is_killed_on_postgresql(
    tmp_path: Path, events: int, kills: int
) -> None:
    with postgres_cluster(durable=False) as cluster:
        cluster.create_database("house")
        async with listening(tmp_path, cluster.url("house")) as told:
            await kill_while_acting(told, events=events, kills=kills)
