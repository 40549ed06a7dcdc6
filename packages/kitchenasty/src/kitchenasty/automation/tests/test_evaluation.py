"""What a condition answers, and how it came about."""

from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from basis.facts import FactKind
from kitchenasty.automation.conditions import (
    ALWAYS,
    Condition,
    Every,
    Not,
    Operator,
    Question,
    Some,
    read_condition,
)
from kitchenasty.automation.evaluation import ALLOWED, Answer, ask
from kitchenasty.automation.tests.builders import FACTS, VOCABULARY
from kitchenasty.automation.tests.test_conditions import TREES

Y, N, U = Answer.YES, Answer.NO, Answer.UNKNOWN
SAID: dict[Answer, Condition] = {
    Y: Question("order.is_late", Operator.IS, (True,)),
    N: Question("order.is_late", Operator.IS, (False,)),
    U: Question("order.nobody_knows", Operator.IS, (True,)),
}


def answer(text: str, **others: Any) -> Answer:
    facts = {**FACTS, **{name.replace("__", "."): value for name, value in others.items()}}
    return ask(read_condition(text), facts, VOCABULARY)[0]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", Y),
        ("order.total > 50", Y),
        ("order.total > 64", N),
        ("order.total >= 64.00", Y),
        ("order.total <= 63.99", N),
        ("order.total < 64.01", Y),
        ("order.total = 64", Y),
        ("order.total != 64", N),
        ("order.total exists", Y),
        ("order.dishes = 3", Y),
        ("order.dishes in (1, 2, 3)", Y),
        ("order.dishes in (1, 2)", N),
        ("order.dishes < 3", N),
        ("order.dishes = 3.5", N),
        ('order.type = "PICKUP"', Y),
        ('order.type != "PICKUP"', N),
        ('order.type in ("DELIVERY", "PICKUP")', Y),
        ("order.is_late = yes", Y),
        ("order.is_late = no", N),
        ("order.is_late != no", Y),
        ('order.promised > "2026-11-22T18:59"', Y),
        ('order.promised < "2026-11-22"', N),
        ('order.promised >= "2026-11-22"', Y),
        ('order.names contains "soup"', Y),
        ('order.names contains "sou"', N),
        ('order.note contains "ONIONS"', Y),
        ('order.note contains "garlic"', N),
        ('order.note = " no onions "', Y),
        ('guest.name in ("Bert", "ANNA")', Y),
        ("not order.total > 50", N),
        ("order.total > 50 and order.dishes > 5", N),
        ("order.total > 50 or order.dishes > 5", Y),
    ],
)
def test_answers(text: str, expected: Answer) -> None:
    assert answer(text) is expected


@pytest.mark.parametrize(
    "text",
    [
        "order.total > 50",
        "order.total = 64",
        "order.total != 64",
        "not order.total > 50",
        "order.total > 50 and order.dishes = 3",
        "order.total > 50 or order.dishes = 4",
    ],
)
def test_does_not_take_what_it_does_not_know_for_false(text: str) -> None:
    assert answer(text, order__total=None) is U


def test_knows_whether_something_is_known() -> None:
    assert answer("guest.email exists", guest__email=None) is N
    assert answer("not guest.email exists", guest__email=None) is Y
    assert answer("order.names exists", order__names=[]) is Y


def test_is_decided_by_what_it_knows() -> None:
    assert answer("order.total > 50 and order.dishes = 4", order__total=None) is N
    assert answer("order.total > 50 or order.dishes = 3", order__total=None) is Y


@pytest.mark.parametrize(
    "text",
    [
        "order.total = yes",
        'order.total = "64"',
        "order.names = 1",
        'order.dishes contains "3"',
        'order.type < "Z"',
        "guest.name = 5",
        "guest.phone exists",
        'order.total contains "6"',
    ],
)
def test_answers_unknown_to_what_cannot_be_asked(text: str) -> None:
    assert answer(text) is U


@pytest.mark.parametrize(
    ("fact", "value"),
    [
        ("order.total", 6400),
        ("order.total", [6400]),
        ("order.total", ["6400", "EUR"]),
        ("order.total", [True, "EUR"]),
        ("order.dishes", True),
        ("order.dishes", "3"),
        ("order.type", "BY_BALLOON"),
        ("order.is_late", 1),
        ("order.names", "Soup"),
        ("order.names", [1]),
        ("guest.name", {"x": 1}),
    ],
)
def test_does_not_believe_a_value_of_another_kind(fact: str, value: Any) -> None:
    condition = Question(fact, Operator.EXISTS)
    assert ask(condition, {**FACTS, fact: value}, VOCABULARY)[0] is N


def test_compares_amounts_by_the_decimals_of_their_currency() -> None:
    assert answer("order.total = 6400", order__total=[6400, "JPY"]) is Y
    assert answer("order.total = 6.4", order__total=[6400, "KWD"]) is Y


def test_takes_two_ways_to_write_an_umlaut_for_one() -> None:
    assert answer('guest.name = "JÖRG"', guest__name="jo\u0308rg") is Y


@pytest.mark.parametrize(("left", "right"), list(product(Answer, Answer)))
def test_joins_as_kleene_did(left: Answer, right: Answer) -> None:
    order = [N, U, Y]
    both = ask(Every((SAID[left], SAID[right])), FACTS, VOCABULARY)[0]
    either = ask(Some((SAID[left], SAID[right])), FACTS, VOCABULARY)[0]
    assert both is min(left, right, key=order.index)
    assert either is max(left, right, key=order.index)
    assert ask(Not(SAID[left]), FACTS, VOCABULARY)[0] is order[2 - order.index(left)]


@given(st.lists(st.sampled_from(Answer), min_size=1, max_size=5))
def test_obeys_de_morgan(answers: list[Answer]) -> None:
    parts = tuple(SAID[one] for one in answers)
    negated = tuple(Not(one) for one in parts)
    assert (
        ask(Not(Every(parts)), FACTS, VOCABULARY)[0] is (ask(Some(negated), FACTS, VOCABULARY)[0])
    )


@given(TREES, st.dictionaries(st.sampled_from(sorted(VOCABULARY)), st.none() | st.integers()))
def test_answers_any_condition_about_any_facts(tree: Condition, facts: dict[str, Any]) -> None:
    said, lines = ask(tree, facts, VOCABULARY)
    assert said is lines[0].answer
    assert min(line.depth for line in lines) == lines[0].depth == 0


@given(st.permutations(sorted(FACTS)), st.integers(0, len(FACTS)))
def test_learning_more_never_turns_a_yes_into_a_no(names: list[str], count: int) -> None:
    """Of conditions without `exists`: what was certain stays certain."""
    tree = read_condition(
        'order.total > 50 and (order.dishes = 4 or guest.name = "anna") and not order.is_late = no'
    )
    less = {name: FACTS[name] for name in names[:count]}
    before, after = ask(tree, less, VOCABULARY)[0], ask(tree, FACTS, VOCABULARY)[0]
    assert before is U or before is after


def test_traces_every_part_also_when_the_answer_is_clear_before() -> None:
    text = 'order.total > 100 and (guest.name = "Anna" or not guest.phone exists)'
    said, lines = ask(read_condition(text), {**FACTS, "order.total": None}, VOCABULARY)
    assert said is U
    assert [(line.depth, line.words, line.answer, line.saw) for line in lines] == [
        (0, "all of these", U, None),
        (1, "order.total > 100", U, None),
        (1, "one of these", Y, None),
        (2, 'guest.name = "Anna"', Y, "Anna"),
        (2, "not", U, None),
        (3, "guest.phone exists", U, None),
    ]


def test_has_an_answer_to_every_question_that_a_kind_allows() -> None:
    assert ask(ALWAYS, {}, {})[0] is Y
    assert set(ALLOWED) == set(FactKind)
    assert all(Operator.EXISTS in allowed for allowed in ALLOWED.values())
