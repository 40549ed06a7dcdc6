"""A rule as a form: rows of questions and steps, to and from what is kept."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

import msgspec

from basis.errors import DomainError
from basis.facts import Fact, FactKind
from basis.sentences import word
from kitchenasty.automation import (
    ALWAYS,
    Condition,
    Every,
    Not,
    Operator,
    Question,
    Some,
    Step,
    Value,
    Written,
    read_condition,
    write_condition,
)
from kitchenasty.kit.http.i18n import translate
from kitchenasty.kit.http.wire import Form
from kitchenasty.kit.texts import decimal_in

ROWS = 6
STEPS = 3
ALL, ANY = "all", "any"
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
    joined: Annotated[str, msgspec.Meta(max_length=3)] = ALL
    fact: Cells = []
    comparison: Cells = []
    value: Cells = []
    by_hand: Body = ""
    kind: Cells = []
    to: Cells = []
    address: Cells = []
    subject: Cells = []
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
class StepRow:
    kind: str = ""
    to: str = ""
    address: str = ""
    subject: str = ""
    body: str = ""


@dataclass(frozen=True, slots=True)
class Shown:
    """The form as the page shows it. `by_hand` is set where rows cannot say it."""

    name: str
    joined: str
    rows: tuple[Row, ...]
    by_hand: str
    steps: tuple[StepRow, ...]


Vocabulary = dict[str, Fact]


def written_of(form: RuleForm, topic: str, vocabulary: Vocabulary) -> Written:
    """What the form says, mistakes included: they are found and told elsewhere."""
    steps = [step_of(row) for row in typed_steps(form) if row.kind]
    when = form.by_hand or condition_text(form, vocabulary)
    return Written(topic, when, tuple(steps))


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


def step_of(row: StepRow) -> Step:
    if row.kind == "mail":
        to = row.address if row.to == "address" else row.to
        return Step(row.kind, to, {"subject": row.subject, "body": row.body})
    return Step(row.kind, "", {"body": row.body})


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
    cells = [filled(one)[:STEPS] for one in (form.kind, form.to, form.address, form.subject)]
    return [StepRow(*one) for one in zip(*cells, form.bodies, strict=True)]


def shown_again(form: RuleForm) -> Shown:
    """The form as it was typed."""
    rows, steps = tuple(typed_rows(form)), tuple(typed_steps(form))
    return Shown(form.name, form.joined, rows, form.by_hand, steps)


def shown_of(name: str, written: Written, *, by_hand: bool = False) -> Shown:
    """A rule that is kept, in rows where rows can say it."""
    steps = [StepRow(*parts_of(step)) for step in written.steps]
    padded = tuple([*steps, *[StepRow()] * STEPS][: max(STEPS, len(steps))])
    try:
        condition = read_condition(written.when)
    except DomainError:
        return Shown(name, ALL, blank_rows(()), written.when, padded)
    joined, rows = rows_of(condition)
    if by_hand or rows is None or len(rows) > ROWS:
        return Shown(name, ALL, blank_rows(()), written.when or "always", padded)
    return Shown(name, joined, blank_rows(rows), "", padded)


def blank_rows(rows: tuple[Row, ...]) -> tuple[Row, ...]:
    return tuple([*rows, *[Row()] * ROWS][:ROWS])


def parts_of(step: Step) -> tuple[str, str, str, str, str]:
    is_address = "@" in step.to
    to, address = ("address", step.to) if is_address else (step.to, "")
    return step.kind, to, address, step.texts.get("subject", ""), step.texts.get("body", "")


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
