"""A rule as a form: rows of questions and steps, to and from what is kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated

import msgspec

from basis.errors import DomainError
from basis.facts import Fact, FactKind
from basis.kit.http.wire import Form
from basis.kit.texts import decimal_in
from basis.sentences import word
from kitchenasty.automation import (
    ALWAYS,
    Condition,
    Every,
    Not,
    Operator,
    Question,
    Role,
    Some,
    Step,
    StepKind,
    Value,
    Written,
    read_condition,
    read_recipient,
    write_condition,
)
from kitchenasty.kit.http.i18n import translate

ROWS = 6
STEPS = 3
SHORT = ("subject", "title", "tag", "percent", "days", "longer", "lasts")
"""The texts of steps that have one line; the long one is `body`."""
ALL, ANY = "all", "any"
HOURS, DAYS = "h", "d"
BEFORE, AFTER = "-", "+"
NOT_CONTAINS, MISSING = "not-contains", "missing"
COMPARISONS = {
    Operator.IS.value: word("is"),
    Operator.IS_NOT.value: word("is not"),
    Operator.MORE.value: word("is more than"),
    Operator.AT_LEAST.value: word("is at least"),
    Operator.LESS.value: word("is less than"),
    Operator.AT_MOST.value: word("is at most"),
    Operator.IN.value: word("is one of (with commas)"),
    Operator.CONTAINS.value: word("contains"),
    NOT_CONTAINS: word("does not contain"),
    Operator.EXISTS.value: word("is known"),
    MISSING: word("is not known"),
}
NEGATED = {NOT_CONTAINS: Operator.CONTAINS, MISSING: Operator.EXISTS}
CHOSEN = {operator: name for name, operator in NEGATED.items()}
YES = frozenset({"yes", "ja", "true", "1"})
NO = frozenset({"no", "nein", "false", "0"})
Cell = Annotated[str, msgspec.Meta(max_length=300)]
Cells = Annotated[list[Cell], msgspec.Meta(max_length=ROWS)]
Body = Annotated[str, msgspec.Meta(max_length=4_100)]


class RuleForm(Form):
    """What an owner typed. Rows and steps that are empty do not count."""

    PARAGRAPHS = frozenset({"by_hand", "body1", "body2", "body3"})

    name: Cell = ""
    version: Annotated[str, msgspec.Meta(max_length=9)] = "1"
    amount: Annotated[str, msgspec.Meta(max_length=9)] = ""
    unit: Annotated[str, msgspec.Meta(max_length=1)] = HOURS
    side: Annotated[str, msgspec.Meta(max_length=1)] = BEFORE
    joined: Annotated[str, msgspec.Meta(max_length=3)] = ALL
    fact: Cells = []
    comparison: Cells = []
    value: Cells = []
    by_hand: Body = ""
    kind: Cells = []
    to: Cells = []
    address: Cells = []
    subject: Cells = []
    title: Cells = []
    tag: Cells = []
    percent: Cells = []
    days: Cells = []
    longer: Cells = []
    lasts: Cells = []
    body1: Body = ""
    body2: Body = ""
    body3: Body = ""

    @property
    def bodies(self) -> tuple[str, ...]:
        return (self.body1, self.body2, self.body3)


@dataclass(frozen=True, slots=True)
class Row:
    """One question as it stands in the form."""

    fact: str = ""
    comparison: str = Operator.IS.value
    value: str = ""


@dataclass(frozen=True, slots=True)
class Lag:
    """How long before or after a moment, as it stands in the form."""

    amount: str = ""
    unit: str = HOURS
    side: str = BEFORE

    @property
    def text(self) -> str:
        amount = self.amount.strip()
        return f"{self.side}{amount}{self.unit}" if amount else ""


@dataclass(frozen=True, slots=True)
class StepRow:
    kind: str = ""
    to: str = ""
    address: str = ""
    texts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Shown:
    """The form as the page shows it. `by_hand` is set where rows cannot say it."""

    name: str
    joined: str
    rows: tuple[Row, ...]
    by_hand: str
    steps: tuple[StepRow, ...]
    lag: Lag


Vocabulary = dict[str, Fact]
Kinds = Mapping[str, StepKind]


def written_of(form: RuleForm, topic: str, vocabulary: Vocabulary, kinds: Kinds) -> Written:
    """What the form says, mistakes included: they are found and told elsewhere."""
    steps = [step_of(row, kinds) for row in typed_steps(form) if row.kind]
    when = form.by_hand or condition_text(form, vocabulary)
    return Written(topic, when, tuple(steps), lag=typed_lag(form).text)


def typed_lag(form: RuleForm) -> Lag:
    return Lag(form.amount, form.unit, form.side)


def condition_text(form: RuleForm, vocabulary: Vocabulary) -> str:
    parts = [condition_of(row, vocabulary) for row in typed_rows(form) if row.fact]
    if not parts:
        return ""
    if len(parts) == 1:
        return write_condition(parts[0])
    return write_condition((Some if form.joined == ANY else Every)(tuple(parts)))


def condition_of(row: Row, vocabulary: Vocabulary) -> Condition:
    fact = vocabulary.get(row.fact)
    is_negated = row.comparison in NEGATED
    operator = NEGATED[row.comparison] if is_negated else Operator(row.comparison)
    texts = [row.value]
    if operator is Operator.IN:
        texts = [text.strip() for text in row.value.split(",")]
    values = () if operator is Operator.EXISTS else tuple(value_of(one, fact) for one in texts)
    question = Question(row.fact, operator, values)
    return Not(question) if is_negated else question


def value_of(text: str, fact: Fact | None) -> Value:
    """In the kind of the fact, if it can be read so; as it was typed otherwise."""
    if fact is None:
        return text
    if fact.kind in (FactKind.NUMBER, FactKind.MONEY):
        number = decimal_in(text)
        return text if number is None else number
    if fact.kind is FactKind.FLAG and text.casefold() in YES | NO:
        return text.casefold() in YES
    for code, words in (fact.choices or {}).items():
        if text.casefold() in (str(code).casefold(), translate(words).casefold()):
            return str(code)
    return text


def step_of(row: StepRow, kinds: Kinds) -> Step:
    """With what its kind needs, whatever else still stands in the form."""
    kind = kinds.get(row.kind)
    if kind is None:
        return Step(row.kind)
    to = row.address if row.to == Role.ADDRESS else row.to
    texts = {one.name: row.texts.get(one.name, "") for one in kind.fields}
    return Step(row.kind, to if kind.takes else "", texts)


def typed_rows(form: RuleForm) -> list[Row]:
    """Rows with a comparison that we know; what is shorter is filled up."""
    cells = [filled(one) for one in (form.fact, form.comparison, form.value)]
    return [
        Row(fact, comparison if comparison in COMPARISONS else Operator.IS.value, value)
        for fact, comparison, value in zip(*cells, strict=True)
    ]


def filled(cells: list[str]) -> list[str]:
    return [*cells, *[""] * ROWS][:ROWS]


def typed_steps(form: RuleForm) -> list[StepRow]:
    kinds, recipients, addresses = (
        filled(one)[:STEPS] for one in (form.kind, form.to, form.address)
    )
    short = {name: filled(getattr(form, name)) for name in SHORT}
    texts = [
        {"body": form.bodies[at], **{name: cells[at] for name, cells in short.items()}}
        for at in range(STEPS)
    ]
    return [StepRow(*one) for one in zip(kinds, recipients, addresses, texts, strict=True)]


def shown_again(form: RuleForm) -> Shown:
    """The form as it was typed."""
    rows, steps = tuple(typed_rows(form)), tuple(typed_steps(form))
    return Shown(form.name, form.joined, rows, form.by_hand, steps, typed_lag(form))


def shown_of(name: str, written: Written, *, by_hand: bool = False) -> Shown:
    """A rule that is kept, in rows where rows can say it."""
    steps = [row_of_step(step) for step in written.steps]
    lag = lag_in(written.lag)
    padded = tuple([*steps, *[StepRow()] * STEPS][: max(STEPS, len(steps))])
    try:
        condition = read_condition(written.when)
    except DomainError:
        return Shown(name, ALL, blank_rows(()), written.when, padded, lag)
    joined, rows = rows_of(condition)
    if by_hand or rows is None or len(rows) > ROWS:
        return Shown(name, ALL, blank_rows(()), written.when or "always", padded, lag)
    return Shown(name, joined, blank_rows(rows), "", padded, lag)


def lag_in(text: str) -> Lag:
    return Lag(text[1:-1], text[-1], text[0]) if text else Lag()


def blank_rows(rows: tuple[Row, ...]) -> tuple[Row, ...]:
    return tuple([*rows, *[Row()] * ROWS][:ROWS])


def row_of_step(step: Step) -> StepRow:
    is_address = read_recipient(step.to).role is Role.ADDRESS
    to, address = (Role.ADDRESS.value, step.to) if is_address else (step.to, "")
    return StepRow(step.kind, to, address, step.texts)


def rows_of(condition: Condition) -> tuple[str, tuple[Row, ...] | None]:
    """How the rows are joined, and the rows; None if rows cannot say it."""
    if condition == ALWAYS:
        return ALL, ()
    if isinstance(condition, Every | Some):
        rows = [row_of(one) for one in condition.of]
        joined = ALL if isinstance(condition, Every) else ANY
    else:
        rows, joined = [row_of(condition)], ALL
    known = tuple(row for row in rows if row is not None)
    return joined, known if len(known) == len(rows) else None


def row_of(condition: Condition) -> Row | None:
    inner = condition.of if isinstance(condition, Not) else condition
    if not isinstance(inner, Question):
        return None
    comparison: str | None = inner.operator.value
    if isinstance(condition, Not):
        comparison = CHOSEN.get(inner.operator)
    if comparison is None:
        return None
    return Row(inner.fact, comparison, ", ".join(typed(value) for value in inner.values))


def typed(value: Value) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)
