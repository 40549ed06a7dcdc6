"""Rules, and what they looked at in a month: so much that reading through it would be seen."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from basis.ids import new_id
from basis.kit.data.statements import insert_into
from benchmarks.house import opened
from kitchenasty import automation, main
from kitchenasty.automation.looking import Audience, keep_looks
from kitchenasty.automation.models import RuleEffectRow, RuleFactsRow, RuleRunRow
from kitchenasty.automation.states import EffectState, Outcome
from kitchenasty.kit.books import UnitOfWork
from kitchenasty.kit.tables import Model

RULES = 1_000
CHUNK = 2_000
EVERY = timedelta(seconds=20)
TABLES: tuple[type[Model], ...] = (RuleFactsRow, RuleRunRow, RuleEffectRow)
INSERTS = {table: insert_into(table) for table in TABLES}
NOTE = automation.Step("note", "", {"body": "{{ order.number }}"})
MAIL = automation.Step("mail", "staff:MANAGER", {"subject": "Soon", "body": "{{ guest.name }}"})
LAGS = {"order.last": "+30d", "reservation.starts": "-2h"}

Rows = dict[type[Model], list[dict[str, Any]]]


async def remember_looks(url: str, count: int) -> None:
    """A thousand rules behind gates, and one of each kind that acts. So many events have been
    looked at before.
    """
    async with opened(url) as books:
        async with books.writing() as uow:
            for number in range(RULES):
                when = f"order.total > {1_000 + number} and order.portions > 1"
                await keep(uow, automation.Written("order.placed", when, (NOTE,)))
            await keep(uow, automation.Written("order.moved", "", (NOTE, MAIL)))
            for topic, lag in LAGS.items():
                await keep(uow, automation.Written(topic, "", (MAIL,), lag=lag))
            rule_id = await keep(uow, automation.Written("order.placed", "", (NOTE, MAIL)))
            rule = await automation.load_rule(uow, rule_id)
        for first in range(0, count, CHUNK):
            async with books.writing() as uow:
                await look_back(uow, rule, range(first, min(first + CHUNK, count)))


async def keep(uow: UnitOfWork, written: automation.Written) -> str:
    rule_id = await automation.add_rule(uow, "A rule", written)
    await automation.switch_rule(uow, main.RULES, rule_id, is_on=True)
    return rule_id


async def look_back(uow: UnitOfWork, rule: automation.KeptRule, numbers: range) -> None:
    audience = Audience.of([rule.version_id])
    rows: Rows = {table: [] for table in TABLES}
    for number in numbers:
        for table, row in rows_of(rule, uow.now - number * EVERY):
            rows[table].append(row)
    for table in TABLES:
        await uow.many(INSERTS[table], rows[table])
    await keep_looks(uow, ((row["event_id"], audience) for row in rows[RuleFactsRow]))


def rows_of(
    rule: automation.KeptRule, at: datetime
) -> Iterator[tuple[type[Model], dict[str, Any]]]:
    event_id = new_id()
    done = {"id": new_id(), "version_id": rule.version_id, "event_id": event_id}
    facts = {"order.id": new_id(), "order.number": "1", "guest.name": "Anna Berg"}
    yield (
        RuleFactsRow,
        {"event_id": event_id, "topic": rule.topic, "facts": facts, "depth": 0, "happened_at": at},
    )
    yield RuleRunRow, {**done, "rule_id": rule.id, "outcome": Outcome.ACTED, "ran_at": at}
    yield (
        RuleEffectRow,
        {
            **done,
            "step": 0,
            "kind": "note",
            "recipient": "",
            "texts": {"body": "1"},
            "about": [facts["order.id"]],
            "state": EffectState.DONE,
            "error": None,
            "done_at": at,
        },
    )
