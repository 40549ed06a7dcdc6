"""Reading rules and what they did."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, func, select

from basis.errors import NotFound
from basis.ids import is_id
from basis.kit.data.statements import Row, Statement, one_of
from kitchenasty.automation.looking import count_looks
from kitchenasty.automation.models import (
    RuleAudienceMemberRow,
    RuleEffectRow,
    RuleFactsRow,
    RuleLookRow,
    RuleRow,
    RuleRunRow,
    RuleVersionRow,
)
from kitchenasty.automation.states import EffectState, Outcome
from kitchenasty.kit.books import Look

RULES_SHOWN_MAX = 200
RUNS_SHOWN_MAX = 20
REHEARSED_MAX = 5_000

CURRENT = RuleVersionRow.number == RuleRow.version
FIELDS = (
    RuleRow.id,
    RuleRow.name,
    RuleRow.is_on,
    RuleRow.topic,
    RuleRow.version,
    RuleVersionRow.id.label("version_id"),
    RuleVersionRow.written,
    RuleRow.updated_at,
)
JOINED = select(*FIELDS).join(RuleVersionRow, (RuleVersionRow.rule_id == RuleRow.id) & CURRENT)
ALL = Statement(JOINED.order_by(RuleRow.name, RuleRow.id).limit(RULES_SHOWN_MAX))
ONE = Statement(JOINED.where(RuleRow.id == bindparam("rule_id", required=True)))
LISTENING = Statement(
    JOINED.where(RuleRow.is_on, one_of(RuleRow.topic, "topics")).order_by(RuleRow.id)
)
VERSION = Statement(
    select(RuleVersionRow.written).where(
        RuleVersionRow.rule_id == bindparam("of_rule", required=True),
        RuleVersionRow.number == bindparam("number", required=True),
    )
)
TALLIES = Statement(
    select(RuleRunRow.rule_id, RuleRunRow.outcome, func.count())
    .where(RuleRunRow.ran_at >= bindparam("since", required=True))
    .group_by(RuleRunRow.rule_id, RuleRunRow.outcome)
)
OF_VERSION = RuleAudienceMemberRow.version_id == RuleVersionRow.id
RUNS = Statement(
    select(
        RuleLookRow.event_id,
        RuleVersionRow.id,
        func.coalesce(RuleRunRow.outcome, Outcome.NO.value),
        RuleLookRow.ran_at,
        RuleVersionRow.number,
        RuleVersionRow.written,
        RuleFactsRow.facts,
    )
    .select_from(RuleVersionRow)
    .join(RuleAudienceMemberRow, OF_VERSION)
    .join(RuleLookRow, RuleLookRow.audience_id == RuleAudienceMemberRow.audience_id)
    .outerjoin(
        RuleRunRow,
        (RuleRunRow.version_id == RuleVersionRow.id)
        & (RuleRunRow.event_id == RuleLookRow.event_id),
    )
    .outerjoin(RuleFactsRow, RuleFactsRow.event_id == RuleLookRow.event_id)
    .where(RuleVersionRow.rule_id == bindparam("of_rule", required=True))
    .order_by(RuleLookRow.ran_at.desc(), RuleLookRow.event_id.desc())
    .limit(RUNS_SHOWN_MAX)
)
EFFECTS = Statement(
    select(
        RuleEffectRow.event_id,
        RuleEffectRow.version_id,
        RuleEffectRow.kind,
        RuleEffectRow.recipient,
        RuleEffectRow.texts,
        RuleEffectRow.state,
        RuleEffectRow.error,
    )
    .where(one_of(RuleEffectRow.event_id, "event_ids"))
    .order_by(RuleEffectRow.id)
)
EFFECT = Statement(
    select(RuleEffectRow.texts).where(RuleEffectRow.id == bindparam("effect_id", required=True))
)
RECIPIENT = Statement(
    select(RuleEffectRow.recipient).where(RuleEffectRow.id == bindparam("effect_id", required=True))
)
HISTORY = Statement(
    select(RuleFactsRow.event_id, RuleFactsRow.facts, RuleFactsRow.depth, RuleFactsRow.happened_at)
    .where(
        RuleFactsRow.topic == bindparam("of_topic", required=True),
        RuleFactsRow.happened_at >= bindparam("since", required=True),
    )
    .order_by(RuleFactsRow.happened_at.desc(), RuleFactsRow.event_id.desc())
    .limit(REHEARSED_MAX)
)


class RuleNotFound(NotFound):
    def __init__(self) -> None:
        super().__init__("There is no such rule.")


@dataclass(frozen=True, slots=True)
class KeptRule:
    """A rule with the version that counts, as it was written. Fields are as in FIELDS."""

    id: str
    name: str
    is_on: bool
    topic: str
    version: int
    version_id: str
    written: Any
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class Effect:
    kind: str
    recipient: str
    texts: dict[str, str]
    state: EffectState
    error: str | None


@dataclass(frozen=True, slots=True)
class Run:
    """A rule that was asked. `facts` are None once they are forgotten."""

    event_id: str
    version_id: str
    outcome: Outcome
    ran_at: datetime
    number: int
    written: Any
    facts: dict[str, Any] | None
    effects: tuple[Effect, ...] = ()


@dataclass(frozen=True, slots=True)
class Happened:
    """Something that happened, with what was known then."""

    event_id: str
    facts: dict[str, Any]
    depth: int
    happened_at: datetime


async def list_rules(look: Look) -> list[KeptRule]:
    return [KeptRule(*row) for row in await look.rows(ALL)]


async def list_listening(look: Look, topics: Sequence[str]) -> list[KeptRule]:
    """Rules that are switched on for one of these."""
    return [KeptRule(*row) for row in await look.rows(LISTENING, topics=list(topics))]


async def load_rule(look: Look, rule_id: str) -> KeptRule:
    """Raises RuleNotFound."""
    row = await look.row(ONE, rule_id=rule_id) if is_id(rule_id) else None
    if row is None:
        raise RuleNotFound
    return KeptRule(*row)


async def load_version(look: Look, rule_id: str, number: int) -> Any:
    """As it was written. Raises RuleNotFound."""
    row = await look.row(VERSION, of_rule=rule_id, number=number) if is_id(rule_id) else None
    if row is None:
        raise RuleNotFound
    return row[0]


async def tally(look: Look, since: datetime) -> dict[str, dict[Outcome, int]]:
    """How often each rule was asked, by what became of it."""
    asked = await count_looks(look, since)
    found: dict[str, dict[Outcome, int]] = {rule_id: {} for rule_id in asked}
    for rule_id, outcome, count in await look.rows(TALLIES, since=since):
        found.setdefault(rule_id, {})[Outcome(outcome)] = count
    for rule_id, counts in found.items():
        if said_no := asked.get(rule_id, 0) - sum(counts.values()):
            counts[Outcome.NO] = said_no
    return found


async def list_runs(look: Look, rule_id: str) -> list[Run]:
    """The newest first, with all that they did: two questions however many they are."""
    rows = await look.rows(RUNS, of_rule=rule_id)
    effects: dict[tuple[str, str], list[Effect]] = {}
    for event_id, version_id, *rest in await look.rows(EFFECTS, event_ids=[row[0] for row in rows]):
        effects.setdefault((event_id, version_id), []).append(effect_of(rest))
    return [run_of(row, tuple(effects.get((row[0], row[1]), ()))) for row in rows]


def run_of(row: Row, effects: tuple[Effect, ...]) -> Run:
    event_id, version_id, outcome, ran_at, number, written, facts = row
    return Run(event_id, version_id, Outcome(outcome), ran_at, number, written, facts, effects)


def effect_of(rest: Sequence[Any]) -> Effect:
    kind, recipient, texts, state, error = rest
    return Effect(kind, recipient, texts, EffectState(state), error)


async def find_texts(look: Look, effect_id: str) -> dict[str, str] | None:
    """What was to be said; None once its guest is forgotten."""
    row = await look.row(EFFECT, effect_id=effect_id)
    return None if row is None else row[0]


async def find_recipient(look: Look, effect_id: str) -> str | None:
    """To whom it was to be said; None once they are forgotten."""
    row = await look.row(RECIPIENT, effect_id=effect_id)
    return None if row is None else row[0]


async def list_happened(look: Look, topic: str, since: datetime) -> list[Happened]:
    """What happened, the newest first, at most REHEARSED_MAX."""
    return [Happened(*row) for row in await look.rows(HISTORY, of_topic=topic, since=since)]
