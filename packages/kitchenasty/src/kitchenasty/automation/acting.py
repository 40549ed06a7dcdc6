"""What happened reaches the rules: once for each event, in one transaction with all they do."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import bindparam, delete, select

from basis.errors import DomainError
from basis.ids import new_id
from basis.kit.data.outbox import OutboxRow, StoredEvent
from basis.kit.data.paging import Page
from basis.kit.data.statements import Statement, insert_unless_there, one_of
from kitchenasty import staff
from kitchenasty.automation.engine import Doing, Engine
from kitchenasty.automation.listening import Listening, Shelf
from kitchenasty.automation.looking import forget_looks, keep_looks, list_seen
from kitchenasty.automation.models import RuleEffectRow, RuleFactsRow, RuleRunRow
from kitchenasty.automation.permits import load_verdicts
from kitchenasty.automation.planning import Decision, Planned, ids_in
from kitchenasty.automation.queries import Happened, KeptRule
from kitchenasty.automation.states import EffectState
from kitchenasty.kit.books import Look, UnitOfWork
from kitchenasty.kit.principals import Kind, Principal, Role

JOB = "rules.consider"
KEPT_DAYS = 30
AT_ONCE_MAX = 10
"""Events in one transaction. On SQLite whoever orders waits for it, and the rules may be many."""
COLLEAGUES_MAX = 100
ACTOR = f"{Kind.SYSTEM}:rules."
EVENTS = Statement(
    select(OutboxRow.id, OutboxRow.topic, OutboxRow.payload, OutboxRow.emitted_at, OutboxRow.actor)
    .where(one_of(OutboxRow.id, "ids"))
    .order_by(OutboxRow.id)
)
KEEP_FACTS = insert_unless_there(RuleFactsRow)
KEEP_RUN = insert_unless_there(RuleRunRow)
CLAIM_EFFECT = insert_unless_there(RuleEffectRow)
CLAIMED = Statement(select(RuleEffectRow.id).where(one_of(RuleEffectRow.id, "effect_ids")))
REFUSE = Statement(
    RuleEffectRow.__table__.update()  # type: ignore[attr-defined]  # a table has it
    .where(RuleEffectRow.id == bindparam("effect_id", required=True))
    .values(state=EffectState.REFUSED, error=bindparam("why", required=True))
)
FORGET = tuple(
    Statement(delete(row).where(since < bindparam("before", required=True)))
    for row, since in (
        (RuleEffectRow, RuleEffectRow.done_at),
        (RuleRunRow, RuleRunRow.ran_at),
        (RuleFactsRow, RuleFactsRow.happened_at),
    )
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """One thing that a rule wants done, under the name that it gets."""

    effect_id: str
    rule: KeptRule
    happened: Happened
    planned: Planned


async def hear(uow: UnitOfWork, events: Sequence[StoredEvent]) -> None:
    """Have the rules look later, by a job: screens do not wait for them. Those that rules caused
    go by themselves, so that what they cause is known to come from them.
    """
    for depth in sorted({depth_of(event) for event in events}):
        ids = [event.id for event in events if depth_of(event) == depth]
        for some in in_parts(ids, AT_ONCE_MAX):
            uow.enqueue(JOB, {"events": some, "depth": depth}, key=f"{JOB}:{some[0]}")


def in_parts(ids: Sequence[str], most: int) -> Iterator[Sequence[str]]:
    return (ids[first : first + most] for first in range(0, len(ids), most))


def depth_of(event: StoredEvent) -> int:
    """How many rules in a row led to an event."""
    rest = event.actor.removeprefix(ACTOR)
    return int(rest) if rest != event.actor and rest.isdigit() else 0


def actor_at(depth: int) -> Principal:
    """Who acts where so many rules in a row have led."""
    return Principal(kind=Kind.SYSTEM, id=f"rules.{depth}", name="KitchenAsty")


async def consider(uow: UnitOfWork, shelf: Shelf, payload: Mapping[str, Any]) -> None:
    """Let the rules look at some events, and do what they say. All of it is one transaction with
    the job's own row: it happens once, whatever is killed when.
    """
    depth = int(payload["depth"])
    uow.actor = actor_at(depth + 1)
    rows = await uow.rows(EVENTS, ids=list(payload["events"]))
    events = [StoredEvent(*row) for row in rows]
    happened = await remember(uow, shelf.engine, events, depth)
    topics = {event.id: event.topic for event in events}
    listening = await shelf.load(uow)
    looking = [
        (listening[topics[one.event_id]], topics[one.event_id], one)
        for one in happened
        if topics[one.event_id] in listening
    ]
    if looking:
        await let_rules_look(uow, shelf.engine, looking)


async def remember(
    uow: UnitOfWork, engine: Engine, events: Iterable[StoredEvent], depth: int
) -> list[Happened]:
    """What is known of each now: kept for rehearsals, and for whoever reads the trace."""
    by_topic: dict[str, list[StoredEvent]] = {}
    for event in events:
        by_topic.setdefault(event.topic, []).append(event)
    happened: list[Happened] = []
    for topic, those in by_topic.items():
        loaded = await engine.by_topic[topic].load(uow, those)
        happened += [
            Happened(event.id, dict(loaded[event.id]), depth, event.emitted_at)
            for event in those
            if event.id in loaded
        ]
    topics = {event.id: topic for topic, those in by_topic.items() for event in those}
    rows = [
        {
            "event_id": one.event_id,
            "topic": topics[one.event_id],
            "facts": one.facts,
            "depth": depth,
            "happened_at": one.happened_at,
        }
        for one in happened
    ]
    await uow.many(KEEP_FACTS, rows)
    return sorted(happened, key=lambda one: one.event_id)


async def let_rules_look(
    uow: UnitOfWork, engine: Engine, looking: Sequence[tuple[Listening, str, Happened]]
) -> None:
    """Each of those who listen is asked about what happened, of a topic. That it was is kept, also
    of those that said no.
    """
    seen = await list_seen(uow, [happened.event_id for _, _, happened in looking])
    tells_staff = any(listening.tells_staff for listening, _, _ in looking)
    staff = await list_colleagues(uow) if tells_staff else {}
    asked = [(listening.advertises_by, one.facts) for listening, _, one in looking]
    verdicts = await load_verdicts(uow, asked)
    runs, looks, wanted = [], [], []
    for listening, topic, happened in looking:
        # What was known may be other than it was: whoever looks again would write to others too.
        before = seen.get(happened.event_id, set())
        here = engine.circumstances(
            topic, happened.facts, staff=staff, depth=happened.depth, verdicts=verdicts
        )
        for rule, decision in listening.decide(engine, here):
            if rule.version_id in before:
                continue
            runs.append(run_of(uow, rule, happened, decision))
            wanted += [Wanted(new_id(), rule, happened, one) for one in decision.planned]
        looks.append((happened.event_id, listening.audience.without(before)))
        await asyncio.sleep(0)  # readers have their turn; on SQLite nothing above waits
    await do_once(uow, engine, wanted)
    await uow.many(KEEP_RUN, runs)
    await keep_looks(uow, looks)


def run_of(
    uow: UnitOfWork, rule: KeptRule, happened: Happened, decision: Decision
) -> dict[str, Any]:
    return {
        "id": new_id(),
        "rule_id": rule.id,
        "version_id": rule.version_id,
        "event_id": happened.event_id,
        "outcome": decision.outcome,
        "ran_at": uow.now,
    }


async def do_once(uow: UnitOfWork, engine: Engine, wanted: Sequence[Wanted]) -> None:
    """Unless it was done before, for this version, event, step and recipient."""
    if not wanted:
        return
    await uow.many(CLAIM_EFFECT, [row_of_effect(uow, one) for one in wanted])
    # What was done before, or another worker claimed meanwhile, is there under another id.
    rows = await uow.rows(CLAIMED, effect_ids=[one.effect_id for one in wanted])
    claimed = {row[0] for row in rows}
    for one in wanted:
        if one.effect_id in claimed and not one.planned.why_not:
            await act(uow, engine, one)
            await asyncio.sleep(0)


def row_of_effect(uow: UnitOfWork, one: Wanted) -> dict[str, Any]:
    planned = one.planned
    return {
        "id": one.effect_id,
        "version_id": one.rule.version_id,
        "event_id": one.happened.event_id,
        "step": planned.step,
        "kind": planned.kind,
        "recipient": planned.recipient,
        "texts": dict(planned.texts),
        "about": ids_in(one.happened.facts),
        "state": EffectState.REFUSED if planned.why_not else EffectState.DONE,
        "error": planned.why_not or None,
        "done_at": uow.now,
    }


async def act(uow: UnitOfWork, engine: Engine, one: Wanted) -> None:
    """What cannot be done is kept with the reason, and holds up nothing else."""
    facts, rule = one.happened.facts, one.rule
    try:
        async with uow.attempt():
            deed = engine.by_kind[one.planned.kind]
            await deed.do(uow, Doing(one.effect_id, one.planned, facts, rule.name, rule.topic))
    except DomainError as refusal:
        await uow.run(REFUSE, effect_id=one.effect_id, why=str(refusal)[:500])


async def list_colleagues(look: Look) -> dict[str, list[str]]:
    """Where those of the staff read mail, by their role."""
    found = {}
    for role in Role:
        wanted = staff.StaffFilter(role=role, is_active=True)
        members, _ = await staff.list_members(look, wanted, Page(limit=COLLEAGUES_MAX))
        found[role.value] = [member.email for member in members]
    return found


async def forget_old_runs(uow: UnitOfWork, _payload: dict[str, Any]) -> None:
    """Traces, and what was known, go after a month."""
    for statement in FORGET:
        await uow.run(statement, before=uow.now - timedelta(days=KEPT_DAYS))
    await forget_looks(uow, uow.now - timedelta(days=KEPT_DAYS))
