"""What the engine was given: the occasions of the slices, and what can be done."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

import msgspec

from basis.errors import DomainError
from basis.facts import Fact, FactKind
from basis.kit.data.occasions import Occasion, Schedule
from kitchenasty.automation.checker import Mistake, check, check_lag, check_winning_back
from kitchenasty.automation.compiling import Asker, compile_condition, known_facts
from kitchenasty.automation.evaluation import Asked, Vocabulary, ask
from kitchenasty.automation.planning import (
    Circumstances,
    Decision,
    Planned,
    Verdicts,
    decide,
    vocabulary_of,
)
from kitchenasty.automation.rules import Reach, Rule, StepKind, Written, read_document, read_rule
from kitchenasty.automation.states import Outcome
from kitchenasty.automation.templates import show_plainly
from kitchenasty.kit.books import UnitOfWork
from kitchenasty.kit.http.i18n import available, money_text

RULES_KEPT = 4_096


@dataclass(frozen=True, slots=True)
class Doing:
    """One thing as whoever does it gets it. `effect_id` names it for ever; `rule` is the name of
    the rule, and `topic` what happened.
    """

    effect_id: str
    planned: Planned
    facts: Mapping[str, Any]
    rule: str
    topic: str

    @property
    def about_id(self) -> str | None:
        """The order or reservation that it is about, by which it is found when its guest goes."""
        return self.facts.get("order.id") or self.facts.get("reservation.id")


@dataclass(frozen=True, slots=True)
class Ready:
    """A rule that can be read, with its condition compiled."""

    rule: Rule
    ask: Asker


@dataclass(frozen=True, slots=True)
class Deed:
    """Something that can be done: how it is offered, and who does it. `do` raises a DomainError
    with the reason if it cannot be done.
    """

    kind: StepKind
    do: Callable[[UnitOfWork, Doing], Awaitable[None]]


@dataclass(frozen=True)
class Engine:
    """Made once, by the composition root."""

    occasions: Sequence[Occasion | Schedule]
    deeds: Sequence[Deed]

    @cached_property
    def by_topic(self) -> dict[str, Occasion]:
        """What happens, by the topic of its events."""
        return {one.topic: one for one in self.occasions if isinstance(one, Occasion)}

    @cached_property
    def schedules(self) -> dict[str, Schedule]:
        """What is counted from, by its topic."""
        return {one.topic: one for one in self.occasions if isinstance(one, Schedule)}

    @cached_property
    def words(self) -> dict[str, str]:
        return {one.topic: one.words for one in self.occasions}

    @cached_property
    def vocabularies(self) -> dict[str, Vocabulary]:
        return {one.topic: vocabulary_of(one.facts) for one in self.occasions}

    @cached_property
    def kinds(self) -> dict[str, StepKind]:
        return {deed.kind.name: deed.kind for deed in self.deeds}

    @cached_property
    def by_kind(self) -> dict[str, Deed]:
        return {deed.kind.name: deed for deed in self.deeds}

    def mistakes(self, written: Written) -> list[Mistake]:
        found = check(written, self.vocabularies, self.kinds)
        if written.topic not in self.vocabularies:
            return found
        schedule = self.schedules.get(written.topic)
        is_known_before = None if schedule is None else schedule.is_known_before
        won = check_winning_back(written, self.kinds) if self.wins_back(written.topic) else ()
        return [*check_lag(written.lag, is_known_before), *found, *won]

    def prepare(self, document: Any) -> Ready | None:
        """A rule as it was kept, to be asked about many events; None if it cannot be read."""
        try:
            written, rule = read_once(msgspec.json.encode(document))
        except DomainError:
            return None
        vocabulary = self.vocabularies.get(written.topic)
        if vocabulary is None or any(step.kind not in self.kinds for step in rule.steps):
            return None
        return Ready(rule, compile_condition(rule.condition, vocabulary))

    def circumstances(
        self,
        topic: str,
        facts: Mapping[str, Any],
        *,
        staff: Mapping[str, Sequence[str]],
        depth: int = 0,
        verdicts: Verdicts | None = None,
    ) -> Circumstances:
        """Of one event, for all rules that are asked about it."""
        vocabulary = self.vocabularies.get(topic, {})
        return Circumstances(
            facts,
            known_facts(facts, vocabulary),
            vocabulary,
            self.kinds,
            staff,
            shown_in(facts.get("guest.language")),
            depth,
            verdicts or {},
            wins_back=self.wins_back(topic),
        )

    def decide(self, ready: Ready | None, here: Circumstances) -> Decision:
        """What a rule does. One that cannot be read does nothing, and says so."""
        if ready is None:
            return Decision(Outcome.UNREADABLE)
        return decide(ready.rule, ready.ask(here.known), here)

    def wins_back(self, topic: str) -> bool:
        schedule = self.schedules.get(topic)
        return schedule is not None and schedule.wins_back

    def advertises_by(self, ready: Iterable[Ready | None]) -> frozenset[Reach]:
        """The ways by which these rules advertise to guests."""
        steps = [step for one in ready if one is not None for step in one.rule.steps]
        kinds = [self.kinds[step.kind] for step in steps]
        return frozenset(kind.reach for kind in kinds if kind.advertises)

    def trace(self, document: Any, facts: Mapping[str, Any]) -> list[Asked]:
        """Each question with its answer; none of a rule that cannot be read."""
        try:
            written, rule = read_once(msgspec.json.encode(document))
        except DomainError:
            return []
        vocabulary = self.vocabularies.get(written.topic)
        return [] if vocabulary is None else ask(rule.condition, facts, vocabulary)[1]

    def explain(self, document: Any) -> str:
        """Why a rule cannot be read; empty if it can."""
        try:
            written = read_document(document)
            read_rule(written)
        except DomainError as refusal:
            return refusal.sentence
        mistakes = self.mistakes(written)
        return mistakes[0].words if mistakes else ""


@lru_cache(RULES_KEPT)
def read_once(document: bytes) -> tuple[Written, Rule]:
    """What was written never changes. Raises what `read_rule` does."""
    written = read_document(msgspec.json.decode(document))
    return written, read_rule(written)


@lru_cache(16)
def shown_in(locale: str | None) -> Callable[[Any, Fact], str]:
    """How values read in the language of the guest, as far as we know it."""
    if locale not in available():
        return show_plainly

    def show(value: Any, fact: Fact) -> str:
        if fact.kind is FactKind.MONEY:
            return money_text(value[0], value[1], str(locale))
        return show_plainly(value, fact)

    return show
