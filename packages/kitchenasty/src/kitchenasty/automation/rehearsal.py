"""A rule is tried on what has happened, and nothing is sent."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from kitchenasty.automation.acting import list_colleagues
from kitchenasty.automation.clockwork import lag_of, list_due, list_happening
from kitchenasty.automation.engine import Engine
from kitchenasty.automation.permits import load_verdicts
from kitchenasty.automation.planning import NOBODY_THERE, Planned
from kitchenasty.automation.queries import REHEARSED_MAX, Happened, list_happened
from kitchenasty.automation.states import Outcome
from kitchenasty.kit.books import Look

DAYS_MAX = 30


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """One thing that would have been done."""

    event_id: str
    happened_at: datetime
    planned: Planned

    @property
    def key(self) -> tuple[Any, ...]:
        """What makes it the same in another version of the rule."""
        one = self.planned
        texts = tuple(sorted(one.texts.items()))
        return (self.event_id, one.kind, one.recipient, texts, one.why_not)


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """What a rule would have done; `is_whole` unless more happened than is looked at."""

    looked_at: int
    outcomes: dict[Outcome, int]
    done: tuple[Rehearsed, ...]
    is_whole: bool

    @property
    def messages(self) -> list[Rehearsed]:
        return [one for one in self.done if one.planned.recipient and not one.planned.why_not]

    @property
    def unreached(self) -> list[Rehearsed]:
        return [one for one in self.done if one.planned.why_not == NOBODY_THERE]

    @property
    def left_out(self) -> dict[str, int]:
        """How many messages the law, or their guests, would have kept back, by the reason."""
        known = [one.planned.why_not for one in self.done if one.planned.why_not]
        return {why: known.count(why) for why in dict.fromkeys(known) if why != NOBODY_THERE}

    @property
    def recipients(self) -> set[str]:
        return {one.planned.recipient for one in self.messages}


async def rehearse(look: Look, engine: Engine, document: Any, topic: str, days: int) -> Rehearsal:
    """Decide as the rule would about the last days, in the words it would have used."""
    since = look.now - timedelta(days=min(max(days, 1), DAYS_MAX))
    happened = await list_past(look, engine, document, topic, since)
    staff = await list_colleagues(look)
    outcomes: dict[Outcome, int] = {}
    done: list[Rehearsed] = []
    ready = engine.prepare(document)
    reaches = engine.advertises_by([ready])
    verdicts = await load_verdicts(look, [(reaches, one.facts) for one in happened])
    for one in happened:
        here = engine.circumstances(
            topic, one.facts, staff=staff, depth=one.depth, verdicts=verdicts
        )
        decision = engine.decide(ready, here)
        outcomes[decision.outcome] = outcomes.get(decision.outcome, 0) + 1
        done += [Rehearsed(one.event_id, one.happened_at, planned) for planned in decision.planned]
    return Rehearsal(len(happened), outcomes, tuple(done), len(happened) < REHEARSED_MAX)


async def list_past(
    look: Look, engine: Engine, document: Any, topic: str, since: datetime
) -> list[Happened]:
    """What happened, as it was known then; moments that were due, as they are known now."""
    schedule = engine.schedules.get(topic)
    if schedule is None:
        return await list_happened(look, topic, since)
    lag = lag_of(document)
    due = [] if lag is None else await list_due(look, schedule, lag, (since, look.now))
    return await list_happening(look, schedule, due[-REHEARSED_MAX:])


def only_in(first: Rehearsal, second: Rehearsal) -> Iterator[Rehearsed]:
    """What the first would have done and the second would not."""
    others = {one.key for one in second.done}
    return (one for one in first.done if one.key not in others)
