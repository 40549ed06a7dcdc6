"""Conditions made ready to be asked about many events. `evaluation.ask` says the same, slower and
line by line; a property holds the two together.

What an event makes known is compared in one form: it is brought into it once for all rules.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from basis.facts import Fact, FactKind, Facts
from kitchenasty.automation.conditions import Condition, Every, Not, Operator, Question
from kitchenasty.automation.evaluation import (
    COMPARISONS,
    OPPOSITE,
    Answer,
    Vocabulary,
    comparable,
    fits,
    known_value,
    plain,
)

Known = Mapping[str, Any]
"""Facts by name, as they are compared; those that are not known are not among them."""
Asker = Callable[[Known], Answer]


def known_facts(facts: Facts, vocabulary: Vocabulary) -> Known:
    values = {name: known_value(name, facts, vocabulary) for name in vocabulary}
    return {
        name: in_form(value, vocabulary[name])
        for name, value in values.items()
        if value is not None
    }


def in_form(value: Any, fact: Fact) -> Any:
    if fact.kind is FactKind.LIST:
        return frozenset(map(plain, value))
    return comparable(value, fact)


def compile_condition(condition: Condition, vocabulary: Vocabulary) -> Asker:
    if isinstance(condition, Question):
        return compile_question(condition, vocabulary.get(condition.fact))
    if isinstance(condition, Not):
        return partial(ask_opposite, compile_condition(condition.of, vocabulary))
    parts = tuple(compile_condition(one, vocabulary) for one in condition.of)
    return partial(ask_parts, parts, Answer.NO if isinstance(condition, Every) else Answer.YES)


def compile_question(question: Question, fact: Fact | None) -> Asker:
    """What no vocabulary has, or cannot be compared so, is not known, and nothing breaks."""
    name, values = question.fact, [plain(one) for one in question.values]
    if fact is not None and question.operator is Operator.EXISTS:
        return partial(ask_whether_known, name)
    if fact is None or not fits(question, fact):
        return say_unknown
    if question.operator is Operator.IN:
        return partial(ask_whether_in, name, frozenset(values))
    if question.operator is Operator.CONTAINS:
        return partial(ask_whether_inside, name, values[0])
    return partial(ask_comparison, name, COMPARISONS[question.operator], values[0])


def ask_parts(parts: Sequence[Asker], decisive: Answer, known: Known) -> Answer:
    """What is decisive ends it."""
    found = OPPOSITE[decisive]
    for ask in parts:
        said = ask(known)
        if said is decisive:
            return decisive
        if said is Answer.UNKNOWN:
            found = said
    return found


def ask_opposite(ask: Asker, known: Known) -> Answer:
    return OPPOSITE[ask(known)]


def say_unknown(_known: Known) -> Answer:
    return Answer.UNKNOWN


def ask_whether_known(name: str, known: Known) -> Answer:
    return Answer.YES if name in known else Answer.NO


def ask_whether_in(name: str, wanted: frozenset[Any], known: Known) -> Answer:
    if name not in known:
        return Answer.UNKNOWN
    return Answer.YES if known[name] in wanted else Answer.NO


def ask_whether_inside(name: str, wanted: Any, known: Known) -> Answer:
    """A part of a text, or one of a list."""
    if name not in known:
        return Answer.UNKNOWN
    return Answer.YES if wanted in known[name] else Answer.NO


def ask_comparison(
    name: str, holds: Callable[[Any, Any], bool], wanted: Any, known: Known
) -> Answer:
    if name not in known:
        return Answer.UNKNOWN
    return Answer.YES if holds(known[name], wanted) else Answer.NO
