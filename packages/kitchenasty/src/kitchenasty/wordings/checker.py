"""What is wrong with an owner's words, said while they are typed: every mistake, with its place."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from basis.errors import DomainError
from basis.sentences import Sentence, word
from kitchenasty.automation import Template, read_template
from kitchenasty.notices import BUTTON, TABLE, Pattern, Wording
from kitchenasty.wordings.filling import block_of

SUBJECT_LENGTH_MAX, BODY_LENGTH_MAX = 150, 4_000
BLOCK_WORDS = {
    TABLE: word("the table, with what was agreed or paid"),
    BUTTON: word("the button, without which its reader cannot do anything"),
}


@dataclass(frozen=True, slots=True)
class Mistake:
    """`where` is `subject` or `body`; `line` counts from 1."""

    where: str
    words: str
    line: int = 0


def mistakes_in(pattern: Pattern, wording: Wording) -> list[Mistake]:
    """All of them; none means that it can be kept."""
    found = list(mistakes_in_body(pattern, wording.body))
    if not pattern.is_text:
        found = [*mistakes_in_subject(pattern, wording.subject), *found]
    return found


def mistakes_in_subject(pattern: Pattern, subject: str) -> Iterator[Mistake]:
    if not subject.strip():
        yield Mistake("subject", Sentence.of("Write a subject."))
        return
    if len(subject) > SUBJECT_LENGTH_MAX or len(subject.splitlines()) > 1:
        yield Mistake(
            "subject",
            Sentence.of(
                "A subject is one line of at most {most} letters.", most=SUBJECT_LENGTH_MAX
            ),
        )
        return
    try:
        template = read_template(subject)
    except DomainError as refusal:
        yield Mistake("subject", refusal.sentence)
        return
    for words in unknown_in(pattern, template):
        yield Mistake("subject", words)


def mistakes_in_body(pattern: Pattern, body: str) -> Iterator[Mistake]:
    if not body.strip():
        yield Mistake("body", Sentence.of("Write a text."))
        return
    if len(body) > BODY_LENGTH_MAX:
        yield Mistake(
            "body", Sentence.of("A text has at most {most} characters.", most=BODY_LENGTH_MAX)
        )
        return
    named: list[str] = []
    for number, line in enumerate(body.splitlines(), start=1):
        try:
            template = read_template(line.strip())
        except DomainError as refusal:
            yield Mistake("body", refusal.sentence, number)
            continue
        named += template.facts
        for words in mistakes_in_line(pattern, template):
            yield Mistake("body", words, number)
    yield from (Mistake("body", words) for words in missing_in(pattern, named))


def mistakes_in_line(pattern: Pattern, template: Template) -> Iterator[str]:
    if block_of(template) is not None and template.facts[0] in pattern.blocks:
        return
    yield from unknown_in(pattern, template)


def unknown_in(pattern: Pattern, template: Template) -> Iterator[str]:
    for name in template.facts:
        if name in pattern.blocks:
            yield Sentence.of("{name} stands on a line of its own in the text.", name=name)
        elif name not in pattern.facts:
            yield Sentence.of("Nothing is known here under {name}.", name=name)


def missing_in(pattern: Pattern, named: list[str]) -> Iterator[str]:
    """What the letter cannot do without, and what stands there twice."""
    for name in sorted(pattern.needs - set(named)):
        if name in BLOCK_WORDS:
            what: str = Sentence.of(BLOCK_WORDS[name])
        else:
            what = Sentence.of(pattern.facts[name].words)
        yield Sentence.of(
            "{place} is missing: {what}. Put it back, on a line of its own if it is one.",
            place=f"{{{{ {name} }}}}",
            what=what,
        )
    for name in pattern.blocks:
        if named.count(name) > 1:
            yield Sentence.of("{name} can stand there once only.", name=name)
