"""Asks a condition about facts. What is not known is not false: the answer may be "unknown" (the
three-valued logic of Kleene), and only a plain yes lets a rule act.
"""

from __future__ import annotations

import operator
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

from basis.facts import Fact, FactKind, Facts, is_of_kind
from basis.money import exponent_of
from kitchenasty.automation.conditions import (
    Condition,
    Every,
    Not,
    Operator,
    Question,
    Some,
    Value,
    write_question,
)

Vocabulary = Mapping[str, Fact]


class Answer(StrEnum):
    YES = "YES"
    NO = "NO"
    UNKNOWN = "UNKNOWN"

    def __invert__(self) -> Answer:
        return OPPOSITE[self]


OPPOSITE = {Answer.YES: Answer.NO, Answer.NO: Answer.YES, Answer.UNKNOWN: Answer.UNKNOWN}


@dataclass(frozen=True, slots=True)
class Asked:
    """One line of a trace: what was asked and what the answer was. `depth` is how far it stands
    inside others; `saw` is the fact that a question looked at, None if it is not known. What joins
    questions has no `question` of its own.
    """

    words: str
    answer: Answer
    depth: int
    saw: Any = None
    question: Question | None = None


def ask(condition: Condition, facts: Facts, vocabulary: Vocabulary) -> tuple[Answer, list[Asked]]:
    """The answer, and how it came about. Every part is asked, also when the answer is clear before:
    who reads the trace wants to know all of it.
    """
    lines: list[Asked] = []
    answer = ask_part(condition, facts, vocabulary, lines, 0)
    return answer, lines


def ask_part(
    condition: Condition, facts: Facts, vocabulary: Vocabulary, lines: list[Asked], depth: int
) -> Answer:
    if isinstance(condition, Question):
        value = known_value(condition.fact, facts, vocabulary)
        answer = ask_question(condition, value, vocabulary.get(condition.fact))
        lines.append(Asked(write_question(condition), answer, depth, value, condition))
        return answer
    place = len(lines)
    inner = (condition.of,) if isinstance(condition, Not) else condition.of
    answers = [ask_part(one, facts, vocabulary, lines, depth + 1) for one in inner]
    answer = joined(condition, answers)
    lines.insert(place, Asked(WORDS[type(condition)], answer, depth))
    return answer


WORDS = {Not: "not", Every: "all of these", Some: "one of these"}


def joined(condition: Condition, answers: Sequence[Answer]) -> Answer:
    if isinstance(condition, Not):
        return ~answers[0]
    decisive = Answer.NO if isinstance(condition, Every) else Answer.YES
    if decisive in answers:
        return decisive
    return Answer.UNKNOWN if Answer.UNKNOWN in answers else ~decisive


def known_value(name: str, facts: Facts, vocabulary: Vocabulary) -> Any:
    """The fact, if it is known and what its vocabulary promises; None otherwise."""
    value, fact = facts.get(name), vocabulary.get(name)
    if value is None or fact is None or not is_of_kind(value, fact):
        return None
    return value


def ask_question(question: Question, value: Any, fact: Fact | None) -> Answer:
    """What no vocabulary has, or cannot be compared so, is not known, and nothing breaks."""
    if fact is None:
        return Answer.UNKNOWN
    if question.operator is Operator.EXISTS:
        return Answer.YES if value is not None else Answer.NO
    if value is None or not fits(question, fact):
        return Answer.UNKNOWN
    return Answer.YES if holds(question, value, fact) else Answer.NO


def holds(question: Question, value: Any, fact: Fact) -> bool:
    if fact.kind is FactKind.LIST:
        return plain(question.values[0]) in {plain(one) for one in value}
    seen = comparable(value, fact)
    if question.operator is Operator.IN:
        return any(seen == plain(one) for one in question.values)
    if question.operator is Operator.CONTAINS:
        return plain(question.values[0]) in seen
    return COMPARISONS[question.operator](seen, plain(question.values[0]))


COMPARISONS: dict[Operator, Callable[[Any, Any], bool]] = {
    Operator.IS: operator.eq,
    Operator.IS_NOT: operator.ne,
    Operator.LESS: operator.lt,
    Operator.AT_MOST: operator.le,
    Operator.MORE: operator.gt,
    Operator.AT_LEAST: operator.ge,
}
ORDERED = frozenset(COMPARISONS)
SAME = frozenset({Operator.IS, Operator.IS_NOT})
ALLOWED: dict[FactKind, frozenset[Operator]] = {
    FactKind.TEXT: SAME | {Operator.IN, Operator.CONTAINS, Operator.EXISTS},
    FactKind.CHOICE: SAME | {Operator.IN, Operator.EXISTS},
    FactKind.NUMBER: ORDERED | {Operator.IN, Operator.EXISTS},
    FactKind.MONEY: ORDERED | {Operator.EXISTS},
    FactKind.FLAG: SAME | {Operator.EXISTS},
    FactKind.MOMENT: ORDERED | {Operator.EXISTS},
    FactKind.LIST: frozenset({Operator.CONTAINS, Operator.EXISTS}),
}
TYPES: dict[FactKind, type[Value]] = {
    FactKind.NUMBER: Decimal,
    FactKind.MONEY: Decimal,
    FactKind.FLAG: bool,
}


def fits(question: Question, fact: Fact) -> bool:
    """Whether this fact can be asked so at all."""
    wanted = TYPES.get(fact.kind, str)
    return question.operator in ALLOWED[fact.kind] and all(
        type(one) is wanted for one in question.values
    )


def comparable(value: Any, fact: Fact) -> Any:
    if fact.kind is FactKind.MONEY:
        minor, currency = value
        return Decimal(minor).scaleb(-exponent_of(currency))
    return plain(value)


def plain(value: Any) -> Any:
    """Texts are compared without regard to capitals, outer blanks and ways to write an umlaut."""
    if not isinstance(value, str):
        return value
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", value).casefold()).strip()
