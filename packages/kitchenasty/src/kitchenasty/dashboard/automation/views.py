"""What the pages of rules choose from and show."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from basis.sentences import word
from kitchenasty.automation import Answer, Asked, Engine, Role, Run
from kitchenasty.dashboard.automation.form import ALL, ANY, COMPARISONS
from kitchenasty.kit.http.i18n import translate

ANSWER_WORDS = {
    Answer.YES: (word("yes"), "ok"),
    Answer.NO: (word("no"), ""),
    Answer.UNKNOWN: (word("not known"), "warn"),
}
Choices = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class RuleChoices:
    facts: Choices
    comparisons: Choices
    joined: Choices
    kinds: Choices
    recipients: Choices


@dataclass(frozen=True, slots=True)
class TraceLine:
    """One line of a trace, ready to be shown."""

    words: str
    depth: int
    answer: str
    kind: str
    saw: str


def choices_of(engine: Engine, topic: str) -> RuleChoices:
    vocabulary = engine.vocabularies.get(topic, {})
    facts = [(name, f"{translate(fact.words)} · {name}") for name, fact in vocabulary.items()]
    kinds = [
        (kind.name, translate(kind.words))
        for kind in engine.kinds.values()
        if not kind.needs or kind.needs in vocabulary
    ]
    return RuleChoices(
        facts=[("", "–"), *facts],
        comparisons=[(name, translate(words)) for name, words in COMPARISONS.items()],
        joined=[(ALL, translate("all of these hold")), (ANY, translate("one of these holds"))],
        kinds=[("", translate("Nothing")), *kinds],
        recipients=recipients(has_guest="guest.email" in vocabulary),
    )


def recipients(*, has_guest: bool) -> Choices:
    guest = [(Role.GUEST.value, translate("The guest"))] if has_guest else []
    return [
        ("", "–"),
        *guest,
        (Role.HOUSE.value, translate("The house")),
        ("staff:MANAGER", translate("The managers")),
        ("staff:STAFF", translate("The staff")),
        ("staff:SUPER_ADMIN", translate("The owners")),
        (Role.ADDRESS.value, translate("An address")),
    ]


def trace_of(engine: Engine, run: Run) -> list[TraceLine]:
    """Asked again, of what was known then: the same rule has the same answers."""
    if run.facts is None:
        return []
    decision = engine.decide(run.written, run.facts, staff={})
    return [line_of(asked) for asked in decision.lines]


def line_of(asked: Asked) -> TraceLine:
    words, kind = ANSWER_WORDS[asked.answer]
    return TraceLine(asked.words, asked.depth, translate(words), kind, shown(asked.saw))


def shown(value: Any) -> str:
    if value is None:
        return ""
    return ", ".join(str(one) for one in value) if isinstance(value, list) else str(value)
