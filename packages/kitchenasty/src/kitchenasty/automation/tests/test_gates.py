"""Conditions that are compiled say what they say line by line, and no gate keeps out a rule that
could say more than no.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from basis.facts import Fact, FactKind
from kitchenasty.automation.compiling import compile_condition, known_facts
from kitchenasty.automation.conditions import (
    ALWAYS,
    Condition,
    Every,
    Not,
    Operator,
    Question,
    Some,
    Value,
    read_condition,
)
from kitchenasty.automation.evaluation import ALLOWED, TYPES, Answer, ask
from kitchenasty.automation.gates import Gates
from kitchenasty.automation.tests.builders import FACTS, VOCABULARY

# So few that they often meet.
SEEN: dict[FactKind, list[Any]] = {
    FactKind.TEXT: ["anna", "Anna ", "Jo\u0308rg", "no onions"],
    FactKind.CHOICE: ["PICKUP", "DELIVERY", "BY_BALLOON"],
    FactKind.NUMBER: [0, 1, 3, True],
    FactKind.MONEY: [[0, "EUR"], [100, "EUR"], [300, "EUR"], [3, "JPY"], [3]],
    FactKind.FLAG: [True, False, 1],
    FactKind.MOMENT: ["2026-11-22T19:00", "2026-11-22"],
    FactKind.LIST: [[], ["Soup"], ["soup", "bread"], "Soup"],
}
TEXTS = ["Anna", "J\u00f6rg", "onions", "pickup", "DELIVERY", "Soup", "bread", "2026-11-22", ""]
WANTED: dict[type[Value], st.SearchStrategy[Value]] = {
    str: st.sampled_from(TEXTS),
    bool: st.booleans(),
}
NUMBERS = st.sampled_from([Decimal(one) for one in ("0", "0.5", "1", "2", "3", "4")])


COMPARED = [fact for fact in VOCABULARY.values() if Operator.MORE in ALLOWED[fact.kind]]


@st.composite
def questions(draw: st.DrawFn) -> Question:
    """Mostly such as can be asked; of facts that nobody knows too."""
    unknown = Fact("a.b", FactKind.TEXT, "", "")
    fact = draw(st.sampled_from(COMPARED) | st.sampled_from([*VOCABULARY.values(), unknown]))
    allowed = st.sampled_from(sorted(ALLOWED[fact.kind]))
    operator = draw(st.one_of(allowed, allowed, st.sampled_from(Operator)))
    if operator is Operator.EXISTS:
        return Question(fact.name, operator)
    wanted = WANTED.get(TYPES.get(fact.kind, str), NUMBERS)
    most = 3 if operator is Operator.IN else 1
    values = draw(st.lists(wanted, min_size=1, max_size=most))
    return Question(fact.name, operator, tuple(values))


def joined(inner: st.SearchStrategy[Condition]) -> st.SearchStrategy[Condition]:
    several = st.lists(inner, max_size=3).map(tuple)
    return st.builds(Not, inner) | st.builds(Every, several) | st.builds(Some, several)


CONDITIONS = st.recursive(questions() | st.just(ALWAYS), joined, max_leaves=6)
HAPPENED = st.fixed_dictionaries(
    {name: st.sampled_from([*SEEN[fact.kind], None]) for name, fact in VOCABULARY.items()}
)


@given(CONDITIONS, HAPPENED)
def test_a_compiled_condition_says_what_it_says_line_by_line(
    condition: Condition, facts: dict[str, Any]
) -> None:
    known = known_facts(facts, VOCABULARY)
    assert compile_condition(condition, VOCABULARY)(known) is ask(condition, facts, VOCABULARY)[0]


@given(st.lists(st.none() | questions() | CONDITIONS, min_size=4, max_size=12), HAPPENED)
def test_gates_let_in_all_that_say_more_than_no(
    conditions: list[Condition | None], facts: dict[str, Any]
) -> None:
    let_in = Gates(conditions, VOCABULARY).let_in(known_facts(facts, VOCABULARY))
    assert let_in == sorted(set(let_in))
    wanted = {
        place
        for place, one in enumerate(conditions)
        if one is None or ask(one, facts, VOCABULARY)[0] is not Answer.NO
    }
    assert wanted <= set(let_in)


NAMES = [f"dish {number}" for number in range(100)]


@pytest.mark.parametrize(
    ("texts", "let_in"),
    [
        (['order.names contains "bread"', *(f'order.names contains "{n}"' for n in NAMES)], 1),
        ([f'guest.name = "{name}" and order.total > 1' for name in [*NAMES, "anna"]], 1),
        ([f'order.total > 1 and guest.name in ("{name}", "Bo")' for name in [*NAMES, "anna"]], 1),
        ([f"order.total > {limit} and order.dishes > 0" for limit in range(100)], 64),
        ([f"order.total >= {limit}" for limit in range(100)], 65),
        ([f"order.total < {limit}" for limit in range(100)], 35),
        ([f"order.total <= {limit} and guest.email exists" for limit in range(100)], 36),
        ([f'guest.name = "{name}" or order.total > 64' for name in [*NAMES, "anna"]], 1),
        (['order.note contains "garlic"', "not order.is_late = yes", "", "guest.phone = 1"], 4),
        (["guest.email exists", "not guest.email exists"], 2),
        (["order.is_late = no", "order.is_late = yes", "order.is_late != yes"], 2),
    ],
)
def test_rules_that_must_say_no_are_not_even_asked(texts: list[str], let_in: int) -> None:
    gates = Gates([read_condition(text) for text in texts], VOCABULARY)
    assert len(gates.let_in(known_facts(FACTS, VOCABULARY))) == let_in


def test_who_cannot_tell_without_a_fact_is_asked_and_says_so() -> None:
    texts = ["order.total > 100", "order.total exists", 'order.names contains "x"']
    gates = Gates([read_condition(text) for text in texts], VOCABULARY)
    assert gates.let_in({}) == [0, 2]
