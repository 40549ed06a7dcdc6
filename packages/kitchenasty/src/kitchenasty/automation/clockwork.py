"""Rules that count from a moment: two hours before a table is taken, a month after an order.

Once a minute all processes together look at what has become due since. Each moment with its due
time has one name, made from both, so a rule looks at it once, however often the clock is asked.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from basis.errors import DomainError
from basis.kit.data.occasions import Moment, Schedule
from kitchenasty import locations
from kitchenasty.automation.acting import KEEP_FACTS, actor_at, let_rules_look
from kitchenasty.automation.engine import Engine
from kitchenasty.automation.listening import make_ready
from kitchenasty.automation.queries import Happened, KeptRule, list_listening
from kitchenasty.automation.rules import Lag, read_document, read_lag
from kitchenasty.kit.books import Look, UnitOfWork

LATE = timedelta(hours=6)
"""What became due while nothing ran is done afterwards, up to so late."""
CLOCK_CHANGE = timedelta(hours=2)
AT_ONCE_MAX = 500
NAMES = UUID("6f2b1a52-3f0e-4c0e-9d5b-8f6c0d6e7a11")
"""Under which moments have their names."""


@dataclass(frozen=True, slots=True)
class Due:
    """A moment and when a rule looks because of it. `event_id` names both together."""

    event_id: str
    moment: Moment
    at: datetime


async def look_at_clock(uow: UnitOfWork, engine: Engine) -> None:
    """Let the rules look whose time has come."""
    uow.actor = actor_at(1)
    for (topic, lag), rules in by_time(await list_listening(uow, sorted(engine.schedules))).items():
        schedule = engine.schedules[topic]
        begun = min(rule.updated_at for rule in rules)
        found = await list_due(uow, schedule, lag, (max(uow.now - LATE, begun), uow.now))
        # Nobody is told two hours before of what has begun.
        due = [one for one in found if not lag.is_before or one.moment.at > uow.now]
        for first in range(0, len(due), AT_ONCE_MAX):
            await consider_due(uow, engine, rules, topic, due[first : first + AT_ONCE_MAX])


def by_time(rules: Iterable[KeptRule]) -> dict[tuple[str, Lag], list[KeptRule]]:
    """Rules that count the same time from the same moment are asked together."""
    found: dict[tuple[str, Lag], list[KeptRule]] = {}
    for rule in rules:
        lag = lag_of(rule.written)
        if lag is not None:
            found.setdefault((rule.topic, lag), []).append(rule)
    return found


def lag_of(document: Any) -> Lag | None:
    """None of one that cannot be read: it stays where it is, and says so itself."""
    try:
        return read_lag(read_document(document).lag)
    except DomainError:
        return None


async def list_due(
    look: Look, schedule: Schedule, lag: Lag, between: tuple[datetime, datetime]
) -> list[Due]:
    """What became due after the one instant and until the other, in its order. What was arranged
    later than that is not due any more.
    """
    since, until = between
    moments = await schedule.find(
        look, since - lag.roughly - CLOCK_CHANGE, until - lag.roughly + CLOCK_CHANGE
    )
    found = [due_of(schedule.topic, moment, lag) for moment in moments]
    return sorted(
        (one for one in found if since < one.at <= until and one.moment.known_since < one.at),
        key=lambda one: (one.at, one.event_id),
    )


def due_of(topic: str, moment: Moment, lag: Lag) -> Due:
    """Hours pass by the clock of the world. Days are counted on the wall: a day before seven in the
    evening is seven in the evening, also when the clock is changed in between.
    """
    at = moment.at + timedelta(hours=lag.hours)
    if lag.days:
        zone = ZoneInfo(moment.zone)
        wall = moment.at.astimezone(zone).replace(tzinfo=None) + timedelta(days=lag.days)
        at = locations.first_instant(zone, wall)
    return Due(str(uuid5(NAMES, f"{topic} {moment.about_id} {at.isoformat()}")), moment, at)


async def consider_due(
    uow: UnitOfWork, engine: Engine, rules: Sequence[KeptRule], topic: str, due: Sequence[Due]
) -> None:
    happened = await list_happening(uow, engine.schedules[topic], due)
    rows = [row_of(topic, one) for one in happened]
    await uow.many(KEEP_FACTS, rows)
    everybody = await make_ready(engine, topic, rules)
    looking = []
    for one in happened:
        # A rule that was switched on afterwards has missed it.
        there = [rule for rule in rules if rule.updated_at < one.happened_at]
        is_whole = len(there) == len(rules)
        listening = everybody if is_whole else await make_ready(engine, topic, there)
        looking.append((listening, topic, one))
    if looking:
        await let_rules_look(uow, engine, looking)


async def list_happening(look: Look, schedule: Schedule, due: Sequence[Due]) -> list[Happened]:
    """With what is known now; what is gone by now is left out."""
    known = await schedule.load(look, [one.moment.about_id for one in due]) if due else {}
    return [
        Happened(one.event_id, dict(known[one.moment.about_id]), 0, one.at)
        for one in due
        if one.moment.about_id in known
    ]


def row_of(topic: str, one: Happened) -> Mapping[str, Any]:
    return {
        "event_id": one.event_id,
        "topic": topic,
        "facts": one.facts,
        "depth": one.depth,
        "happened_at": one.happened_at,
    }
