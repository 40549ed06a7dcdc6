"""What is wrong with a rule, said while it is typed: every mistake, each with its place. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from basis.errors import DomainError
from basis.facts import Fact, FactKind
from basis.sentences import Sentence, word
from kitchenasty.automation.conditions import Operator, Question, questions_of, read_condition
from kitchenasty.automation.evaluation import ALLOWED, TYPES, Vocabulary
from kitchenasty.automation.planning import WINS_BACK
from kitchenasty.automation.rules import (
    LANGUAGES,
    STEPS_MAX,
    Reach,
    Role,
    Step,
    StepKind,
    TextField,
    Written,
    read_lag,
    read_recipient,
)
from kitchenasty.automation.templates import read_template

ADDRESS = re.compile(r"[^@\s<>,;:\"]{1,64}@[^@\s<>,;:\"]{1,185}\.[^@\s<>,;:\".]{2,63}")
ADDRESS_LENGTH_MAX = 254
STAFF_ROLES = frozenset({"STAFF", "MANAGER", "SUPER_ADMIN"})
NUMBER = re.compile(r"[+(]?[0-9][0-9 ()/.-]{5,28}[0-9]", re.ASCII)
ID = re.compile(r"[0-9a-f-]{36}", re.ASCII)
WHOLE = re.compile(r"[0-9]{1,9}", re.ASCII)
MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}(T\d{2}:\d{2})?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Mistake:
    """`where` is `topic`, `lag`, `when`, `steps`, or a field of a step, like `steps.0.subject`."""

    where: str
    words: str


def check(
    written: Written,
    vocabularies: Mapping[str, Vocabulary],
    kinds: Mapping[str, StepKind],
) -> list[Mistake]:
    """All mistakes; none means that the rule can be switched on."""
    vocabulary = vocabularies.get(written.topic)
    if written.language not in LANGUAGES:
        return [Mistake("language", Sentence.of("This version cannot read this rule."))]
    if vocabulary is None:
        return [Mistake("topic", Sentence.of("Choose when this rule is to look."))]
    found = [Mistake("when", words) for words in mistakes_of_condition(written.when, vocabulary)]
    if not 1 <= len(written.steps) <= STEPS_MAX:
        found.append(
            Mistake("steps", Sentence.of("A rule does one to {most} things.", most=STEPS_MAX))
        )
    for number, step in enumerate(written.steps):
        for field, words in mistakes_of_step(step, vocabulary, kinds):
            found.append(Mistake(f"steps.{number}.{field}", words))
    return found


def check_lag(lag: str, is_known_before: bool | None) -> Iterator[Mistake]:
    """Whether the time fits a moment that is known before it comes; None: to no moment at all."""
    if is_known_before is None:
        if lag:
            yield Mistake("lag", Sentence.of("This happens at once, and is not counted from."))
        return
    try:
        found = read_lag(lag)
    except DomainError as refusal:
        yield Mistake("lag", refusal.sentence)
        return
    if found.is_before and not is_known_before:
        yield Mistake("lag", Sentence.of("Nobody knows this before it happens: choose after."))


def check_winning_back(written: Written, kinds: Mapping[str, StepKind]) -> Iterator[Mistake]:
    """Whoever is written to because they were not here for long is advertised to."""
    for number, step in enumerate(written.steps):
        kind = kinds.get(step.kind)
        if kind is None or kind.advertises:
            continue
        if kind.is_shown_to_guests or read_recipient(step.to).role is Role.GUEST:
            yield Mistake(f"steps.{number}.kind", Sentence.of(WINS_BACK))


def mistakes_of_condition(text: str, vocabulary: Vocabulary) -> Iterator[str]:
    try:
        condition = read_condition(text)
    except DomainError as refusal:
        yield refusal.sentence
        return
    for question in questions_of(condition):
        yield from mistakes_of_question(question, vocabulary)


def mistakes_of_question(question: Question, vocabulary: Vocabulary) -> Iterator[str]:
    fact = vocabulary.get(question.fact)
    if fact is None:
        yield Sentence.of("Nothing is known here under {name}.", name=question.fact)
        return
    if question.operator not in ALLOWED[fact.kind]:
        yield Sentence.of(
            "{name} cannot be compared with “{operator}”.",
            name=question.fact,
            operator=question.operator.value,
        )
        return
    if question.operator is not Operator.EXISTS:
        yield from mistakes_of_values(question, fact)


def mistakes_of_values(question: Question, fact: Fact) -> Iterator[str]:
    wanted = TYPES.get(fact.kind, str)
    if any(type(one) is not wanted for one in question.values):
        yield Sentence.of(WANTED[fact.kind], name=question.fact)
        return
    if fact.kind is FactKind.MOMENT and not all(MOMENT.fullmatch(str(v)) for v in question.values):
        yield Sentence.of(WANTED[fact.kind], name=question.fact)
    if fact.kind is FactKind.CHOICE:
        for value in question.values:
            if value not in (fact.choices or {}):
                yield Sentence.of("{name} is never {value}.", name=question.fact, value=str(value))


WANTED = {
    FactKind.NUMBER: word("{name} is compared with a number."),
    FactKind.MONEY: word("{name} is compared with an amount, like 50 or 12.90."),
    FactKind.FLAG: word("{name} is compared with yes or no."),
    FactKind.MOMENT: word("{name} is compared with a day or a time, like 2026-12-24T18:00."),
    FactKind.TEXT: word("{name} is compared with a text."),
    FactKind.CHOICE: word("{name} is compared with a text."),
    FactKind.LIST: word("{name} is compared with a text."),
}


def mistakes_of_step(
    step: Step, vocabulary: Vocabulary, kinds: Mapping[str, StepKind]
) -> Iterator[tuple[str, str]]:
    kind = kinds.get(step.kind)
    if kind is None:
        yield "kind", Sentence.of("Choose what is to be done.")
        return
    if kind.needs and kind.needs not in vocabulary:
        yield "kind", Sentence.of("This cannot be done here: nothing like it is at hand.")
    yield from (("to", words) for words in mistakes_of_recipient(step.to, kind, vocabulary))
    for field in kind.fields:
        for words in mistakes_of_text(step.texts.get(field.name, ""), field, vocabulary):
            yield field.name, words
    for name in sorted(step.texts.keys() - {field.name for field in kind.fields}):
        yield name, Sentence.of("There is no text of this name.")


def mistakes_of_recipient(text: str, kind: StepKind, vocabulary: Vocabulary) -> Iterator[str]:
    recipient = read_recipient(text)
    if not kind.takes:
        if recipient.role is not Role.NOBODY:
            yield Sentence.of("This goes to nobody in particular.")
        return
    if recipient.role is Role.NOBODY or recipient.role not in kind.takes:
        yield Sentence.of("Choose to whom this goes.")
    elif recipient.role is Role.ADDRESS:
        yield from mistakes_of_address(recipient.what, kind.reach)
    elif recipient.role is Role.WEBHOOK and ID.fullmatch(recipient.what) is None:
        yield Sentence.of("Choose to whom this goes.")
    elif recipient.role is Role.STAFF and recipient.what not in STAFF_ROLES:
        yield Sentence.of("Nobody of the staff has this role.")
    elif recipient.role is Role.GUEST and f"guest.{kind.reach}" not in vocabulary:
        yield Sentence.of("Here no guest is known.")


def mistakes_of_address(text: str, reach: Reach) -> Iterator[str]:
    if reach is Reach.PHONE and NUMBER.fullmatch(text) is None:
        yield Sentence.of("This is no phone number.")
    elif reach is Reach.MAIL and not is_address(text):
        yield Sentence.of("This is no address.")


def mistakes_of_text(text: str, field: TextField, vocabulary: Vocabulary) -> Iterator[str]:
    if not text.strip():
        yield Sentence.of("Here a text is missing.")
        return
    if field.whole is not None:
        yield from mistakes_of_whole(text.strip(), *field.whole)
        return
    if len(text) > field.length_max:
        yield Sentence.of("This has at most {most} characters.", most=field.length_max)
        return
    try:
        template = read_template(text)
    except DomainError as refusal:
        yield refusal.sentence
        return
    for name in template.facts:
        fact = vocabulary.get(name)
        if fact is None:
            yield Sentence.of("Nothing is known here under {name}.", name=name)
        elif field.is_public and fact.is_personal:
            yield Sentence.of("{name} is about a guest, and does not leave the house.", name=name)


def mistakes_of_whole(text: str, least: int, most: int) -> Iterator[str]:
    is_whole = WHOLE.fullmatch(text) is not None
    if not is_whole or not least <= int(text) <= most:
        yield Sentence.of("This is a whole number from {least} to {most}.", least=least, most=most)


def is_address(text: str) -> bool:
    return len(text) <= ADDRESS_LENGTH_MAX and ADDRESS.fullmatch(text) is not None
