"""The rules that listen, read once and kept ready for as long as none of them is changed.

Each change gives the rules another edition: a name in one row, written with the change. Whoever
keeps them in memory reads that row before they are asked, so no process asks a rule that another
one has changed, switched off or removed. The name is chance and not a number: it is the same in no
other books, and what is taken back is never called so again.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import bindparam, select, update

from basis.ids import new_id
from basis.kit.data.statements import Statement, insert_unless_there
from kitchenasty.automation.engine import Engine, Ready
from kitchenasty.automation.gates import Gates
from kitchenasty.automation.looking import Audience
from kitchenasty.automation.models import RuleEditionRow
from kitchenasty.automation.planning import Circumstances, Decision
from kitchenasty.automation.queries import KeptRule, list_listening
from kitchenasty.automation.rules import Reach, Role
from kitchenasty.automation.states import Outcome
from kitchenasty.kit.books import Look, UnitOfWork

PLACE = 1
AT_ONCE_MAX = 50
"""Rules that are made ready before others have their turn: about a millisecond."""
EDITION = Statement(select(RuleEditionRow.edition).where(RuleEditionRow.place == PLACE))
BEGIN = insert_unless_there(RuleEditionRow)
TURN = Statement(
    update(RuleEditionRow)
    .where(RuleEditionRow.place == PLACE)
    .values(edition=bindparam("new_edition", required=True))
)


@dataclass(frozen=True, slots=True)
class Listening:
    """Rules that are asked about the same events, ready to be asked."""

    rules: Sequence[KeptRule]
    ready: Sequence[Ready | None]
    gates: Gates
    audience: Audience
    tells_staff: bool
    advertises_by: frozenset[Reach]

    def decide(self, engine: Engine, here: Circumstances) -> Iterator[tuple[KeptRule, Decision]]:
        """What those do that say more than no."""
        for place in self.gates.let_in(here.known):
            decision = engine.decide(self.ready[place], here)
            if decision.outcome is not Outcome.NO:
                yield self.rules[place], decision


async def make_ready(engine: Engine, topic: str, rules: Sequence[KeptRule]) -> Listening:
    ready = []
    for number, rule in enumerate(rules, start=1):
        ready.append(engine.prepare(rule.written))
        if number % AT_ONCE_MAX == 0:
            await asyncio.sleep(0)
    conditions = [None if one is None else one.rule.condition for one in ready]
    steps = [step for one in ready if one is not None for step in one.rule.steps]
    return Listening(
        rules,
        ready,
        Gates(conditions, engine.vocabularies[topic]),
        Audience.of(rule.version_id for rule in rules),
        tells_staff=any(step.to.role is Role.STAFF for step in steps),
        advertises_by=engine.advertises_by(ready),
    )


class Shelf:
    """Where one process keeps the rules that listen to events."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._kept: tuple[str | None, Mapping[str, Listening]] = (None, {})

    async def load(self, look: Look) -> Mapping[str, Listening]:
        """By topic, as they are now."""
        edition = await look.value(EDITION)
        known, listening = self._kept
        if edition is None or edition != known:
            listening = await self._read(look)
            self._kept = (edition, listening)
        return listening

    async def _read(self, look: Look) -> Mapping[str, Listening]:
        by_topic: dict[str, list[KeptRule]] = {}
        for rule in await list_listening(look, sorted(self.engine.by_topic)):
            by_topic.setdefault(rule.topic, []).append(rule)
        return {
            topic: await make_ready(self.engine, topic, rules) for topic, rules in by_topic.items()
        }


async def begin_edition(uow: UnitOfWork) -> None:
    """Rules are changed in this transaction: whoever keeps them has to read them anew."""
    edition = new_id()
    if not await uow.run(BEGIN, place=PLACE, edition=edition):
        await uow.run(TURN, new_edition=edition)
