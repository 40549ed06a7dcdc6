"""What the pages of rules choose from and show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from basis.facts import Fact, FactKind
from basis.sentences import word
from kitchenasty.automation import Answer, Asked, Engine, Mistake, Role, Run, StepKind, Written
from kitchenasty.dashboard.automation.form import (
    AFTER,
    ALL,
    ANY,
    BEFORE,
    COMPARISONS,
    DAYS,
    HOURS,
    SHORT,
)
from kitchenasty.kit.http.i18n import current_locale, money_text, translate

ANSWER_WORDS = {
    Answer.YES: (word("yes"), "ok"),
    Answer.NO: (word("no"), ""),
    Answer.UNKNOWN: (word("not known"), "warn"),
}
Choices = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class FieldShown:
    """A text of steps, and the kinds that have it."""

    name: str
    words: str
    kinds: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RuleChoices:
    facts: Choices
    comparisons: Choices
    joined: Choices
    kinds: Choices
    recipients: Choices
    directed: tuple[str, ...]
    """Kinds that go to somebody, and of these the ones that take an address as it is typed."""
    addressed: tuple[str, ...]
    fields: tuple[FieldShown, ...]
    long: tuple[str, ...]
    units: Choices
    sides: Choices


@dataclass(frozen=True, slots=True)
class PlacedMistake:
    """A mistake, where it is in words, and the field of the page that it is about."""

    words: str
    place: str
    field: str


@dataclass(frozen=True, slots=True)
class TraceLine:
    """One line of a trace, ready to be shown: in words, and as it is written by hand."""

    words: str
    code: str
    depth: int
    answer: str
    kind: str
    saw: str


def choices_of(engine: Engine, topic: str, programs: Mapping[str, str]) -> RuleChoices:
    vocabulary = engine.vocabularies.get(topic, {})
    facts = [(name, f"{translate(fact.words)} · {name}") for name, fact in vocabulary.items()]
    known = [kind for kind in engine.kinds.values() if not kind.needs or kind.needs in vocabulary]
    return RuleChoices(
        facts=[("", "–"), *facts],
        comparisons=[(name, translate(words)) for name, words in COMPARISONS.items()],
        joined=[(ALL, translate("all of these hold")), (ANY, translate("one of these holds"))],
        kinds=[("", translate("Nothing")), *((kind.name, translate(kind.words)) for kind in known)],
        recipients=recipients(programs, has_guest="guest.email" in vocabulary),
        directed=tuple(kind.name for kind in known if kind.takes),
        addressed=tuple(kind.name for kind in known if Role.ADDRESS in kind.takes),
        fields=tuple(field_of(name, known) for name in SHORT),
        long=tuple(kind.name for kind in known if "body" in names_of(kind)),
        units=[(HOURS, translate("hours")), (DAYS, translate("days"))],
        sides=[(BEFORE, translate("before")), (AFTER, translate("after"))],
    )


def field_of(name: str, kinds: Sequence[StepKind]) -> FieldShown:
    having = [kind for kind in kinds if name in names_of(kind)]
    words = next((one.words for kind in having for one in kind.fields if one.name == name), name)
    return FieldShown(name, translate(words), tuple(kind.name for kind in having))


def names_of(kind: StepKind) -> set[str]:
    return {one.name for one in kind.fields}


def placed_mistakes(engine: Engine, written: Written) -> list[PlacedMistake]:
    return [placed(mistake, engine, written) for mistake in engine.mistakes(written)]


def placed(mistake: Mistake, engine: Engine, written: Written) -> PlacedMistake:
    _, _, within = mistake.where.partition("steps.")
    number, _, name = within.partition(".")
    if not name:
        words, anchor = PLACES.get(mistake.where, ("", ""))
        return PlacedMistake(mistake.words, translate(words) if words else "", anchor)
    at = int(number)
    kind = engine.kinds.get(written.steps[at].kind)
    found = kind and next((one for one in kind.fields if one.name == name), None)
    words = found.words if found else {"to": FOR_WHOM}.get(name, DO_THIS)
    place = translate(STEP).format(number=at + 1, field=translate(words))
    return PlacedMistake(mistake.words, place, f"field-{name}-{at + 1}")


PLACES = {
    "when": (word("If"), "when-title"),
    "lag": (word("When"), "field-amount"),
}
STEP = word("Step {number}, {field}")
FOR_WHOM, DO_THIS = word("For whom"), word("Do this")


def recipients(programs: Mapping[str, str], *, has_guest: bool) -> Choices:
    guest = [(Role.GUEST.value, translate("The guest"))] if has_guest else []
    return [
        ("", "–"),
        *guest,
        (Role.HOUSE.value, translate("The house")),
        ("staff:MANAGER", translate("The managers")),
        ("staff:STAFF", translate("The staff")),
        ("staff:SUPER_ADMIN", translate("The owners")),
        (Role.ADDRESS.value, translate("An address or a number")),
        *((f"{Role.WEBHOOK}:{one}", words) for one, words in programs.items()),
    ]


def trace_of(engine: Engine, run: Run) -> list[TraceLine]:
    """Asked again, of what was known then: the same rule has the same answers."""
    if run.facts is None:
        return []
    topic = run.written.get("topic", "") if isinstance(run.written, dict) else ""
    vocabulary = engine.vocabularies.get(topic, {})
    return [line_of(asked, vocabulary) for asked in engine.trace(run.written, run.facts)]


def line_of(asked: Asked, vocabulary: Mapping[str, Fact]) -> TraceLine:
    answer, kind = ANSWER_WORDS[asked.answer]
    question = asked.question
    fact = vocabulary.get(question.fact) if question else None
    if question is None or fact is None:
        joined = translate(JOINED[asked.words]) if asked.words in JOINED else asked.words
        return TraceLine(joined, "", asked.depth, translate(answer), kind, "")
    values = ", ".join(shown(value, fact) for value in question.values)
    comparison = translate(COMPARISONS[question.operator.value])
    words = f"{translate(fact.words)}: {comparison} {values}".strip()
    saw = "" if asked.saw is None else shown(asked.saw, fact)
    return TraceLine(words, asked.words, asked.depth, translate(answer), kind, saw)


JOINED = {
    "not": word("not"),
    "all of these": word("all of these"),
    "one of these": word("one of these"),
}


def shown(value: Any, fact: Fact) -> str:
    """A value as people read it: of a question, or as it was seen."""
    if isinstance(value, bool):
        return translate("yes") if value else translate("no")
    if fact.choices and value in fact.choices:
        return translate(fact.choices[value])
    if fact.kind is FactKind.MONEY and isinstance(value, list):
        return money_text(value[0], value[1], current_locale.get())
    if isinstance(value, list):
        return ", ".join(str(one) for one in value)
    return str(value)
