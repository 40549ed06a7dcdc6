"""The language of conditions: read from text, and written again.

The grammar stands in docs/developers/algorithms/automation.md. What is read is a tree of values
that do nothing by themselves; `evaluation` asks them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from basis.errors import Invalid
from basis.sentences import Sentence, word

LENGTH_MAX = 4_000
DEPTH_MAX = 20
QUESTIONS_MAX = 100
DIGITS_MAX = 15
WORD = r"[a-z][a-z0-9_]*"
NAME = re.compile(rf"{WORD}(?:\.{WORD})+")
TOKEN = re.compile(
    rf"""\s*(?:
      (?P<name>{NAME.pattern})
    | (?P<word>[a-z]+)
    | (?P<number>-?[0-9]+(?:\.[0-9]+)?)
    | (?P<text>"(?:[^"\\]|\\["\\])*")
    | (?P<sign><=|>=|!=|[=<>(),])
    )""",
    re.VERBOSE | re.ASCII,
)
ESCAPED = re.compile(r'\\(["\\])')


class Operator(StrEnum):
    IS = "="
    IS_NOT = "!="
    LESS = "<"
    AT_MOST = "<="
    MORE = ">"
    AT_LEAST = ">="
    IN = "in"
    CONTAINS = "contains"
    EXISTS = "exists"


Value = str | Decimal | bool


class ConditionUnreadable(Invalid):
    """`at` says where, counted in characters from 0."""


@dataclass(frozen=True, slots=True)
class Question:
    """One question about one fact. `values` is empty for `exists`, several only for `in`."""

    fact: str
    operator: Operator
    values: tuple[Value, ...] = ()


@dataclass(frozen=True, slots=True)
class Not:
    of: Condition


@dataclass(frozen=True, slots=True)
class Every:
    """All of them; of none, always."""

    of: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Some:
    """At least one of them."""

    of: tuple[Condition, ...]


Condition = Question | Not | Every | Some
ALWAYS = Every(())


@dataclass(frozen=True, slots=True)
class Token:
    kind: str
    text: str
    at: int


def read_condition(text: str) -> Condition:
    """The tree of a text; nothing at all is `ALWAYS`. Raises ConditionUnreadable."""
    if len(text) > LENGTH_MAX:
        raise ConditionUnreadable(
            Sentence.of("A condition has at most {most} characters.", most=LENGTH_MAX),
            at=LENGTH_MAX,
        )
    if not text.strip():
        return ALWAYS
    reader = Reader(tokens_of(text))
    found = reader.read_some(0)
    reader.expect_end()
    return found


def tokens_of(text: str) -> list[Token]:
    """Raises ConditionUnreadable."""
    tokens, at = [], 0
    end = len(text.rstrip())
    while at < end:
        found = TOKEN.match(text, at)
        if found is None:
            at += len(text[at:]) - len(text[at:].lstrip())
            raise ConditionUnreadable(
                Sentence.of("What stands at {shown} cannot be read.", shown=text[at : at + 12]),
                at=at,
            )
        assert found.lastgroup is not None
        tokens.append(Token(found.lastgroup, found[found.lastgroup], found.start(found.lastgroup)))
        at = found.end()
    tokens.append(Token("end", "", end))
    return tokens


class Reader:
    """Goes through the tokens once, from the left; each method reads one line of the grammar."""

    def __init__(self, tokens: list[Token]) -> None:
        self._tokens = tokens
        self._next = 0
        self._questions = 0

    def read_some(self, depth: int) -> Condition:
        parts = [self._read_every(depth)]
        while self._take("word", "or"):
            parts.append(self._read_every(depth))
        return parts[0] if len(parts) == 1 else Some(tuple(parts))

    def expect_end(self) -> None:
        if self._here.kind != "end":
            raise self._refusal(word("After a whole condition comes “and”, “or” or nothing."))

    def _read_every(self, depth: int) -> Condition:
        parts = [self._read_single(depth)]
        while self._take("word", "and"):
            parts.append(self._read_single(depth))
        return parts[0] if len(parts) == 1 else Every(tuple(parts))

    def _read_single(self, depth: int) -> Condition:
        if depth > DEPTH_MAX:
            raise self._refusal(word("There are too many brackets in one another."))
        if self._take("word", "not"):
            return Not(self._read_single(depth + 1))
        if self._take("word", "always"):
            return ALWAYS
        if self._take("sign", "("):
            inner = self.read_some(depth + 1)
            if not self._take("sign", ")"):
                raise self._refusal(word("A bracket is not closed."))
            return inner
        return self._read_question()

    def _read_question(self) -> Question:
        self._questions += 1
        if self._questions > QUESTIONS_MAX:
            raise self._refusal(word("There are too many questions in one condition."))
        name = self._here
        if name.kind != "name":
            raise self._refusal(word("Here the name of a fact is missing, like order.total."))
        self._next += 1
        operator = self._read_operator()
        if operator is Operator.EXISTS:
            return Question(name.text, operator)
        if operator is Operator.IN:
            return Question(name.text, operator, self._read_list())
        return Question(name.text, operator, (self._read_value(),))

    def _read_operator(self) -> Operator:
        here = self._here
        if here.kind in ("sign", "word") and here.text in set(Operator):
            self._next += 1
            return Operator(here.text)
        raise self._refusal(word("Here a comparison is missing, like = or contains."))

    def _read_list(self) -> tuple[Value, ...]:
        if not self._take("sign", "("):
            raise self._refusal(word("After “in” comes a list in brackets."))
        values = [self._read_value()]
        while self._take("sign", ","):
            values.append(self._read_value())
        if not self._take("sign", ")"):
            raise self._refusal(word("A bracket is not closed."))
        return tuple(values)

    def _read_value(self) -> Value:
        here = self._here
        if here.kind == "text":
            self._next += 1
            return ESCAPED.sub(r"\1", here.text[1:-1])
        if here.kind == "number" and len(here.text) <= DIGITS_MAX:
            self._next += 1
            return Decimal(here.text)
        if here.kind == "word" and here.text in ("yes", "no"):
            self._next += 1
            return here.text == "yes"
        raise self._refusal(
            word("Here a value is missing: a number, yes, no, or a text in quotes.")
        )

    @property
    def _here(self) -> Token:
        return self._tokens[self._next]

    def _take(self, kind: str, text: str) -> bool:
        found = self._here.kind == kind and self._here.text == text
        self._next += found
        return found

    def _refusal(self, words: str) -> ConditionUnreadable:
        return ConditionUnreadable(Sentence.of(words), at=self._here.at)


def write_condition(condition: Condition) -> str:
    """The text that is read as this condition again. `ALWAYS` by itself is no text at all."""
    return "" if condition == ALWAYS else write_some(condition)


def write_some(condition: Condition) -> str:
    if isinstance(condition, Some):
        return " or ".join(write_inner(one, Some) for one in condition.of)
    return write_every(condition)


def write_every(condition: Condition) -> str:
    if isinstance(condition, Every) and condition.of:
        return " and ".join(write_inner(one, Some, Every) for one in condition.of)
    return write_single(condition)


def write_inner(condition: Condition, *bracketed: type[Some | Every]) -> str:
    needs = isinstance(condition, bracketed) and condition != ALWAYS
    return f"({write_some(condition)})" if needs else write_some(condition)


def write_single(condition: Condition) -> str:
    if isinstance(condition, Question):
        return write_question(condition)
    if isinstance(condition, Not):
        return f"not {write_inner(condition.of, Some, Every)}"
    return "always"


def write_question(question: Question) -> str:
    if question.operator is Operator.EXISTS:
        return f"{question.fact} exists"
    written = ", ".join(write_value(value) for value in question.values)
    value = f"({written})" if question.operator is Operator.IN else written
    return f"{question.fact} {question.operator.value} {value}"


def write_value(value: Value) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Decimal):
        return f"{value:f}"
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


def questions_of(condition: Condition) -> list[Question]:
    """Every question in it, from the left."""
    if isinstance(condition, Question):
        return [condition]
    if isinstance(condition, Not):
        return questions_of(condition.of)
    return [question for one in condition.of for question in questions_of(one)]
